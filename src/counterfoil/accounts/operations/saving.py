"""What every change of an account ends with: its state assessed, saved and told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import UNSET

from counterfoil.accounts.capabilities import takes_payments
from counterfoil.accounts.changes import previous_attributes
from counterfoil.accounts.deadlines import next_look
from counterfoil.accounts.identity import identity_of
from counterfoil.accounts.models import Account, ExternalAccount
from counterfoil.accounts.payout_schedule import next_run
from counterfoil.accounts.policy import Facts, assess
from counterfoil.accounts.profile import Capability, Profile, display_name_of, write_profile
from counterfoil.accounts.queries import NEWEST, account_by_id, newest_external_accounts
from counterfoil.accounts.standing import name_key, standing_of
from counterfoil.accounts.values import normal_phone
from counterfoil.accounts.wire import (
    AccountWire,
    account_wire,
    capability_wire,
    external_account_wire,
    without_birth,
)
from counterfoil.events.operations import EventDraft
from counterfoil.kit.clock import utc_date
from counterfoil.kit.scope import Scope


def lock_account(*, platform_id: str, livemode: bool, account_id: str) -> Account:
    """The account's row, held until the transaction ends. Raises ResourceMissing."""
    return account_by_id(platform_id, livemode, account_id, lock=True)


def shown(account: Account) -> AccountWire:
    """The account as it stands in the database, with its newest external accounts."""
    externals = newest_external_accounts([account.id])[account.id]
    return account_wire(account, externals[:NEWEST], has_more=len(externals) > NEWEST)


def facts_of(account: Account, profile: Profile, *, has_external: bool, now: int) -> Facts:
    """What the rules look at, at `now` on the platform's clock."""
    return Facts(
        country=account.country,
        business_type=account.business_type,
        email=account.email,
        profile=profile,
        has_external_account=has_external,
        livemode=account.livemode,
        today=utc_date(now),
        now=now,
        verified=profile.verified_as == identity_of(profile, account.business_type),
    )


def has_external_account(account: Account) -> bool:
    return ExternalAccount.objects.filter(account_id=account.id, deleted_at=None).exists()


def settle(account: Account, profile: Profile, *, has_external: bool, now: int) -> None:
    """Draw the consequences of the details: requirements, capabilities, flags, columns."""
    facts = facts_of(account, profile, has_external=has_external, now=now)
    state = assess(facts, submitted_before=account.details_submitted)
    profile.requirements, profile.future_requirements = state.requirements, state.future
    paused = profile.settings.payouts_paused is not None
    if paused and profile.requirements.disabled_reason is None:
        profile.requirements.disabled_reason = "platform_paused"
    for asked_for, capability in profile.capabilities.items():
        waits = asked_for in state.waiting and state.capability_status == "active"
        capability.status = "inactive" if waits else state.capability_status
    if profile.individual is not None:
        profile.individual.verification_status = state.person
    for person in profile.people:
        person.verification_status = state.people.get(person.id, "unverified")
    account.details_submitted = state.details_submitted
    account.payouts_enabled = state.payouts_enabled and not paused
    account.next_payout_at = _next_payout(account, profile, now=now)
    account.charges_enabled = takes_payments(profile.capabilities)
    profile.enabled_once = profile.enabled_once or state.capability_status == "active"
    account.requirements_at = next_look(facts, deadline=state.next_at)
    account.card_payments = _status(profile, "card_payments")
    account.transfers = _status(profile, "transfers")
    account.phone = _sign_in_phone(account, profile)
    name = display_name_of(profile, email=account.email)
    account.display_name = name and name[:300]
    account.statement_descriptor = profile.settings.statement_descriptor
    account.name_key = name_key(account.display_name)
    account.standing = standing_of(
        profile,
        details_submitted=account.details_submitted,
        charges_enabled=account.charges_enabled,
        payouts_enabled=account.payouts_enabled,
        statuses=(account.card_payments, account.transfers),
    )
    account.profile = write_profile(profile)


def save(account: Account, *, visibly: bool) -> None:
    """Write the row, whose revision grows with every change that can be seen."""
    if visibly:
        account.revision += 1  # its row is held, so nobody counts beside us
    account.save(force_update=True)


def account_events(
    before: AccountWire,
    after: AccountWire,
    former: dict[str, Capability],
    profile: Profile,
    *,
    scope: Scope,
    at: int,
) -> list[EventDraft]:
    """`account.updated`, and `capability.updated` for each capability whose state changed.

    External accounts have events of their own and are not told here.
    """
    drafts = []
    previous = _previous(before, after)
    if previous:
        told = _for_event(after)
        drafts.append(EventDraft("account.updated", scope, told, after.id, at, previous))
    for name in sorted(former.keys() | profile.capabilities.keys()):
        old, new = former.get(name), profile.capabilities.get(name)
        if old != new:
            wires = [
                capability_wire(after.id, name, one, told.requirements, told.future_requirements)
                for one, told in ((old, before), (new, after))
            ]
            changed = previous_attributes(*wires)
            drafts.append(EventDraft("capability.updated", scope, wires[1], name, at, changed))
    return drafts


def external_events(
    kinds: Iterable[tuple[str, ExternalAccount]], *, scope: Scope, at: int
) -> list[EventDraft]:
    """`account.external_account.<kind>` for each."""
    return [
        EventDraft(
            f"account.external_account.{kind}", scope, external_account_wire(one), one.id, at
        )
        for kind, one in kinds
    ]


def _previous(before: AccountWire, after: AccountWire) -> dict[str, Any]:
    previous = previous_attributes(_for_event(before), _for_event(after))
    previous.pop("external_accounts", None)
    return previous


def _for_event(account: AccountWire) -> AccountWire:
    if account.individual is UNSET:
        return account
    return msgspec.structs.replace(account, individual=without_birth(account.individual))


def _next_payout(account: Account, profile: Profile, *, now: int) -> int | None:
    due = account.next_payout_at
    if due is not None and due <= now and profile.settings.schedule.interval != "manual":
        return due  # a run that nobody has done yet is not skipped
    return next_run(profile.settings.schedule, country=account.country, after=now)


def _status(profile: Profile, name: str) -> str:
    capability = profile.capabilities.get(name)
    return capability.status if capability else "unrequested"


def _sign_in_phone(account: Account, profile: Profile) -> str | None:
    holder = profile.individual if account.business_type == "individual" else profile.company
    if holder is None or not holder.phone:
        return None
    return normal_phone(holder.phone, country=account.country, livemode=account.livemode)


def copied(capabilities: dict[str, Capability]) -> dict[str, Capability]:
    """The capabilities as they are now, for comparing later."""
    return {name: msgspec.structs.replace(one) for name, one in capabilities.items()}


def scope_of(account: Account) -> Scope:
    return Scope(account.platform_id, account.id, account.livemode)
