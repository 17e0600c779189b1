"""The manual rail of live mode: an operator carries a batch to the bank and says what it did.

A batch is made in three steps, so that a crash between them loses nothing and pays nothing
twice: the payouts are marked with their batch, the file is written, and then they are on their
way. Whoever exports again first finishes a batch that was begun.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from counterfoil.events.operations import record_events
from counterfoil.kit.clock import utc_date
from counterfoil.kit.db import (
    execute,
    fetch_all,
    fetch_one,
    lock_row_suffix,
    placeholders,
    unit_of_work,
)
from counterfoil.kit.ids import new_id
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.payments.rows import names_of
from counterfoil.payouts.operations.ending import fail_payout
from counterfoil.payouts.operations.landing import record_paid
from counterfoil.payouts.operations.sending import on_its_way
from counterfoil.payouts.policy import FAILURES
from counterfoil.payouts.queries import beneficiaries
from counterfoil.payouts.rows import PayoutRow, lock_all, save_all
from counterfoil.rails.manual import Order


@dataclass(frozen=True, slots=True)
class BankBatch:
    """What goes into one file. `begun`: by an earlier export that did not finish."""

    id: str
    payouts: Sequence[PayoutRow]
    begun: bool

    def orders(self) -> list[Order]:
        """For the bank: account numbers in the clear."""
        known = beneficiaries(sorted({row.destination_id for row in self.payouts}))
        found = []
        for row in self.payouts:
            to = known[row.destination_id]
            found.append(
                Order(
                    payout_id=row.id,
                    amount=row.amount,
                    currency=row.currency,
                    beneficiary_name=to.holder_name,
                    beneficiary_country=to.country,
                    account_number=to.number,
                    routing_number=to.routing_number,
                    statement_text=row.statement_descriptor,
                    arrival=utc_date(row.arrival_date),
                )
            )
        return found


def begin_batch(*, platform_id: str, now: int) -> BankBatch | None:
    """The live payouts that can no longer be canceled, marked as one batch; None without any.

    A batch that was begun and not finished comes first, with the same payouts. `now` is the
    wall clock, UTC seconds, which is live mode's own.
    """
    with unit_of_work():
        begun = fetch_one(
            "SELECT MIN(batch_id) FROM payouts_payout WHERE platform_id = %s AND livemode = %s"
            " AND status = 'pending' AND batch_id IS NOT NULL",
            [platform_id, True],
        )
        if begun is not None and begun[0] is not None:
            return BankBatch(begun[0], _of_batch(begun[0]), begun=True)
        rows = fetch_all(
            "SELECT id FROM payouts_payout WHERE platform_id = %s AND livemode = %s"  # noqa: S608 - a fixed suffix
            " AND status = 'pending' AND next_at <= %s AND batch_id IS NULL"
            f" ORDER BY id{lock_row_suffix()}",
            [platform_id, True, now],
        )
        if not rows:
            return None
        ids = [row[0] for row in rows]
        batch_id = new_id("pob", now)
        execute(
            f"UPDATE payouts_payout SET batch_id = %s WHERE id IN ({placeholders(ids)})",  # noqa: S608
            [batch_id, *ids],
        )
        return BankBatch(batch_id, _of_batch(batch_id), begun=False)


def finish_batch(*, batch_id: str, now: int) -> int:
    """The file is written: its payouts are on their way; how many."""
    with unit_of_work():
        held = [
            row
            for row in lock_all([row.id for row in _of_batch(batch_id)])
            if row.status == "pending"
        ]
        events = [event for row in held for event in on_its_way(row, batch_id, now=now)]
        for row in held:
            row.next_at = None  # the next word is the operator's
        save_all(held)
        record_events(events)
    return len(held)


def confirm_payouts(*, payout_ids: Sequence[str], now: int) -> list[PayoutRow]:
    """The bank paid them. All or none: raises InvalidRequest when one is not on its way."""
    with unit_of_work():
        rows = _live(payout_ids)
        waiting = [row.id for row in rows if row.status != "in_transit"]
        if waiting:
            raise InvalidRequest(
                f"Not on their way to the bank: {', '.join(waiting)}. Nothing was confirmed.",
                code="status_transition_invalid",
            )
        paid = []
        for platform_id in sorted({row.platform_id for row in rows}):
            ids = [row.id for row in rows if row.platform_id == platform_id]
            paid += record_paid(ids, now=now)
    return paid


def report_failure(*, payout_id: str, code: str, now: int) -> PayoutRow:
    """The bank sent it back, at once or after it had been paid."""
    if code not in FAILURES:
        raise InvalidRequest(f"Unknown code: {code}. Known are {', '.join(sorted(FAILURES))}.")
    with unit_of_work():
        (row,) = _live([payout_id])
        return fail_payout(scope=row.scope, payout_id=row.id, code=code, now=now)


def payouts_of_batch(batch_id: str) -> list[str]:
    """The ids of a batch's payouts that are on their way."""
    return [row.id for row in _of_batch(batch_id) if row.status == "in_transit"]


def _live(payout_ids: Sequence[str]) -> list[PayoutRow]:
    rows = lock_all(sorted(set(payout_ids)))
    known = {row.id for row in rows}
    for ident in payout_ids:
        if ident not in known:
            raise ResourceMissing("payout", ident)
    for row in rows:
        if not row.livemode:
            raise InvalidRequest(
                f"{row.id} is a test payout: the simulated bank carries it out when test mode's"
                " clock gets there (counterfoil clock advance 3d)."
            )
    return rows


def _of_batch(batch_id: str) -> list[PayoutRow]:
    names = names_of(PayoutRow)
    rows = fetch_all(
        f"SELECT {', '.join(names)} FROM payouts_payout WHERE batch_id = %s ORDER BY id",  # noqa: S608
        [batch_id],
    )
    return [PayoutRow(**dict(zip(names, row, strict=True))) for row in rows]
