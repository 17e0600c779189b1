"""Transfer reversals and application fee refunds on their own (reference api.md §§5.1, 5.2)."""

from __future__ import annotations

from counterfoil.kit.db import lock_row_suffix, unit_of_work
from counterfoil.kit.metadata import merge_metadata
from counterfoil.kit.money import Money
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.payments.details import read_metadata, text_of
from counterfoil.payments.operations.batch import Batch
from counterfoil.payments.operations.charges import locked_charge
from counterfoil.payments.operations.undoing import (
    check_reversal_funds,
    give_fee_back,
    new_fee_return,
    on_its_own,
    plan_reversal,
    share_of,
    write_reversal,
)
from counterfoil.payments.refund_books import fee_refund_entry, reversal_entry
from counterfoil.payments.refund_params import (
    CreateFeeRefund,
    CreateReversal,
    UpdateFeeRefund,
    UpdateReversal,
)
from counterfoil.payments.refund_policy import fee_refund_amount, reversal_amount
from counterfoil.payments.rows import (
    ApplicationFeeRow,
    FeeRefundRow,
    TransferReversalRow,
    TransferRow,
    find,
)


def create_reversal(
    *, scope: Scope, transfer_id: str, params: CreateReversal, now: int
) -> TransferReversalRow:
    """Take a transfer back, all or part of it; with its share of the fee when asked for.

    `now` is the platform's clock, UTC seconds. Raises ResourceMissing, InvalidRequest beyond
    what is left, BalanceInsufficient when the account's available balance does not cover it.
    """
    with unit_of_work():
        transfer = find(TransferRow, transfer_id, scope, suffix=lock_row_suffix())
        if transfer is None:
            raise ResourceMissing("transfer", transfer_id, param="id")
        amount = reversal_amount(transfer, params.amount)
        payment = locked_charge(transfer.destination_payment_id, scope.of(transfer.destination))
        fee, fee_share = None, 0
        if params.refund_application_fee and payment.application_fee_id is not None:
            fee = find(
                ApplicationFeeRow, payment.application_fee_id, scope, suffix=lock_row_suffix()
            )
            assert fee is not None
            fee_share = share_of(
                fee.amount,
                fee.amount_refunded,
                before=transfer.amount_reversed,
                now=amount,
                whole=transfer.amount,
            )
        batch = Batch(scope.platform_id, scope.livemode, now)
        reversal = plan_reversal(batch, transfer, payment, fee, amount=amount, fee_amount=fee_share)
        check_reversal_funds(reversal, now=now)
        batch.keeps(transfer.destination)
        batch.entries.append(reversal_entry(reversal.facts))
        row = write_reversal(
            batch,
            reversal,
            source_refund=None,
            description=params.description,
            metadata=text_of(merge_metadata({}, params.metadata)),
        )
        batch.write()
    return row


def create_fee_refund(
    *, scope: Scope, fee_id: str, params: CreateFeeRefund, now: int
) -> FeeRefundRow:
    """Return an application fee, all or part of it, to the account it came from.

    Raises ResourceMissing, and InvalidRequest beyond what is left of the fee, and for so little
    that nothing of it reaches the account.
    """
    with unit_of_work():
        fee = _locked_fee(fee_id, scope)
        amount = fee_refund_amount(fee, params.amount)
        batch = Batch(scope.platform_id, scope.livemode, now)
        returned = new_fee_return(fee, amount, batch)
        if returned.amount == 0:
            raise InvalidRequest(
                f"{Money(amount, fee.currency)} of the fee is less than the smallest amount in"
                f" {fee.given.currency.upper()}, in which the account gave it.",
                param="amount",
                code="amount_too_small",
            )
        row = give_fee_back(batch, fee, returned)
        facts = on_its_own(fee, returned, batch)
        batch.entries.append(fee_refund_entry(facts))
        row.metadata = text_of(merge_metadata({}, params.metadata))
        batch.write()
    return row


def _locked_fee(fee_id: str, scope: Scope) -> ApplicationFeeRow:
    """A fee, held until the transaction ends, after its charge. Raises ResourceMissing."""
    seen = find(ApplicationFeeRow, fee_id, scope)
    if seen is None:
        raise ResourceMissing("application_fee", fee_id, param="id")
    if seen.charge_id is not None:
        # As refunds and reversals take them; the other way round each could wait for the other.
        locked_charge(seen.charge_id, scope.of(seen.connected_account_id))
    fee = find(ApplicationFeeRow, fee_id, scope, suffix=lock_row_suffix())
    assert fee is not None, "fees are never deleted"
    return fee


def update_reversal(
    *, scope: Scope, transfer_id: str, reversal_id: str, params: UpdateReversal, now: int
) -> TransferReversalRow:
    """Change a reversal's metadata."""
    with unit_of_work():
        row = find(TransferReversalRow, reversal_id, scope, suffix=lock_row_suffix())
        if row is None or row.transfer_id != transfer_id:
            raise ResourceMissing("transfer reversal", reversal_id, param="id")
        row.metadata = text_of(merge_metadata(read_metadata(row.metadata), params.metadata))
        batch = Batch(scope.platform_id, scope.livemode, now)
        batch.change(row)
        batch.write()
    return row


def update_fee_refund(
    *, scope: Scope, fee_id: str, refund_id: str, params: UpdateFeeRefund, now: int
) -> FeeRefundRow:
    """Change a fee refund's metadata."""
    with unit_of_work():
        row = find(FeeRefundRow, refund_id, scope, suffix=lock_row_suffix())
        if row is None or row.fee_id != fee_id:
            raise ResourceMissing("fee refund", refund_id, param="id")
        row.metadata = text_of(merge_metadata(read_metadata(row.metadata), params.metadata))
        batch = Batch(scope.platform_id, scope.livemode, now)
        batch.change(row)
        batch.write()
    return row
