"""A seller's account, as the platform would send it: onboarded in one request, or hardly begun.

Values that match are those of reference test-data §§7–8.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from counterfoil.accounts.operations import create_account
from counterfoil.accounts.params import CreateAccount
from counterfoil.config.demo.seller import Seller
from counterfoil.kit.scope import Scope

MARK: Final = "demo_seller"  # the metadata key that names the seller

_ADDRESSES: Final = {
    "US": {"line1": "14 Kiln Lane", "city": "Portland", "state": "ME", "postal_code": "04101"},
    "GB": {"line1": "7 Halcyon Lane", "city": "Bristol", "postal_code": "BS1 4QA"},
    "DE": {"line1": "Lindenhof 3", "city": "Leipzig", "postal_code": "04109"},
}
_BANKS: Final = {
    "US": {"routing_number": "110000000", "account_number": "000123456789"},
    "GB": {"routing_number": "108800", "account_number": "00012345"},
    "DE": {"account_number": "DE89370400440532013000"},
}


def open_account(seller: Seller, platform: Scope, *, at: int) -> str:
    """The new account's id. `at`: the platform's clock, UTC seconds."""
    account = create_account(
        platform_id=platform.platform_id,
        livemode=platform.livemode,
        params=msgspec.convert(_params(seller, at=at), CreateAccount),
        now=at,
    )
    return account.id


def _params(seller: Seller, *, at: int) -> dict[str, Any]:
    params: dict[str, Any] = {
        "country": seller.country,
        "email": _email(seller),
        "business_type": "company" if seller.company else "individual",
        "business_profile": {
            "name": seller.name,
            "mcc": seller.mcc,
            "product_description": seller.product,
            "support_email": _email(seller),
        },
        "capabilities": {
            "card_payments": {"requested": True},
            "transfers": {"requested": True},
        },
        "metadata": {MARK: seller.key},
        "settings": {
            "dashboard": {"timezone": seller.timezone},
            "payouts": {"schedule": dict(seller.schedule)},
        },
    }
    if seller.platform_pays_processing:
        params["controller"] = {
            "fees": {"payer": "application"},
            "losses": {"payments": "application"},
            "stripe_dashboard": {"type": "express"},
        }
    else:
        params["type"] = "express"
    if seller.state != "unfinished":
        params |= _details(seller, at=at)
    return params


def _details(seller: Seller, *, at: int) -> dict[str, Any]:
    address = {"country": seller.country, **_ADDRESSES[seller.country]}
    details: dict[str, Any] = {
        "tos_acceptance": {"date": at, "ip": "203.0.113.7"},
        "external_account": {
            "object": "bank_account",
            "country": seller.country,
            "currency": seller.currency,
            "account_holder_name": f"{seller.first_name} {seller.last_name}",
            **_BANKS[seller.country],
        },
    }
    if seller.company:
        details["company"] = {
            "name": seller.name,
            "tax_id": "000000000",
            "phone": "0000000000",
            "address": address,
        }
    else:
        details["individual"] = {
            "first_name": seller.first_name,
            "last_name": seller.last_name,
            "email": _email(seller),
            "phone": "0000000000",
            "dob": {"day": 1, "month": 1, "year": 1901},
            "address": address,
            **({"ssn_last_4": "0000"} if seller.country == "US" else {}),
        }
    return details


def _email(seller: Seller) -> str:
    return f"{seller.key}@example.com"
