"""What a seller of the demo is: who, where, what for, and how its customers come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal


class Flow(Enum):
    """How a payment reaches the seller (reference money-movement §2)."""

    DESTINATION_FEE = "destination charge, application fee"
    DESTINATION_SHARE = "destination charge, transfer_data[amount]"
    ON_BEHALF_OF = "destination charge on behalf of the seller, application fee"
    DIRECT = "direct charge, application fee"
    OUT_OF_CHARGE = "separate charge, transfer with source_transaction"
    OUT_OF_BALANCE = "separate charge, transfer out of the available balance"


@dataclass(frozen=True, slots=True)
class Good:
    """Something sold: `least` to `most` in steps of `step`, all minor units."""

    name: str
    least: int
    most: int
    step: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """One seller. `state`: `new` has never been paid, `unfinished` has not onboarded."""

    key: str  # kept in the account's metadata: by it a later run knows the seller again
    name: str
    first_name: str
    last_name: str
    company: bool = False
    country: str = "US"
    currency: str = "usd"
    timezone: str = "America/New_York"
    mcc: str = "5970"
    product: str = ""
    state: Literal["selling", "new", "unfinished"] = "selling"
    joined_days_ago: int = 270
    weight: float = 1.0  # its part of all payments
    flows: Mapping[Flow, float] = field(default_factory=lambda: {Flow.DESTINATION_FEE: 1.0})
    platform_pays_processing: bool = False
    fee_basis_points: int = 900  # what the platform keeps of a payment
    goods: tuple[Good, ...] = ()
    postage: int = 0  # what a parcel adds, minor units
    order_word: str = "Order"
    rhythm: Literal["evenings", "lessons", "daytime"] = "evenings"
    season: Literal["gifts", "summer", "exams", "weddings"] = "gifts"
    schedule: Mapping[str, object] = field(default_factory=lambda: {"interval": "daily"})
