"""Refund, TransferReversal and ApplicationFeeRefund."""

from __future__ import annotations

from typing import ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from counterfoil.kit.wire import Expandable
from counterfoil.payments.details import read_metadata
from counterfoil.payments.rows import FeeRefundRow, RefundRow, TransferReversalRow


class RefundedCard(msgspec.Struct):
    type: str
    reference_status: str | UnsetType = UNSET
    reference_type: str | UnsetType = UNSET


class RefundDestination(msgspec.Struct):
    card: RefundedCard
    type: str = "card"


class RefundWire(msgspec.Struct):
    EXPANDABLE: ClassVar[dict[str, str]] = {
        "balance_transaction": "balance_transaction",
        "charge": "charge",
        "failure_balance_transaction": "balance_transaction",
        "payment_intent": "payment_intent",
        "source_transfer_reversal": "transfer_reversal",
        "transfer_reversal": "transfer_reversal",
    }

    id: str
    amount: int
    balance_transaction: Expandable | None
    charge: Expandable
    created: int
    currency: str
    metadata: dict[str, str]
    payment_intent: Expandable | None
    reason: str | None
    source_transfer_reversal: Expandable | None
    status: str
    transfer_reversal: Expandable | None
    customer: str | None = None
    customer_account: str | None = None
    description: str | UnsetType = UNSET
    destination_details: RefundDestination | UnsetType = UNSET
    failure_balance_transaction: Expandable | UnsetType = UNSET
    failure_reason: str | UnsetType = UNSET
    object: str = "refund"
    payment_method: str | None = None
    pending_reason: str | UnsetType = UNSET
    receipt_number: str | None = None


def refund_wire(row: RefundRow) -> RefundWire:
    details: RefundDestination | UnsetType = UNSET
    if row.source_transfer_reversal_id is None:
        kind = "pending" if row.status == "pending" else "refund"
        details = RefundDestination(RefundedCard(type=kind))
    return RefundWire(
        id=row.id,
        amount=row.amount,
        balance_transaction=row.balance_transaction_id,
        charge=row.charge_id,
        created=row.created,
        currency=row.currency,
        metadata=read_metadata(row.metadata),
        payment_intent=row.payment_intent_id,
        reason=row.reason,
        source_transfer_reversal=row.source_transfer_reversal_id,
        status=row.status,
        transfer_reversal=row.transfer_reversal_id,
        description=row.description or UNSET,
        destination_details=details,
        failure_balance_transaction=row.failure_transaction_id or UNSET,
        failure_reason=row.failure_reason or UNSET,
        pending_reason=row.pending_reason or UNSET,
    )


class TransferReversalWire(msgspec.Struct):
    EXPANDABLE: ClassVar[dict[str, str]] = {
        "balance_transaction": "balance_transaction",
        "destination_payment_refund": "refund",
        "source_refund": "refund",
        "transfer": "transfer",
    }

    id: str
    amount: int
    balance_transaction: Expandable
    created: int
    currency: str
    destination_payment_refund: Expandable
    metadata: dict[str, str]
    source_refund: Expandable | None
    transfer: Expandable
    object: str = "transfer_reversal"


def transfer_reversal_wire(row: TransferReversalRow) -> TransferReversalWire:
    return TransferReversalWire(
        id=row.id,
        amount=row.amount,
        balance_transaction=row.balance_transaction_id,
        created=row.created,
        currency=row.currency,
        destination_payment_refund=row.destination_payment_refund_id,
        metadata=read_metadata(row.metadata),
        source_refund=row.source_refund_id,
        transfer=row.transfer_id,
    )


class FeeRefundWire(msgspec.Struct):
    EXPANDABLE: ClassVar[dict[str, str]] = {
        "balance_transaction": "balance_transaction",
        "fee": "application_fee",
    }

    id: str
    amount: int
    balance_transaction: Expandable
    created: int
    currency: str
    fee: Expandable
    metadata: dict[str, str]
    object: str = "fee_refund"


def fee_refund_wire(row: FeeRefundRow) -> FeeRefundWire:
    return FeeRefundWire(
        id=row.id,
        amount=row.amount,
        balance_transaction=row.balance_transaction_id,
        created=row.created,
        currency=row.currency,
        fee=row.fee_id,
        metadata=read_metadata(row.metadata),
    )
