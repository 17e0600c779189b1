"""One way of changing an account: hold it, change it, draw the consequences, tell of them.

with changed_account(platform_id=…, livemode=…, account_id=…, now=…) as change:
    change.profile.rejected = "rejected.platform_other"
return change.after
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from counterfoil.accounts.models import Account
from counterfoil.accounts.operations.saving import (
    account_events,
    copied,
    has_external_account,
    lock_account,
    save,
    scope_of,
    settle,
    shown,
)
from counterfoil.accounts.profile import Profile, read_profile
from counterfoil.accounts.wire import AccountWire
from counterfoil.events.operations import EventDraft, record_events
from counterfoil.kit.db import unit_of_work


@dataclass(slots=True)
class Change:
    account: Account
    profile: Profile
    before: AccountWire
    after: AccountWire  # as `before` until the change is done
    # Events of the caller's own, told before `account.updated`; made when all has been settled.
    drafts: list[Callable[[], EventDraft]] = field(default_factory=list)

    @property
    def is_visible(self) -> bool:
        return self.after != self.before


@contextmanager
def changed_account(
    *, platform_id: str, livemode: bool, account_id: str, now: int
) -> Iterator[Change]:
    """The held account, to be changed inside; saved and told at the end, one transaction.

    `now` is the platform's clock, UTC seconds. Raises ResourceMissing.
    """
    with unit_of_work():
        account = lock_account(platform_id=platform_id, livemode=livemode, account_id=account_id)
        before, profile = shown(account), read_profile(account.profile)
        former = copied(profile.capabilities)
        change = Change(account, profile, before, before)
        yield change

        settle(account, profile, has_external=has_external_account(account), now=now)
        change.after = shown(account)
        save(account, visibly=change.is_visible or bool(change.drafts))
        told = account_events(
            before, change.after, former, profile, scope=scope_of(account), at=now
        )
        record_events([*(draft() for draft in change.drafts), *told])
