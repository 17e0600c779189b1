"""What a seller does, one verb a module: may they, and then the domain's own operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterfoil.kit.refused import Forbidden
from counterfoil.kit.scope import Scope
from counterfoil.platforms.queries import Caller, platform_facts

if TYPE_CHECKING:
    from counterfoil.access.guard import Permission, Seller


def check_may(seller: Seller, permission: Permission, feature: str | None = None) -> None:
    """Raise Forbidden for a role without the permission, or where the platform has the feature
    off: pages ask the same before they show a button."""
    if not seller.may(permission):
        raise Forbidden(f"This role does not hold {permission}.", code="not_allowed")
    if feature is not None and not getattr(seller.features, feature):
        raise Forbidden(f"{feature} is off on this platform.", code="not_allowed")


def scope_of(seller: Seller) -> Scope:
    return Scope(seller.platform_id, seller.account_id, seller.livemode)


def platform_of(seller: Seller) -> Caller:
    """The platform acting on the seller's account, as operations want to know it."""
    facts = platform_facts(seller.platform_id, livemode=seller.livemode)
    return Caller(
        platform_id=seller.platform_id,
        platform_name=seller.platform_name,
        platform_country=facts.country,
        platform_currency=facts.currency,
        livemode=seller.livemode,
        kind="secret",
        account_id=seller.account_id,
        clock_offset=seller.clock_offset,
        settings=facts.settings,
    )
