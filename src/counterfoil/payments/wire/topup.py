"""TopUp, and what a live one asks its owner to do."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from counterfoil.kit.wire import Expandable
from counterfoil.payments.details import read_metadata
from counterfoil.payments.topup_rows import TopupRow


class TopupWire(msgspec.Struct):
    EXPANDABLE: ClassVar[dict[str, str]] = {"balance_transaction": "balance_transaction"}

    id: str
    amount: int
    balance_transaction: Expandable | None
    created: int
    currency: str
    description: str | None
    expected_availability_date: int | None
    failure_code: str | None
    failure_message: str | None
    initiated_by: str | None
    livemode: bool
    metadata: dict[str, str]
    statement_descriptor: str | None
    status: str
    transfer_group: str | None
    object: str = "topup"
    source: None = None  # deprecated by the SDK itself


def topup_wire(row: TopupRow) -> TopupWire:
    return TopupWire(
        id=row.id,
        amount=row.amount,
        balance_transaction=row.balance_transaction_id,
        created=row.created,
        currency=row.currency,
        description=row.description,
        expected_availability_date=row.expected_on,
        failure_code=row.failure_code,
        failure_message=row.failure_message,
        initiated_by=row.initiated_by,
        livemode=row.livemode,
        metadata=read_metadata(row.metadata),
        statement_descriptor=row.statement_descriptor,
        status=row.status,
        transfer_group=row.transfer_group,
    )


class TopupInstructionsWire(msgspec.Struct):
    """How to send the money of a live top-up. Ours: the official SDK has no such object."""

    topup: str
    amount: int
    currency: str
    reference: str
    bank_details: str
    object: str = "topup_instructions"


def topup_instructions_wire(row: TopupRow, *, bank_details: str) -> TopupInstructionsWire:
    assert row.reference is not None
    return TopupInstructionsWire(row.id, row.amount, row.currency, row.reference, bank_details)
