"""Test mode: published magic values decide what matches (reference test-data §8)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from counterfoil.accounts import test_identity as magic
from counterfoil.accounts.facts import OWNERSHIP, Facts
from counterfoil.accounts.profile import Company, Individual
from counterfoil.accounts.reasons import REASONS
from counterfoil.accounts.shapes import Address, Date, RequirementError
from counterfoil.accounts.verification.base import Upload, Verification

_US_STATES: Final = frozenset(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH"
    " NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI"
    " AA AE AP".split()
)
_OF_AGE: Final = 18


@dataclass(slots=True)
class _Findings:
    errors: list[RequirementError] = field(default_factory=list)

    def add(self, requirement: str, code: str | None) -> None:
        if code is not None:
            self.errors.append(RequirementError(code, REASONS[code], requirement))


class Simulator:
    """Values that the tables do not name match, except birth dates."""

    def id_number(self, number: str) -> str | None:
        return magic.id_number_problem(number)

    def tax_id(self, number: str) -> str | None:
        return magic.tax_id_problem(number)

    def document(self, upload: Upload) -> str | None:
        return magic.document_problem(upload.id, upload.filename)

    def check(self, facts: Facts) -> Verification:
        """Check what was provided. Absent details are `policy.needs`' business."""
        findings, held = _Findings(), _Findings()
        _check_business(facts, findings)
        if facts.profile.ownership_paper is not None:
            held.add(OWNERSHIP, facts.profile.ownership_paper.problem)
        pending: tuple[str, ...] = ()
        if facts.company is not None:
            # Who stands behind the business is known, but not where it is.
            if facts.company.address.line1 == magic.ADDRESS_NO_MATCH:
                held.add("company.address.line1", "verification_failed_address_match")
            if facts.company.tax_id_problem == magic.TAX_ID_PENDING:
                pending = ("company.tax_id",)
            _check_company(facts.company, facts, findings)
        people = {
            one.id: _status_of(one, one.id, facts, findings)
            for one in ([facts.person] if facts.person else facts.people)
        }
        return Verification(
            errors=tuple(findings.errors),
            pending=pending,
            checking=(OWNERSHIP,) if _asks_the_bank(facts) else (),
            held_for=_held_for(facts),
            held=tuple(held.errors),
            person=people.get(facts.person.id, "unverified") if facts.person else "unverified",
            people=people,
        )


def _asks_the_bank(facts: Facts) -> bool:
    told_at = facts.profile.ownership_told_at
    return told_at is not None and facts.now < told_at


def _held_for(facts: Facts) -> str | None:
    people = [one for one in [facts.person, *facts.people] if one is not None]
    if any(_birth(one.dob) == magic.SANCTIONED_BIRTH_DATE for one in people):
        return "listed"
    if facts.company is not None and magic.is_high_risk(facts.company.name):
        return "under_review"
    return "other" if magic.is_inactive(facts.profile.business_profile.url) else None


def _status_of(person: Individual, ident: str, facts: Facts, findings: _Findings) -> str:
    prefix = "individual" if facts.person is person else ident
    verified = _check_person(person, prefix, facts, findings)
    return "verified" if verified else "unverified"


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
    if company.document is not None:
        findings.add("company.verification.document", company.document.problem)
    if company.tax_id_problem != magic.TAX_ID_PENDING:
        findings.add("company.tax_id", company.tax_id_problem)
    if not _place_makes_sense(company.address, facts.country):
        findings.add("company.address.postal_code", "invalid_address_city_state_postal_code")
    elif company.address.line1 == magic.ADDRESS_LINE_NO_MATCH:
        findings.add("company.address.line1", "verification_failed_address_match")


def _check_person(person: Individual, prefix: str, facts: Facts, findings: _Findings) -> bool:
    """Whether birth date, address and number together identify the person.

    Which document is asked for depends on what failed: birth date → an identity document,
    address → an additional one (reference test-data §8). A document that was handed in outranks
    the values.
    """
    if not _place_makes_sense(person.address, facts.country):
        findings.add(f"{prefix}.address.postal_code", "invalid_address_city_state_postal_code")
        return False
    before = len(findings.errors)
    listed = _birth(person.dob) == magic.SANCTIONED_BIRTH_DATE
    if person.dob is not None and _age(person.dob, facts.today) < _OF_AGE:
        findings.add(f"{prefix}.dob.year", "invalid_dob_age_under_18")
    if person.document is not None:
        findings.add(f"{prefix}.verification.document", person.document.problem)
    else:
        _check_identity(person, prefix, findings)
    if person.additional_document is not None:
        findings.add(
            f"{prefix}.verification.additional_document", person.additional_document.problem
        )
    elif not magic.street_matches(person.address.line1):
        findings.add(
            f"{prefix}.verification.additional_document", "verification_failed_address_match"
        )
    if person.relationship.director:
        findings.add(f"{prefix}.first_name", magic.director_problem(person.first_name))
    return len(findings.errors) == before and person.dob is not None and not listed


def _check_identity(person: Individual, prefix: str, findings: _Findings) -> None:
    known = magic.birth_date_matches(person.dob) if person.dob is not None else True
    under_age = any(error.requirement == f"{prefix}.dob.year" for error in findings.errors)
    if not (known or under_age or _birth(person.dob) == magic.SANCTIONED_BIRTH_DATE):
        findings.add(f"{prefix}.verification.document", "verification_failed_keyed_identity")
    # The whole number outranks its last four digits.
    number = person.id_number_problem if person.id_number_provided else person.ssn_last_4_problem
    findings.add(f"{prefix}.id_number", number)


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
