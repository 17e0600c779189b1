"""What a test wants to happen to a payout, whatever the bank account's number says."""

from __future__ import annotations

from typing import Literal

from counterfoil.events.operations import record_events
from counterfoil.kit.db import unit_of_work
from counterfoil.kit.refused import InvalidRequest
from counterfoil.kit.scope import Scope
from counterfoil.payouts import arrival
from counterfoil.payouts.operations.ending import fail_payout, locked_payout
from counterfoil.payouts.operations.landing import record_paid
from counterfoil.payouts.operations.sending import on_its_way
from counterfoil.payouts.policy import FAILURES
from counterfoil.payouts.queries import target_by_id
from counterfoil.payouts.rows import PayoutRow, save_all

Outcome = Literal["failed", "paid"]


def force_outcome(
    *, scope: Scope, payout_id: str, outcome: Outcome, code: str | None, now: int
) -> PayoutRow:
    """Let a payout arrive, or fail it; also late, within five business days.

    The simulated bank is not asked any more. `now` is the platform's clock, UTC seconds. Raises
    ResourceMissing, and InvalidRequest for what cannot follow.
    """
    if code is not None and (outcome != "failed" or code not in FAILURES):
        raise InvalidRequest(
            "Send failure_code only with outcome=failed, and one of "
            + ", ".join(sorted(FAILURES))
            + ".",
            param="failure_code",
        )
    with unit_of_work():
        row = locked_payout(payout_id, scope)
        _check_may_follow(row, outcome, now=now)
        if outcome == "failed":
            return fail_payout(
                scope=scope, payout_id=row.id, code=code or "could_not_process", now=now
            )
        if row.status == "pending":
            record_events(on_its_way(row, None, now=now))
            save_all([row])
        (row,) = record_paid([row.id], now=now)
    return row


def _check_may_follow(row: PayoutRow, outcome: Outcome, *, now: int) -> None:
    before = {
        "paid": ("pending", "in_transit"),
        "failed": ("pending", "in_transit", "paid"),
    }[outcome]
    if row.status not in before:
        raise InvalidRequest(
            f"Payout {row.id} has a status of {row.status}: it cannot become {outcome}.",
            param="outcome",
            code="status_transition_invalid",
        )
    if row.status == "paid":
        target = target_by_id(row.account_id, row.destination_id)
        country = target.country if target else "US"
        if not arrival.may_still_fail(row.arrival_date, country=country, now=now):
            raise InvalidRequest(
                f"Payout {row.id} arrived more than {arrival.LATE_FAILURE_DAYS} business days ago:"
                " it does not come back any more.",
                param="outcome",
                code="status_transition_invalid",
            )
