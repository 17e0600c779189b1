"""Parameters of `POST /v1/accounts` that make an onboarded account in test mode (design §7).

Each function returns a fresh nested dict, as an SDK takes it: numbers are numbers, moments UTC
seconds. Keyword arguments replace top-level entries; None leaves one out. The values that
match are those of reference test-data §§7–8.
"""

from __future__ import annotations

import copy
from typing import Any, Final

TOS_DATE: Final = 1_609_798_905  # 2021-01-04

BANKS: Final[dict[str, dict[str, Any]]] = {
    "US": {
        "object": "bank_account",
        "country": "US",
        "currency": "usd",
        "routing_number": "110000000",
        "account_number": "000123456789",
        "account_holder_name": "Jenny Rosen",
        "account_holder_type": "individual",
    },
    "GB": {
        "object": "bank_account",
        "country": "GB",
        "currency": "gbp",
        "routing_number": "108800",
        "account_number": "00012345",
    },
    "DE": {
        "object": "bank_account",
        "country": "DE",
        "currency": "eur",
        "account_number": "DE89370400440532013000",
    },
    "JP": {
        "object": "bank_account",
        "country": "JP",
        "currency": "jpy",
        "routing_number": "1100000",
        "account_number": "0001234",
    },
}

_ADDRESSES: Final[dict[str, dict[str, str]]] = {
    "US": {
        "line1": "address_full_match",
        "city": "San Francisco",
        "state": "CA",
        "postal_code": "94111",
        "country": "US",
    },
    "GB": {
        "line1": "address_full_match",
        "city": "London",
        "postal_code": "EC1A 1BB",
        "country": "GB",
    },
    "DE": {
        "line1": "address_full_match",
        "city": "Berlin",
        "postal_code": "10115",
        "country": "DE",
    },
    "JP": {
        "line1": "address_full_match",
        "city": "Tokyo",
        "postal_code": "100-0001",
        "country": "JP",
    },
}


def bank(country: str = "US", /, **changes: Any) -> dict[str, Any]:
    """The hash of a bank account whose payouts succeed."""
    return _merged(BANKS[country], changes)


def address(country: str = "US", /, **changes: Any) -> dict[str, Any]:
    """An address that matches."""
    return _merged(_ADDRESSES[country], changes)


def onboarded_individual(country: str = "US", /, **changes: Any) -> dict[str, Any]:
    """A seller in person with an Express account: enabled as soon as it is created."""
    individual: dict[str, Any] = {
        "first_name": "Jenny",
        "last_name": "Rosen",
        "email": "jenny@example.com",
        "phone": "0000000000",
        "dob": {"day": 1, "month": 1, "year": 1901},
        "address": address(country),
    }
    if country == "US":
        individual["ssn_last_4"] = "0000"
    params = _common(country) | {"business_type": "individual", "individual": individual}
    return _merged(params, changes)


def onboarded_company(country: str = "US", /, **changes: Any) -> dict[str, Any]:
    """A company with an Express account: enabled as soon as it is created."""
    company = {
        "name": "Rosen Ceramics",
        "tax_id": "000000000",
        "phone": "0000000000",
        "address": address(country),
    }
    params = _common(country) | {"business_type": "company", "company": company}
    return _merged(params, changes)


def controlled(params: dict[str, Any], **controller: Any) -> dict[str, Any]:
    """The same account through `controller` instead of `type`.

    Without arguments: the platform pays fees and losses, the seller has the Express Dashboard.
    """
    chosen = controller or {
        "fees": {"payer": "application"},
        "losses": {"payments": "application"},
        "stripe_dashboard": {"type": "express"},
    }
    return _merged(params, {"type": None, "controller": chosen})


def _common(country: str) -> dict[str, Any]:
    return {
        "type": "express",
        "country": country,
        "email": "jenny@example.com",
        "business_profile": {
            "name": "Rosen Ceramics",
            "mcc": "5970",
            "url": "https://accessible.stripe.com",
            "product_description": "Hand-made bowls and cups.",
        },
        "capabilities": {
            "card_payments": {"requested": True},
            "transfers": {"requested": True},
        },
        "external_account": bank(country),
        "tos_acceptance": {"date": TOS_DATE, "ip": "203.0.113.7"},
    }


def _merged(params: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = copy.deepcopy(params | changes)
    return {name: value for name, value in merged.items() if value is not None}
