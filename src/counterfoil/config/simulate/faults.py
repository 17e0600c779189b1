"""What goes wrong on the way to an answer, and what must be true of the retry.

again        the request was answered, and is sent once more under its key
other        its key is used for another request
crash:POINT  the process dies at that failpoint (kit/failpoints.py), and the client retries
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

from django.db import connection

from counterfoil.config.rails import rail_of
from counterfoil.kit import failpoints
from counterfoil.rails.simulator.bank import SimulatedBank
from counterfoil.rails.simulator.faults import SETTING, FaultPlan, no_faults, plan_from

API_POINTS: Final = ("api.before_commit", "api.after_commit", "api.before_answer")
PAYOUT_POINTS: Final = (
    "payouts.before_commit",
    "payouts.after_commit",
    "payouts.after_bank_accepted",
    "payouts.before_answer_stored",
)
# Where the answer is kept already when the process dies.
AFTER_COMMIT: Final = ("api.after_commit", "api.before_answer", "payouts.after_commit")
# How often something goes wrong at the simulated bank (rails/simulator/faults.py).
_BANK: Final = "lost:0.04,silent:0.04,down:0.04,refused:0.01,slow:0.08,late_failure:0.04,mute:0.05"


class Crash(BaseException):
    """The process is gone: nothing below may handle it."""


class _Mine:
    """Dies when a failpoint is passed for the first time."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.fired = False

    def __call__(self, name: str) -> None:
        if name == self.name and not self.fired:
            self.fired = True
            raise Crash(name)


@contextmanager
def crash_at(name: str) -> Iterator[None]:
    """Inside, Crash is raised where the failpoint is passed first."""
    with failpoints.acting(_Mine(name)):
        yield


_WRITES: Final = re.compile(
    r"\s*(INSERT|UPDATE|DELETE)\b|\s*WITH\b.*\b(INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b",
    re.DOTALL,
)


def faulty_bank() -> AbstractContextManager[None]:
    """Inside, test mode's bank now and then does not answer, is late, or sends money back."""
    return _bank(plan_from({SETTING: _BANK}))


def calm_bank() -> AbstractContextManager[None]:
    """Inside, it does what it is told."""
    return _bank(no_faults)


@contextmanager
def _bank(plan: FaultPlan) -> Iterator[None]:
    bank = rail_of(False)
    assert isinstance(bank, SimulatedBank)
    before = bank.faults
    bank.faults = plan
    try:
        yield
    finally:
        bank.faults = before


class Writes:
    """How many statements inside wrote anything."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if _WRITES.match(sql) and context["cursor"].rowcount > 0:
            self.count += 1
        return result


@contextmanager
def counting_writes() -> Iterator[Writes]:
    writes = Writes()
    with connection.execute_wrapper(writes):
        yield writes
