"""A new connected account."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from counterfoil.accounts.capabilities import first_capabilities
from counterfoil.accounts.controller import controller_of
from counterfoil.accounts.countries import Country, country_of
from counterfoil.accounts.models import Account, ExternalAccount
from counterfoil.accounts.operations.attaching import attach, read_source
from counterfoil.accounts.operations.detail_tokens import with_account_token
from counterfoil.accounts.operations.details import apply_details
from counterfoil.accounts.operations.ownership import verify_ownership
from counterfoil.accounts.operations.requested import check_capabilities, request_capabilities
from counterfoil.accounts.operations.saving import (
    account_events,
    external_events,
    scope_of,
    settle,
    shown,
)
from counterfoil.accounts.params import CapabilityParams, CreateAccount
from counterfoil.accounts.payout_schedule import first_schedule
from counterfoil.accounts.profile import Profile, write_profile
from counterfoil.accounts.values import check_values
from counterfoil.accounts.wire import AccountWire, account_wire, application_wire
from counterfoil.events.operations import EventDraft, record_events
from counterfoil.kit.db import unit_of_work
from counterfoil.kit.ids import new_id
from counterfoil.kit.metadata import merge_metadata
from counterfoil.kit.refused import InvalidRequest
from counterfoil.platforms.models import Platform


def create_account(
    *, platform_id: str, livemode: bool, params: CreateAccount, now: int
) -> AccountWire:
    """Open an account for a seller; in test mode it is enabled at once when all is there.

    `now` is the platform's clock, UTC seconds. The country is the platform's own unless given.
    Raises InvalidRequest; the rules are those of `controller`, `values`, `destinations` and
    reference api.md §2.2–2.3.
    """
    with unit_of_work():
        platform = Platform.objects.get(id=platform_id)
        country = _country(platform.country if params.country is UNSET else params.country)
        params = with_account_token(platform_id, livemode, params, now=now)
        check_values(params, country=country.code, livemode=livemode, now=now)
        account = _blank(params, country, platform_id=platform_id, livemode=livemode, now=now)
        profile = Profile()
        profile.settings.schedule = first_schedule(country.code)
        profile.settings.debit_negative_balances = account.requirement_collection == "stripe"
        apply_details(account, profile, params, now=now)
        _request(account, profile, params, now=now)
        account.profile = write_profile(profile)
        account.save(force_insert=True)
        blank = account_wire(account, [])

        externals: list[ExternalAccount] = []
        if params.external_account is not UNSET:
            source = read_source(account, params.external_account, now=now)
            externals.append(attach(account, source, now=now))
            verify_ownership(profile, externals[0], source, now=now)
        settle(account, profile, has_external=bool(externals), now=now)
        account.save(force_update=True)

        scope = scope_of(account)
        application = application_wire(platform.id, platform.name)
        created = shown(account)
        record_events(
            [
                EventDraft(
                    "account.application.authorized", scope, application, application.id, now
                ),
                *external_events([("created", one) for one in externals], scope=scope, at=now),
                *(
                    account_events(blank, created, {}, profile, scope=scope, at=now)
                    if created.details_submitted
                    else []
                ),
            ]
        )
        return created


def _country(code: str) -> Country:
    country = country_of(code)
    if country is None:
        raise InvalidRequest(
            f"Accounts cannot be opened in '{code}'. Send the two-letter code of a supported"
            " country, such as 'US', 'DE' or 'GB'.",
            param="country",
            code="country_unsupported",
        )
    return country


def _blank(
    params: CreateAccount, country: Country, *, platform_id: str, livemode: bool, now: int
) -> Account:
    controller = controller_of(params.type, params.controller)
    return Account(
        id=new_id("acct", now),
        platform_id=platform_id,
        livemode=livemode,
        created=now,
        type=controller.type,
        fees_payer=controller.fees_payer,
        losses_payments=controller.losses_payments,
        requirement_collection=controller.requirement_collection,
        dashboard_type=controller.dashboard_type,
        country=country.code,
        default_currency=country.currency,
        metadata=_metadata(params),
    )


def _metadata(params: CreateAccount) -> str:
    sent = None if params.metadata is UNSET else params.metadata
    return msgspec.json.encode(merge_metadata({}, sent)).decode()


def _request(account: Account, profile: Profile, params: CreateAccount, *, now: int) -> None:
    wishes = params.capabilities
    if wishes is UNSET:
        names = first_capabilities(
            dashboard=account.dashboard_type,
            country=account.country,
            recipient=profile.is_recipient,
        )
        wishes = {name: CapabilityParams(requested=True) for name in names}
    request_capabilities(profile, wishes, now=now)
    check_capabilities(profile, country=account.country)
