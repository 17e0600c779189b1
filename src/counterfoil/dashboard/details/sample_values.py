"""Values that match in test mode, for whoever does not want to type them (test-data §8)."""

from __future__ import annotations

from typing import Any, Final

from counterfoil.dashboard.details.forms import asked_fields
from counterfoil.dashboard.details.steps import Details, Step

_PLACES: Final = {
    "US": ("San Francisco", "CA", "94111"),
    "GB": ("London", "", "EC1A 1BB"),
    "DE": ("Berlin", "", "10115"),
    "FR": ("Paris", "", "75001"),
    "NL": ("Amsterdam", "", "1012 AB"),
    "CA": ("Toronto", "ON", "M5V 2T6"),
    "AU": ("Sydney", "NSW", "2000"),
    "JP": ("Tokyo", "", "100-0001"),
}
BANKS: Final = {
    "US": {"routing_number": "110000000", "account_number": "000123456789"},
    "GB": {"routing_number": "108800", "account_number": "00012345"},
    "CA": {"routing_number": "11000-000", "account_number": "000123456789"},
    "AU": {"routing_number": "110000", "account_number": "000123456"},
    "DE": {"account_number": "DE89370400440532013000"},
    "FR": {"account_number": "FR1420041010050500013M02606"},
    "NL": {"account_number": "NL91ABNA0417164300"},
    "JP": {"routing_number": "1100000", "account_number": "0001234"},
}
_BY_END: Final = {
    "first_name": "Jenny",
    "last_name": "Rosen",
    "email": "jenny@example.com",
    "phone": "0000000000",
    "ssn_last_4": "0000",
    "id_number": "000000000",
    "title": "Managing director",
    "name": "Rosen Ceramics",
    "tax_id": "000000000",
    "mcc": "5970",
    "url": "https://accessible.stripe.com",
    "product_description": "Hand-made bowls and cups.",
    "line1": "address_full_match",
    "line2": "",
}


def sample_values(details: Details, step: Step) -> dict[str, str]:
    """What a form would be filled in with, by the name of each input."""
    city, state, postal_code = _PLACES.get(details.account.country, ("City", "", "1000"))
    by_end: dict[str, Any] = _BY_END | {"city": city, "state": state, "postal_code": postal_code}
    values: dict[str, str] = {}
    for one in asked_fields(details, step):
        if one.kind == "birth":
            values |= {f"{one.name}.day": "1", f"{one.name}.month": "1", f"{one.name}.year": "1901"}
        else:
            values[one.name] = by_end.get(one.name.rsplit(".", 1)[-1], "")
    return values
