"""Refunds that wait for funds: who must hear that money came, and when to look again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from counterfoil.kit.db import fetch_all, fetch_one, placeholders
from counterfoil.ledger.drafts import EntryDraft
from counterfoil.ledger.models import Purpose
from counterfoil.outbox.operations import enqueue

JOB: Final = "payments.pending_refunds"
_WAITING = "status = 'pending' AND pending_reason = 'insufficient_funds'"


def wake_waiting_refunds(entries: Iterable[EntryDraft], *, livemode: bool, at: int) -> None:
    """Have a worker look at the waiting refunds of everyone whose balance just grew.

    Called in the transaction that brought the money, so nobody is forgotten.
    """
    grown = sorted(
        {
            line.owner
            for entry in entries
            for line in entry.lines
            if line.side == "credit" and line.purpose in (Purpose.PAYMENTS, Purpose.PREFUNDING)
        }
    )
    if not grown:
        return
    rows = fetch_all(
        "SELECT DISTINCT platform_id, account_id, COALESCE(settled_currency, currency)"
        " FROM payments_refund"
        f" WHERE account_id IN ({placeholders(grown)})"
        f" AND livemode = %s AND {_WAITING}",
        [*grown, livemode],
    )
    for platform_id, account_id, currency in rows:
        payload = {
            "platform_id": platform_id,
            "account_id": account_id,
            "livemode": livemode,
            "currency": currency,
        }
        # Due at once, whatever the wall clock says.
        enqueue(JOB, payload, due_at=0, now=at)


def next_money(*, account_id: str, livemode: bool, currency: str, now: int) -> int | None:
    """When more of an account's balance becomes available (platform clock), or None."""
    row = fetch_one(
        "SELECT MIN(available_on) FROM ledger_balance WHERE owner = %s AND livemode = %s"
        " AND currency = %s AND purpose = %s AND available_on > %s",
        [account_id, livemode, currency, Purpose.PAYMENTS.value, now],
    )
    return None if row is None or row[0] is None else int(row[0])


def first_waiting(*, account_id: str, livemode: bool, currency: str) -> str | None:
    """The oldest refund that waits for these funds."""
    row = fetch_one(
        "SELECT id FROM payments_refund WHERE account_id = %s AND livemode = %s"
        f" AND COALESCE(settled_currency, currency) = %s AND {_WAITING}"
        " ORDER BY created, id LIMIT 1",
        [account_id, livemode, currency],
    )
    return None if row is None else str(row[0])
