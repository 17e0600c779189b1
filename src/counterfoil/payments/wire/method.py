"""PaymentMethod: a card."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from counterfoil.kit.wire import Expandable
from counterfoil.payments.details import (
    BillingDetails,
    Checks,
    read_billing,
    read_card,
    read_metadata,
)
from counterfoil.payments.rows import PaymentMethodRow
from counterfoil.rails.simulator.scenarios import SCENARIOS


class Networks(msgspec.Struct):
    available: list[str]
    preferred: str | None = None


class SecureUsage(msgspec.Struct):
    supported: bool = True


class MethodCard(msgspec.Struct):
    brand: str
    checks: Checks | None
    country: str
    display_brand: str
    exp_month: int
    exp_year: int
    fingerprint: str
    funding: str
    last4: str
    networks: Networks
    three_d_secure_usage: SecureUsage
    generated_from: None = None
    regulated_status: str | None = None
    wallet: None = None


class PaymentMethodWire(msgspec.Struct):
    EXPANDABLE: ClassVar[dict[str, str]] = {"customer": "customer"}

    id: str
    billing_details: BillingDetails
    card: MethodCard
    created: int
    customer: Expandable | None
    livemode: bool
    metadata: dict[str, str]
    allow_redisplay: str = "unspecified"
    customer_account: str | None = None
    object: str = "payment_method"
    type: str = "card"


def payment_method_wire(row: PaymentMethodRow) -> PaymentMethodWire:
    card = read_card(row.card)
    checks = SCENARIOS[row.scenario].checks
    return PaymentMethodWire(
        id=row.id,
        billing_details=read_billing(row.billing_details),
        card=MethodCard(
            brand=card.brand,
            checks=Checks(checks.line1, checks.postal_code, checks.cvc),
            country=card.country,
            display_brand=card.brand,
            exp_month=card.exp_month,
            exp_year=card.exp_year,
            fingerprint=card.fingerprint,
            funding=card.funding,
            last4=card.last4,
            networks=Networks([card.brand]),
            three_d_secure_usage=SecureUsage(),
        ),
        created=row.created,
        customer=row.customer_id,
        livemode=row.livemode,
        metadata=read_metadata(row.metadata),
    )
