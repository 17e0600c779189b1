"""Places where a test may kill the process, to prove that nothing is lost or doubled.

Off unless `COUNTERFOIL_TEST_FAILPOINTS` is set when the process starts:

    COUNTERFOIL_TEST_FAILPOINTS=api.before_commit:0.05,api.after_commit:3

A number with a point is the chance at each passing, a whole number N means the N-th passing in
this process. When one fires, its name is appended to the file `COUNTERFOIL_TEST_FAILPOINT_LOG`
names, made durable, and the process is killed as `kill -9` would. Both are for crash tests
only; never set them in production.

Names in use: `api.before_commit`, `api.after_commit`, `api.before_answer`;
`payouts.before_commit`, `payouts.after_commit` (a payout or a batch of them is made),
`payouts.after_bank_accepted`, `payouts.before_answer_stored` (it is handed over);
`webhooks.after_claim`, `webhooks.after_answer` (a delivery is taken; it was answered).
"""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

POINTS: Final = "COUNTERFOIL_TEST_FAILPOINTS"
LOG: Final = "COUNTERFOIL_TEST_FAILPOINT_LOG"


@dataclass(slots=True)
class _Point:
    chance: float | None
    countdown: int

    def fires(self) -> bool:
        if self.chance is not None:
            return random.random() < self.chance  # noqa: S311 - chance of a test, no secret
        self.countdown -= 1
        return self.countdown == 0


def _armed(points: dict[str, _Point], log: str) -> Callable[[str], None]:
    def act(name: str) -> None:
        point = points.get(name)
        if point is not None and point.fires():
            _record(name, log)
            os.kill(os.getpid(), signal.SIGKILL)

    return act


def _record(name: str, log: str) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(descriptor, f"{name}\n".encode())
    os.fsync(descriptor)
    os.close(descriptor)


def _inert(name: str) -> None:
    """Nothing: what a failpoint is outside crash tests."""


def from_environment(environment: Mapping[str, str]) -> Callable[[str], None]:
    """What `failpoint` does. Raises ValueError for a setting that is none."""
    text = environment.get(POINTS, "")
    if not text:
        return _inert
    if LOG not in environment:
        raise ValueError(f"{POINTS} needs {LOG}, the file that counts what fired.")
    points = {}
    for part in text.split(","):
        name, colon, number = part.strip().partition(":")
        if not colon:
            raise ValueError(f"{POINTS}: {part} needs a chance or a count, as in {name}:0.1")
        chance = float(number) if "." in number else None
        points[name] = _Point(chance, 0 if chance is not None else int(number))
    return _armed(points, environment[LOG])


_act = from_environment(os.environ)
ARMED: Final = _act is not _inert


def failpoint(name: str) -> None:
    """Nothing, unless a crash test wants the process to end here."""
    _act(name)


@contextmanager
def acting(act: Callable[[str], None]) -> Iterator[None]:
    """Inside, `act` hears of each failpoint that is passed: the simulator raises there."""
    global _act
    before = _act
    _act = act
    try:
        yield
    finally:
        _act = before
