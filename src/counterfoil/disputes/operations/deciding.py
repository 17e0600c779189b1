"""What the bank decides, and what the clock decides when nobody does anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from counterfoil.disputes.evidence import Evidence
from counterfoil.disputes.operations.case import Case, close, held_case, win, withdraw
from counterfoil.disputes.operations.opening import without_waiting_refunds
from counterfoil.disputes.operations.warnings import answered_by_dispute
from counterfoil.disputes.policy import (
    CHARGEBACK,
    ESCALATING,
    INQUIRY,
    LOSING,
    WINNING,
    check_move,
    left_of,
    verdict,
)
from counterfoil.disputes.queries import held_by_disputes, waiting_refunds
from counterfoil.disputes.wire import DisputeWire
from counterfoil.kit.db import unit_of_work
from counterfoil.kit.refused import InvalidRequest
from counterfoil.kit.scope import Scope
from counterfoil.platforms.settings import PlatformSettings

Outcome = Literal["win", "lose", "escalate", "close"]
_ALLOWED: Final[dict[Outcome, frozenset[str]]] = {
    "win": CHARGEBACK,
    "lose": CHARGEBACK,
    "escalate": INQUIRY,
    "close": INQUIRY,
}


def force_outcome(
    *, scope: Scope, dispute_id: str, outcome: Outcome, settings: PlatformSettings, now: int
) -> DisputeWire:
    """What the bank does next (test helper). `now`: platform clock, UTC seconds.

    Raises ResourceMissing, and InvalidRequest when the dispute is not in a state for it.
    """
    with unit_of_work():
        case = held_case(dispute_id, scope, now=now)
        check_move(case.row, outcome, allowed=_ALLOWED[outcome])
        _STEPS[outcome](case, settings)
        if outcome == "escalate" and case.row.status not in CHARGEBACK:
            raise InvalidRequest(
                f"All of the charge {case.charge.id} is refunded: the bank has nothing to withdraw."
            )
        case.batch.write()
    return case.wire()


def decide(case: Case, evidence: Evidence, settings: PlatformSettings) -> None:
    """Test mode's bank answers magic words at once, and no other evidence (test-data §4)."""
    words = verdict(evidence)
    if case.row.status == "under_review":
        if words == WINNING:
            _win(case, settings)
        elif words == LOSING:
            _lose(case, settings)
    elif words == ESCALATING:
        _escalate(case, settings)
    elif words in (WINNING, LOSING):
        _end_inquiry(case, settings)


def move_on(*, scope: Scope, dispute_id: str, now: int) -> bool:
    """What time brings: a deadline passes, an inquiry ends. False when it was not due.

    An inquiry also ends once its charge was refunded in full (express-dashboard §6.5).
    """
    with unit_of_work():
        case = held_case(dispute_id, scope, now=now)
        row, charge = case.row, case.charge
        due = row.next_at is not None and row.next_at <= now
        all_back = charge.amount_refunded == charge.amount_captured
        refunded = row.status in INQUIRY and all_back and not waiting_refunds(charge.id)
        if not (due or refunded):
            return False
        close(case, "warning_closed" if row.status in INQUIRY else "lost")
        case.tell("closed")
        case.batch.write()
    return True


def _win(case: Case, _settings: PlatformSettings) -> None:
    win(case)
    case.tell("funds_reinstated")
    case.tell("closed")


def _lose(case: Case, _settings: PlatformSettings) -> None:
    close(case, "lost")
    case.tell("closed")


def _end_inquiry(case: Case, _settings: PlatformSettings) -> None:
    close(case, "warning_closed")
    case.tell("closed")


def _escalate(case: Case, settings: PlatformSettings) -> None:
    """An inquiry becomes a chargeback about what is left of the charge; or ends, if nothing is."""
    before = case.wire()
    case.charge = without_waiting_refunds(case.charge, now=case.now)
    held = held_by_disputes(case.charge.id, besides=case.row.id)
    left = left_of(case.charge, disputed=held)
    if left <= 0:
        _end_inquiry(case, settings)
        return
    case.row.amount = min(case.row.amount, left)
    case.row.case_type = "chargeback"
    withdraw(case, settings)
    case.tell("updated", before)
    case.tell("funds_withdrawn")
    answered_by_dispute(case.batch, case.charge)


_STEPS: Final[dict[Outcome, Callable[[Case, PlatformSettings], None]]] = {
    "win": _win,
    "lose": _lose,
    "escalate": _escalate,
    "close": _end_inquiry,
}
