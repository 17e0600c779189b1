"""Transfer and ApplicationFee: money between a platform and its accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from counterfoil.kit.wire import Expandable, ListObject
from counterfoil.payments.details import read_metadata
from counterfoil.payments.rows import (
    ApplicationFeeRow,
    FeeRefundRow,
    TransferReversalRow,
    TransferRow,
)
from counterfoil.payments.wire.intent import application_of
from counterfoil.payments.wire.refund import (
    FeeRefundWire,
    TransferReversalWire,
    fee_refund_wire,
    transfer_reversal_wire,
)

NESTED = 10  # objects inside their parent, newest first (reference api.md §1.7)


class TransferWire(msgspec.Struct):
    EXPANDABLE: ClassVar[dict[str, str]] = {
        "balance_transaction": "balance_transaction",
        "destination": "account",
        "destination_payment": "charge",
        "source_transaction": "charge",
    }

    id: str
    amount: int
    amount_reversed: int
    balance_transaction: Expandable
    created: int
    currency: str
    description: str | None
    destination: Expandable
    destination_payment: Expandable
    livemode: bool
    metadata: dict[str, str]
    reversals: ListObject[TransferReversalWire]
    reversed: bool
    source_transaction: Expandable | None
    source_type: str
    transfer_group: str | None
    object: str = "transfer"


def transfer_wire(row: TransferRow, reversals: Sequence[TransferReversalRow] = ()) -> TransferWire:
    """`reversals` newest first; one more than NESTED says that there are more."""
    return TransferWire(
        id=row.id,
        amount=row.amount,
        amount_reversed=row.amount_reversed,
        balance_transaction=row.balance_transaction_id,
        created=row.created,
        currency=row.currency,
        description=row.description,
        destination=row.destination,
        destination_payment=row.destination_payment_id,
        livemode=row.livemode,
        metadata=read_metadata(row.metadata),
        reversals=ListObject(
            data=[transfer_reversal_wire(one) for one in reversals[:NESTED]],
            has_more=len(reversals) > NESTED,
            url=f"/v1/transfers/{row.id}/reversals",
        ),
        reversed=row.amount_reversed == row.amount,
        source_transaction=row.source_transaction,
        source_type=row.source_type,
        transfer_group=row.transfer_group,
    )


class FeeSource(msgspec.Struct):
    """What a fee was taken from: a charge, or an instant payout."""

    type: str
    charge: str | UnsetType = UNSET
    payout: str | UnsetType = UNSET


class ApplicationFeeWire(msgspec.Struct):
    EXPANDABLE: ClassVar[dict[str, str]] = {
        "account": "account",
        "balance_transaction": "balance_transaction",
        "charge": "charge",
        "originating_transaction": "charge",
    }

    id: str
    account: Expandable
    amount: int
    amount_refunded: int
    application: str
    balance_transaction: Expandable
    charge: Expandable  # "" for the fee of an instant payout: the SDK's type knows no null
    created: int
    currency: str
    fee_source: FeeSource
    livemode: bool
    originating_transaction: Expandable | None
    refunded: bool
    refunds: ListObject[FeeRefundWire]
    object: str = "application_fee"


def application_fee_wire(
    row: ApplicationFeeRow, refunds: Sequence[FeeRefundRow] = ()
) -> ApplicationFeeWire:
    """`refunds` newest first; one more than NESTED says that there are more."""
    return ApplicationFeeWire(
        id=row.id,
        account=row.connected_account_id,
        amount=row.amount,
        amount_refunded=row.amount_refunded,
        application=application_of(row.platform_id),
        balance_transaction=row.balance_transaction_id,
        charge=row.charge_id or "",
        created=row.created,
        currency=row.currency,
        fee_source=_fee_source(row),
        livemode=row.livemode,
        originating_transaction=row.originating_transaction,
        refunded=row.amount_refunded == row.amount,
        refunds=ListObject(
            data=[fee_refund_wire(one) for one in refunds[:NESTED]],
            has_more=len(refunds) > NESTED,
            url=f"/v1/application_fees/{row.id}/refunds",
        ),
    )


def _fee_source(row: ApplicationFeeRow) -> FeeSource:
    if row.payout_id is not None:
        return FeeSource("payout", payout=row.payout_id)
    return FeeSource("charge", charge=row.charge_id or UNSET)
