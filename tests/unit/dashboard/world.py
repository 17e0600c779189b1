"""A seller who is signed in, and books to look at. `NOW` is Monday 3 November 2025, 10:00 UTC."""

from __future__ import annotations

from typing import Any

from django.test import Client

from counterfoil.access import sessions
from counterfoil.accounts.models import Account
from counterfoil.kit.ids import new_id
from counterfoil.ledger.drafts import FeeDetail
from counterfoil.payments.models import Charge
from counterfoil.platforms.models import Platform
from tests.support.books import NOW, OTHER, PLATFORM, SELLER, charge, post, seen

ZONE = "America/New_York"


def open_platform(**changes: Any) -> Platform:
    fields = {"id": PLATFORM, "created": NOW, "name": "Bazaar", "brand_color": "#2f6f4f"}
    return Platform.objects.create(**fields | changes)


def open_account(account_id: str = SELLER, **changes: Any) -> Account:
    fields = {
        "id": account_id,
        "platform_id": PLATFORM,
        "livemode": False,
        "created": NOW,
        "type": "express",
        "fees_payer": "application_express",
        "losses_payments": "application",
        "requirement_collection": "stripe",
        "dashboard_type": "express",
        "country": "US",
        "default_currency": "usd",
        "email": "ada@example.com",
        "display_name": "Ada Byron",
        "timezone": ZONE,
    }
    return Account.objects.create(**fields | changes)


def signed_in(account_id: str = SELLER) -> Client:
    token = sessions.start_session(
        account_id=account_id,
        platform_id=PLATFORM,
        livemode=False,
        redirect_url=None,
        ip=None,
        user_agent=None,
        now_wall=NOW,
    )
    browser = Client()
    browser.cookies[sessions.cookie_name()] = token
    return browser


def pay(
    key: str,
    owner: str = SELLER,
    *,
    amount: int = 1000,
    at: int = NOW,
    from_platform: bool = True,
    description: str | None = None,
    livemode: bool = False,
    **more: Any,
) -> str:
    """A payment less 59, with the charge that describes it; the charge's id."""
    charge_id = new_id("py" if from_platform else "ch", at)
    Charge.objects.create(
        id=charge_id,
        platform_id=PLATFORM,
        livemode=livemode,
        account_id=owner,
        created=at,
        amount=amount,
        currency=more.get("currency", "usd"),
        description=description,
        status="succeeded",
        captured=True,
        amount_captured=amount,
        source_transfer_id=new_id("tr", at) if from_platform else None,
    )
    kind = "payment" if from_platform else "charge"
    entry = charge(key, owner, amount, type=kind, source_id=charge_id, **more)
    post(entry, at=at, livemode=livemode, **{owner: ZONE})
    return charge_id


__all__ = ["NOW", "OTHER", "PLATFORM", "SELLER", "FeeDetail", "post", "seen"]
