"""Changing an account."""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec import UNSET

from counterfoil.accounts.models import Account, ExternalAccount
from counterfoil.accounts.operations.attaching import attach, read_source, same_as
from counterfoil.accounts.operations.detail_tokens import with_account_token
from counterfoil.accounts.operations.details import apply_details
from counterfoil.accounts.operations.ownership import forget_ownership, verify_ownership
from counterfoil.accounts.operations.requested import check_capabilities, request_capabilities
from counterfoil.accounts.operations.saving import (
    account_events,
    copied,
    external_events,
    lock_account,
    save,
    scope_of,
    settle,
    shown,
)
from counterfoil.accounts.operations.telling import (
    BankChange,
    bank_account_changed,
    contact_changed,
)
from counterfoil.accounts.params import ExternalAccountSource, UpdateAccount
from counterfoil.accounts.profile import Profile, read_profile
from counterfoil.accounts.queries import hold_calendar
from counterfoil.accounts.values import check_values
from counterfoil.accounts.wire import AccountWire
from counterfoil.events.operations import record_events
from counterfoil.kit.db import unit_of_work
from counterfoil.kit.metadata import merge_metadata
from counterfoil.ledger.volumes import rebuild_daily_volume

_CHANGES: Final[dict[str, BankChange]] = {
    "created": "bank_account.added",
    "updated": "bank_account.changed",
    "deleted": "bank_account.removed",
}


def update_account(
    *, platform_id: str, livemode: bool, account_id: str, params: UpdateAccount, now: int
) -> AccountWire:
    """Merge what was sent; an empty text unsets, what was not sent stays.

    `now` is the platform's clock, UTC seconds. `external_account` replaces the default of its
    currency. Raises ResourceMissing and InvalidRequest.
    """
    with unit_of_work():
        account = lock_account(platform_id=platform_id, livemode=livemode, account_id=account_id)
        params = with_account_token(platform_id, livemode, params, now=now)
        check_values(params, country=account.country, livemode=livemode, now=now)
        before, zone = shown(account), account.timezone
        known, phone, email = account.details_submitted, account.phone, account.email
        profile = read_profile(account.profile)
        former = copied(profile.capabilities)

        apply_details(account, profile, params, now=now)
        if params.capabilities is not UNSET:
            request_capabilities(profile, params.capabilities, now=now)
        check_capabilities(profile, country=account.country)
        if params.metadata is not UNSET:
            merged = merge_metadata(msgspec.json.decode(account.metadata), params.metadata)
            account.metadata = msgspec.json.encode(merged).decode()
        externals = []
        if params.external_account is not UNSET:
            externals = _replace_default(account, profile, params.external_account, now=now)
        any_external = ExternalAccount.objects.filter(account_id=account.id, deleted_at=None)
        settle(account, profile, has_external=any_external.exists(), now=now)
        if account.timezone != zone:
            hold_calendar(account.id)
            rebuild_daily_volume(owner=account.id, livemode=livemode, zone=account.timezone)

        after = shown(account)
        save(account, visibly=after != before)
        contact_changed(account, phone=phone, email=email, known=known)
        for kind, external in externals:
            bank_account_changed(
                _CHANGES[kind], account, external, known=known, chosen=kind == "updated"
            )
        scope = scope_of(account)
        record_events(
            [
                *external_events(externals, scope=scope, at=now),
                *account_events(before, after, former, profile, scope=scope, at=now),
            ]
        )
        return after


def _replace_default(
    account: Account, profile: Profile, sent: ExternalAccountSource, *, now: int
) -> list[tuple[str, ExternalAccount]]:
    """The new default of its currency in the old one's place, and what to tell of it.

    The same number again changes nothing, so that a platform may send all it knows each time.
    """
    source = read_source(account, sent, now=now)
    same = same_as(account, source)
    if same is not None and same.default_for_currency:
        return []
    replaced = ExternalAccount.objects.filter(
        account_id=account.id,
        currency=source.destination.currency,
        default_for_currency=True,
        deleted_at=None,
    ).first()
    told = []
    if replaced is not None:
        replaced.deleted_at, replaced.default_for_currency = now, False
        replaced.save(force_update=True)
        forget_ownership(profile, replaced.id)
        told.append(("deleted", replaced))
    if same is not None:
        same.default_for_currency = True
        same.save(force_update=True)
        return [*told, ("updated", same)]
    added = attach(account, source, now=now)
    verify_ownership(profile, added, source, now=now)
    return [*told, ("created", added)]
