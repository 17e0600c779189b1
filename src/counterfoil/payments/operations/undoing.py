"""What refunds and reversals share: proportional shares, funds, and the rows they leave."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.kit.db import fetch_one
from counterfoil.kit.ids import new_id
from counterfoil.kit.money import Money, cumulative_share, half_up
from counterfoil.kit.refused import BalanceInsufficient, InvalidRequest
from counterfoil.ledger.locks import lock_funds
from counterfoil.ledger.models import Purpose
from counterfoil.ledger.queries import available_balance
from counterfoil.payments.operations.batch import Batch
from counterfoil.payments.operations.charges import locked_charge
from counterfoil.payments.refund_books import FeeRefundFacts, FeeReturn, ReversalFacts
from counterfoil.payments.rows import (
    ApplicationFeeRow,
    ChargeRow,
    FeeRefundRow,
    RefundRow,
    TransferReversalRow,
    TransferRow,
    newest_below,
)
from counterfoil.payments.settlement import Exchanged
from counterfoil.payments.wire import application_fee_wire, charge_wire, transfer_wire
from counterfoil.payments.wire.intent import application_of
from counterfoil.payments.wire.money import NESTED


@dataclass(slots=True)
class Reversal:
    """A reversal decided on: facts for the books, and the rows it touches."""

    facts: ReversalFacts
    transfer: TransferRow
    payment: ChargeRow
    fee: ApplicationFeeRow | None


def proportional_shares(charge: ChargeRow, refund: RefundRow) -> tuple[int, int]:
    """Sums refunded before with each flag: (with a transfer reversed, with the fee refunded).

    Shares are cumulative over the refunds that carried the flag, so that they always add up to
    the whole (reference invariant 5).
    """
    row = fetch_one(
        "SELECT COALESCE(SUM(CASE WHEN reverses_transfer THEN amount ELSE 0 END), 0),"
        " COALESCE(SUM(CASE WHEN refunds_fee THEN amount ELSE 0 END), 0)"
        " FROM payments_refund WHERE charge_id = %s AND id <> %s"
        " AND balance_transaction_id IS NOT NULL",
        [charge.id, refund.id],
    )
    assert row is not None
    return int(row[0]), int(row[1])


def share_of(part: int, given: int, *, before: int, now: int, whole: int) -> int:
    """The proportional share of `part`, at most what is left of it."""
    share = cumulative_share(part, done_before=before, done_now=now, whole=whole)
    return min(share, part - given)


def settled_part(charge: ChargeRow, amount: int, *, besides: str = "") -> Exchanged | None:
    """What goes back of a charge's settled money with `amount` of the charge; None if the same.

    Proportional and cumulative over all that went back and stayed there, so that a charge
    refunded in parts gives back exactly what it brought. `besides`: a refund not to count.
    """
    if charge.settled_amount is None or charge.settled_currency is None:
        return None
    row = fetch_one(
        "SELECT COALESCE(SUM(amount), 0), COALESCE(SUM(settled_amount), 0) FROM payments_refund"
        " WHERE charge_id = %s AND id <> %s"
        " AND balance_transaction_id IS NOT NULL AND failure_transaction_id IS NULL",
        [charge.id, besides],
    )
    assert row is not None
    before, given = int(row[0]), int(row[1])
    due = half_up(charge.settled_amount * (before + amount), charge.amount_captured)
    return Exchanged(max(0, due - given), charge.settled_currency, charge.exchange_rate)


def new_fee_return(fee: ApplicationFeeRow, amount: int, batch: Batch) -> FeeReturn:
    """`amount` of a fee, in the fee's currency, as it leaves P and reaches C."""

    def part(whole: Money) -> int:
        return cumulative_share(
            whole.amount, done_before=fee.amount_refunded, done_now=amount, whole=fee.amount
        )

    given = None
    if fee.settled_amount is not None:
        given = Exchanged(part(fee.earned), fee.earned.currency, fee.exchange_rate)
    ids = (new_id("fr", batch.at), new_id("txn", batch.at))
    return FeeReturn(*ids, amount=part(fee.given), of_fee=amount, given=given)


def on_its_own(fee: ApplicationFeeRow, returned: FeeReturn, batch: Batch) -> FeeRefundFacts:
    """Facts of a fee that goes back in rows of its own: C sees an adjustment.

    Available with its charge while that is pending, else now.
    """
    account_id = fee.connected_account_id
    batch.keeps(account_id)
    available_on = batch.at
    if fee.charge_id is not None:  # it is not of an instant payout
        charge = locked_charge(fee.charge_id, fee.scope.of(account_id))
        available_on = max(charge.available_on or 0, batch.at)
    return FeeRefundFacts(
        fee=returned,
        account_transaction_id=new_id("txn", batch.at),
        platform_id=fee.platform_id,
        account_id=account_id,
        currency=fee.given.currency,
        available_on=available_on,
    )


def give_fee_back(batch: Batch, fee: ApplicationFeeRow, returned: FeeReturn) -> FeeRefundRow:
    """The rows and the event of a returned fee; the books are the caller's."""
    fee.amount_refunded += returned.of_fee
    batch.change(fee)
    row = FeeRefundRow(
        id=returned.refund_id,
        platform_id=fee.platform_id,
        livemode=fee.livemode,
        account_id=fee.account_id,
        created=batch.at,
        amount=returned.of_fee,
        currency=fee.currency,
        fee_id=fee.id,
        balance_transaction_id=returned.transaction_id,
    )
    batch.add(row)
    earlier = newest_below(FeeRefundRow, "fee_id", [fee.id], limit=NESTED)
    shown = application_fee_wire(fee, [row, *earlier.get(fee.id, [])])
    batch.event("application_fee.refunded", fee.scope, shown, fee.id)
    return row


def plan_reversal(
    batch: Batch,
    transfer: TransferRow,
    payment: ChargeRow,
    fee: ApplicationFeeRow | None,
    *,
    amount: int,
    fee_amount: int,
) -> Reversal:
    """Facts of a reversal of `amount`, with which P returns `fee_amount` of its fee.

    Raises InvalidRequest for so little that nothing of it is left in C's currency.
    """
    leaving = settled_part(payment, amount)
    if leaving is not None and leaving.amount == 0:
        raise InvalidRequest(
            f"{Money(amount, transfer.currency)} is less than the smallest amount in"
            f" {leaving.currency.upper()}, which the account was paid in.",
            param="amount",
            code="amount_too_small",
        )
    pending = payment.available_on is not None and payment.available_on > batch.at
    facts = ReversalFacts(
        reversal_id=new_id("trr", batch.at),
        transaction_id=new_id("txn", batch.at),
        payment_refund_id=new_id("pyr", batch.at),
        payment_transaction_id=new_id("txn", batch.at),
        platform_id=transfer.platform_id,
        destination=transfer.destination,
        amount=amount,
        currency=transfer.currency,
        available_on=payment.available_on if pending and payment.available_on else batch.at,
        application=application_of(transfer.platform_id),
        fee=new_fee_return(fee, fee_amount, batch) if fee and fee_amount else None,
        leaving=leaving,
    )
    return Reversal(facts, transfer, payment, fee)


def check_reversal_funds(reversal: Reversal, *, now: int) -> None:
    """What is still pending nets against itself; the rest needs C's available balance.

    Raises BalanceInsufficient. The caller holds these funds already, or none of a later owner.
    """
    facts = reversal.facts
    if facts.available_on > now:
        return
    taken, livemode = facts.taken, reversal.transfer.livemode
    needed = taken.amount - (facts.fee.amount if facts.fee else 0)
    lock_funds(owner=facts.destination, livemode=livemode, currency=taken.currency)
    available = available_balance(
        owner=facts.destination, livemode=livemode, currency=taken.currency, now=now
    )
    if needed > available:
        raise BalanceInsufficient(
            f"The account {facts.destination} has {Money(available, taken.currency)} available,"
            f" and the reversal takes {Money(needed, taken.currency)} from it. Nothing was"
            " reversed.",
            param="amount",
        )


def write_reversal(
    batch: Batch,
    reversal: Reversal,
    *,
    source_refund: str | None,
    description: str | None = None,
    metadata: str = "{}",
) -> TransferReversalRow:
    """Rows and events of a reversal; its entry is the caller's (alone, or within a refund's)."""
    facts, transfer, payment = reversal.facts, reversal.transfer, reversal.payment
    transfer.amount_reversed += facts.amount
    payment.amount_refunded += facts.amount
    batch.change(transfer)
    batch.change(payment)
    row = TransferReversalRow(
        id=facts.reversal_id,
        platform_id=transfer.platform_id,
        livemode=transfer.livemode,
        account_id=transfer.account_id,
        created=batch.at,
        amount=facts.amount,
        currency=facts.currency,
        transfer_id=transfer.id,
        balance_transaction_id=facts.transaction_id,
        destination_payment_refund_id=facts.payment_refund_id,
        source_refund_id=source_refund,
        description=description,
        metadata=metadata,
    )
    batch.add(row)
    batch.add(
        RefundRow(
            id=facts.payment_refund_id,
            platform_id=transfer.platform_id,
            livemode=transfer.livemode,
            account_id=transfer.destination,
            created=batch.at,
            amount=facts.amount,
            currency=facts.currency,
            charge_id=payment.id,
            status="succeeded",
            purpose=Purpose.PAYMENTS.value,
            balance_transaction_id=facts.payment_transaction_id,
            source_transfer_reversal_id=facts.reversal_id,
            settled_amount=facts.leaving.amount if facts.leaving else None,
            settled_currency=facts.leaving.currency if facts.leaving else None,
        )
    )
    if reversal.fee is not None and facts.fee is not None:
        give_fee_back(batch, reversal.fee, facts.fee)
    earlier = newest_below(TransferReversalRow, "transfer_id", [transfer.id], limit=NESTED)
    shown = transfer_wire(transfer, [row, *earlier.get(transfer.id, [])])
    batch.event("transfer.reversed", transfer.scope, shown, transfer.id)
    batch.event("charge.refunded", payment.scope, charge_wire(payment), payment.id)
    return row
