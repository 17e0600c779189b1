"""The end of an account: its platform deletes it, or its holder closes it."""

from __future__ import annotations

from collections.abc import Callable

from counterfoil.accounts.models import Account
from counterfoil.accounts.operations.saving import lock_account, save, scope_of
from counterfoil.accounts.queries import hold_calendar
from counterfoil.accounts.wire import application_wire
from counterfoil.audit.operations import record_decision
from counterfoil.events.operations import EventDraft, record_events
from counterfoil.kit.db import unit_of_work
from counterfoil.platforms.models import Platform


def close_account(
    *, platform_id: str, livemode: bool, account_id: str, check: Callable[[], None], now: int
) -> None:
    """Its holder leaves the platform, which hears `account.application.deauthorized`.

    `check` refuses what still stands against it; it is asked once nobody can post to the account
    any more, so that nothing comes in between. `now` is the platform's clock. Raises
    ResourceMissing, and what `check` raises.
    """
    with unit_of_work():
        account = lock_account(platform_id=platform_id, livemode=livemode, account_id=account_id)
        hold_calendar(account.id)
        check()
        part_with(account, now=now)
        record_decision("account.closed", scope=scope_of(account))


def part_with(account: Account, *, now: int) -> None:
    """The account, which the caller holds, is not there any more; what was booked stays."""
    account.deleted_at = now
    account.next_payout_at = account.requirements_at = None
    account.charges_enabled = account.payouts_enabled = False
    save(account, visibly=True)
    platform = Platform.objects.get(id=account.platform_id)
    application, scope = application_wire(platform.id, platform.name), scope_of(account)
    kind = "account.application.deauthorized"
    record_events([EventDraft(kind, scope, application, application.id, now)])
