"""What a customer sees of a seller: the line on the card statement, and the foot of a receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from counterfoil.dashboard.details.steps import Details, value_of


@dataclass(frozen=True, slots=True)
class Preview:
    """`descriptor` as banks print it; what is not given is empty."""

    name: str
    descriptor: str
    usual_descriptor: str  # where the seller has none
    usual_name: str
    email: str
    phone: str
    url: str
    address: str


_ADDRESS = ("line1", "line2", "city", "state", "postal_code")


def preview_of(details: Details, platform: str, typed: Mapping[str, str] | None) -> Preview:
    """Of what was typed, or else of what is stored."""

    def text(path: str) -> str:
        if typed is not None:
            return typed.get(path, "").strip()
        return str(value_of(details, path) or "")

    lines = [text(f"business_profile.support_address.{part}") for part in _ADDRESS]
    usual = platform.upper()[:22]
    return Preview(
        name=text("business_profile.name"),
        descriptor=text("settings.payments.statement_descriptor").upper(),
        usual_descriptor=usual,
        usual_name=details.account.display_name or platform,
        email=text("business_profile.support_email"),
        phone=text("business_profile.support_phone"),
        url=text("business_profile.support_url"),
        address=", ".join(line for line in lines if line),
    )
