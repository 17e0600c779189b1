"""From the platform's hands into the holder's."""

from __future__ import annotations

from typing import Final

from msgspec import UNSET

from counterfoil.accounts.models import Account
from counterfoil.accounts.operations.saving import lock_account
from counterfoil.accounts.params import UpdateAccount
from counterfoil.accounts.profile import read_profile, write_profile
from counterfoil.kit.db import unit_of_work
from counterfoil.kit.refused import InvalidRequest

_THE_HOLDERS: Final = (
    "account_token",
    "business_type",
    "company",
    "documents",
    "email",
    "external_account",
    "individual",
    "tos_acceptance",
)


def hand_over(*, platform_id: str, livemode: bool, account_id: str) -> Account:
    """Its holder was asked for the details. Raises ResourceMissing."""
    with unit_of_work():
        account = lock_account(platform_id=platform_id, livemode=livemode, account_id=account_id)
        profile = read_profile(account.profile)
        if not profile.handed_over:
            profile.handed_over = True
            account.profile = write_profile(profile)
            account.save(force_update=True, update_fields=["profile"])
    return account


def check_platform_may_change(account: Account, params: UpdateAccount) -> None:
    """Raise InvalidRequest for details that the holder gives (reference api.md §2.3)."""
    for name in _THE_HOLDERS:
        if getattr(params, name) is not UNSET:
            check_still_the_platforms(account, param=name)


def check_still_the_platforms(account: Account, *, param: str | None = None) -> None:
    """Raise InvalidRequest once the holder was asked, unless the platform collects the details."""
    if account.requirement_collection == "application":
        return
    if read_profile(account.profile).handed_over:
        raise InvalidRequest(
            "An account link or session was made for this account, so its holder gives these"
            " details from now on. Send them a new account link instead.",
            param=param,
        )
