"""Customers as their table holds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import msgspec

from counterfoil.payments.details import Address, Shipping
from counterfoil.payments.rows import Row


@dataclass(slots=True, kw_only=True)
class CustomerRow(Row):
    TABLE: ClassVar[str] = "payments_customer"

    email: str | None = None
    name: str | None = None
    description: str | None = None
    phone: str | None = None
    default_source_id: str | None = None
    default_method_id: str | None = None
    deleted: bool = False
    details: str = "{}"
    metadata: str = "{}"

    def __post_init__(self) -> None:
        self.livemode = bool(self.livemode)
        self.deleted = bool(self.deleted)


class CustomerDetails(msgspec.Struct, omit_defaults=True):
    """What nothing decides by."""

    address: Address | None = None
    shipping: Shipping | None = None
    preferred_locales: list[str] = []
    invoice_prefix: str = ""


read_customer_details = msgspec.json.Decoder(CustomerDetails).decode
