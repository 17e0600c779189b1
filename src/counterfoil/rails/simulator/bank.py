"""Test mode's bank: what becomes of a payment follows from the number it goes to.

It keeps a book of its own (`rails_simulatedorder`), so that what it was sent can be compared
with what we wrote down. A payment lands when it was promised; a number that stands for a failure
sends it back at that moment (design §7, reference test-data §7).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from counterfoil.kit.clock import DAY
from counterfoil.kit.db import fetch_all, insert_rows, placeholders
from counterfoil.rails.base import (
    Beneficiary,
    Handed,
    Instruction,
    Landed,
    News,
    NotReceived,
    Rail,
    RailError,
    Returned,
    Sent,
    Unknown,
)
from counterfoil.rails.simulator.faults import FaultPlan, no_faults

PAID: Final = "paid"
SLOW_BY: Final = DAY
LATE_AFTER: Final = 2 * DAY  # well within the five business days of reference §6.3
LATE_CODE: Final = "account_closed"

_COLUMNS: Final = (
    "key",
    "amount",
    "currency",
    "outcome",
    "accepted_at",
    "lands_at",
    "returns_at",
    "received",
)


@dataclass(frozen=True, slots=True)
class _Order:
    outcome: str
    lands_at: int
    returns_at: int | None


class SimulatedBank(Rail):
    """`outcome_of` says what a number stands for: `paid` or a failure code."""

    def __init__(
        self, outcome_of: Callable[[Beneficiary], str], *, faults: FaultPlan = no_faults
    ) -> None:
        self._outcome_of = outcome_of
        self.faults = faults

    def send(self, instruction: Instruction) -> Sent | Unknown:
        (answer,) = self.send_all([instruction])
        if isinstance(answer, RailError):
            raise answer
        return answer

    def send_all(self, instructions: Sequence[Instruction]) -> list[Handed]:
        faults = {one.key: self.faults("send", one.key, one.attempt) for one in instructions}
        self._accept(
            [one for one in instructions if faults[one.key] not in ("lost", "down", "refused")],
            faults,
        )
        orders = _orders([one.key for one in instructions])
        return [_handed(one, faults[one.key], orders.get(one.key)) for one in instructions]

    def ask(self, key: str, *, at: int, attempt: int = 1) -> News:
        (answer,) = self.ask_all([key], at=at, attempts=[attempt])
        return answer

    def ask_all(self, keys: Sequence[str], *, at: int, attempts: Sequence[int]) -> list[News]:
        orders = _orders(keys)
        return [
            Unknown("The bank did not answer.")
            if self.faults("ask", key, attempt) == "mute"
            else _news(key, orders.get(key), at)
            for key, attempt in zip(keys, attempts, strict=True)
        ]

    def _accept(self, accepted: Sequence[Instruction], faults: dict[str, str | None]) -> None:
        rows = []
        for one in accepted:
            fault = faults[one.key]
            lands_at = one.lands_at + (SLOW_BY if fault == "slow" else 0)
            returns_at = lands_at + LATE_AFTER if fault == "late_failure" else None
            outcome = self._outcome_of(one.beneficiary)
            rows.append(
                (one.key, one.amount, one.currency, outcome, one.at, lands_at, returns_at, 1)
            )
        insert_rows(
            "rails_simulatedorder",
            _COLUMNS,
            rows,
            conflict="ON CONFLICT (key) DO UPDATE SET received = rails_simulatedorder.received + 1",
        )


def _orders(keys: Sequence[str]) -> dict[str, _Order]:
    if not keys:
        return {}
    rows = fetch_all(
        "SELECT key, outcome, lands_at, returns_at FROM rails_simulatedorder"  # noqa: S608 - placeholders
        f" WHERE key IN ({placeholders(keys)})",
        list(keys),
    )
    return {key: _Order(*order) for key, *order in rows}


def _handed(instruction: Instruction, fault: str | None, order: _Order | None) -> Handed:
    if fault == "refused":
        return RailError("The bank refuses this payment.", permanent=True)
    if fault == "down":
        return RailError("The bank cannot be reached.", permanent=False)
    if fault in ("lost", "silent") or order is None:
        return Unknown("The bank did not answer in time.")
    # It promises what it was asked for, and knows better only when the day has come.
    return Sent(_reference(instruction.key), instruction.lands_at)


def _news(key: str, order: _Order | None, at: int) -> News:
    if order is None:
        return NotReceived()
    if at < order.lands_at:
        return Sent(_reference(key), order.lands_at)
    if order.outcome != PAID:
        return Returned(order.outcome)
    if order.returns_at is None:
        return Landed(_reference(key))
    if at < order.returns_at:
        return Landed(_reference(key), more_at=order.returns_at)
    return Returned(LATE_CODE)


def _reference(key: str) -> str:
    return f"SIM{key.rpartition('_')[2]}"
