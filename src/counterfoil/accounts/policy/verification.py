"""Which details do not match: test mode's magic values (reference test-data §8)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from counterfoil.accounts import test_identity as magic
from counterfoil.accounts.policy.facts import Facts
from counterfoil.accounts.profile import Company, Individual
from counterfoil.accounts.reasons import REASONS
from counterfoil.accounts.shapes import Address, Date, RequirementError

_US_STATES: Final = frozenset(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH"
    " NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI"
    " AA AE AP".split()
)
_OF_AGE: Final = 18


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking the details found."""

    errors: tuple[RequirementError, ...] = ()
    pending: tuple[str, ...] = ()  # fields still being checked
    listed: bool = False  # a sanctions list names the person
    held: tuple[RequirementError, ...] = ()  # these stop payouts, and nothing else
    person: str = "unverified"  # the individual's own status: unverified | pending | verified


@dataclass(slots=True)
class _Findings:
    errors: list[RequirementError] = field(default_factory=list)

    def add(self, requirement: str, code: str | None) -> None:
        if code is not None:
            self.errors.append(RequirementError(code, REASONS[code], requirement))


def verification(facts: Facts) -> Verification:
    """Check what was provided. Absent details are `missing_fields`' business.

    In live mode nothing is decided here: an operator verifies accounts, and until then
    everything that was provided is pending.
    """
    if facts.livemode and facts.verified:
        return Verification(person="verified")
    if facts.livemode:
        return Verification(pending=_checkable(facts), person="pending")
    findings = _Findings()
    _check_business(facts, findings)
    held = _Findings()
    pending: tuple[str, ...] = ()
    listed = False
    if facts.company is not None:
        if facts.company.address.line1 == magic.ADDRESS_NO_MATCH:
            held.add("company.address.line1", "verification_failed_address_match")
        if facts.company.tax_id_problem == magic.TAX_ID_PENDING:
            pending = ("company.tax_id",)
        _check_company(facts.company, facts, findings)
    person = "unverified"
    if facts.person is not None:
        listed = _birth(facts.person.dob) == magic.SANCTIONED_BIRTH_DATE
        verified = _check_person(facts.person, facts, findings)
        person = "verified" if verified and not listed else "unverified"
    return Verification(tuple(findings.errors), pending, listed, tuple(held.errors), person)


def _checkable(facts: Facts) -> tuple[str, ...]:
    checked = ("individual.id_number", "individual.verification.document")
    return checked if facts.business_type == "individual" else ("company.tax_id",)


def _check_business(facts: Facts, findings: _Findings) -> None:
    business, settings = facts.profile.business_profile, facts.profile.settings
    findings.add("business_profile.name", magic.business_name_problem(business.name))
    findings.add("business_profile.url", magic.site_problem(business.url))
    if business.product_description == "require_url" and not business.url:
        findings.add("business_profile.url", "invalid_url_web_presence_detected")
    findings.add(
        "settings.payments.statement_descriptor",
        magic.descriptor_problem(settings.statement_descriptor),
    )
    findings.add(
        "settings.card_payments.statement_descriptor_prefix",
        magic.prefix_problem(settings.statement_descriptor_prefix),
    )


def _check_company(company: Company, facts: Facts, findings: _Findings) -> None:
    findings.add("company.name", magic.company_name_problem(company.name))
    if company.tax_id_problem != magic.TAX_ID_PENDING:
        findings.add("company.tax_id", company.tax_id_problem)
    if not _place_makes_sense(company.address, facts.country):
        findings.add("company.address.postal_code", "invalid_address_city_state_postal_code")
    elif company.address.line1 == magic.ADDRESS_LINE_NO_MATCH:
        findings.add("company.address.line1", "verification_failed_address_match")


def _check_person(person: Individual, facts: Facts, findings: _Findings) -> bool:
    """Whether birth date, address and number together identify the person.

    Which document is asked for depends on what failed: birth date → an identity document,
    address → an additional one (reference test-data §8).
    """
    if not _place_makes_sense(person.address, facts.country):
        findings.add("individual.address.postal_code", "invalid_address_city_state_postal_code")
        return False
    before = len(findings.errors)
    if person.dob is not None:
        if _age(person.dob, facts.today) < _OF_AGE:
            findings.add("individual.dob.year", "invalid_dob_age_under_18")
        elif _birth(person.dob) != magic.SANCTIONED_BIRTH_DATE and not magic.birth_date_matches(
            person.dob
        ):
            findings.add("individual.verification.document", "verification_failed_keyed_identity")
    if not magic.street_matches(person.address.line1):
        findings.add(
            "individual.verification.additional_document", "verification_failed_address_match"
        )
    # The whole number outranks its last four digits.
    number = person.id_number_problem if person.id_number_provided else person.ssn_last_4_problem
    findings.add("individual.id_number", number)
    return len(findings.errors) == before and person.dob is not None


def _place_makes_sense(address: Address, country: str) -> bool:
    """City, state and postal code as the magic addresses need them; absent ones are missing."""
    if (address.country or country) != "US":
        return True
    code, state = address.postal_code, address.state
    return (code is None or bool(re.fullmatch(r"\d{5}(-\d{4})?", code))) and (
        state is None or state.upper() in _US_STATES or len(state) > 2
    )


def _birth(dob: Date | None) -> tuple[int | None, int | None, int | None] | None:
    return None if dob is None else (dob.year, dob.month, dob.day)


def _age(dob: Date, today: date) -> int:
    assert dob.year is not None
    assert dob.month is not None
    assert dob.day is not None
    return today.year - dob.year - ((today.month, today.day) < (dob.month, dob.day))
