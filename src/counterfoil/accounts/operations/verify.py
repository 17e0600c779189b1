"""An operator has looked at an account's papers (live mode; test mode verifies by its values)."""

from __future__ import annotations

from counterfoil.accounts.identity import identity_of
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
from counterfoil.accounts.profile import read_profile
from counterfoil.accounts.wire import AccountWire
from counterfoil.events.operations import record_events
from counterfoil.kit.db import unit_of_work
from counterfoil.kit.refused import InvalidRequest


def verify_account(*, platform_id: str, account_id: str, now: int) -> AccountWire:
    """Call a live account verified as whom it now says it is; the same again changes nothing.

    `now` is UTC seconds. Another name, birth date or kind of business later is another person:
    the account is pending again until it is verified again. Raises ResourceMissing, and
    InvalidRequest while details are missing.
    """
    with unit_of_work():
        account = lock_account(platform_id=platform_id, livemode=True, account_id=account_id)
        profile = read_profile(account.profile)
        if not account.details_submitted or profile.requirements.currently_due:
            missing = ", ".join(profile.requirements.currently_due) or "its details"
            raise InvalidRequest(f"{account_id} cannot be verified before it has given: {missing}.")
        before, former = shown(account), copied(profile.capabilities)
        profile.verified_as = identity_of(profile, account.business_type)
        any_external = ExternalAccount.objects.filter(account_id=account.id, deleted_at=None)
        settle(account, profile, has_external=any_external.exists(), now=now)
        after = shown(account)
        save(account, visibly=after != before)
        record_events(
            account_events(before, after, former, profile, scope=scope_of(account), at=now)
        )
        return after
