"""Whose a bank account is: in test mode some numbers have that checked (reference test-data §7)."""

from __future__ import annotations

from counterfoil.accounts.deadlines import demand
from counterfoil.accounts.facts import OWNERSHIP
from counterfoil.accounts.models import ExternalAccount
from counterfoil.accounts.operations.attaching import Source
from counterfoil.accounts.profile import Profile
from counterfoil.accounts.test_numbers import who_tells_the_owner
from counterfoil.kit.clock import DAY


def verify_ownership(
    profile: Profile, external: ExternalAccount, source: Source, *, now: int
) -> None:
    """Begin the check of a bank account that was attached; the caller settles the account.

    The bank answers in a day; or a paper is asked for, by a deadline as for any requirement.
    """
    if external.livemode or external.object != "bank_account":
        return
    teller = who_tells_the_owner(source.destination.number)
    if teller is None:
        return
    forget_ownership(profile, profile.ownership_of)
    profile.ownership_of = external.id
    if teller == "bank":
        profile.ownership_told_at = now + DAY
    else:
        demand(profile, [OWNERSHIP], now=now, cause=external.id)


def forget_ownership(profile: Profile, external_id: str | None) -> None:
    """Ask no more about a bank account that is no longer there."""
    if external_id is None or profile.ownership_of != external_id:
        return
    profile.ownership_of = profile.ownership_told_at = profile.ownership_paper = None
    profile.demands = [one for one in profile.demands if one.cause != external_id]
