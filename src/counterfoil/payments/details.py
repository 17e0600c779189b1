"""The JSON columns of payments: what is shown, and nothing decides by."""

from __future__ import annotations

from typing import Any

import msgspec


class Address(msgspec.Struct):
    city: str | None = None
    country: str | None = None
    line1: str | None = None
    line2: str | None = None
    postal_code: str | None = None
    state: str | None = None


class BillingDetails(msgspec.Struct):
    address: Address = msgspec.field(default_factory=Address)
    email: str | None = None
    name: str | None = None
    phone: str | None = None
    tax_id: str | None = None


class Shipping(msgspec.Struct, omit_defaults=True):
    address: Address = msgspec.field(default_factory=Address)
    name: str = ""
    carrier: str | None = None
    phone: str | None = None
    tracking_number: str | None = None


class CardFacts(msgspec.Struct):
    """A card as it may be shown: never its number."""

    brand: str
    last4: str
    exp_month: int
    exp_year: int
    country: str
    funding: str
    fingerprint: str


class Checks(msgspec.Struct):
    address_line1_check: str | None = None
    address_postal_code_check: str | None = None
    cvc_check: str | None = None


class Outcome(msgspec.Struct):
    """What the network and the risk rules said of a charge."""

    network_status: str | None
    type: str
    advice_code: str | None = None
    network_advice_code: str | None = None
    network_decline_code: str | None = None
    reason: str | None = None
    risk_level: str = "normal"
    seller_message: str | None = None


class ChargeDetails(msgspec.Struct):
    billing_details: BillingDetails = msgspec.field(default_factory=BillingDetails)
    card: CardFacts | None = None
    checks: Checks | None = None
    outcome: Outcome | None = None
    receipt_email: str | None = None
    shipping: Shipping | None = None
    statement_descriptor: str | None = None
    statement_descriptor_suffix: str | None = None
    calculated_statement_descriptor: str | None = None
    application: str | None = None
    source_is_card: bool = False  # made from a token: shown as a card object


class LastError(msgspec.Struct, omit_defaults=True):
    """Why the last attempt at paying failed, as shown in `last_payment_error`."""

    type: str
    code: str
    message: str
    charge: str | None = None
    decline_code: str | None = None


class IntentDetails(msgspec.Struct, omit_defaults=True):
    payment_method_types: list[str] = msgspec.field(default_factory=lambda: ["card"])
    automatic_payment_methods: bool | None = None  # None: not asked for
    allow_redirects: str | None = None
    receipt_email: str | None = None
    shipping: Shipping | None = None
    statement_descriptor: str | None = None
    statement_descriptor_suffix: str | None = None
    last_error: LastError | None = None
    return_url: str | None = None
    off_session: bool = False
    transfer_description: str | None = None
    transfer_metadata: dict[str, str] | None = None
    payment_description: str | None = None
    payment_metadata: dict[str, str] | None = None


_charge = msgspec.json.Decoder(ChargeDetails)
_intent = msgspec.json.Decoder(IntentDetails)
_card = msgspec.json.Decoder(CardFacts)
_billing = msgspec.json.Decoder(BillingDetails)
_metadata = msgspec.json.Decoder(dict[str, str])

read_charge_details = _charge.decode
read_intent_details = _intent.decode
read_card = _card.decode
read_billing = _billing.decode
read_metadata = _metadata.decode


def text_of(value: Any) -> str:
    """A JSON column's text."""
    return msgspec.json.encode(value).decode()
