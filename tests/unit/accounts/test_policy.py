from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from counterfoil.accounts.policy import Facts, assess, check_login_link, missing_fields
from counterfoil.accounts.profile import Profile
from counterfoil.accounts.reasons import REASONS
from counterfoil.kit.refused import InvalidRequest

ADDRESS = {
    "line1": "address_full_match",
    "city": "San Francisco",
    "state": "CA",
    "postal_code": "94111",
}
PERSON = {
    "id": "person_1",
    "created": 0,
    "first_name": "Jenny",
    "last_name": "Rosen",
    "email": "jenny@example.com",
    "phone": "0000000000",
    "dob": {"day": 1, "month": 1, "year": 1901},
    "address": ADDRESS,
    "ssn_last_4_provided": True,
}
COMPANY = {"name": "Bowls", "phone": "0000000000", "address": ADDRESS, "tax_id_provided": True}
PROFILE = {
    "business_profile": {"mcc": "5970", "url": "https://accessible.stripe.com"},
    "tos_acceptance": {"date": 1_600_000_000, "ip": "203.0.113.7"},
    "capabilities": {"card_payments": {"requested_at": 0}, "transfers": {"requested_at": 0}},
}


def facts(kind: str | None = "individual", **changes: Any) -> Facts:
    """Complete and matching, except for `changes`: dotted names of the profile, or facts.

    A name is one of individual, company, business_profile…, followed by __ and a field.
    """
    profile: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(PROFILE))
    profile["individual"] = dict(PERSON)
    profile["company"] = dict(COMPANY)
    own = {
        "country": "US",
        "business_type": kind,
        "email": None,
        "has_external_account": True,
        "livemode": False,
        "today": date(2025, 10, 9),
    }
    for name, value in changes.items():
        part, _, field = name.partition("__")
        if not field:
            (own if name in own else profile)[name] = value
        elif field.startswith("address_"):
            profile[part]["address"] = profile[part]["address"] | {field[8:]: value}
        else:
            profile[part] = profile[part] | {field: value}
    return Facts(profile=msgspec.convert(profile, Profile), **own)


@pytest.mark.parametrize("kind", ["individual", "company", "non_profit", "government_entity"])
def test_nothing_is_missing_where_all_of_the_list_is_there(kind):
    assert missing_fields(facts(kind)) == ()


@pytest.mark.parametrize(
    ("kind", "taken", "missing"),
    [
        ("individual", {"individual__first_name": None}, ["individual.first_name"]),
        ("individual", {"individual__last_name": None}, ["individual.last_name"]),
        ("individual", {"individual__email": None}, ["individual.email"]),
        ("individual", {"individual__phone": None}, ["individual.phone"]),
        (
            "individual",
            {"individual__dob": None},
            ["individual.dob.day", "individual.dob.month", "individual.dob.year"],
        ),
        ("individual", {"individual__address_line1": None}, ["individual.address.line1"]),
        ("individual", {"individual__address_city": None}, ["individual.address.city"]),
        ("individual", {"individual__address_state": None}, ["individual.address.state"]),
        (
            "individual",
            {"individual__address_postal_code": None},
            ["individual.address.postal_code"],
        ),
        ("individual", {"individual__ssn_last_4_provided": False}, ["individual.ssn_last_4"]),
        ("company", {"company__name": None}, ["company.name"]),
        ("company", {"company__phone": None}, ["company.phone"]),
        ("company", {"company__tax_id_provided": False}, ["company.tax_id"]),
        ("company", {"company__address_line1": None}, ["company.address.line1"]),
        ("non_profit", {"company__name": None}, ["company.name"]),
        ("individual", {"business_profile__mcc": None}, ["business_profile.mcc"]),
        ("individual", {"business_profile__url": None}, ["business_profile.url"]),
        ("individual", {"tos_acceptance__date": None}, ["tos_acceptance.date"]),
        ("individual", {"tos_acceptance__ip": None}, ["tos_acceptance.ip"]),
        ("company", {"has_external_account": False}, ["external_account"]),
        (None, {}, ["business_type"]),
    ],
)
def test_each_detail_of_the_list_is_missed_under_its_own_name(kind, taken, missing):
    assert list(missing_fields(facts(kind, **taken))) == missing


@pytest.mark.parametrize(
    "instead",
    [
        {"individual__ssn_last_4_provided": False, "individual__id_number_provided": True},
        {"individual__email": None, "email": "jenny@example.com"},
        {"business_profile": {"mcc": "5970", "product_description": "Bowls"}},
        {"country": "GB", "individual__ssn_last_4_provided": False},
        {"country": "DE", "individual__address_state": None},
        {"country": "HK", "individual__address_postal_code": None},
    ],
)
def test_some_details_have_another_that_does_as_well(instead):
    assert missing_fields(facts(**instead)) == ()


def test_a_recipient_says_nothing_about_a_business():
    recipient = facts(
        business_profile={}, tos_acceptance__service_agreement="recipient", country="NG"
    )

    assert missing_fields(recipient) == ()


def test_what_does_as_well_is_offered_as_an_alternative():
    state = assess(
        facts(individual__ssn_last_4_provided=False, business_profile__url=None),
        submitted_before=False,
    )

    offered = [
        (one.original_fields_due, one.alternative_fields_due)
        for one in state.requirements.alternatives
    ]
    assert offered == [
        (["business_profile.url"], ["business_profile.product_description"]),
        (["individual.id_number"], ["individual.verification.document"]),
        (["individual.ssn_last_4"], ["individual.id_number"]),
    ]


@pytest.mark.parametrize("kind", ["individual", "company", "non_profit"])
def test_all_there_and_matching_enables_the_account(kind):
    state = assess(facts(kind), submitted_before=False)

    assert state.capability_status == "active"
    assert state.payouts_enabled
    assert state.details_submitted
    due = state.requirements
    assert (due.currently_due, due.past_due, due.disabled_reason) == ([], [], None)
    assert due.eventually_due, "more is asked for once the account earns much"


def test_missing_details_are_past_due_and_disable_the_account():
    state = assess(facts(individual__phone=None), submitted_before=False)

    due = state.requirements
    assert state.capability_status == "inactive"
    assert not state.payouts_enabled
    assert not state.details_submitted
    assert due.disabled_reason == "requirements.past_due"
    assert due.currently_due == due.past_due == ["individual.phone"]
    assert due.eventually_due == ["individual.id_number", "individual.phone"]
    assert due.errors == []


def test_once_submitted_stays_submitted():
    assert assess(facts(individual__phone=None), submitted_before=True).details_submitted


DOB = {"day": 2, "month": 2, "year": 1980}


@pytest.mark.parametrize(
    ("kind", "wrong", "errors"),
    [
        (
            "individual",
            {"individual__dob": DOB},
            [("individual.verification.document", "verification_failed_keyed_identity")],
        ),
        (
            "individual",
            {"individual__address_line1": "address_no_match"},
            [("individual.verification.additional_document", "verification_failed_address_match")],
        ),
        (
            "individual",
            {"individual__dob": DOB, "individual__address_line1": "address_line1_no_match"},
            [
                ("individual.verification.document", "verification_failed_keyed_identity"),
                (
                    "individual.verification.additional_document",
                    "verification_failed_address_match",
                ),
            ],
        ),
        (
            "individual",
            {"individual__dob": {"day": 1, "month": 1, "year": 2012}},
            [("individual.dob.year", "invalid_dob_age_under_18")],
        ),
        (
            "individual",
            {"individual__address_postal_code": "ABC"},
            [("individual.address.postal_code", "invalid_address_city_state_postal_code")],
        ),
        (
            "individual",
            {"individual__address_state": "ZZ"},
            [("individual.address.postal_code", "invalid_address_city_state_postal_code")],
        ),
        (
            "individual",
            {"individual__ssn_last_4_problem": "verification_failed_id_number_match"},
            [("individual.id_number", "verification_failed_id_number_match")],
        ),
        (
            "company",
            {"company__tax_id_problem": "verification_failed_tax_id_match"},
            [("company.tax_id", "verification_failed_tax_id_match")],
        ),
        (
            "company",
            {"company__name": "mismatch_business_name"},
            [("company.name", "verification_failed_name_match")],
        ),
        (
            "company",
            {"company__name": "disallowed_name"},
            [("company.name", "invalid_company_name_denylisted")],
        ),
        (
            "company",
            {"company__name": "match_name_only"},
            [("company.name", "verification_failed_keyed_match")],
        ),
        (
            "company",
            {"company__address_line1": "address_line1_no_match"},
            [("company.address.line1", "verification_failed_address_match")],
        ),
        (
            "company",
            {"business_profile__name": "disallowed_dba"},
            [("business_profile.name", "invalid_business_profile_name_denylisted")],
        ),
        (
            "company",
            {"business_profile__name": "invalid_dba"},
            [("business_profile.name", "invalid_business_profile_name")],
        ),
        (
            "company",
            {"business_profile": {"mcc": "5970", "product_description": "require_url"}},
            [("business_profile.url", "invalid_url_web_presence_detected")],
        ),
        (
            "company",
            {"settings": {"statement_descriptor": "mismatch"}},
            [
                (
                    "settings.payments.statement_descriptor",
                    "invalid_statement_descriptor_business_mismatch",
                )
            ],
        ),
        (
            "company",
            {"settings": {"statement_descriptor_prefix": "disallowed"}},
            [
                (
                    "settings.card_payments.statement_descriptor_prefix",
                    "invalid_statement_descriptor_prefix_denylisted",
                )
            ],
        ),
        *(
            ("company", {"business_profile__url": url}, [("business_profile.url", code)])
            for url, code in [
                ("https://disallowed.stripe.com", "invalid_url_denylisted"),
                ("https://inaccessible.stripe.com", "invalid_url_website_inaccessible"),
                ("inaccessible.stripe.com", "invalid_url_website_inaccessible"),
                (
                    "https://geoblocked.stripe.com/shop",
                    "invalid_url_website_inaccessible_geoblocked",
                ),
                (
                    "https://passwordprotected.stripe.com",
                    "invalid_url_website_inaccessible_password_protected",
                ),
                ("https://missing.stripe.com", "invalid_url_website_incomplete"),
                (
                    "https://underconstruction.stripe.com",
                    "invalid_url_website_incomplete_under_construction",
                ),
                (
                    "https://mismatch.stripe.com",
                    "invalid_url_website_business_information_mismatch",
                ),
                ("https://problem.stripe.com", "invalid_url_website_other"),
            ]
        ),
    ],
)
def test_what_does_not_match_is_an_error_and_disables_the_account(kind, wrong, errors):
    state = assess(facts(kind, **wrong), submitted_before=False)

    due = state.requirements
    assert [(one.requirement, one.code) for one in due.errors] == errors
    assert all(one.reason == REASONS[one.code] for one in due.errors)
    assert due.currently_due == sorted(name for name, _ in errors)
    assert due.disabled_reason == "requirements.past_due"
    assert state.capability_status == "inactive"
    assert not state.payouts_enabled
    assert state.details_submitted, "everything was given; it just does not match"


@pytest.mark.parametrize(
    "right",
    [
        {"individual__dob": {"day": 1, "month": 1, "year": 1902}},
        {"individual__address_line1": "510 Townsend Street"},
        {"business_profile__url": "https://mismatch.example.com"},
        {
            "individual__ssn_last_4_problem": "verification_failed_id_number_match",
            "individual__id_number_provided": True,
        },
    ],
)
def test_what_the_tables_do_not_name_matches(right):
    assert assess(facts(**right), submitted_before=False).capability_status == "active"


def test_a_company_in_person_is_not_asked_about_its_individual():
    state = assess(facts("company", individual__dob=DOB), submitted_before=False)

    assert state.capability_status == "active"


def test_a_business_address_that_does_not_match_stops_payouts_only():
    state = assess(
        facts("company", company__address_line1="address_no_match"), submitted_before=False
    )

    assert state.capability_status == "active"
    assert not state.payouts_enabled
    assert state.requirements.past_due == ["company.address.line1"]


def test_a_person_on_a_sanctions_list_is_held_for_review():
    dob = {"day": 1, "month": 1, "year": 1900}
    state = assess(facts(individual__dob=dob), submitted_before=False)

    assert state.requirements.disabled_reason == "listed"
    assert state.capability_status == "inactive"
    assert state.person == "unverified"


def test_a_registry_that_has_not_answered_leaves_the_company_pending():
    state = assess(facts("company", company__tax_id_problem="222221005"), submitted_before=False)

    assert state.requirements.pending_verification == ["company.tax_id"]
    assert state.requirements.disabled_reason == "requirements.pending_verification"
    assert state.capability_status == "pending"


@pytest.mark.parametrize("kind", ["individual", "company"])
def test_live_mode_never_verifies_by_itself(kind):
    state = assess(facts(kind, livemode=True), submitted_before=False)

    assert state.details_submitted
    assert state.capability_status == "pending"
    assert not state.payouts_enabled
    assert state.requirements.disabled_reason == "requirements.pending_verification"
    assert state.requirements.pending_verification


def test_live_mode_misses_what_is_missing():
    state = assess(facts(livemode=True, individual__phone=None), submitted_before=False)

    assert state.capability_status == "inactive"
    assert state.requirements.disabled_reason == "requirements.past_due"
    assert state.requirements.pending_verification == []


def test_nothing_requested_is_the_platforms_to_mend():
    state = assess(facts(capabilities={}), submitted_before=False)

    assert state.requirements.disabled_reason == "action_required.requested_capabilities"
    assert not state.payouts_enabled


def test_a_login_link_needs_an_express_dashboard_and_onboarding():
    check_login_link(dashboard_type="express", details_submitted=True)

    with pytest.raises(InvalidRequest) as refusal:
        check_login_link(dashboard_type="express", details_submitted=False)
    assert refusal.value.message == (
        "Cannot create a login link for an account that has not completed onboarding."
    )
    with pytest.raises(InvalidRequest, match="Express Dashboard"):
        check_login_link(dashboard_type="full", details_submitted=True)
