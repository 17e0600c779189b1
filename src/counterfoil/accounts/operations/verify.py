"""An operator has looked at an account's papers (live mode; test mode verifies by its values)."""

from __future__ import annotations

from counterfoil.accounts.identity import identity_of
from counterfoil.accounts.operations.changing import changed_account
from counterfoil.accounts.operations.saving import scope_of
from counterfoil.accounts.wire import AccountWire
from counterfoil.audit.operations import record_decision
from counterfoil.kit.refused import InvalidRequest


def verify_account(*, platform_id: str, account_id: str, now: int) -> AccountWire:
    """Call a live account verified as whom it now says it is; the same again changes nothing.

    `now` is UTC seconds. Another name, birth date or kind of business later is another person:
    the account is pending again until it is verified again. Raises ResourceMissing, and
    InvalidRequest while details are missing.
    """
    with changed_account(
        platform_id=platform_id, livemode=True, account_id=account_id, now=now
    ) as change:
        account, profile = change.account, change.profile
        if not account.details_submitted or profile.requirements.currently_due:
            missing = ", ".join(profile.requirements.currently_due) or "its details"
            raise InvalidRequest(f"{account_id} cannot be verified before it has given: {missing}.")
        verified_as = identity_of(profile, account.business_type)
        if verified_as != profile.verified_as:
            record_decision("account.verified", scope=scope_of(account), object_id=account.id)
        profile.verified_as = verified_as
    return change.after
