"""Reading disputes with what they show beside their own row, in three statements a page."""

from __future__ import annotations

from collections.abc import Sequence

from counterfoil.disputes.rows import DisputeRow
from counterfoil.disputes.wire import DisputeWire, dispute_wire
from counterfoil.kit.db import fetch_all, placeholders
from counterfoil.kit.money import half_up
from counterfoil.kit.refused import ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.ledger.queries import TransactionRow, transactions_by_id
from counterfoil.payments.rows import ChargeRow, find, find_many


def dispute_by_id(dispute_id: str, scope: Scope) -> DisputeRow:
    """A dispute of this account. Raises ResourceMissing."""
    row = find(DisputeRow, dispute_id, scope)
    if row is None:
        raise ResourceMissing("dispute", dispute_id, param="id")
    return row


def shown_disputes(
    rows: Sequence[DisputeRow], *, platform_id: str, livemode: bool, now: int
) -> list[DisputeWire]:
    """Disputes of one platform as the API shows them; `now` is the platform's clock."""
    if not rows:
        return []
    charges = find_many(
        ChargeRow, [row.charge_id for row in rows], platform_id=platform_id, livemode=livemode
    )
    transactions = _transactions(rows, platform_id=platform_id, livemode=livemode)
    return [
        dispute_wire(row, charges[row.charge_id], transactions.get(row.id, []), now=now)
        for row in rows
    ]


def transactions_of(row: DisputeRow) -> list[TransactionRow]:
    """What a dispute did to its account's balance, oldest first."""
    found = _transactions([row], platform_id=row.platform_id, livemode=row.livemode)
    return found.get(row.id, [])


def held_by_disputes(charge_id: str, *, besides: str = "") -> int:
    """How much of a charge disputes hold, lost ones for ever; minor units."""
    rows = fetch_all(
        "SELECT COALESCE(SUM(amount), 0) FROM disputes_dispute"
        " WHERE charge_id = %s AND id <> %s AND status NOT IN ('won', 'warning_closed')",
        [charge_id, besides],
    )
    return int(rows[0][0])


def has_withdrawals(charge_id: str, *, besides: str) -> bool:
    """Whether another dispute took money of this charge and has not given it back."""
    return bool(
        fetch_all(
            "SELECT 1 FROM disputes_dispute WHERE charge_id = %s AND id <> %s"
            " AND withdrawal_id IS NOT NULL AND reversal_id IS NULL LIMIT 1",
            [charge_id, besides],
        )
    )


def settled_share(charge: ChargeRow, amount: int) -> int:
    """What a dispute about `amount` takes of a converted charge's settled money; minor units.

    Proportional and cumulative over all that was refunded or withdrawn and stays so: together
    it is never more than the charge brought, and exactly that once all of it went back.
    """
    assert charge.settled_amount is not None
    ((before, given),) = fetch_all(
        "SELECT COALESCE(SUM(amount), 0), COALESCE(SUM(settled_amount), 0) FROM ("
        " SELECT amount, settled_amount FROM payments_refund WHERE charge_id = %s"
        " AND balance_transaction_id IS NOT NULL AND failure_transaction_id IS NULL"
        " UNION ALL SELECT amount, settled_amount FROM disputes_dispute WHERE charge_id = %s"
        " AND withdrawal_id IS NOT NULL AND reversal_id IS NULL) gone",
        [charge.id, charge.id],
    )
    due = half_up(charge.settled_amount * (int(before) + amount), charge.amount_captured)
    return max(0, due - int(given))


def waiting_refunds(charge_id: str) -> list[str]:
    """Refunds of a charge that wait for funds, oldest first: nobody has got that money yet."""
    rows = fetch_all(
        "SELECT id FROM payments_refund WHERE charge_id = %s AND status = 'pending'"
        " AND pending_reason = 'insufficient_funds' ORDER BY created, id",
        [charge_id],
    )
    return [refund_id for (refund_id,) in rows]


def _transactions(
    rows: Sequence[DisputeRow], *, platform_id: str, livemode: bool
) -> dict[str, list[TransactionRow]]:
    owners = {row.id: row.account_id for row in rows}
    ids = fetch_all(
        "SELECT id, owner, source_id FROM ledger_balancetransaction"
        f" WHERE source_id IN ({placeholders(list(owners))}) ORDER BY created, id",
        list(owners),
    )
    # A fee that the platform bears for an account is the platform's own affair.
    wanted = [ident for ident, owner, source in ids if owners[source] == owner]
    found = transactions_by_id(wanted, platform_id=platform_id, livemode=livemode)
    shown: dict[str, list[TransactionRow]] = {}
    for ident in wanted:
        row = found[ident]
        assert row.source_id is not None
        shown.setdefault(row.source_id, []).append(row)
    return shown
