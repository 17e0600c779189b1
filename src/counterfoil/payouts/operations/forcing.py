"""What a test wants to happen to a payout, whatever the bank account's number says.

The simulated bank is not asked any more.
"""

from __future__ import annotations

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
from counterfoil.payouts.rows import IN_FLIGHT, PayoutRow, save_all


def force_paid(*, scope: Scope, payout_id: str, now: int) -> PayoutRow:
    """Let a payout arrive. `now` is the platform's clock, UTC seconds.

    Raises ResourceMissing, and InvalidRequest for one that has arrived or come back.
    """
    with unit_of_work():
        row = locked_payout(payout_id, scope)
        if row.status not in IN_FLIGHT:
            raise InvalidRequest(
                f"Payout {row.id} has a status of {row.status}: it cannot arrive any more.",
                code="status_transition_invalid",
            )
        if row.status == "pending":
            record_events(on_its_way(row, None, now=now))
            save_all([row])
        (row,) = record_paid([row.id], now=now)
    return row


def force_failed(*, scope: Scope, payout_id: str, code: str, now: int) -> PayoutRow:
    """Let the bank send a payout back; also late, within five business days.

    Raises ResourceMissing, and InvalidRequest for an unknown code and for what is too late.
    """
    if code not in FAILURES:
        raise InvalidRequest(
            f"Unknown failure code. Send one of {', '.join(sorted(FAILURES))}.", param="code"
        )
    with unit_of_work():
        row = locked_payout(payout_id, scope)
        if row.status == "paid":
            target = target_by_id(row.account_id, row.destination_id)
            country = target.country if target else "US"
            if not arrival.may_still_fail(row.arrival_date, country=country, now=now):
                raise InvalidRequest(
                    f"Payout {row.id} arrived more than {arrival.LATE_FAILURE_DAYS} business days"
                    " ago: it does not come back any more.",
                    code="status_transition_invalid",
                )
        return fail_payout(scope=scope, payout_id=row.id, code=code, now=now)
