"""What may be refunded or reversed, as pure functions (reference money-movement §§3, 5)."""

from __future__ import annotations

from typing import Final

from counterfoil.kit.money import Money
from counterfoil.kit.refused import InvalidRequest
from counterfoil.payments.rows import ApplicationFeeRow, ChargeRow, RefundRow, TransferRow

CANCELABLE_FOR: Final = 30 * 60  # seconds (reference test-data §4)


def refund_amount(charge: ChargeRow, amount: int | None) -> int:
    """How much is to be refunded: what was asked for, or all that is left.

    Raises InvalidRequest for a charge without money to give back, or more than is left.
    """
    if charge.source_transfer_id is not None and charge.account_id == charge.platform_id:
        raise InvalidRequest(
            f"{charge.id} was debited from an account: send the money back with a transfer.",
            param="charge",
        )
    if charge.source_transfer_id is not None:
        raise InvalidRequest(
            f"{charge.id} came by a transfer: reverse the transfer {charge.source_transfer_id}"
            " to take it back.",
            param="charge",
        )
    if charge.status != "succeeded" or not charge.captured:
        raise InvalidRequest(
            f"The charge {charge.id} took no money, so there is nothing to refund.",
            param="charge",
            code="charge_not_refundable",
        )
    left = charge.amount_captured - charge.amount_refunded
    if left == 0:
        raise InvalidRequest(
            f"Charge {charge.id} has already been refunded.", code="charge_already_refunded"
        )
    if charge.disputed:
        raise InvalidRequest(
            f"The charge {charge.id} is disputed: the cardholder's bank has the money, so it"
            " cannot be refunded.",
            code="charge_disputed",
        )
    wanted = _positive(left if amount is None else amount)
    if wanted > left:
        raise InvalidRequest(
            f"Refund amount ({Money(wanted, charge.currency)}) is greater than unrefunded amount"
            f" on charge ({Money(left, charge.currency)})",
            param="amount",
            code="amount_too_large",
        )
    return wanted


def can_be_canceled(refund: RefundRow, *, now: int) -> bool:
    """While it waits for funds, or within half an hour; never once a transfer was reversed."""
    waits = refund.status == "pending" and refund.balance_transaction_id is None
    recent = refund.status in ("pending", "succeeded") and now - refund.created < CANCELABLE_FOR
    return refund.transfer_reversal_id is None and (waits or recent)


def check_refund_flags(
    charge: ChargeRow, *, reverse_transfer: bool, refund_application_fee: bool
) -> None:
    """Flags need something to act on; on a destination charge the fee follows the transfer."""
    if reverse_transfer and charge.transfer_id is None:
        raise InvalidRequest(
            "This charge made no transfer that could be reversed.", param="reverse_transfer"
        )
    if refund_application_fee and charge.application_fee_amount is None:
        raise InvalidRequest(
            "This charge has no application fee that could be refunded.",
            param="refund_application_fee",
        )
    if refund_application_fee and charge.transfer_id is not None and not reverse_transfer:
        raise InvalidRequest(
            "On a destination charge, refund_application_fee needs reverse_transfer=true as"
            " well: the fee was taken from the transfer.",
            param="refund_application_fee",
        )


def reversal_amount(transfer: TransferRow, amount: int | None) -> int:
    """How much of a transfer is to come back. Raises InvalidRequest beyond what is left."""
    if transfer.account_id != transfer.platform_id:
        raise InvalidRequest(
            f"{transfer.id} is an account debit: send the money back with a transfer.", param="id"
        )
    left = transfer.amount - transfer.amount_reversed
    if left == 0:
        raise InvalidRequest(f"Transfer {transfer.id} is already fully reversed.", param="id")
    wanted = _positive(left if amount is None else amount)
    if wanted > left:
        raise InvalidRequest(
            f"The reversal is {Money(wanted, transfer.currency)}, but only"
            f" {Money(left, transfer.currency)} of the transfer is left.",
            param="amount",
            code="amount_too_large",
        )
    return wanted


def fee_refund_amount(fee: ApplicationFeeRow, amount: int | None) -> int:
    """How much of an application fee is to be returned. Raises InvalidRequest beyond it."""
    left = fee.amount - fee.amount_refunded
    if left == 0:
        raise InvalidRequest(f"Application fee {fee.id} has already been refunded.", param="id")
    wanted = _positive(left if amount is None else amount)
    if wanted > left:
        raise InvalidRequest(
            f"The refund is {Money(wanted, fee.currency)}, but only"
            f" {Money(left, fee.currency)} of the fee is left.",
            param="amount",
            code="amount_too_large",
        )
    return wanted


def _positive(amount: int) -> int:
    if amount <= 0:
        raise InvalidRequest(
            "This value must be greater than or equal to 1.",
            param="amount",
            code="parameter_invalid_integer",
        )
    return amount
