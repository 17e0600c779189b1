"""What the API accepts about customers and their payment methods (reference api.md §4.5).

Unknown names are refused. A text whose default is UNSET, or a type with `Literal[""]`, may be
unset with "".
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from counterfoil.payments.details import Address
from counterfoil.payments.params import BillingParams, CardParams, Metadata, Params

Email = Annotated[str, Meta(max_length=512)]
Name = Annotated[str, Meta(max_length=256)]
Phone = Annotated[str, Meta(max_length=20)]


class CustomerShippingParams(msgspec.Struct, forbid_unknown_fields=True):
    address: Address
    name: str
    phone: str | None = None


class InvoiceSettingsParams(msgspec.Struct, forbid_unknown_fields=True):
    default_payment_method: str | UnsetType = UNSET


class CustomerParams(Params):
    """What can be said of a customer at any time. `source` is a `tok_…`."""

    address: Address | Literal[""] | None = None
    description: str | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    invoice_settings: InvoiceSettingsParams | None = None
    metadata: Metadata | None = None
    name: Name | UnsetType = UNSET
    phone: Phone | UnsetType = UNSET
    preferred_locales: list[str] | None = None
    shipping: CustomerShippingParams | Literal[""] | None = None
    source: str | None = None


class CreateCustomer(CustomerParams):
    payment_method: str | None = None


class UpdateCustomer(CustomerParams):
    default_source: str | None = None


class CreateMethod(Params):
    type: Literal["card"]
    card: CardParams
    billing_details: BillingParams | None = None
    metadata: Metadata | None = None


class BillingChanges(msgspec.Struct, forbid_unknown_fields=True):
    address: Address | Literal[""] | None = None
    email: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    phone: str | UnsetType = UNSET


class UpdateMethod(Params):
    billing_details: BillingChanges | None = None
    metadata: Metadata | None = None


class AttachMethod(Params):
    customer: str
