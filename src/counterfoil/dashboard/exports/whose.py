"""Whose list an export is, as the worker needs to know it: kept with the export."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from counterfoil.wording.languages import language_tag

if TYPE_CHECKING:
    from counterfoil.access.guard import Seller


class Whose(msgspec.Struct, frozen=True):
    """The account, how its person reads, and the moment that was exported (platform clock)."""

    account_id: str
    platform_id: str
    livemode: bool
    platform_name: str
    locale: str
    country: str
    timezone: str
    default_currency: str
    sees_payments: bool
    now: int


def whose(seller: Seller) -> Whose:
    return Whose(
        account_id=seller.account_id,
        platform_id=seller.platform_id,
        livemode=seller.livemode,
        platform_name=seller.platform_name,
        locale=language_tag(),
        country=seller.country,
        timezone=seller.timezone,
        default_currency=seller.default_currency,
        sees_payments=seller.features.view_payments,
        now=seller.platform_now,
    )
