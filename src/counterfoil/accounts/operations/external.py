"""Adding, changing and removing bank accounts and cards of an account."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import msgspec
from msgspec import UNSET

from counterfoil.accounts.destinations import CardDetails, check_expiry, full_year
from counterfoil.accounts.models import Account, ExternalAccount
from counterfoil.accounts.operations.attaching import Source, attach, read_source, same_as
from counterfoil.accounts.operations.ownership import forget_ownership, verify_ownership
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
from counterfoil.accounts.operations.telling import bank_account_changed
from counterfoil.accounts.params import CreateExternalAccount, UpdateExternalAccount
from counterfoil.accounts.profile import read_profile
from counterfoil.accounts.queries import external_account_by_id
from counterfoil.accounts.values import check_values
from counterfoil.accounts.wire import (
    DeletedWire,
    ExternalAccountWire,
    deleted_wire,
    external_account_wire,
)
from counterfoil.accounts.wire.external import details_of
from counterfoil.events.operations import EventDraft, record_events
from counterfoil.kit.db import unit_of_work
from counterfoil.kit.metadata import merge_metadata
from counterfoil.kit.refused import InvalidRequest, ResourceMissing

_OF_BANK_ACCOUNTS: Final = ("account_holder_name", "account_holder_type", "account_type")
_OF_CARDS: Final = (
    "exp_month",
    "exp_year",
    "name",
    "address_city",
    "address_country",
    "address_line1",
    "address_line2",
    "address_state",
    "address_zip",
)


def create_external_account(
    *, platform_id: str, livemode: bool, account_id: str, params: CreateExternalAccount, now: int
) -> ExternalAccountWire:
    """Add a bank account or card beside those there are (reference api.md §2.7).

    `now` is the platform's clock, UTC seconds. Raises ResourceMissing and InvalidRequest.
    """
    with unit_of_work():
        account = lock_account(platform_id=platform_id, livemode=livemode, account_id=account_id)
        known = account.details_submitted
        source = read_source(account, params.external_account, now=now)
        if same_as(account, source) is not None:
            raise InvalidRequest(
                "This account has that bank account or card already.",
                param="external_account",
                code="bank_account_exists",
            )
        metadata = merge_metadata(source.metadata, _or_none(params.metadata))
        default = params.default_for_currency is True
        source = replace(source, make_default=source.make_default or default, metadata=metadata)
        added = attach(account, source, now=now)
        told = external_events([("created", added)], scope=scope_of(account), at=now)
        _account_follows(account, told, now=now, added=(added, source))
        bank_account_changed("bank_account.added", account, added, known=known)
        return external_account_wire(added)


def update_external_account(
    *,
    platform_id: str,
    livemode: bool,
    account_id: str,
    external_id: str,
    params: UpdateExternalAccount,
    now: int,
) -> ExternalAccountWire:
    """Change what may be changed: never a number. Sending nothing revives an errored one.

    `now` is the platform's clock, UTC seconds. Raises ResourceMissing and InvalidRequest.
    """
    with unit_of_work():
        account = lock_account(platform_id=platform_id, livemode=livemode, account_id=account_id)
        known = account.details_submitted
        external = external_account_by_id(account.id, external_id)
        check_values(params, country=external.country, livemode=livemode, now=now)
        before = external_account_wire(external)
        _apply(external, params, now=now)
        if params.default_for_currency is not UNSET:
            _choose_default(external, wanted=params.default_for_currency)
        if external.status == "errored":
            external.status = "new"
        external.save(force_update=True)
        after = external_account_wire(external)
        if after != before:
            told = external_events([("updated", external)], scope=scope_of(account), at=now)
            _account_follows(account, told, now=now)
            if msgspec.structs.replace(after, metadata=before.metadata) != before:
                bank_account_changed(
                    "bank_account.changed",
                    account,
                    external,
                    known=known,
                    chosen=external.default_for_currency
                    and before.default_for_currency is not True,
                )
        return after


def delete_external_account(
    *, platform_id: str, livemode: bool, account_id: str, external_id: str, now: int
) -> DeletedWire:
    """Remove one; the default of a currency only when it is the last and not needed.

    `now` is the platform's clock, UTC seconds. Raises ResourceMissing and InvalidRequest.
    """
    with unit_of_work():
        account = lock_account(platform_id=platform_id, livemode=livemode, account_id=account_id)
        known = account.details_submitted
        external = external_account_by_id(account.id, external_id)
        _check_deletable(account, external)
        told = external_events([("deleted", external)], scope=scope_of(account), at=now)
        external.deleted_at, external.default_for_currency = now, False
        external.save(force_update=True)
        _account_follows(account, told, now=now, removed=external.id)
        bank_account_changed("bank_account.removed", account, external, known=known)
        return deleted_wire(external)


def mark_errored(
    *, platform_id: str, livemode: bool, account_id: str, external_id: str, now: int
) -> None:
    """A payout could not be delivered there: no other goes there until it is updated.

    `now` is the platform's clock, UTC seconds. One that was deleted meanwhile stays deleted, and
    so does its account.
    """
    with unit_of_work():
        try:
            account = lock_account(
                platform_id=platform_id, livemode=livemode, account_id=account_id
            )
        except ResourceMissing:
            return  # closed: nothing is paid there any more
        external = ExternalAccount.objects.filter(
            id=external_id, account_id=account.id, deleted_at=None
        ).first()
        if external is None or external.status == "errored":
            return
        external.status = "errored"
        external.save(force_update=True, update_fields=["status"])
        save(account, visibly=True)
        record_events(external_events([("updated", external)], scope=scope_of(account), at=now))


def _check_deletable(account: Account, external: ExternalAccount) -> None:
    if not external.default_for_currency:
        return
    others = ExternalAccount.objects.filter(
        account_id=account.id, currency=external.currency, deleted_at=None
    ).exclude(id=external.id)
    if others.exists():
        raise InvalidRequest(
            f"This is the default for {external.currency}. Make another one the default with"
            " `default_for_currency`, then delete this one.",
            param="id",
        )
    if external.currency == account.default_currency:
        raise InvalidRequest(
            f"The only one for {external.currency}, this account's default currency, cannot be"
            " deleted. Add another one first.",
            param="id",
        )


def _apply(external: ExternalAccount, params: UpdateExternalAccount, *, now: int) -> None:
    details = details_of(external)
    allowed = _OF_CARDS if isinstance(details, CardDetails) else _OF_BANK_ACCOUNTS
    for name in (*_OF_BANK_ACCOUNTS, *_OF_CARDS):
        value: Any = getattr(params, name)
        if value is UNSET:
            continue
        if name not in allowed:
            raise InvalidRequest(
                f"Received unknown parameter: {name}. A {external.object} has none.",
                param=name,
                code="parameter_unknown",
            )
        setattr(details, name, full_year(value) if name == "exp_year" else _or_unset(value))
    if isinstance(details, CardDetails) and not (params.exp_month is params.exp_year is UNSET):
        check_expiry(details, now=now)
    external.details = msgspec.json.encode(details).decode()
    merged = merge_metadata(msgspec.json.decode(external.metadata), _or_none(params.metadata))
    external.metadata = msgspec.json.encode(merged).decode()


def _choose_default(external: ExternalAccount, *, wanted: bool) -> None:
    if external.default_for_currency and not wanted:
        raise InvalidRequest(
            "Each currency has one default. Make another one the default instead.",
            param="default_for_currency",
        )
    if wanted:
        ExternalAccount.objects.filter(
            account_id=external.account_id, currency=external.currency, deleted_at=None
        ).update(default_for_currency=False)
        external.default_for_currency = True


def _account_follows(
    account: Account,
    told: list[EventDraft],
    *,
    now: int,
    added: tuple[ExternalAccount, Source] | None = None,
    removed: str | None = None,
) -> None:
    """Requirements and flags follow from what there is now; the account counts a change."""
    profile = read_profile(account.profile)
    before, former = shown(account), copied(profile.capabilities)
    forget_ownership(profile, removed)
    if added is not None:
        verify_ownership(profile, *added, now=now)
    any_external = ExternalAccount.objects.filter(account_id=account.id, deleted_at=None)
    settle(account, profile, has_external=any_external.exists(), now=now)
    save(account, visibly=True)
    events = account_events(
        before, shown(account), former, profile, scope=scope_of(account), at=now
    )
    record_events([*told, *events])


def _or_unset(value: Any) -> Any:
    return None if value == "" else value


def _or_none(sent: Any) -> Any:
    return None if sent is UNSET else sent
