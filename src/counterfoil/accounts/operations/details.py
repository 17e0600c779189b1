"""Applying the details that were sent to an account's profile."""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec import UNSET

from counterfoil.accounts.countries import MAXIMUM_DELAY_DAYS, own_delay_days
from counterfoil.accounts.models import Account
from counterfoil.accounts.operations.documents import handed_in
from counterfoil.accounts.operations.merging import merge
from counterfoil.accounts.params import (
    AccountDocumentsParams,
    CompanyParams,
    DocumentParams,
    IndividualParams,
    PersonParams,
    ScheduleParams,
    SettingsParams,
    UpdateAccount,
)
from counterfoil.accounts.payout_schedule import check_interval
from counterfoil.accounts.policy import COMPANIES
from counterfoil.accounts.profile import Company, Individual, Profile, Schedule, Settings
from counterfoil.accounts.shapes import Address, Declaration
from counterfoil.accounts.verification import verifier
from counterfoil.kit.ids import new_id
from counterfoil.kit.metadata import merge_metadata
from counterfoil.kit.refused import InvalidRequest

_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday")


def apply_details(account: Account, profile: Profile, sent: UpdateAccount, *, now: int) -> None:
    """Change the account and its profile in memory by everything but capabilities and banks.

    Raises InvalidRequest for values that do not go together; single values were checked before.
    """
    if sent.business_type is not UNSET:
        account.business_type = sent.business_type
    if sent.email is not UNSET:
        account.email = sent.email or None
    if sent.default_currency is not UNSET:
        account.default_currency = sent.default_currency.lower()
    if sent.business_profile is not UNSET:
        merge(profile.business_profile, sent.business_profile)
    if sent.tos_acceptance is not UNSET:
        merge(profile.tos_acceptance, sent.tos_acceptance)
    if sent.company is not UNSET or account.business_type in COMPANIES:
        profile.company = profile.company or Company()
    if sent.individual is not UNSET or account.business_type == "individual":
        profile.individual = profile.individual or Individual(new_id("person", now), now)
    if sent.company is not UNSET:
        assert profile.company is not None
        _company(profile.company, sent.company, account)
    if sent.individual is not UNSET:
        assert profile.individual is not None
        apply_person(profile.individual, sent.individual, account)
    if sent.documents is not UNSET:
        _documents(account, profile, sent.documents)
    if sent.settings is not UNSET:
        _settings(account, profile.settings, sent.settings)


def _documents(account: Account, profile: Profile, sent: AccountDocumentsParams) -> None:
    if sent.bank_account_ownership_verification is UNSET:
        return
    param = "documents[bank_account_ownership_verification][files]"
    files = sent.bank_account_ownership_verification.files
    if len(files) > 2:
        raise InvalidRequest("Send one or two files.", param=param)
    front, back = [*files, "", ""][:2]
    paper = DocumentParams(front=front, back=back)
    profile.ownership_paper = handed_in(None, paper, account, param)


def _company(company: Company, sent: CompanyParams, account: Account) -> None:
    merge(
        company, sent, leave=frozenset({"tax_id", "vat_id", "registration_number", "verification"})
    )
    for address in (
        company.address,
        company.administrative_address,
        company.physical_address,
        company.principal_place_of_business,
    ):
        _at_home(address, account.country)
    if sent.tax_id is not UNSET:
        company.tax_id_provided = bool(sent.tax_id)
        company.tax_id_problem = None
        if sent.tax_id:
            company.tax_id_problem = verifier(livemode=account.livemode).tax_id(sent.tax_id)
    if sent.vat_id is not UNSET:
        company.vat_id_provided = bool(sent.vat_id)
    if sent.verification is not UNSET and sent.verification.document is not UNSET:
        param = "company[verification][document]"
        paper = sent.verification.document
        company.document = handed_in(company.document, paper, account, param)
    if sent.registration_number is not UNSET:
        company.registration_number_provided = bool(sent.registration_number)


def apply_person(person: Individual, sent: IndividualParams, account: Account) -> None:
    """Change a person in memory by what was sent. Raises InvalidRequest, and ResourceMissing for
    a file nobody handed in."""
    apart = {"id_number", "id_number_secondary", "ssn_last_4", "metadata", "relationship"}
    apart |= {"additional_tos_acceptances", "expand", "verification"}
    merge(person, sent, leave=frozenset(apart))
    for address in (person.address, person.registered_address):
        _at_home(address, account.country)
    if sent.relationship is not UNSET:
        merge(person.relationship, sent.relationship)
    if isinstance(sent, PersonParams) and sent.additional_tos_acceptances is not UNSET:
        accepted = sent.additional_tos_acceptances.account
        if accepted is not UNSET:
            person.accepted = person.accepted or Declaration()
            merge(person.accepted, accepted)
    if sent.metadata is not UNSET:
        person.metadata = merge_metadata(person.metadata, sent.metadata)
    if sent.ssn_last_4 is not UNSET:
        person.ssn_last_4_provided = bool(sent.ssn_last_4)
        person.ssn_last_4_problem = _number_problem(sent.ssn_last_4, account)
    if sent.id_number is not UNSET:
        person.id_number_provided = bool(sent.id_number)
        person.id_number_problem = _number_problem(sent.id_number, account)
        if account.country == "US" and sent.id_number:
            # The whole number holds its last four digits.
            person.ssn_last_4_provided, person.ssn_last_4_problem = True, None
    if sent.id_number_secondary is not UNSET:
        person.id_number_secondary_provided = bool(sent.id_number_secondary)

    if sent.verification is not UNSET:
        param = "verification" if isinstance(sent, PersonParams) else "individual[verification]"
        for name in ("document", "additional_document"):
            paper = getattr(sent.verification, name)
            if paper is not UNSET:
                present = getattr(person, name)
                setattr(person, name, handed_in(present, paper, account, f"{param}[{name}]"))


def _number_problem(number: str, account: Account) -> str | None:
    return verifier(livemode=account.livemode).id_number(number) if number else None


def _at_home(address: Address | None, country: str) -> None:
    """An address without a country is in the account's."""
    if (
        address is not None
        and address.country is None
        and any(getattr(address, name) for name in address.__struct_fields__)
    ):
        address.country = country


def _settings(account: Account, settings: Settings, sent: SettingsParams) -> None:
    if sent.branding is not UNSET:
        merge(settings.branding, sent.branding)
    if sent.card_payments is not UNSET:
        if sent.card_payments.decline_on is not UNSET:
            merge(settings.decline_on, sent.card_payments.decline_on)
        if sent.card_payments.statement_descriptor_prefix is not UNSET:
            prefix = sent.card_payments.statement_descriptor_prefix
            settings.statement_descriptor_prefix = prefix or None
    if sent.payments is not UNSET and sent.payments.statement_descriptor is not UNSET:
        settings.statement_descriptor = sent.payments.statement_descriptor or None
    if sent.dashboard is not UNSET:
        if sent.dashboard.display_name is not UNSET:
            settings.display_name = sent.dashboard.display_name or None
        if sent.dashboard.timezone is not UNSET:
            account.timezone = sent.dashboard.timezone or "Etc/UTC"
    if sent.payouts is not UNSET:
        if sent.payouts.debit_negative_balances is not UNSET:
            settings.debit_negative_balances = sent.payouts.debit_negative_balances
        if sent.payouts.statement_descriptor is not UNSET:
            settings.payout_statement_descriptor = sent.payouts.statement_descriptor or None
        if sent.payouts.schedule is not UNSET:
            _delay(account, sent.payouts.schedule)
            settings.schedule = merge_schedule(settings.schedule, sent.payouts.schedule)
            check_interval(
                settings.schedule,
                country=account.country,
                param="settings[payouts][schedule][interval]",
            )


def _delay(account: Account, sent: ScheduleParams) -> None:
    if sent.delay_days is UNSET:
        return
    if sent.delay_days == "minimum":
        account.delay_days = None
        return
    least = own_delay_days(account.country)
    if not least <= sent.delay_days <= MAXIMUM_DELAY_DAYS:
        raise InvalidRequest(
            f"In {account.country}, `delay_days` is from {least} to {MAXIMUM_DELAY_DAYS}, or"
            " `minimum`.",
            param="settings[payouts][schedule][delay_days]",
        )
    account.delay_days = sent.delay_days


def merge_schedule(present: Schedule, sent: ScheduleParams) -> Schedule:
    """The schedule after an update (reference api.md §2.3).

    An anchor and the newer list of days say the same, so each sets the other. Raises
    InvalidRequest for an interval without its day, and for a day of another interval.
    """
    schedule = msgspec.structs.replace(present)
    if sent.interval is not UNSET:
        schedule.interval = sent.interval
    prefix = "settings[payouts][schedule]"
    weekly = sent.weekly_anchor is not UNSET or sent.weekly_payout_days is not UNSET
    monthly = sent.monthly_anchor is not UNSET or sent.monthly_payout_days is not UNSET
    if weekly and schedule.interval != "weekly":
        raise InvalidRequest(
            "Days of the week belong to the `weekly` interval.", param=f"{prefix}[weekly_anchor]"
        )
    if monthly and schedule.interval != "monthly":
        raise InvalidRequest(
            "Days of the month belong to the `monthly` interval.",
            param=f"{prefix}[monthly_anchor]",
        )
    if schedule.interval == "weekly":
        _weekly(schedule, sent, prefix)
    elif schedule.interval == "monthly":
        _monthly(schedule, sent, prefix)
    else:
        schedule = Schedule(schedule.interval)
    return schedule


def _weekly(schedule: Schedule, sent: ScheduleParams, prefix: str) -> None:
    schedule.monthly_anchor = schedule.monthly_payout_days = None
    if sent.weekly_payout_days:
        schedule.weekly_payout_days = sorted(set(sent.weekly_payout_days), key=_WEEKDAYS.index)
        schedule.weekly_anchor = schedule.weekly_payout_days[0]
    elif sent.weekly_anchor is not UNSET:
        schedule.weekly_anchor = sent.weekly_anchor
        banking = sent.weekly_anchor in _WEEKDAYS
        schedule.weekly_payout_days = [sent.weekly_anchor] if banking else None
    if schedule.weekly_anchor is None:
        raise _missing(f"{prefix}[weekly_anchor]")


def _monthly(schedule: Schedule, sent: ScheduleParams, prefix: str) -> None:
    schedule.weekly_anchor = schedule.weekly_payout_days = None
    if sent.monthly_payout_days:
        schedule.monthly_payout_days = sorted(set(sent.monthly_payout_days))
        schedule.monthly_anchor = schedule.monthly_payout_days[0]
    elif sent.monthly_anchor is not UNSET:
        schedule.monthly_anchor = sent.monthly_anchor
        schedule.monthly_payout_days = [sent.monthly_anchor]
    if schedule.monthly_anchor is None:
        raise _missing(f"{prefix}[monthly_anchor]")


def _missing(param: str) -> InvalidRequest:
    return InvalidRequest(
        f"Missing required param: {param}.", param=param, code="parameter_missing"
    )
