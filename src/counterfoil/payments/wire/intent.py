"""PaymentIntent."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from counterfoil.kit.wire import Expandable
from counterfoil.payments.details import (
    IntentDetails,
    LastError,
    Shipping,
    read_intent_details,
    read_metadata,
)
from counterfoil.payments.rows import PaymentIntentRow


class AutomaticMethods(msgspec.Struct):
    enabled: bool
    allow_redirects: str | UnsetType = UNSET


class PaymentData(msgspec.Struct):
    description: str | UnsetType = UNSET
    metadata: dict[str, str] | UnsetType = UNSET


class IntentTransferData(msgspec.Struct):
    EXPANDABLE: ClassVar[dict[str, str]] = {"destination": "account"}

    destination: Expandable
    amount: int | UnsetType = UNSET
    description: str | UnsetType = UNSET
    metadata: dict[str, str] | UnsetType = UNSET
    payment_data: PaymentData | UnsetType = UNSET


class CardOptions(msgspec.Struct, frozen=True):
    installments: None = None
    mandate_options: None = None
    network: str | None = None
    request_three_d_secure: str = "automatic"


class MethodOptions(msgspec.Struct, frozen=True):
    card: CardOptions


class AmountDetails(msgspec.Struct, frozen=True):
    tip: dict[str, int] = {}


class UseSdk(msgspec.Struct):
    """The next step of a payment whose card asks for authentication."""

    type: str
    use_stripe_sdk: dict[str, Any]


class PaymentIntentWire(msgspec.Struct):
    EXPANDABLE: ClassVar[dict[str, str]] = {
        "customer": "customer",
        "latest_charge": "charge",
        "on_behalf_of": "account",
        "payment_method": "payment_method",
    }

    id: str
    amount: int
    amount_capturable: int
    amount_received: int
    application: str | None
    application_fee_amount: int | None
    automatic_payment_methods: AutomaticMethods | None
    canceled_at: int | None
    cancellation_reason: str | None
    capture_method: str
    client_secret: str
    confirmation_method: str
    created: int
    currency: str
    customer: Expandable | None
    description: str | None
    last_payment_error: LastError | None
    latest_charge: Expandable | None
    livemode: bool
    metadata: dict[str, str]
    next_action: UseSdk | None
    on_behalf_of: Expandable | None
    payment_method: Expandable | None
    payment_method_types: list[str]
    receipt_email: str | None
    shipping: Shipping | None
    statement_descriptor: str | None
    statement_descriptor_suffix: str | None
    status: str
    transfer_data: IntentTransferData | None
    transfer_group: str | None
    allowed_payment_method_types: None = None
    amount_details: AmountDetails = AmountDetails()
    customer_account: str | None = None
    excluded_payment_method_types: None = None
    managed_payments: None = None
    object: str = "payment_intent"
    payment_method_configuration_details: None = None
    payment_method_options: MethodOptions = MethodOptions(CardOptions())
    payment_record: None = None
    processing: None = None
    review: None = None
    setup_future_usage: None = None
    source: None = None


def payment_intent_wire(row: PaymentIntentRow) -> PaymentIntentWire:
    details = read_intent_details(row.details)
    return PaymentIntentWire(
        id=row.id,
        amount=row.amount,
        amount_capturable=row.amount_capturable,
        amount_received=row.amount_received,
        application=None if row.account_id == row.platform_id else application_of(row.platform_id),
        application_fee_amount=row.application_fee_amount,
        automatic_payment_methods=_automatic(details),
        canceled_at=row.canceled_at,
        cancellation_reason=row.cancellation_reason,
        capture_method=row.capture_method,
        client_secret=row.client_secret,
        confirmation_method=row.confirmation_method,
        created=row.created,
        currency=row.currency,
        customer=row.customer_id,
        description=row.description,
        last_payment_error=details.last_error,
        latest_charge=row.latest_charge_id,
        livemode=row.livemode,
        metadata=read_metadata(row.metadata),
        next_action=_next_action(row),
        on_behalf_of=row.on_behalf_of,
        payment_method=row.payment_method_id,
        payment_method_types=details.payment_method_types,
        receipt_email=details.receipt_email,
        shipping=details.shipping,
        statement_descriptor=details.statement_descriptor,
        statement_descriptor_suffix=details.statement_descriptor_suffix,
        status=row.status,
        transfer_data=_transfer_data(row, details),
        transfer_group=row.transfer_group,
    )


def application_of(platform_id: str) -> str:
    """The platform as an application: what `application` fields name on its accounts."""
    return f"ca_{platform_id.partition('_')[2]}"


def _automatic(details: IntentDetails) -> AutomaticMethods | None:
    if details.automatic_payment_methods is None:
        return None
    return AutomaticMethods(details.automatic_payment_methods, details.allow_redirects or UNSET)


def _next_action(row: PaymentIntentRow) -> UseSdk | None:
    if row.status != "requires_action":
        return None
    return UseSdk("use_stripe_sdk", {"type": "three_d_secure_redirect"})


def _transfer_data(row: PaymentIntentRow, details: IntentDetails) -> IntentTransferData | None:
    if row.transfer_destination is None:
        return None
    payment: PaymentData | UnsetType = UNSET
    if details.payment_description is not None or details.payment_metadata is not None:
        payment = PaymentData(
            _or_unset(details.payment_description), _or_unset(details.payment_metadata)
        )
    return IntentTransferData(
        destination=row.transfer_destination,
        amount=_or_unset(row.transfer_amount),
        description=_or_unset(details.transfer_description),
        metadata=_or_unset(details.transfer_metadata),
        payment_data=payment,
    )


def _or_unset(value: Any) -> Any:
    return UNSET if value is None else value
