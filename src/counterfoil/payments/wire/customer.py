"""Customer, and what a deleted one leaves behind."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from counterfoil.kit.wire import Expandable, ListObject
from counterfoil.payments.customer_rows import CustomerRow, read_customer_details
from counterfoil.payments.details import Address, Shipping, read_metadata


class InvoiceSettings(msgspec.Struct):
    EXPANDABLE: ClassVar[dict[str, str]] = {"default_payment_method": "payment_method"}

    default_payment_method: Expandable | None
    custom_fields: None = None
    footer: None = None
    rendering_options: None = None


class CustomerWire(msgspec.Struct):
    EXPANDABLE: ClassVar[dict[str, str]] = {
        "default_source": "customer_source",
        "sources": "customer_sources",
    }

    id: str
    address: Address | None
    created: int
    default_source: Expandable | None
    description: str | None
    email: str | None
    invoice_prefix: str
    invoice_settings: InvoiceSettings
    livemode: bool
    metadata: dict[str, str]
    name: str | None
    phone: str | None
    preferred_locales: list[str]
    shipping: Shipping | None
    sources: ListObject[Any] | UnsetType = UNSET  # only when expanded
    balance: int = 0  # of invoices, which we do not write
    currency: None = None
    delinquent: bool = False
    discount: None = None
    next_invoice_sequence: int = 1
    object: str = "customer"
    tax_exempt: str = "none"
    test_clock: None = None


class DeletedCustomerWire(msgspec.Struct):
    id: str
    deleted: bool = True
    object: str = "customer"


def customer_wire(row: CustomerRow) -> CustomerWire:
    """A customer as it is, or was when it was deleted."""
    details = read_customer_details(row.details)
    return CustomerWire(
        id=row.id,
        address=details.address,
        created=row.created,
        default_source=row.default_source_id,
        description=row.description,
        email=row.email,
        invoice_prefix=details.invoice_prefix,
        invoice_settings=InvoiceSettings(row.default_method_id),
        livemode=row.livemode,
        metadata=read_metadata(row.metadata),
        name=row.name,
        phone=row.phone,
        preferred_locales=details.preferred_locales,
        shipping=details.shipping,
    )


def customer_or_deleted(row: CustomerRow) -> CustomerWire | DeletedCustomerWire:
    return DeletedCustomerWire(row.id) if row.deleted else customer_wire(row)
