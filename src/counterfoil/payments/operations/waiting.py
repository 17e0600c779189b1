"""Refunds that wait for funds: who must hear that money came, and when to look again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from counterfoil.kit.db import fetch_all, fetch_one, placeholders
from counterfoil.kit.scope import Scope
from counterfoil.ledger.drafts import EntryDraft
from counterfoil.ledger.models import Purpose
from counterfoil.outbox.operations import enqueue

JOB: Final = "payments.pending_refunds"
_WAITING = "status = 'pending' AND pending_reason = 'insufficient_funds'"


def wake_waiting_refunds(
    entries: Iterable[EntryDraft], *, platform_id: str, livemode: bool, at: int
) -> None:
    """Have a worker look at the refunds that wait for anyone whose balance just grew.

    That is their owner, and the seller whose transfer they reverse. Called in the transaction
    that brought the money, so nobody is forgotten.
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
    among = placeholders(grown)
    rows = fetch_all(
        "SELECT DISTINCT platform_id, account_id, COALESCE(settled_currency, currency)"
        " FROM payments_refund r"
        f" WHERE account_id IN ({among}, %s) AND livemode = %s AND {_WAITING}"
        f" AND (account_id IN ({among}) OR reverses_transfer AND EXISTS"
        " (SELECT 1 FROM payments_charge c WHERE c.id = r.charge_id"
        f" AND c.transfer_destination IN ({among})))",
        [*grown, platform_id, livemode, *grown, *grown],
    )
    for _platform, account_id, currency in rows:
        scope = Scope(platform_id, account_id, livemode)
        look_at_waiting(scope, currency=currency, at=at)


def look_at_waiting(scope: Scope, *, currency: str, at: int) -> None:
    """Have a worker look at the refunds that wait for these funds."""
    payload = {
        "platform_id": scope.platform_id,
        "account_id": scope.account_id,
        "livemode": scope.livemode,
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


def reversed_funds(charge_id: str) -> list[tuple[str, str]]:
    """Whose funds, in which currency, the transfer of a charge is taken back from."""
    rows = fetch_all(
        "SELECT p.account_id, COALESCE(p.settled_currency, p.currency) FROM payments_charge c"
        " JOIN payments_transfer t ON t.id = c.transfer_id"
        " JOIN payments_charge p ON p.id = t.destination_payment_id WHERE c.id = %s",
        [charge_id],
    )
    return [(account_id, currency) for account_id, currency in rows]


def waiting(*, account_id: str, livemode: bool, currency: str) -> list[str]:
    """The refunds that wait for these funds, oldest first."""
    rows = fetch_all(
        "SELECT id FROM payments_refund WHERE account_id = %s AND livemode = %s"
        f" AND COALESCE(settled_currency, currency) = %s AND {_WAITING}"
        " ORDER BY created, id",
        [account_id, livemode, currency],
    )
    return [ident for (ident,) in rows]


def anyone_waits(*, account_id: str, livemode: bool, currency: str) -> bool:
    """Whether a refund waits for these funds."""
    row = fetch_one(
        "SELECT 1 FROM payments_refund WHERE account_id = %s AND livemode = %s"
        f" AND COALESCE(settled_currency, currency) = %s AND {_WAITING} LIMIT 1",
        [account_id, livemode, currency],
    )
    return row is not None
