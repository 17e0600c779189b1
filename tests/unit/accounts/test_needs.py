"""What is asked of whom: country × kind of business × capability × how soon."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from counterfoil.accounts.countries import country_of
from counterfoil.accounts.policy import THRESHOLDS, needs
from counterfoil.accounts.profile import Capability, Demand, Individual, Question, Relationship
from counterfoil.kit.currencies import exponent
from tests.unit.accounts.test_policy import PERSON, facts

ROOT = Path(__file__).resolve().parents[3]

EVERYBODY = ["business_type", "external_account", "tos_acceptance.date", "tos_acceptance.ip"]
SELLERS = ["business_profile.mcc", "business_profile.url"]
BIRTH = ["dob.day", "dob.month", "dob.year"]
HOME = ["address.line1", "address.city"]


def of(prefix: str, *names: str) -> list[str]:
    return [f"{prefix}.{name}" for name in names]


def blank(country: str, kind: str | None, **changes):
    person = {"id": "person_1", "created": 0}
    changes = {"individual": person, "company": {}, "business_profile": {}} | changes
    return facts(
        kind,
        country=country,
        has_external_account=False,
        tos_acceptance={},
        **changes,
    )


def names(found, when):
    return sorted({need.field for need in found if need.when == when})


IN_PERSON = of("individual", "first_name", "last_name", "email", "phone", *BIRTH, *HOME)
AS_COMPANY = of("company", "name", "tax_id", "phone", *HOME)


@pytest.mark.parametrize(
    ("country", "kind", "at_once"),
    [
        (
            "US",
            "individual",
            of("individual", "address.state", "address.postal_code", "ssn_last_4"),
        ),
        ("GB", "individual", of("individual", "address.postal_code")),
        ("DE", "individual", of("individual", "address.postal_code")),
        ("FR", "individual", of("individual", "address.postal_code")),
        ("NL", "individual", of("individual", "address.postal_code")),
        ("CA", "individual", of("individual", "address.state", "address.postal_code")),
        ("AU", "individual", of("individual", "address.state", "address.postal_code")),
        ("JP", "individual", of("individual", "address.postal_code")),
        ("HK", "individual", []),
        ("US", "company", of("company", "address.state", "address.postal_code")),
        ("GB", "company", of("company", "address.postal_code")),
        ("DE", "company", of("company", "address.postal_code")),
        ("US", "non_profit", of("company", "address.state", "address.postal_code")),
        ("US", None, None),
    ],
)
def test_who_has_given_nothing_owes_this_at_once(country, kind, at_once):
    expected = [*EVERYBODY, *SELLERS] if kind is None else [*EVERYBODY[1:], *SELLERS, *at_once]
    if kind == "individual":
        expected += IN_PERSON
    elif kind is not None:
        expected += AS_COMPANY

    assert names(needs(blank(country, kind)), "at_once") == sorted(expected)


REPRESENTATIVE = of(
    "representative", "first_name", "last_name", *BIRTH, "email", "phone", *HOME
) + of("representative", "address.postal_code")


@pytest.mark.parametrize(
    ("country", "kind", "later"),
    [
        ("US", "individual", ["individual.id_number"]),
        ("GB", "individual", ["individual.verification.document"]),
        ("DE", "individual", ["individual.verification.document"]),
        ("FR", "individual", ["individual.verification.document"]),
        ("NL", "individual", ["individual.verification.document"]),
        ("AU", "individual", ["individual.verification.document"]),
        ("JP", "individual", ["individual.verification.document"]),
        ("CA", "individual", ["individual.id_number"]),
        ("SG", "individual", []),
        (
            "US",
            "company",
            [
                *of("company", "owners_provided", "executives_provided"),
                *of("representative", "address.state", "ssn_last_4", "relationship.title"),
                *REPRESENTATIVE,
            ],
        ),
        *(
            (
                country,
                "company",
                [
                    *of("company", "owners_provided", "directors_provided", "executives_provided"),
                    "representative.relationship.title",
                    *REPRESENTATIVE,
                ],
            )
            for country in ("GB", "DE", "FR", "NL")
        ),
        ("AU", "company", ["company.directors_provided", *REPRESENTATIVE]),
        ("JP", "company", ["company.directors_provided", *REPRESENTATIVE]),
        (
            "CA",
            "company",
            [*of("company", "owners_provided", "executives_provided"), *REPRESENTATIVE],
        ),
        ("SG", "company", []),
    ],
)
def test_who_earns_much_owes_this_as_well(country, kind, later):
    assert names(needs(blank(country, kind)), "later") == sorted(later)


@pytest.mark.parametrize(
    ("role", "country", "missing"),
    [
        ("owner", "US", ["address.state", "ssn_last_4", "address.postal_code", *BIRTH, *HOME]),
        ("owner", "GB", ["address.postal_code", *BIRTH, *HOME]),
        ("director", "DE", BIRTH),
        ("executive", "GB", BIRTH),
        ("director", "US", []),
    ],
)
def test_each_person_of_a_company_owes_what_their_part_in_it_asks(role, country, missing):
    ada = Individual("person_ada", 0, first_name="Ada", last_name="Byron")
    ada.relationship = Relationship(**{role: True})
    company = blank(country, "company", people=[msgspec.to_builtins(ada)])

    found = [name for name in names(needs(company), "later") if name.startswith("person_ada")]

    assert found == sorted(of("person_ada", *missing))


def test_a_representative_who_gave_all_owes_nothing():
    ada = PERSON | {"relationship": {"representative": True, "title": "CEO"}}
    company = facts("company", people=[ada], company__owners_provided=True)

    assert names(needs(company), "later") == ["company.executives_provided"]


def test_only_the_capability_that_asks_for_more_waits_for_it():
    capabilities = {name: {"requested_at": 0} for name in ("transfers", "tax_reporting_us_1099_k")}
    found = needs(facts(capabilities=capabilities))

    assert [(need.field, need.capability) for need in found if need.when == "at_once"] == [
        ("individual.id_number", "tax_reporting_us_1099_k")
    ]


def test_what_is_asked_for_on_demand_is_not_asked_for_before():
    quiet = facts("company", country="SG")
    profile = quiet.profile
    assert needs(quiet) == []

    profile.demands = [Demand(["company.verification.document"], deadline=1)]
    profile.questions = [Question("interv_1", "text", "What do you sell?", "")]

    assert names(needs(quiet), "on_demand") == [
        "company.verification.document",
        "interv_1.additional_info.form",
    ]
    profile.questions[0].answer = "Bowls"
    assert names(needs(quiet), "on_demand") == ["company.verification.document"]


def test_a_recipient_is_asked_nothing_about_a_business():
    recipient = blank("NG", "individual")
    recipient.profile.tos_acceptance.service_agreement = "recipient"
    recipient.profile.capabilities = {"transfers": Capability(0)}

    assert not [need for need in needs(recipient) if need.field.startswith("business_profile")]


def test_the_page_about_requirements_names_every_threshold():
    page = (ROOT / "docs" / "concepts" / "requirements.md").read_text()

    for country, amount in THRESHOLDS.items():
        currency = own_currency(country)
        digits = exponent(currency)
        text = f"{amount / 10**digits:,.{digits}f} {currency}"
        row = next(line for line in page.splitlines() if re.match(rf"\| [^|]*\b{country}\b", line))
        assert text in row, country


def own_currency(country: str) -> str:
    home = country_of(country)
    assert home is not None
    return home.currency
