"""A seller's disputes, newest first, and one of them with its payment and its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.dashboard.queries.payment import Payment, payment_by_id
from counterfoil.disputes.evidence import FILES, Evidence, read_evidence
from counterfoil.disputes.rows import DisputeRow
from counterfoil.files.queries import files_by_id
from counterfoil.files.rows import FileRow
from counterfoil.kit.db import fetch_all, fetch_one, placeholders
from counterfoil.kit.pages import Page, PageRequest, cut, keyset
from counterfoil.payments.details import read_charge_details

MOST_EARLIER: Final = 50


@dataclass(frozen=True, slots=True)
class ListedDispute:
    id: str
    created: int
    amount: int
    currency: str
    status: str
    reason: str
    due_by: int | None
    description: str | None
    payer: str | None


@dataclass(frozen=True, slots=True)
class DisputeCase:
    """A dispute with the payment it is about and what has been gathered as evidence."""

    row: DisputeRow
    payment: Payment
    evidence: Evidence
    files: dict[str, FileRow]  # by the field that holds them


@dataclass(frozen=True, slots=True)
class EarlierPayment:
    id: str
    created: int
    amount: int
    currency: str
    description: str | None


STATES: Final[dict[str, tuple[str, ...]]] = {
    "answer": ("needs_response", "warning_needs_response"),
    "bank": ("under_review", "warning_under_review"),
    "closed": ("won", "lost", "warning_closed"),
}


def disputes(
    account_id: str, *, livemode: bool, page: PageRequest, statuses: Sequence[str] = ()
) -> Page[ListedDispute]:
    """Those that the seller sees: about their own charges, and those made on their behalf."""
    beyond, cursor, tail = keyset(page, prefix="d.")
    narrowed = ""
    if statuses:
        is_open = "IS NULL" if statuses != STATES["closed"] else "IS NOT NULL"
        narrowed = f" AND d.closed_at {is_open} AND d.status IN ({placeholders(statuses)})"
    rows = fetch_all(
        "SELECT d.id, d.created, d.amount, d.currency, d.status, d.reason, d.due_by,"
        " c.description, c.details"
        " FROM disputes_dispute d JOIN payments_charge c ON c.id = d.charge_id"
        f" WHERE d.seller_id = %s AND d.livemode = %s{narrowed}{beyond} {tail}",
        [account_id, livemode, *statuses, *cursor],
    )
    return cut([_listed(row) for row in rows], page)


def to_answer(account_id: str, *, livemode: bool) -> int:
    """How many disputes wait for the seller."""
    row = fetch_one(
        "SELECT COUNT(*) FROM disputes_dispute WHERE seller_id = %s AND livemode = %s"
        " AND closed_at IS NULL AND status IN ('needs_response', 'warning_needs_response')",
        [account_id, livemode],
    )
    assert row is not None
    return int(row[0])


def dispute_case(dispute_id: str, account_id: str, *, livemode: bool) -> DisputeCase | None:
    found = fetch_one(
        "SELECT charge_id FROM disputes_dispute WHERE id = %s AND seller_id = %s AND livemode = %s",
        [dispute_id, account_id, livemode],
    )
    payment = found and payment_by_id(found[0], account_id, livemode=livemode)
    if not payment:
        return None
    row = next(one for one in payment.disputes if one.id == dispute_id)
    evidence = read_evidence(row.evidence)
    return DisputeCase(row, payment, evidence, _files(row, evidence))


def earlier_payments(case: DisputeCase) -> list[EarlierPayment]:
    """What the same customer paid before without a dispute, newest first: by the address or the
    customer on file, each by its own index."""
    charge = case.payment.charge
    if charge is None:
        return []
    ways = [("payer_email", charge.payer_email), ("customer_id", charge.customer_id)]
    ways = [(column, value) for column, value in ways if value]
    if not ways:
        return []
    parts = " UNION ".join(
        "SELECT id, created, amount_captured, currency, description FROM payments_charge"
        f" WHERE seller_id = %s AND livemode = %s AND {column} = %s AND account_id = %s"
        " AND created < %s AND id <> %s AND status = 'succeeded' AND captured AND NOT disputed"
        for column, _value in ways
    )
    rows = fetch_all(
        f"SELECT * FROM ({parts}) AS paid ORDER BY created DESC, id DESC LIMIT {MOST_EARLIER:d}",
        [
            part
            for _column, value in ways
            for part in (
                charge.seller_id,
                charge.livemode,
                value,
                charge.account_id,
                charge.created,
                charge.id,
            )
        ],
    )
    return [EarlierPayment(*row) for row in rows]


def _listed(row: tuple[Any, ...]) -> ListedDispute:
    values = (*row[:-1], _payer(row[-1]))
    return ListedDispute(*values)


def _files(row: DisputeRow, evidence: Evidence) -> dict[str, FileRow]:
    named = {name: getattr(evidence, name) for name in FILES}
    ids = {name: ident for name, ident in named.items() if isinstance(ident, str)}
    found = files_by_id(list(ids.values()), platform_id=row.platform_id, livemode=row.livemode)
    return {name: found[ident] for name, ident in ids.items() if ident in found}


def _payer(details: str) -> str | None:
    payer = read_charge_details(details).billing_details
    return payer.name or payer.email
