"""A seller whose phone is lost, or whose second step: what changes in the account."""

from __future__ import annotations

from counterfoil.accounts.models import ExternalAccount
from counterfoil.accounts.operations.saving import (
    account_events,
    copied,
    lock_account,
    save,
    scope_of,
    settle,
    shown,
)
from counterfoil.accounts.profile import read_profile, write_profile
from counterfoil.events.operations import record_events
from counterfoil.kit.db import unit_of_work


def replace_phone(
    *, platform_id: str, livemode: bool, account_id: str, phone: str, now: int
) -> str | None:
    """Put the number (E.164) where sign-in codes go; the number that was there before.

    `now` is the platform's clock, UTC seconds. Whoever replaced it could read the account's mail
    and no more, so bank accounts added soon after wait for their first payout. Raises
    ResourceMissing.
    """
    with unit_of_work():
        account = lock_account(platform_id=platform_id, livemode=livemode, account_id=account_id)
        profile = read_profile(account.profile)
        before, former, old = shown(account), copied(profile.capabilities), account.phone
        holder = profile.individual if account.business_type == "individual" else profile.company
        assert holder is not None, f"{account_id} was onboarded as nobody"
        holder.phone = phone
        profile.settings.contact_replaced_at = now
        any_external = ExternalAccount.objects.filter(account_id=account.id, deleted_at=None)
        settle(account, profile, has_external=any_external.exists(), now=now)
        save(account, visibly=True)
        record_events(
            account_events(before, shown(account), former, profile, scope=scope_of(account), at=now)
        )
        return old


def note_way_back(*, platform_id: str, livemode: bool, account_id: str, now: int) -> None:
    """Somebody was let in who could not show all they had to: as after a lost phone, bank accounts
    that are added soon wait for their first payout. Nothing that can be seen changes."""
    with unit_of_work():
        account = lock_account(platform_id=platform_id, livemode=livemode, account_id=account_id)
        profile = read_profile(account.profile)
        profile.settings.contact_replaced_at = now
        account.profile = write_profile(profile)
        save(account, visibly=False)
