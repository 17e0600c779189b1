"""The account itself: a connected one, and the platform's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from counterfoil.accounts.countries import own_delay_days
from counterfoil.accounts.models import Account, ExternalAccount
from counterfoil.accounts.policy import COMPANIES
from counterfoil.accounts.profile import Company, Settings, read_profile
from counterfoil.accounts.shapes import BusinessProfile, Requirements, TosAcceptance
from counterfoil.accounts.wire.company import CompanyWire, company_wire
from counterfoil.accounts.wire.external import ExternalAccountWire, external_account_list
from counterfoil.accounts.wire.person import PersonWire, person_wire
from counterfoil.accounts.wire.settings import SettingsWire, settings_wire
from counterfoil.kit.wire import ListObject
from counterfoil.platforms.models import Platform


class Fees(msgspec.Struct):
    payer: str


class Losses(msgspec.Struct):
    payments: str


class StripeDashboard(msgspec.Struct):
    type: str


class ControllerWire(msgspec.Struct):
    type: str  # application: a platform controls it; account: it controls itself
    fees: Fees | UnsetType = UNSET
    is_controller: bool | UnsetType = UNSET
    losses: Losses | UnsetType = UNSET
    requirement_collection: str | UnsetType = UNSET
    stripe_dashboard: StripeDashboard | UnsetType = UNSET


class AccountWire(msgspec.Struct):
    EXPANDABLE: ClassVar[dict[str, str]] = {}

    id: str
    business_profile: BusinessProfile
    business_type: str | None
    capabilities: dict[str, str]
    charges_enabled: bool
    controller: ControllerWire
    country: str
    created: int
    default_currency: str
    details_submitted: bool
    email: str | None
    external_accounts: ListObject[ExternalAccountWire]
    future_requirements: Requirements
    metadata: dict[str, str]
    payouts_enabled: bool
    requirements: Requirements
    settings: SettingsWire
    tos_acceptance: TosAcceptance
    type: str
    company: CompanyWire | UnsetType = UNSET
    individual: PersonWire | UnsetType = UNSET
    object: str = "account"


def account_wire(
    account: Account, external_accounts: Sequence[ExternalAccount], *, has_more: bool = False
) -> AccountWire:
    """A connected account as its platform sees it.

    `external_accounts` are the ten newest, newest first; `has_more` when there are others.
    """
    profile = read_profile(account.profile)
    wire = AccountWire(
        id=account.id,
        business_profile=profile.business_profile,
        business_type=account.business_type,
        capabilities={name: one.status for name, one in sorted(profile.capabilities.items())},
        charges_enabled=account.charges_enabled,
        controller=ControllerWire(
            type="application",
            fees=Fees(account.fees_payer),
            is_controller=True,
            losses=Losses(account.losses_payments),
            requirement_collection=account.requirement_collection,
            stripe_dashboard=StripeDashboard(account.dashboard_type),
        ),
        country=account.country,
        created=account.created,
        default_currency=account.default_currency,
        details_submitted=account.details_submitted,
        email=account.email,
        external_accounts=external_account_list(account.id, external_accounts, has_more=has_more),
        future_requirements=profile.future_requirements,
        metadata=msgspec.json.decode(account.metadata, type=dict[str, str]),
        payouts_enabled=account.payouts_enabled,
        requirements=profile.requirements,
        settings=settings_wire(
            profile.settings,
            display_name=account.display_name,
            timezone=account.timezone,
            delay_days=delay_days_of(account),
        ),
        tos_acceptance=profile.tos_acceptance,
        type=account.type,
    )
    if profile.company is not None or account.business_type in COMPANIES:
        wire.company = company_wire(profile.company or Company())
    if profile.individual is not None and account.business_type == "individual":
        wire.individual = person_wire(
            account.id,
            profile.individual,
            profile.requirements,
            profile.future_requirements,
            individual=True,
        )
    return wire


def delay_days_of(account: Account) -> int:
    """The account's own `delay_days`, else its country's."""
    return own_delay_days(account.country) if account.delay_days is None else account.delay_days


def platform_account_wire(platform: Platform) -> AccountWire:
    """The platform's own account: what `GET /v1/account` shows to its key.

    It controls itself, so nothing about a controller, and it is always enabled.
    """
    return AccountWire(
        id=platform.id,
        business_profile=BusinessProfile(name=platform.name),
        business_type=None,
        capabilities={"card_payments": "active", "transfers": "active"},
        charges_enabled=True,
        controller=ControllerWire(type="account"),
        country=platform.country,
        created=platform.created,
        default_currency=platform.default_currency,
        details_submitted=True,
        email=platform.operator_email,
        external_accounts=external_account_list(platform.id, [], has_more=False),
        future_requirements=Requirements(),
        metadata={},
        payouts_enabled=True,
        requirements=Requirements(),
        settings=settings_wire(
            Settings(),
            display_name=platform.name,
            timezone="Etc/UTC",
            delay_days=own_delay_days(platform.country),
        ),
        tos_acceptance=TosAcceptance(),
        type="standard",
    )
