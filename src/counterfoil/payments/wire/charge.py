"""Charge, with the card as its payment method saw it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from counterfoil.kit.wire import Expandable, ListObject
from counterfoil.payments.details import (
    BillingDetails,
    CardFacts,
    ChargeDetails,
    Checks,
    Outcome,
    Shipping,
    read_card,
    read_charge_details,
    read_metadata,
)
from counterfoil.payments.rows import ChargeRow, PaymentMethodRow
from counterfoil.rails.simulator.cards import BRAND_NAMES
from counterfoil.rails.simulator.scenarios import SCENARIOS


class Status(msgspec.Struct, frozen=True):
    status: str


class NetworkToken(msgspec.Struct, frozen=True):
    used: bool = False


class Overcapture(msgspec.Struct):
    maximum_amount_capturable: int
    status: str = "unavailable"


_DISABLED = Status("disabled")
_UNAVAILABLE = Status("unavailable")
_NO_TOKEN = NetworkToken()


class CardUsed(msgspec.Struct):
    """`payment_method_details.card`."""

    amount_authorized: int | None
    brand: str
    checks: Checks | None
    country: str
    exp_month: int
    exp_year: int
    fingerprint: str
    funding: str
    last4: str
    network: str
    overcapture: Overcapture
    authorization_code: str | None = None
    electronic_commerce_indicator: str | None = None
    extended_authorization: Status = _DISABLED
    incremental_authorization: Status = _UNAVAILABLE
    installments: None = None
    mandate: None = None
    multicapture: Status = _UNAVAILABLE
    network_token: NetworkToken = _NO_TOKEN
    network_transaction_id: str | None = None
    regulated_status: str | None = None
    three_d_secure: None = None
    transaction_link_id: str | None = None
    wallet: None = None


class StripeAccountUsed(msgspec.Struct, frozen=True):
    """What paid a transfer's payment: an account, of which nothing more is told."""


class PaymentMethodDetails(msgspec.Struct):
    """The hash that `type` names is there, and no other."""

    type: str
    card: CardUsed | UnsetType = UNSET
    stripe_account: StripeAccountUsed | UnsetType = UNSET


class CardSource(msgspec.Struct):
    """The card object of a charge made from a token (`charge.source`)."""

    id: str
    brand: str
    country: str
    cvc_check: str | None
    exp_month: int
    exp_year: int
    fingerprint: str
    funding: str
    last4: str
    address_city: str | None = None
    address_country: str | None = None
    address_line1: str | None = None
    address_line1_check: str | None = None
    address_line2: str | None = None
    address_state: str | None = None
    address_zip: str | None = None
    address_zip_check: str | None = None
    customer: str | None = None
    dynamic_last4: str | None = None
    metadata: dict[str, str] = {}
    name: str | None = None
    object: str = "card"
    regulated_status: str | None = None
    tokenization_method: str | None = None


class ChargeTransferData(msgspec.Struct):
    EXPANDABLE: ClassVar[dict[str, str]] = {"destination": "account"}

    amount: int | None
    destination: Expandable


class ChargeWire(msgspec.Struct):
    EXPANDABLE: ClassVar[dict[str, str]] = {
        "application_fee": "application_fee",
        "balance_transaction": "balance_transaction",
        "customer": "customer",
        "on_behalf_of": "account",
        "payment_intent": "payment_intent",
        "refunds": "charge_refunds",
        "source_transfer": "transfer",
        "transfer": "transfer",
    }

    id: str
    amount: int
    amount_captured: int
    amount_refunded: int
    application: str | None
    application_fee: Expandable | None
    application_fee_amount: int | None
    balance_transaction: Expandable | None
    billing_details: BillingDetails
    calculated_statement_descriptor: str | None
    captured: bool
    created: int
    currency: str
    customer: Expandable | None
    description: str | None
    disputed: bool
    failure_code: str | None
    failure_message: str | None
    livemode: bool
    metadata: dict[str, str]
    on_behalf_of: Expandable | None
    outcome: Outcome | None
    paid: bool
    payment_intent: Expandable | None
    payment_method: str | None
    payment_method_details: PaymentMethodDetails | None
    receipt_email: str | None
    refunded: bool
    shipping: Shipping | None
    source: CardSource | None
    source_transfer: Expandable | None
    statement_descriptor: str | None
    statement_descriptor_suffix: str | None
    status: str
    transfer_data: ChargeTransferData | None
    transfer_group: str | None
    refunds: ListObject[Any] | UnsetType = UNSET  # only when expanded
    transfer: Expandable | UnsetType = UNSET
    failure_balance_transaction: str | None = None
    fraud_details: dict[str, str] = {}
    object: str = "charge"
    receipt_number: str | None = None
    receipt_url: str | None = None
    review: str | None = None


def charge_wire(row: ChargeRow) -> ChargeWire:
    details = _details(row.details)
    transfer_data = None
    if row.transfer_destination is not None:
        transfer_data = ChargeTransferData(row.transfer_amount, row.transfer_destination)
    return ChargeWire(
        id=row.id,
        amount=row.amount,
        amount_captured=row.amount_captured,
        amount_refunded=row.amount_refunded,
        application=details.application,
        application_fee=row.application_fee_id,
        application_fee_amount=row.application_fee_amount,
        balance_transaction=row.balance_transaction_id,
        billing_details=details.billing_details,
        calculated_statement_descriptor=details.calculated_statement_descriptor,
        captured=row.captured,
        created=row.created,
        currency=row.currency,
        customer=row.customer_id,
        description=row.description,
        disputed=row.disputed,
        failure_code=row.failure_code,
        failure_message=row.failure_message,
        livemode=row.livemode,
        metadata=read_metadata(row.metadata),
        on_behalf_of=row.on_behalf_of,
        outcome=details.outcome,
        paid=row.status == "succeeded",
        payment_intent=row.payment_intent_id,
        payment_method=row.payment_method_id,
        payment_method_details=_method_details(row, details),
        receipt_email=details.receipt_email,
        # Only a charge that took money can have given all of it back.
        refunded=row.captured and 0 < row.amount_captured == row.amount_refunded,
        shipping=details.shipping,
        source=_source(row, details),
        source_transfer=row.source_transfer_id,
        statement_descriptor=details.statement_descriptor,
        statement_descriptor_suffix=details.statement_descriptor_suffix,
        status=row.status,
        transfer=UNSET if row.transfer_id is None else row.transfer_id,
        transfer_data=transfer_data,
        transfer_group=row.transfer_group,
    )


@lru_cache(maxsize=1024)
def _details(text: str) -> ChargeDetails:
    # Many charges of one card share their details to the letter. Nobody writes into them.
    return read_charge_details(text)


def _method_details(row: ChargeRow, details: ChargeDetails) -> PaymentMethodDetails | None:
    card = details.card
    if card is None:
        # What a transfer brings has no payer and no card.
        return PaymentMethodDetails("stripe_account", stripe_account=StripeAccountUsed())
    return PaymentMethodDetails("card", card=_card_used(row, card, details.checks))


def _card_used(row: ChargeRow, card: CardFacts, checks: Checks | None) -> CardUsed:
    return CardUsed(
        amount_authorized=row.amount if row.status == "succeeded" else None,
        brand=card.brand,
        checks=checks,
        country=card.country,
        exp_month=card.exp_month,
        exp_year=card.exp_year,
        fingerprint=card.fingerprint,
        funding=card.funding,
        last4=card.last4,
        network=card.brand,
        overcapture=Overcapture(row.amount),
    )


def _source(row: ChargeRow, details: ChargeDetails) -> CardSource | None:
    if details.card is None or not details.source_is_card:
        return None
    cvc_check = (details.checks or Checks()).cvc_check
    return _card_source(row.payment_method_id or "", details.card, cvc_check, row.customer_id)


def card_source_wire(row: PaymentMethodRow) -> CardSource:
    """A customer's payment method in the older shape, as `default_source` shows it."""
    checks = SCENARIOS[row.scenario].checks
    source = _card_source(row.id, read_card(row.card), checks.cvc, row.customer_id)
    source.metadata = read_metadata(row.metadata)
    return source


def _card_source(
    ident: str, card: CardFacts, cvc_check: str | None, customer_id: str | None
) -> CardSource:
    return CardSource(
        id=ident,
        brand=BRAND_NAMES[card.brand],
        country=card.country,
        customer=customer_id,
        cvc_check=cvc_check,
        exp_month=card.exp_month,
        exp_year=card.exp_year,
        fingerprint=card.fingerprint,
        funding=card.funding,
        last4=card.last4,
    )


def previous_of(before: dict[str, Any], after: ChargeWire) -> dict[str, Any]:
    """Of the former values `before`, those that differ now: an event's previous_attributes."""
    return {name: value for name, value in before.items() if getattr(after, name) != value}
