"""Refunds: asked for, waiting for funds, done, failed, canceled (reference money-movement §3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from counterfoil.events.operations import origin
from counterfoil.kit.clock import DAY
from counterfoil.kit.db import fetch_all, lock_row_suffix, unit_of_work
from counterfoil.kit.ids import new_id
from counterfoil.kit.metadata import merge_metadata
from counterfoil.kit.refused import BalanceInsufficient, InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.ledger.locks import lock_many_funds
from counterfoil.ledger.models import Purpose
from counterfoil.ledger.queries import available_balance
from counterfoil.payments.details import read_metadata, text_of
from counterfoil.payments.operations.batch import Batch
from counterfoil.payments.operations.charges import locked_charge
from counterfoil.payments.operations.undoing import (
    Reversal,
    check_reversal_funds,
    give_fee_back,
    new_fee_return,
    on_its_own,
    plan_reversal,
    proportional_shares,
    settled_part,
    share_of,
    write_reversal,
)
from counterfoil.payments.operations.waiting import (
    anyone_waits,
    look_at_waiting,
    next_money,
    reversed_funds,
    waiting,
)
from counterfoil.payments.refund_books import (
    FeeRefundFacts,
    FeeReturn,
    RefundFacts,
    failed_refund_entry,
    fee_refund_entry,
    refund_entry,
)
from counterfoil.payments.refund_params import CreateRefund, UpdateRefund
from counterfoil.payments.refund_policy import (
    can_be_canceled,
    check_refund_flags,
    refund_amount,
)
from counterfoil.payments.rows import (
    ApplicationFeeRow,
    ChargeRow,
    PaymentMethodRow,
    RefundRow,
    TransferRow,
    find,
)
from counterfoil.payments.settlement import Exchanged
from counterfoil.payments.wire import charge_wire
from counterfoil.payments.wire.intent import application_of
from counterfoil.payments.wire.refund import refund_wire

_Outcome = Literal["paid", "gone", "short", "seller_short"]
NETWORK_DELAY: Final = DAY  # until the simulated network moves a refund on


@dataclass(frozen=True, slots=True)
class RefundPreview:
    """What a refund would take from whom at a moment, and whether it would wait for money."""

    facts: RefundFacts
    waits: bool
    at: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """A refund that can be paid now: facts for the books, and the fee they touch."""

    facts: RefundFacts
    reversal: Reversal | None
    fee: ApplicationFeeRow | None
    fee_return: FeeReturn | None
    fee_alone: FeeRefundFacts | None  # of a transfer of which nothing is left to reverse


def create_refund(*, scope: Scope, params: CreateRefund, now: int) -> RefundRow:
    """Give money of a charge back, all or part of it.

    A charge that is still pending nets against itself. Otherwise the owner's available balance
    pays, then its refunds-and-disputes balance; when neither suffices a card refund waits
    (`pending`, `insufficient_funds`) and runs oldest first when money comes.

    `now` is the platform's clock, UTC seconds. Raises InvalidRequest, ResourceMissing, and
    BalanceInsufficient when a transfer is to be reversed and its account lacks the money.
    """
    with unit_of_work():
        charge = _charge_of(params, scope)
        refund = _new_refund(charge, params, now=now)
        batch = Batch(scope.platform_id, scope.livemode, now)
        batch.add(refund)
        _pay_or_wait(batch, charge, refund)
        charge.amount_refunded += refund.amount
        batch.change(charge)
        batch.event("refund.created", scope, refund_wire(refund), refund.id)
        batch.event("charge.refunded", scope, charge_wire(charge), charge.id)
        batch.write()
    return refund


def preview_refund(*, scope: Scope, params: CreateRefund, now: int) -> RefundPreview:
    """What `create_refund` would do at this moment, by the same plan; nothing is written.

    Raises what `create_refund` would raise.
    """
    with unit_of_work():
        charge = _charge_of(params, scope)
        refund = _new_refund(charge, params, now=now)
        batch = Batch(scope.platform_id, scope.livemode, now)
        plan = _plan(batch, charge, refund)
        waits = plan is None or _queues(plan, refund, now=now)
        plan = plan or _plan(batch, charge, refund, without_funds=True)
        assert plan is not None, "without asking for funds every refund has a plan"
        return RefundPreview(plan.facts, waits, now)


def run_pending_refunds(*, scope: Scope, currency: str, now: int) -> int:
    """Pay refunds of an account that wait for funds, oldest first; the number paid.

    Stops at the first that still cannot be paid, so that none overtakes an older one, and
    notes when more money will be available. One that only waits for the seller whose transfer
    it reverses holds nobody up: it takes nothing from these funds meanwhile.
    """
    paid = 0
    for refund_id in waiting(
        account_id=scope.account_id, livemode=scope.livemode, currency=currency
    ):
        outcome = _try_pending(refund_id, scope, now=now)
        if outcome == "short":
            break
        paid += outcome == "paid"
    return paid


def move_refund_on(*, refund_id: str, scope: Scope, now: int) -> RefundRow:
    """What the simulated network does next: a pending refund succeeds, a doomed one fails."""
    seen = find(RefundRow, refund_id, scope)
    if seen is not None and seen.pending_reason == "insufficient_funds":
        # Each in a transaction of its own: they hold funds, and none may hold two.
        run_pending_refunds(scope=scope, currency=seen.funds_currency, now=now)
        return _look_again_later(refund_id, scope, now=now)
    with unit_of_work():
        refund = locked_refund(refund_id, scope)
        if refund.next_at is None or refund.next_at > now:
            return refund
        refund.next_at = None
        batch = Batch(scope.platform_id, scope.livemode, now)
        batch.change(refund)
        if refund.status == "pending":
            refund.status, refund.pending_reason = "succeeded", None
            batch.event("refund.updated", scope, refund_wire(refund), refund.id)
        else:
            _return_money(batch, refund, status="failed", reason="expired_or_canceled_card")
        batch.write()
    return refund


def _look_again_later(refund_id: str, scope: Scope, *, now: int) -> RefundRow:
    """One that still waits, perhaps behind an older one, waits for the next money."""
    with unit_of_work():
        refund = locked_refund(refund_id, scope)
        waits = refund.pending_reason == "insufficient_funds"
        if waits and refund.next_at is not None and refund.next_at <= now:
            refund.next_at = _next_money(refund, now=now)
            batch = Batch(scope.platform_id, scope.livemode, now)
            batch.change(refund)
            batch.write()
    return refund


def fail_refund(*, refund_id: str, scope: Scope, reason: str, now: int) -> RefundRow:
    """The network could not deliver a refund: its money returns (test helper, rail)."""
    with unit_of_work():
        refund = locked_refund(refund_id, scope)
        if refund.status not in ("pending", "succeeded"):
            raise InvalidRequest(
                f"Refund {refund.id} is {refund.status}: it cannot fail any more.",
                code="status_transition_invalid",
            )
        batch = Batch(scope.platform_id, scope.livemode, now)
        batch.change(refund)
        refund.next_at = None
        _return_money(batch, refund, status="failed", reason=reason)
        batch.write()
    return refund


def cancel_refund(*, refund_id: str, scope: Scope, now: int) -> RefundRow:
    """Take a refund back: while it waits for funds, or within half an hour.

    Raises InvalidRequest once it is too late.
    """
    with unit_of_work():
        refund = locked_refund(refund_id, scope)
        if not can_be_canceled(refund, now=now):
            raise InvalidRequest(
                f"Refund {refund.id} cannot be canceled any more: it has a status of"
                f" {refund.status}.",
                code="status_transition_invalid",
            )
        batch = Batch(scope.platform_id, scope.livemode, now)
        batch.change(refund)
        refund.next_at = None
        _return_money(batch, refund, status="canceled", reason=None)
        batch.write()
    return refund


def update_refund(*, scope: Scope, refund_id: str, params: UpdateRefund, now: int) -> RefundRow:
    """Change a refund's metadata."""
    with unit_of_work():
        refund = locked_refund(refund_id, scope)
        before = read_metadata(refund.metadata)
        after = merge_metadata(before, params.metadata)
        if after != before:
            refund.metadata = text_of(after)
            batch = Batch(scope.platform_id, scope.livemode, now)
            batch.change(refund)
            wire = refund_wire(refund)
            batch.event("refund.updated", scope, wire, refund.id, {"metadata": before})
            batch.write()
    return refund


def locked_refund(refund_id: str, scope: Scope) -> RefundRow:
    """The refund, held until the transaction ends, after its charge. Raises ResourceMissing."""
    seen = find(RefundRow, refund_id, scope)
    if seen is None or seen.source_transfer_reversal_id is not None:
        raise ResourceMissing("refund", refund_id, param="id")
    locked_charge(seen.charge_id, scope)
    refund = find(RefundRow, refund_id, scope, suffix=lock_row_suffix())
    assert refund is not None
    return refund


def _charge_of(params: CreateRefund, scope: Scope) -> ChargeRow:
    if (params.charge is None) == (params.payment_intent is None):
        raise InvalidRequest(
            "Send either charge or payment_intent: which payment is to be refunded?",
            param="charge",
            code="parameter_missing" if params.charge is None else "parameters_exclusive",
        )
    charge_id = params.charge
    if charge_id is None:
        rows = fetch_all(
            "SELECT latest_charge_id FROM payments_paymentintent"
            " WHERE id = %s AND account_id = %s AND livemode = %s",
            [params.payment_intent, scope.account_id, scope.livemode],
        )
        if not rows:
            raise ResourceMissing(
                "payment_intent", params.payment_intent or "", param="payment_intent"
            )
        charge_id = rows[0][0]
        if charge_id is None:
            raise InvalidRequest(
                f"The PaymentIntent {params.payment_intent} has no successful charge to refund.",
                param="payment_intent",
                code="payment_intent_unexpected_state",
            )
    try:
        return locked_charge(charge_id, scope)
    except ResourceMissing:
        raise ResourceMissing("charge", charge_id, param="charge") from None


def _new_refund(charge: ChargeRow, params: CreateRefund, *, now: int) -> RefundRow:
    """The refund that is asked for, not yet paid. Raises InvalidRequest when it cannot be."""
    check_refund_flags(
        charge,
        reverse_transfer=params.reverse_transfer,
        refund_application_fee=params.refund_application_fee,
    )
    return RefundRow(
        id=new_id("re", now),
        platform_id=charge.platform_id,
        livemode=charge.livemode,
        account_id=charge.account_id,
        created=now,
        amount=refund_amount(charge, params.amount),
        currency=charge.currency,
        charge_id=charge.id,
        status="pending",
        payment_intent_id=charge.payment_intent_id,
        reason=params.reason,
        decided_by=origin.get().actor,
        reverses_transfer=params.reverse_transfer,
        refunds_fee=params.refund_application_fee,
        settled_currency=charge.settled_currency,
        metadata=text_of(merge_metadata({}, params.metadata)),
    )


def _queues(plan: _Plan, refund: RefundRow, *, now: int) -> bool:
    """Whether it could be paid but older refunds wait for the same money."""
    return plan.facts.available_on <= now and _others_wait(refund)


def _pay_or_wait(batch: Batch, charge: ChargeRow, refund: RefundRow) -> None:
    plan = _plan(batch, charge, refund)
    if plan is None or _queues(plan, refund, now=batch.at):
        refund.pending_reason = "insufficient_funds"
        refund.next_at = _next_money(refund, now=batch.at)
        if plan is not None:  # the older ones may wait for somebody else's money
            look_at_waiting(refund.scope, currency=refund.funds_currency, at=batch.at)
        return
    _pay(batch, charge, refund, plan)


def _others_wait(refund: RefundRow) -> bool:
    """Whether older refunds wait for the same funds: then this one queues behind them."""
    return anyone_waits(
        account_id=refund.account_id, livemode=refund.livemode, currency=refund.funds_currency
    )


def _next_money(refund: RefundRow, *, now: int) -> int | None:
    """When more money will be available to its owner, or to the seller it takes money back from."""
    asked = [(refund.account_id, refund.funds_currency)]
    if refund.reverses_transfer:
        asked += reversed_funds(refund.charge_id)
    moments = [
        next_money(account_id=account_id, livemode=refund.livemode, currency=currency, now=now)
        for account_id, currency in asked
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def _try_pending(refund_id: str, scope: Scope, *, now: int) -> _Outcome:
    with unit_of_work():
        refund = locked_refund(refund_id, scope)
        if refund.pending_reason != "insufficient_funds":
            return "gone"  # another worker was faster
        charge = locked_charge(refund.charge_id, scope)
        batch = Batch(scope.platform_id, scope.livemode, now)
        outcome: _Outcome = "short"
        try:
            plan = _plan(batch, charge, refund)
        except BalanceInsufficient:  # the seller spent what was to be reversed
            plan, outcome = None, "seller_short"
        batch.change(refund)
        if plan is None:
            refund.next_at = _next_money(refund, now=now)
            batch.write()
            return outcome
        refund.next_at = None
        _pay(batch, charge, refund, plan)
        batch.event("refund.updated", scope, refund_wire(refund), refund.id)
        batch.write()
    return "paid"


def _plan(
    batch: Batch, charge: ChargeRow, refund: RefundRow, *, without_funds: bool = False
) -> _Plan | None:
    """How the refund is paid, or None while nothing suffices; `without_funds` does not ask."""
    reversed_before, fee_before = proportional_shares(charge, refund)
    # Transfer, payment, fee: the order in which reversals on their own hold them too.
    moved = _locked_transfer(charge) if refund.reverses_transfer else None
    fee = _fee_of(charge) if refund.refunds_fee else None
    _hold_funds([charge, moved[1]] if moved else [charge], now=batch.at)
    fee_share = 0
    if fee is not None:
        fee_share = share_of(
            fee.amount,
            fee.amount_refunded,
            before=fee_before,
            now=refund.amount,
            whole=charge.amount_captured,
        )
    reversal = None
    if moved is not None:
        reversal = _reversal(batch, charge, refund, moved, fee, fee_share, before=reversed_before)
    fee_return, fee_alone = None, None
    if reversal is None and fee is not None and fee_share:
        fee_return = new_fee_return(fee, fee_share, batch)
        if charge.scope.is_platform:
            # The refund's row is P's own: C has no row here that the fee could come back in.
            fee_alone = on_its_own(fee, fee_return, batch) if fee_return.amount else None
            fee_return = None
    facts = _facts(batch, charge, refund, fee_return, reversal, Purpose.PAYMENTS)
    purpose: Purpose | None = Purpose.PAYMENTS
    if not without_funds:
        purpose = _funded_from(facts, charge, fee_alone, now=batch.at)
    if purpose is None:
        return None
    if purpose is not Purpose.PAYMENTS:
        facts = _facts(batch, charge, refund, fee_return, reversal, purpose)
    return _Plan(facts, reversal, fee, fee_return, fee_alone)


def _facts(
    batch: Batch,
    charge: ChargeRow,
    refund: RefundRow,
    fee_return: FeeReturn | None,
    reversal: Reversal | None,
    purpose: Purpose,
) -> RefundFacts:
    pending = charge.available_on is not None and charge.available_on > batch.at
    settled, presented = settled_part(charge, refund.amount, besides=refund.id), None
    if settled is not None:
        presented = Exchanged(refund.amount, refund.currency, charge.exchange_rate)
    return RefundFacts(
        refund_id=refund.id,
        transaction_id=new_id("txn", batch.at),
        charge_id=charge.id,
        platform_id=charge.platform_id,
        owner=charge.account_id,
        amount=settled.amount if settled else refund.amount,
        currency=settled.currency if settled else charge.currency,
        purpose=purpose,
        available_on=charge.available_on if pending and charge.available_on else batch.at,
        description=f"REFUND FOR CHARGE ({charge.description or charge.id})",
        application=application_of(charge.platform_id),
        fee=fee_return,
        reversal=reversal.facts if reversal else None,
        presented=presented,
    )


def _hold_funds(charges: Sequence[ChargeRow], *, now: int) -> None:
    """All the funds that a refund asks for: of the charge, and of the payment it reverses.

    Taken together, hence in the one order of `ledger.locks`: the seller's alone and then the
    platform's would be the other way round, and an instant payout could wait in a circle.
    """
    asked = [
        (charge.account_id, charge.settled.currency)
        for charge in charges
        if (charge.available_on or 0) <= now  # what is pending pays for itself
    ]
    lock_many_funds(asked, livemode=charges[0].livemode)


def _funded_from(
    facts: RefundFacts, charge: ChargeRow, fee_alone: FeeRefundFacts | None, *, now: int
) -> Purpose | None:
    """Available balance first, then refunds-and-disputes; a pending charge pays for itself."""
    if facts.available_on > now:
        return Purpose.PAYMENTS
    owner, livemode, currency = facts.owner, charge.livemode, facts.currency
    fee = fee_alone.given.amount if fee_alone and fee_alone.given.currency == currency else 0
    for purpose, needed in (
        (Purpose.PAYMENTS, facts.debit + fee),
        (Purpose.PREFUNDING, facts.amount),
    ):
        available = available_balance(
            owner=owner, livemode=livemode, currency=currency, now=now, purpose=purpose
        )
        if needed <= available:
            return purpose
    return None


def _locked_transfer(charge: ChargeRow) -> tuple[TransferRow, ChargeRow]:
    """The transfer a charge made, and its payment, held until the transaction ends."""
    assert charge.transfer_id is not None
    transfer = find(TransferRow, charge.transfer_id, charge.scope, suffix=lock_row_suffix())
    assert transfer is not None
    scope = charge.scope.of(transfer.destination)
    return transfer, locked_charge(transfer.destination_payment_id, scope)


def _reversal(
    batch: Batch,
    charge: ChargeRow,
    refund: RefundRow,
    moved: tuple[TransferRow, ChargeRow],
    fee: ApplicationFeeRow | None,
    fee_share: int,
    *,
    before: int,
) -> Reversal | None:
    transfer, payment = moved
    amount = share_of(
        transfer.amount,
        transfer.amount_reversed,
        before=before,
        now=refund.amount,
        whole=charge.amount_captured,
    )
    if amount == 0:
        return None  # it was all reversed before, by hand
    reversal = plan_reversal(batch, transfer, payment, fee, amount=amount, fee_amount=fee_share)
    check_reversal_funds(reversal, now=batch.at)
    batch.keeps(transfer.destination)
    return reversal


def _pay(batch: Batch, charge: ChargeRow, refund: RefundRow, plan: _Plan) -> None:
    """Books, rows and the refund's own state."""
    if charge.account_id != charge.platform_id:
        batch.keeps(charge.account_id)
    refund.status, refund.pending_reason = "succeeded", None
    refund.balance_transaction_id = plan.facts.transaction_id
    refund.purpose = plan.facts.purpose.value
    if plan.facts.presented is not None:
        refund.settled_amount = plan.facts.amount
    if plan.reversal is not None:
        refund.transfer_reversal_id = plan.reversal.facts.reversal_id
        write_reversal(batch, plan.reversal, source_refund=refund.id)
    if plan.fee is not None and plan.fee_return is not None:
        give_fee_back(batch, plan.fee, plan.fee_return)
    if plan.fee is not None and plan.fee_alone is not None:
        give_fee_back(batch, plan.fee, plan.fee_alone.fee)
        batch.entries.append(fee_refund_entry(plan.fee_alone))
    _as_the_card_does(refund, charge, now=batch.at)
    batch.entries.append(refund_entry(plan.facts))


def _as_the_card_does(refund: RefundRow, charge: ChargeRow, *, now: int) -> None:
    """Test cards that delay or break refunds (reference test-data §4)."""
    if charge.payment_method_id is None:
        return
    card = find(PaymentMethodRow, charge.payment_method_id, charge.scope)
    if card is None or card.scenario not in ("refund_pending", "refund_fails"):
        return
    refund.next_at = now + NETWORK_DELAY
    if card.scenario == "refund_pending":
        refund.status, refund.pending_reason = "pending", "processing"


def _fee_of(charge: ChargeRow) -> ApplicationFeeRow | None:
    """The fee of a charge, or of the payment its transfer made, held until the end."""
    fee_id = charge.application_fee_id
    if fee_id is None and charge.transfer_id is not None:
        rows = fetch_all(
            "SELECT p.application_fee_id FROM payments_transfer t"
            " JOIN payments_charge p ON p.id = t.destination_payment_id WHERE t.id = %s",
            [charge.transfer_id],
        )
        fee_id = rows[0][0] if rows else None
    if fee_id is None:
        return None
    platform = charge.scope.of(charge.platform_id)
    return find(ApplicationFeeRow, fee_id, platform, suffix=lock_row_suffix())


def _return_money(batch: Batch, refund: RefundRow, *, status: str, reason: str | None) -> None:
    """Undo a refund: money back where it was taken from, and the charge as before.

    A reversed transfer stays reversed: P may transfer again (reference §3, "Failure").
    """
    scope = refund.scope
    charge = locked_charge(refund.charge_id, scope)
    charge.amount_refunded -= refund.amount
    batch.change(charge)
    refund.status, refund.failure_reason, refund.pending_reason = status, reason, None
    if refund.balance_transaction_id is not None:
        if not scope.is_platform:
            batch.keeps(scope.account_id)
        refund.failure_transaction_id = new_id("txn", batch.at)
        batch.entries.append(
            failed_refund_entry(
                refund_id=refund.id,
                transaction_id=refund.failure_transaction_id,
                platform_id=scope.platform_id,
                owner=scope.account_id,
                purpose=Purpose(refund.purpose or Purpose.PAYMENTS.value),
                amount=refund.settled.amount,
                currency=refund.settled.currency,
                presented=_presented(refund, charge),
                now=batch.at,
            )
        )
    kind = "refund.failed" if status == "failed" else "refund.updated"
    batch.event(kind, scope, refund_wire(refund), refund.id)


def _presented(refund: RefundRow, charge: ChargeRow) -> Exchanged | None:
    """What the cardholder gets of a refund, when its account is debited in another currency."""
    if refund.settled_amount is None:
        return None
    return Exchanged(refund.amount, refund.currency, charge.exchange_rate)
