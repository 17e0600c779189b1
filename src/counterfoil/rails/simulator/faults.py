"""What can go wrong on the way to the simulated bank. For tests; without a plan nothing does.

    lost          no answer, and the bank has not received it
    silent        no answer, but the bank has received it
    down          the bank is not there: refused for now
    refused       the bank refuses it for good
    slow          it lands a day later than promised
    late_failure  it lands, and comes back two days later
    mute          no answer to a question

COUNTERFOIL_TEST_BANK_FAULTS sets how often each happens, as in `lost:0.1,silent:0.05`. Which
payment is hit follows from its key and the attempt, so that a run can be repeated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Final

SETTING: Final = "COUNTERFOIL_TEST_BANK_FAULTS"
ON_SENDING: Final = ("lost", "silent", "down", "refused", "slow", "late_failure")
ON_ASKING: Final = ("mute",)

# The verb ("send" or "ask"), the key and the attempt → the name of a fault, or None.
FaultPlan = Callable[[str, str, int], str | None]


def no_faults(_verb: str, _key: str, _attempt: int) -> str | None:
    return None


def plan_from(environment: Mapping[str, str]) -> FaultPlan:
    """The plan that the environment asks for. Raises ValueError for a setting that is none."""
    text = environment.get(SETTING, "")
    if not text:
        return no_faults
    chances: dict[str, float] = {}
    for part in text.split(","):
        name, _, chance = part.strip().partition(":")
        if name not in ON_SENDING + ON_ASKING or not chance:
            raise ValueError(f"{SETTING}: {part!r} is not a fault and its chance, as in lost:0.1")
        chances[name] = float(chance)

    def plan(verb: str, key: str, attempt: int) -> str | None:
        point = _point(verb, key, attempt)
        for name in ON_SENDING if verb == "send" else ON_ASKING:
            point -= chances.get(name, 0.0)
            if point < 0:
                return name
        return None

    return plan


def _point(verb: str, key: str, attempt: int) -> float:
    """A number in [0, 1) that looks like chance and is always the same."""
    digest = hashlib.sha256(f"{verb}:{key}:{attempt}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48
