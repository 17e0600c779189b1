"""What the API accepts about payments (reference api.md §§4–5). Unknown names are refused.

A text whose default is UNSET, or a type with `Literal[""]`, may be unset with "".
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from counterfoil.payments.details import Address

Metadata = dict[str, str] | Literal[""]


class Params(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Unknown names are refused, never ignored."""


class ShippingParams(msgspec.Struct, forbid_unknown_fields=True):
    address: Address
    name: str
    carrier: str | None = None
    phone: str | None = None
    tracking_number: str | None = None


class CardParams(msgspec.Struct, forbid_unknown_fields=True):
    token: str | None = None
    number: str | None = None
    exp_month: int | None = None
    exp_year: int | None = None
    cvc: str | None = None


class BillingParams(msgspec.Struct, forbid_unknown_fields=True):
    address: Address | None = None
    email: str | None = None
    name: str | None = None
    phone: str | None = None


class MethodData(msgspec.Struct, forbid_unknown_fields=True):
    type: Literal["card"]
    card: CardParams
    billing_details: BillingParams | None = None
    metadata: Metadata | None = None


class AutomaticParams(msgspec.Struct, forbid_unknown_fields=True):
    enabled: bool
    allow_redirects: Literal["always", "never"] | None = None


class PaymentDataParams(msgspec.Struct, forbid_unknown_fields=True):
    description: str | None = None
    metadata: Metadata | None = None


class TransferDataParams(msgspec.Struct, forbid_unknown_fields=True):
    destination: str
    amount: int | None = None
    description: str | None = None
    metadata: Metadata | None = None
    payment_data: PaymentDataParams | None = None


class TransferAmountParams(msgspec.Struct, forbid_unknown_fields=True):
    amount: int


class ChargeTransferParams(msgspec.Struct, forbid_unknown_fields=True):
    destination: str
    amount: int | None = None


class DestinationParams(msgspec.Struct, forbid_unknown_fields=True):
    account: str
    amount: int | None = None


class CreateIntent(Params):
    amount: int
    currency: str
    application_fee_amount: int | None = None
    automatic_payment_methods: AutomaticParams | None = None
    capture_method: Literal["automatic", "automatic_async", "manual"] | None = None
    confirm: bool = False
    confirmation_method: Literal["automatic", "manual"] = "automatic"
    customer: str | None = None
    description: str | None = None
    error_on_requires_action: bool = False
    metadata: Metadata | None = None
    off_session: bool = False
    on_behalf_of: str | None = None
    payment_method: str | None = None
    payment_method_data: MethodData | None = None
    payment_method_types: list[str] | None = None
    receipt_email: str | None = None
    return_url: str | None = None
    shipping: ShippingParams | None = None
    statement_descriptor: str | None = None
    statement_descriptor_suffix: str | None = None
    transfer_data: TransferDataParams | None = None
    transfer_group: str | None = None


class UpdateIntent(Params):
    amount: int | None = None
    currency: str | None = None
    application_fee_amount: int | Literal[""] | None = None
    customer: str | None = None
    description: str | UnsetType = UNSET
    metadata: Metadata | None = None
    payment_method: str | None = None
    receipt_email: str | UnsetType = UNSET
    shipping: ShippingParams | Literal[""] | None = None
    statement_descriptor: str | UnsetType = UNSET
    statement_descriptor_suffix: str | UnsetType = UNSET
    transfer_data: TransferAmountParams | None = None
    transfer_group: str | UnsetType = UNSET


class ConfirmIntent(Params):
    error_on_requires_action: bool = False
    off_session: bool = False
    payment_method: str | None = None
    payment_method_data: MethodData | None = None
    receipt_email: str | UnsetType = UNSET
    return_url: str | None = None
    shipping: ShippingParams | Literal[""] | None = None


class CaptureIntent(Params):
    amount_to_capture: int | None = None
    application_fee_amount: int | None = None
    final_capture: bool = True
    metadata: Metadata | None = None
    statement_descriptor: str | UnsetType = UNSET
    statement_descriptor_suffix: str | UnsetType = UNSET
    transfer_data: TransferAmountParams | None = None


class CancelIntent(Params):
    cancellation_reason: (
        Literal["abandoned", "duplicate", "fraudulent", "requested_by_customer"] | None
    ) = None


class CreateCharge(Params):
    amount: int
    currency: str
    application_fee_amount: int | None = None
    capture: bool = True
    customer: str | None = None
    description: str | None = None
    destination: str | DestinationParams | None = None
    metadata: Metadata | None = None
    on_behalf_of: str | None = None
    receipt_email: str | None = None
    shipping: ShippingParams | None = None
    source: str | None = None
    statement_descriptor: str | None = None
    statement_descriptor_suffix: str | None = None
    transfer_data: ChargeTransferParams | None = None
    transfer_group: str | None = None


class UpdateCharge(Params):
    description: str | UnsetType = UNSET
    metadata: Metadata | None = None
    receipt_email: str | UnsetType = UNSET
    shipping: ShippingParams | None = None
    transfer_group: str | None = None


class CaptureCharge(Params):
    amount: int | None = None
    application_fee_amount: int | None = None
    receipt_email: str | UnsetType = UNSET
    statement_descriptor: str | UnsetType = UNSET
    statement_descriptor_suffix: str | UnsetType = UNSET
    transfer_data: TransferAmountParams | None = None
    transfer_group: str | None = None


class CreateTransfer(Params):
    currency: str
    destination: str
    amount: int | None = None
    description: str | None = None
    metadata: Metadata | None = None
    source_transaction: str | None = None
    source_type: Literal["card"] | None = None
    transfer_group: str | None = None


class UpdateTransfer(Params):
    description: str | UnsetType = UNSET
    metadata: Metadata | None = None
