"""Asking the card network for money, and settling what it gave.

A charge is authorised (a row, no money in the books) and then captured (entries, transfer,
application fee). Most charges do both in one operation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from counterfoil.accounts.queries import PaymentAccount
from counterfoil.accounts.tasks import REST_JOB
from counterfoil.kit.ids import new_id
from counterfoil.kit.money import Money
from counterfoil.kit.refused import Declined, InvalidRequest
from counterfoil.kit.scope import Scope
from counterfoil.outbox.operations import enqueue
from counterfoil.payments.books import (
    ChargeFacts,
    FeeFacts,
    TransferFacts,
    charge_entry,
    transfer_entry,
)
from counterfoil.payments.details import (
    ChargeDetails,
    Checks,
    Outcome,
    Shipping,
    read_billing,
    read_card,
    text_of,
)
from counterfoil.payments.listing import make_findable, seller_of
from counterfoil.payments.operations.batch import Batch
from counterfoil.payments.operations.methods import Presented
from counterfoil.payments.operations.parties import Parties
from counterfoil.payments.operations.settling import (
    direct_fee,
    paid_in,
    platform_paid,
    settlement_of,
)
from counterfoil.payments.policy import check_brand_takes
from counterfoil.payments.rows import ApplicationFeeRow, ChargeRow, PaymentMethodRow, TransferRow
from counterfoil.payments.settlement import Exchanged, at_rate_of, exchange
from counterfoil.payments.wire import application_fee_wire, charge_wire, transfer_wire
from counterfoil.payments.wire.intent import application_of
from counterfoil.platforms.queries import Caller
from counterfoil.rails.simulator.scenarios import SCENARIOS, Decline, Scenario

DISPUTE_JOB: Final = "disputes.open_from_card"
# What a card's scenario stops on the account (reference test-data §6).
TRIGGERS: Final = {
    "next_requirements_due": "nothing",
    "charge_block": "charges",
    "payout_block": "payouts",
}
_UNAUTHENTICATED: Final = Decline(
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
    "authentication_required",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be charged, checked already. Amounts are minor units of `currency`."""

    amount: int
    currency: str
    application_fee: int | None = None
    destination: str | None = None
    share: int | None = None  # transfer_data[amount]
    on_behalf_of: str | None = None
    transfer_group: str | None = None
    description: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    receipt_email: str | None = None
    shipping: Shipping | None = None
    statement_descriptor: str | None = None
    statement_descriptor_suffix: str | None = None
    payment_intent_id: str | None = None
    customer_id: str | None = None
    off_session: bool = False
    source_is_card: bool = False


@dataclass(frozen=True, slots=True)
class PaymentTexts:
    """What the transfer and its payment are to say on the account (express-dashboard §11)."""

    transfer_description: str | None = None
    transfer_metadata: dict[str, str] | None = None
    payment_description: str | None = None
    payment_metadata: dict[str, str] | None = None


def authorize(
    batch: Batch, parties: Parties, platform: Caller, scope: Scope, order: Order, card: Presented
) -> ChargeRow:
    """A charge as the network answered: `succeeded` and not yet captured, or `failed`.

    Raises InvalidRequest for more than such a card takes.
    """
    money = Money(order.amount, order.currency)
    check_brand_takes(money, brand=read_card(card.row.card).brand)
    scenario = SCENARIOS[card.row.scenario]
    decline = _decline(scenario, order)
    if card.is_new:
        batch.add(card.row)
    descriptor = order.statement_descriptor or parties.usual_descriptor(platform)
    charge = ChargeRow(
        id=new_id("ch", batch.at),
        platform_id=scope.platform_id,
        livemode=scope.livemode,
        account_id=scope.account_id,
        created=batch.at,
        amount=order.amount,
        currency=order.currency,
        status="failed" if decline else "succeeded",
        captured=False,
        payment_intent_id=order.payment_intent_id,
        payment_method_id=card.row.id,
        customer_id=order.customer_id,
        application_fee_amount=order.application_fee,
        on_behalf_of=order.on_behalf_of,
        transfer_destination=order.destination,
        transfer_amount=order.share,
        transfer_group=order.transfer_group,
        failure_code=decline.code if decline else None,
        failure_message=decline.message if decline else None,
        description=order.description,
        metadata=text_of(order.metadata),
        details=text_of(_details(descriptor, scope, order, card.row, scenario, decline)),
    )
    if charge.transfer_group is None and order.destination is not None:
        charge.transfer_group = f"group_{order.payment_intent_id or charge.id}"
    charge.seller_id = seller_of(charge)
    make_findable(charge)
    batch.add(charge)
    return charge


def declined(charge: ChargeRow, card: PaymentMethodRow) -> Declined:
    """The refusal that tells of a failed charge."""
    assert charge.failure_code is not None
    assert charge.failure_message is not None
    decline = SCENARIOS[card.scenario].decline
    if decline is None or decline.code != charge.failure_code:
        decline = _UNAUTHENTICATED  # nobody was there to authenticate; the card was not asked more
    return Declined(
        charge.failure_message,
        code=charge.failure_code,
        decline_code=decline.decline_code,
        charge_id=charge.id,
    )


def capture(
    batch: Batch,
    platform: Caller,
    parties: Parties,
    charge: ChargeRow,
    card: PaymentMethodRow,
    *,
    amount: int,
    texts: PaymentTexts,
) -> None:
    """Take an authorised charge's money: books, transfer, application fee, events.

    `amount` may be less than what was authorised; the rest is released.
    """
    scenario = SCENARIOS[card.scenario]
    on = batch.at if scenario.bypass_pending else parties.available_on(batch.at, platform)
    settlement = settlement_of(
        platform,
        parties,
        Money(amount, charge.currency),
        card_country=read_card(card.card).country,
    )
    gross = settlement.gross
    charge.captured, charge.amount_captured, charge.available_on = True, amount, on
    if settlement.presented:
        charge.settled_amount, charge.settled_currency = gross.amount, gross.currency
        charge.exchange_rate = settlement.presented.rate
    charge.balance_transaction_id = new_id("txn", batch.at)
    batch.sees(parties.owner)
    direct = _direct_fee(batch, platform, charge) if parties.owner else None
    payer_is_platform = parties.owner is not None and parties.owner.fees_payer == "application"
    paid = Money(settlement.processing_fee, gross.currency)
    batch.entries.append(
        charge_entry(
            ChargeFacts(
                charge_id=charge.id,
                transaction_id=charge.balance_transaction_id,
                platform_id=charge.platform_id,
                owner=charge.account_id,
                amount=gross.amount,
                currency=gross.currency,
                processing_fee=settlement.processing_fee,
                platform_pays_processing=payer_is_platform,
                available_on=on,
                description=charge.description,
                application=application_of(charge.platform_id),
                application_fee=direct,
                presented=settlement.presented,
                conversion_fee=settlement.conversion_fee,
                platform_paid=platform_paid(platform, paid) if payer_is_platform else None,
            ),
            extra_transaction_id=new_id("txn", batch.at) if payer_is_platform else None,
        )
    )
    batch.change(charge)
    if direct:
        assert charge.application_fee_amount is not None
        fee = Money(charge.application_fee_amount, charge.currency)
        _earn_fee(batch, charge, direct, fee, account=charge.account_id, charge_id=charge.id)
    if parties.destination:
        _pay_on(batch, platform, charge, parties.destination, on=on, texts=texts)
        batch.sees(parties.destination)
    if card.scenario.startswith(("dispute_", "early_fraud_warning")):
        _dispute_later(charge, card, at=batch.at)
    if block := TRIGGERS.get(card.scenario):
        _account_is_asked_later(charge, block, at=batch.at)


def _account_is_asked_later(charge: ChargeRow, block: str, *, at: int) -> None:
    """A card that makes the account owe more: of direct and `on_behalf_of` charges only."""
    of_platform = charge.account_id == charge.platform_id
    account_id = charge.on_behalf_of if of_platform else charge.account_id
    if account_id is not None:
        payload = {
            "platform_id": charge.platform_id,
            "account_id": account_id,
            "livemode": charge.livemode,
            "block": block,
            "cause": charge.id,
        }
        enqueue(REST_JOB, payload, due_at=0, now=at)


def _dispute_later(charge: ChargeRow, card: PaymentMethodRow, *, at: int) -> None:
    """What the issuer of this card will do is the disputes package's business."""
    payload = {
        "platform_id": charge.platform_id,
        "account_id": charge.account_id,
        "livemode": charge.livemode,
        "charge_id": charge.id,
        "scenario": card.scenario,
    }
    # Due at once, whatever the wall clock says.
    enqueue(DISPUTE_JOB, payload, due_at=0, now=at)


def _pay_on(
    batch: Batch,
    platform: Caller,
    charge: ChargeRow,
    destination: PaymentAccount,
    *,
    on: int,
    texts: PaymentTexts,
) -> None:
    """A destination charge's transfer, the payment it makes, and the fee P keeps.

    The transfer is in what the charge settled in, the payment in what the destination is paid
    in, and the fee stays in that (reference §9).
    """
    moved = charge.settled
    if charge.transfer_amount is not None:
        moved = at_rate_of(charge, charge.transfer_amount)
    _check_something_left(moved, "transfer_data[amount]")
    table, livemode = platform.settings.exchange, charge.livemode
    transfer, payment = transfer_rows(
        batch,
        platform_id=charge.platform_id,
        livemode=livemode,
        destination=destination.id,
        moved=moved,
        arriving=exchange(
            moved, paid_in(destination, moved.currency), table=table, livemode=livemode
        ),
        on=on,
        source_transaction=charge.id,
        transfer_group=charge.transfer_group,
        description=texts.transfer_description,
        metadata=texts.transfer_metadata or {},
    )
    payment.description = texts.payment_description
    payment.metadata = text_of(texts.payment_metadata or {})
    if charge.seller_id is not None:
        payment.seller_id = None  # the seller sees the charge itself
    make_findable(payment)
    charge.transfer_id = transfer.id
    fee = None
    if charge.application_fee_amount is not None:
        # Its ids come after the transfer's, as in reference §2.2.
        payment.application_fee_amount = at_rate_of(charge, charge.application_fee_amount).amount
        share = at_rate_of(payment, payment.application_fee_amount)
        _check_something_left(share, "application_fee_amount")
        fee = FeeFacts(new_id("fee", batch.at), new_id("txn", batch.at), share.amount)
        charge.application_fee_id = payment.application_fee_id = fee.fee_id
    post_transfer(batch, transfer, payment, on=on, fee=fee)
    if fee:
        _earn_fee(
            batch,
            charge,
            fee,
            Money(fee.amount, payment.settled.currency),
            account=transfer.destination,
            charge_id=payment.id,
            originating=charge.id,
        )


def _check_something_left(money: Money, param: str) -> None:
    if money.amount == 0:
        raise InvalidRequest(
            f"This is less than the smallest amount in {money.currency.upper()}, which it would"
            " be converted to.",
            param=param,
            code="amount_too_small",
        )


def transfer_rows(
    batch: Batch,
    *,
    platform_id: str,
    livemode: bool,
    destination: str,
    moved: Money,
    arriving: Exchanged | None,
    on: int,
    source_transaction: str | None,
    transfer_group: str | None,
    description: str | None,
    metadata: dict[str, str],
) -> tuple[TransferRow, ChargeRow]:
    """A transfer of P and the `py_…` it makes on C, not yet in the books.

    `arriving` is what the payment settles in, when that is another currency.
    """
    payment_id, transfer_id = new_id("py", batch.at), new_id("tr", batch.at)
    transfer = TransferRow(
        id=transfer_id,
        platform_id=platform_id,
        livemode=livemode,
        account_id=platform_id,
        created=batch.at,
        amount=moved.amount,
        currency=moved.currency,
        destination=destination,
        destination_payment_id=payment_id,
        balance_transaction_id=new_id("txn", batch.at),
        source_transaction=source_transaction,
        transfer_group=transfer_group,
        description=description,
        metadata=text_of(metadata),
    )
    payment = ChargeRow(
        id=payment_id,
        platform_id=platform_id,
        livemode=livemode,
        account_id=destination,
        created=batch.at,
        amount=moved.amount,
        currency=moved.currency,
        status="succeeded",
        captured=True,
        amount_captured=moved.amount,
        available_on=on,
        balance_transaction_id=new_id("txn", batch.at),
        source_transfer_id=transfer_id,
        settled_amount=arriving.amount if arriving else None,
        settled_currency=arriving.currency if arriving else None,
        exchange_rate=arriving.rate if arriving else None,
        details=text_of(ChargeDetails(application=application_of(platform_id))),
        seller_id=destination,
    )
    return transfer, payment


def post_transfer(
    batch: Batch, transfer: TransferRow, payment: ChargeRow, *, on: int, fee: FeeFacts | None
) -> None:
    """Rows, entry and events of a transfer with its payment."""
    assert payment.balance_transaction_id is not None
    settled, arriving = payment.settled, None
    if payment.settled_amount is not None:
        arriving = Exchanged(settled.amount, settled.currency, payment.exchange_rate)
    batch.add(transfer)
    batch.add(payment)
    batch.entries.append(
        transfer_entry(
            TransferFacts(
                transfer_id=transfer.id,
                transaction_id=transfer.balance_transaction_id,
                payment_id=payment.id,
                payment_transaction_id=payment.balance_transaction_id,
                platform_id=transfer.platform_id,
                destination=transfer.destination,
                amount=transfer.amount,
                currency=transfer.currency,
                available_on=on,
                description=transfer.description,
                payment_description=payment.description,
                application=application_of(transfer.platform_id),
                application_fee=fee,
                arriving=arriving,
            )
        )
    )
    batch.event("transfer.created", transfer.scope, transfer_wire(transfer), transfer.id)
    batch.event("charge.succeeded", payment.scope, charge_wire(payment), payment.id)


def _direct_fee(batch: Batch, platform: Caller, charge: ChargeRow) -> FeeFacts | None:
    if charge.application_fee_amount is None:
        return None
    charge.application_fee_id = new_id("fee", batch.at)
    return direct_fee(
        platform,
        Money(charge.application_fee_amount, charge.currency),
        currency=charge.settled.currency,
        fee_id=charge.application_fee_id,
        transaction_id=new_id("txn", batch.at),
    )


def _earn_fee(
    batch: Batch,
    charge: ChargeRow,
    facts: FeeFacts,
    fee: Money,
    *,
    account: str,
    charge_id: str,
    originating: str | None = None,
) -> None:
    """The fee as an object. `fee` is what it says; `facts` what it is on either account."""
    row = ApplicationFeeRow(
        id=facts.fee_id,
        platform_id=charge.platform_id,
        livemode=charge.livemode,
        account_id=charge.platform_id,
        created=batch.at,
        amount=fee.amount,
        currency=fee.currency,
        connected_account_id=account,
        balance_transaction_id=facts.transaction_id,
        charge_id=charge_id,
        originating_transaction=originating,
    )
    if facts.earned:
        row.settled_amount, row.settled_currency = facts.earned.amount, facts.earned.currency
        row.exchange_rate = facts.earned.rate
        row.account_amount, row.account_currency = facts.amount, charge.settled.currency
    batch.add(row)
    batch.event("application_fee.created", row.scope, application_fee_wire(row), row.id)


def _decline(scenario: Scenario, order: Order) -> Decline | None:
    if scenario.authentication != "none" and order.off_session:
        return _UNAUTHENTICATED
    return scenario.decline


def _details(
    descriptor: str,
    scope: Scope,
    order: Order,
    card: PaymentMethodRow,
    scenario: Scenario,
    decline: Decline | None,
) -> ChargeDetails:
    checks = scenario.checks
    return ChargeDetails(
        billing_details=read_billing(card.billing_details),
        card=read_card(card.card),
        checks=Checks(checks.line1, checks.postal_code, checks.cvc),
        outcome=_outcome(scenario, decline),
        receipt_email=order.receipt_email,
        shipping=order.shipping,
        statement_descriptor=order.statement_descriptor,
        statement_descriptor_suffix=order.statement_descriptor_suffix,
        calculated_statement_descriptor=descriptor,
        application=None if scope.is_platform else application_of(scope.platform_id),
        source_is_card=order.source_is_card,
    )


def _outcome(scenario: Scenario, decline: Decline | None) -> Outcome:
    if decline is None:
        return Outcome(
            network_status="approved_by_network",
            type="manual_review" if scenario.risk_level == "elevated" else "authorized",
            reason="elevated_risk_level" if scenario.risk_level == "elevated" else None,
            risk_level=scenario.risk_level,
            seller_message="Payment complete.",
        )
    if decline.blocked:
        return Outcome(
            network_status="not_sent_to_network",
            type="blocked",
            reason="highest_risk_level",
            risk_level="highest",
            seller_message="This payment was blocked as too risky.",
        )
    return Outcome(
        network_status="declined_by_network",
        type="issuer_declined",
        reason=decline.decline_code or decline.code,
        risk_level=scenario.risk_level,
        seller_message="The bank declined this payment.",
    )
