"""Payout as the API and its events show it (reference api.md §5.3, SDK types)."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from counterfoil.kit.wire import Expandable
from counterfoil.payments.details import read_metadata
from counterfoil.payouts.rows import PayoutRow


class TraceId(msgspec.Struct):
    """The bank's own number: pending until it has one, unsupported when it never will."""

    status: str
    value: str | None


class PayoutWire(msgspec.Struct):
    EXPANDABLE: ClassVar[dict[str, str]] = {
        "application_fee": "application_fee",
        "balance_transaction": "balance_transaction",
        "destination": "external_account",
        "failure_balance_transaction": "balance_transaction",
        "original_payout": "payout",
        "reversed_by": "payout",
    }

    id: str
    amount: int
    application_fee: Expandable | None
    application_fee_amount: int | None
    arrival_date: int
    automatic: bool
    balance_transaction: Expandable | None
    created: int
    currency: str
    description: str | None
    destination: Expandable | None
    failure_balance_transaction: Expandable | None
    failure_code: str | None
    failure_message: str | None
    livemode: bool
    metadata: dict[str, str]
    method: str
    original_payout: Expandable | None
    reconciliation_status: str
    reversed_by: Expandable | None
    source_type: str
    statement_descriptor: str | None
    status: str
    trace_id: TraceId
    type: str
    object: str = "payout"
    payout_method: str | None = None


def payout_wire(row: PayoutRow) -> PayoutWire:
    return PayoutWire(
        id=row.id,
        amount=row.amount,
        application_fee=row.application_fee_id,
        application_fee_amount=row.application_fee_amount,
        arrival_date=row.arrival_date,
        automatic=row.automatic,
        balance_transaction=row.balance_transaction_id,
        created=row.created,
        currency=row.currency,
        description=row.description,
        destination=row.destination_id,
        failure_balance_transaction=row.failure_transaction_id,
        failure_code=row.failure_code,
        failure_message=row.failure_message,
        livemode=row.livemode,
        metadata=read_metadata(row.metadata) if row.metadata != "{}" else {},
        method=row.method,
        original_payout=row.original_payout_id,
        reconciliation_status=reconciliation_status(row),
        reversed_by=row.reversed_by_id,
        source_type=row.source_type,
        statement_descriptor=row.statement_descriptor,
        status=row.status,
        trace_id=_trace(row),
        type=row.destination_type,
    )


def reconciliation_status(row: PayoutRow) -> str:
    """Only automatic payouts are itemised for `balance_transactions?payout=`."""
    if not row.automatic:
        return "not_applicable"
    return "completed" if row.reconciled else "in_progress"


def _trace(row: PayoutRow) -> TraceId:
    if row.trace_value is not None:
        return TraceId("supported", row.trace_value)
    return TraceId("pending" if row.status == "pending" else "unsupported", None)
