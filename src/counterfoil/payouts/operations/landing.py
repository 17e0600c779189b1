"""What becomes of payouts on their way: they arrive, arrive later, or come back.

The bank is asked outside any transaction. A payout that has arrived is asked about again only
where the bank says that it may know more (a late failure, reference money-movement §6.3).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from counterfoil.events.operations import EventDraft, record_events
from counterfoil.kit.clock import utc_day_start
from counterfoil.ledger.drafts import EntryDraft
from counterfoil.payments.operations.posting import post_money
from counterfoil.payouts.books import paid_entry
from counterfoil.payouts.operations.claiming import claim, still_ours, try_again
from counterfoil.payouts.operations.sending import fail_if_ours
from counterfoil.payouts.rows import PayoutRow, lock_all, save_all
from counterfoil.payouts.wire import payout_wire
from counterfoil.rails.base import Landed, News, Rail, Returned, Sent

_SENT: Final = ("in_transit", "paid")

log = logging.getLogger(__name__)


def land_due(
    platform_id: str, livemode: bool, rail: Rail, *, now: int, clock: int, wait: bool = False
) -> int:
    """Ask about one batch of what is due at `now`; how many payouts were taken up."""
    claimed = claim(platform_id, livemode, _SENT, now=now, clock=clock, wait=wait)
    if not claimed:
        return 0
    news = dict(
        zip(
            [row.id for row in claimed],
            rail.ask_all(
                [row.id for row in claimed],
                at=now,
                attempts=[row.attempts for row in claimed],
            ),
            strict=True,
        )
    )
    returned = []
    with still_ours(claimed) as held:
        entries: list[EntryDraft] = []
        events: list[EventDraft] = []
        for row in held:
            answer = news[row.id]
            if isinstance(answer, Returned):
                returned.append((row, answer.code))
            else:
                _hear(row, answer, entries, events, now=now, clock=clock)
        save_all(held)
        _post(entries, platform_id, livemode, now=now)
        record_events(events)
    for row, code in returned:
        fail_if_ours(row, code, now=now)
    return len(claimed)


def record_paid(payout_ids: Sequence[str], *, now: int) -> list[PayoutRow]:
    """Payouts of one platform that have arrived; those not on their way are left alone.

    The caller has opened the transaction. Answers with those that were paid.
    """
    held = [row for row in lock_all(sorted(payout_ids)) if row.status == "in_transit"]
    if not held:
        return []
    entries: list[EntryDraft] = []
    events: list[EventDraft] = []
    for row in held:
        _arrived(row, None, entries, events, now=now)
    save_all(held)
    _post(entries, held[0].platform_id, held[0].livemode, now=now)
    record_events(events)
    return held


def _hear(
    row: PayoutRow,
    answer: News,
    entries: list[EntryDraft],
    events: list[EventDraft],
    *,
    now: int,
    clock: int,
) -> None:
    if isinstance(answer, Landed) and row.status == "in_transit":
        _arrived(row, answer.more_at, entries, events, now=now)
    elif isinstance(answer, Landed):
        row.attempts, row.next_at = 0, answer.more_at
    elif isinstance(answer, Sent) and answer.lands_at > now:
        previous: dict[str, object] = {"arrival_date": row.arrival_date}
        row.lands_at = row.next_at = answer.lands_at
        row.arrival_date, row.attempts = utc_day_start(answer.lands_at), 0
        wire = payout_wire(row)
        events.append(EventDraft("payout.updated", row.scope, wire, row.id, now, previous))
    else:
        log.warning("the bank says nothing of payout %s: %s", row.id, type(answer).__name__)
        try_again(row, clock=clock)


def _arrived(
    row: PayoutRow,
    more_at: int | None,
    entries: list[EntryDraft],
    events: list[EventDraft],
    *,
    now: int,
) -> None:
    row.status, row.paid_at, row.attempts, row.next_at = "paid", now, 0, more_at
    entries.append(
        paid_entry(
            payout_id=row.id,
            platform_id=row.platform_id,
            account_id=row.account_id,
            amount=row.amount,
            currency=row.currency,
            at=now,
        )
    )
    events.append(EventDraft("payout.paid", row.scope, payout_wire(row), row.id, now))


def _post(entries: Sequence[EntryDraft], platform_id: str, livemode: bool, *, now: int) -> None:
    if entries:
        post_money(entries, platform_id=platform_id, livemode=livemode, at=now, zones={})
