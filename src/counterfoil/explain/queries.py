"""What the reasons are derived from: one statement for each package that has a say.

A page of transactions has a few kinds of source. Those of payments come back as one table, each
kind filling the columns that it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from counterfoil.kit.db import fetch_all, placeholders
from counterfoil.ledger.wire import FeeDetailWire


@dataclass(frozen=True, slots=True)
class Origin:
    """An object of payments that made a transaction, and what it is about (`of_…`).

    Amounts are minor units. What each kind leaves out is None.
    """

    id: str
    created: int
    amount: int
    currency: str
    status: str | None
    decided_by: str | None
    note: str | None  # a refund's reason, a transfer's description, a top-up's balance
    failure: str | None
    of_created: int | None
    of_amount: int | None
    of_currency: str | None
    of_fees: tuple[FeeDetailWire, ...]
    via: str | None  # how it came about, where there are several ways
    party: str | None  # the connected account as its platform calls it; a bank account's digits


@dataclass(frozen=True, slots=True)
class DisputeOrigin:
    id: str
    created: int
    amount: int
    currency: str
    status: str
    reason: str
    submission_count: int
    received_fee: int
    countered_fee: int
    closed_at: int | None
    due_by: int | None
    of_created: int
    settled_currency: str | None


@dataclass(frozen=True, slots=True)
class PayoutOrigin:
    id: str
    created: int
    amount: int
    currency: str
    status: str
    automatic: bool
    method: str
    arrival_date: int
    failure_code: str | None
    decided_by: str | None
    schedule: str | None
    original_created: int | None
    bank: str  # bank_account | card
    last4: str


_fees = msgspec.json.Decoder(tuple[FeeDetailWire, ...])
_TEXT, _NUMBER = "CAST(NULL AS VARCHAR(64))", "CAST(NULL AS BIGINT)"

# Direct charges, and what transfers brought: which kind of transfer is `via`. What the customer
# paid the platform stays out: how much of it the platform keeps is its own affair.
_CHARGES: Final = f"""
SELECT c.id, c.created, c.amount_captured, c.currency, c.status, {_TEXT}, {_TEXT}, {_TEXT},
       s.created, {_NUMBER}, {_TEXT}, '[]',
       CASE WHEN c.source_transfer_id IS NULL THEN 'direct'
            WHEN t.account_id <> c.platform_id THEN 'debit'
            WHEN s.id IS NULL THEN 'transfer'
            WHEN s.transfer_id = t.id THEN 'destination' ELSE 'source' END,
       COALESCE(a.display_name, a.id)
FROM payments_charge c
LEFT JOIN payments_transfer t ON t.id = c.source_transfer_id
LEFT JOIN payments_charge s ON s.id = t.source_transaction
LEFT JOIN accounts_account a ON a.id = t.account_id
WHERE c.id IN ({{ids}})
"""
_REFUNDS: Final = f"""
SELECT r.id, r.created, r.amount, r.currency, r.status, r.decided_by, r.reason, r.failure_reason,
       c.created, c.amount_captured, c.currency, COALESCE(b.fee_details, '[]'), {_TEXT}, {_TEXT}
FROM payments_refund r
JOIN payments_charge c ON c.id = r.charge_id
LEFT JOIN ledger_balancetransaction b ON b.id = c.balance_transaction_id
WHERE r.id IN ({{ids}})
"""
# What a reversal took from an account: its refund there, and the refund that asked for it.
_PAYMENT_REFUNDS: Final = f"""
SELECT r.id, r.created, r.amount, r.currency, r.status, q.decided_by, q.reason, {_TEXT},
       c.created, c.amount_captured, c.currency, COALESCE(b.fee_details, '[]'),
       CASE WHEN v.source_refund_id IS NULL THEN 'reversal' ELSE 'refund' END, {_TEXT}
FROM payments_refund r
JOIN payments_charge c ON c.id = r.charge_id
LEFT JOIN ledger_balancetransaction b ON b.id = c.balance_transaction_id
LEFT JOIN payments_transferreversal v ON v.id = r.source_transfer_reversal_id
LEFT JOIN payments_refund q ON q.id = v.source_refund_id
WHERE r.id IN ({{ids}})
"""
_REVERSALS: Final = f"""
SELECT v.id, v.created, v.amount, v.currency, {_TEXT}, q.decided_by, {_TEXT}, {_TEXT},
       t.created, t.amount, t.currency, '[]',
       CASE WHEN v.source_refund_id IS NULL THEN 'reversal' ELSE 'refund' END,
       COALESCE(a.display_name, a.id)
FROM payments_transferreversal v
JOIN payments_transfer t ON t.id = v.transfer_id
LEFT JOIN payments_refund q ON q.id = v.source_refund_id
LEFT JOIN accounts_account a ON a.id = t.destination
WHERE v.id IN ({{ids}})
"""
_TRANSFERS: Final = f"""
SELECT t.id, t.created, t.amount, t.currency, {_TEXT}, {_TEXT}, t.description, {_TEXT},
       s.created, s.amount_captured, s.currency, '[]',
       CASE WHEN t.account_id <> t.platform_id THEN 'debit'
            WHEN s.id IS NULL THEN 'transfer'
            WHEN s.transfer_id = t.id THEN 'destination' ELSE 'source' END,
       COALESCE(a.display_name, a.id)
FROM payments_transfer t
LEFT JOIN payments_charge s ON s.id = t.source_transaction
LEFT JOIN accounts_account a ON a.id = t.destination
WHERE t.id IN ({{ids}})
"""
_FEES: Final = f"""
SELECT f.id, f.created, f.amount, f.currency, {_TEXT}, {_TEXT}, {_TEXT}, {_TEXT},
       c.created, c.amount_captured, c.currency, '[]',
       CASE WHEN f.payout_id IS NULL THEN 'charge' ELSE 'payout' END,
       COALESCE(a.display_name, a.id)
FROM payments_applicationfee f
LEFT JOIN payments_charge c ON c.id = f.charge_id
LEFT JOIN accounts_account a ON a.id = f.connected_account_id
WHERE f.id IN ({{ids}})
"""
_FEE_REFUNDS: Final = f"""
SELECT r.id, r.created, r.amount, r.currency, {_TEXT}, {_TEXT}, {_TEXT}, {_TEXT},
       f.created, f.amount, f.currency, '[]',
       CASE WHEN f.payout_id IS NULL THEN 'charge' ELSE 'payout' END,
       COALESCE(a.display_name, a.id)
FROM payments_feerefund r
JOIN payments_applicationfee f ON f.id = r.fee_id
LEFT JOIN accounts_account a ON a.id = f.connected_account_id
WHERE r.id IN ({{ids}})
"""
_TOPUPS: Final = f"""
SELECT u.id, u.created, u.amount, u.currency, u.status, {_TEXT}, u.purpose, u.failure_code,
       {_NUMBER}, {_NUMBER}, {_TEXT}, '[]', u.initiated_by, u.last4
FROM payments_topup u WHERE u.id IN ({{ids}})
"""
_BY_PREFIX: Final[Mapping[str, str]] = {
    "ch": _CHARGES,
    "py": _CHARGES,
    "re": _REFUNDS,
    "pyr": _PAYMENT_REFUNDS,
    "trr": _REVERSALS,
    "tr": _TRANSFERS,
    "fee": _FEES,
    "fr": _FEE_REFUNDS,
    "tu": _TOPUPS,
}


def origins(ids: Iterable[str]) -> dict[str, Origin]:
    """The objects of payments among these ids, in one round trip."""
    by_kind: dict[str, list[str]] = {}
    for ident in ids:
        if sql := _BY_PREFIX.get(ident.partition("_")[0]):
            by_kind.setdefault(sql, []).append(ident)
    if not by_kind:
        return {}
    rows = fetch_all(
        " UNION ALL ".join(sql.format(ids=placeholders(some)) for sql, some in by_kind.items()),
        [ident for some in by_kind.values() for ident in some],
    )
    return {row[0]: _origin(row) for row in rows}


def _origin(row: tuple[Any, ...]) -> Origin:
    *known, fees, via, party = row
    values = (*known, _fees.decode(fees), via, party)
    return Origin(*values)


def dispute_origins(ids: Sequence[str]) -> dict[str, DisputeOrigin]:
    if not ids:
        return {}
    rows = fetch_all(
        "SELECT d.id, d.created, d.amount, d.currency, d.status, d.reason, d.submission_count,"
        " d.received_fee, d.countered_fee, d.closed_at, d.due_by, c.created, d.settled_currency"
        " FROM disputes_dispute d JOIN payments_charge c ON c.id = d.charge_id"
        f" WHERE d.id IN ({placeholders(ids)})",
        ids,
    )
    return {row[0]: DisputeOrigin(*row) for row in rows}


def payout_origins(ids: Sequence[str]) -> dict[str, PayoutOrigin]:
    if not ids:
        return {}
    rows = fetch_all(
        "SELECT p.id, p.created, p.amount, p.currency, p.status, p.automatic, p.method,"
        " p.arrival_date, p.failure_code, p.decided_by, p.schedule, o.created, p.destination_type,"
        " COALESCE(e.last4, '') FROM payouts_payout p"
        " LEFT JOIN payouts_payout o ON o.id = p.original_payout_id"
        " LEFT JOIN accounts_externalaccount e ON e.id = p.destination_id"
        f" WHERE p.id IN ({placeholders(ids)})",
        ids,
    )
    return {row[0]: PayoutOrigin(*row) for row in rows}
