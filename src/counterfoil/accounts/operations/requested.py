"""Requesting capabilities, and taking requests back."""

from __future__ import annotations

from collections.abc import Mapping

from counterfoil.accounts.capabilities import NAMES
from counterfoil.accounts.countries import country_of
from counterfoil.accounts.params import CapabilityParams
from counterfoil.accounts.profile import Capability, Profile
from counterfoil.kit.refused import InvalidRequest


def request_capabilities(
    profile: Profile, sent: Mapping[str, CapabilityParams], *, now: int
) -> None:
    """Add and remove requests in the profile; the state of each follows from the details.

    Raises InvalidRequest for an unknown name, and for requests that do not go together.
    """
    for name, wish in sent.items():
        if name not in NAMES:
            raise InvalidRequest(
                f"Received unknown parameter: capabilities[{name}]",
                param=f"capabilities[{name}]",
                code="parameter_unknown",
            )
        if wish.requested is True:
            profile.capabilities.setdefault(name, Capability(requested_at=now))
        elif wish.requested is False:
            profile.capabilities.pop(name, None)


def check_capabilities(profile: Profile, *, country: str) -> None:
    """Raise InvalidRequest for card payments that this account cannot have."""
    if "card_payments" not in profile.capabilities:
        return
    param = "capabilities[card_payments][requested]"
    home = country_of(country)
    if profile.is_recipient:
        raise InvalidRequest(
            "Accounts under the recipient service agreement only receive transfers: request"
            " `transfers` alone, or set `tos_acceptance[service_agreement]` to `full`.",
            param=param,
        )
    if home is not None and not home.payments:
        raise InvalidRequest(
            f"Accounts in {country} only receive transfers: request `transfers` alone.",
            param=param,
        )
    if "transfers" not in profile.capabilities:
        raise InvalidRequest(
            "`card_payments` needs `transfers` too: request both.",
            param="capabilities[transfers][requested]",
        )
