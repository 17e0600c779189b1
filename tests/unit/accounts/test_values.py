from __future__ import annotations

import pytest

from counterfoil.kit.refused import InvalidRequest


@pytest.mark.parametrize(
    ("sent", "param", "code", "words"),
    [
        ({"email": "nobody"}, "email", "email_invalid", "Invalid email address: nobody"),
        (
            {"individual": {"email": "a@"}},
            "individual[email]",
            "email_invalid",
            "Invalid email address: a@",
        ),
        (
            {"individual": {"phone": "call me"}},
            "individual[phone]",
            None,
            "Send it with its country code",
        ),
        ({"company": {"phone": "12"}}, "company[phone]", None, "not a valid phone number"),
        (
            {"business_profile": {"url": "nothing"}},
            "business_profile[url]",
            "url_invalid",
            "https://example.com",
        ),
        (
            {"business_profile": {"url": "ftp://example.com"}},
            "business_profile[url]",
            "url_invalid",
            "https://example.com",
        ),
        ({"business_profile": {"mcc": "59"}}, "business_profile[mcc]", None, "four digits"),
        (
            {"business_profile": {"support_address": {"country": "Germany"}}},
            "business_profile[support_address][country]",
            "country_unsupported",
            "two-letter code",
        ),
        (
            {
                "business_profile": {
                    "annual_revenue": {"amount": 1, "currency": "usd", "fiscal_year_end": "2025"}
                }
            },
            "business_profile[annual_revenue][fiscal_year_end]",
            None,
            "2025-12-31",
        ),
        (
            {"business_profile": {"estimated_worker_count": -1}},
            "business_profile[estimated_worker_count]",
            None,
            "from 0",
        ),
        (
            {"individual": {"dob": {"day": 30, "month": 2, "year": 1990}}},
            "individual[dob]",
            None,
            "not a day of the calendar",
        ),
        (
            {"individual": {"dob": {"day": 1, "month": 1, "year": 1850}}},
            "individual[dob]",
            None,
            "between 1900-01-01 and today",
        ),
        (
            {"individual": {"dob": {"day": 1, "month": 1, "year": 2030}}},
            "individual[dob]",
            None,
            "between 1900-01-01 and today",
        ),
        ({"individual": {"ssn_last_4": "12"}}, "individual[ssn_last_4]", None, "last four digits"),
        ({"individual": {"id_number": "1234"}}, "individual[id_number]", None, "nine digits"),
        ({"company": {"tax_id": "1234"}}, "company[tax_id]", "tax_id_invalid", "tax id"),
        (
            {"individual": {"relationship": {"percent_ownership": 101}}},
            "individual[relationship][percent_ownership]",
            None,
            "from 0 to 100",
        ),
        ({"tos_acceptance": {"ip": "here"}}, "tos_acceptance[ip]", None, "203.0.113.7"),
        (
            {"tos_acceptance": {"date": 1_760_000_000_000}},
            "tos_acceptance[date]",
            None,
            "not milliseconds",
        ),
        ({"default_currency": "xyz"}, "default_currency", None, "usd or eur"),
        (
            {"settings": {"branding": {"primary_color": "blue"}}},
            "settings[branding][primary_color]",
            None,
            "#3b5bdb",
        ),
        (
            {"settings": {"branding": {"icon": "logo.png"}}},
            "settings[branding][icon]",
            None,
            "id of a file",
        ),
        (
            {"settings": {"dashboard": {"timezone": "Berlin"}}},
            "settings[dashboard][timezone]",
            None,
            "Europe/Berlin",
        ),
        (
            {"settings": {"payments": {"statement_descriptor": "1234567"}}},
            "settings[payments][statement_descriptor]",
            None,
            "at least one of them a letter",
        ),
        (
            {"settings": {"payments": {"statement_descriptor": "BO*WLS"}}},
            "settings[payments][statement_descriptor]",
            None,
            "5 to 22",
        ),
        (
            {"settings": {"card_payments": {"statement_descriptor_prefix": "ABCDEFGHIJK"}}},
            "settings[card_payments][statement_descriptor_prefix]",
            None,
            "2 to 10",
        ),
        ({"business_profile": {"name": "x" * 501}}, "business_profile[name]", None, "at most 500"),
        ({"company": {"name": "a\0b"}}, "company[name]", None, "NUL"),
        (
            {"individual": {"full_name_aliases": ["x" * 501]}},
            "individual[full_name_aliases]",
            None,
            "at most 500",
        ),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_its_name(world, sent, param, code, words):
    account = world.create(type="express")
    row = world.row(account["id"])

    with pytest.raises(InvalidRequest) as refusal:
        world.update(account["id"], **sent)

    assert refusal.value.param == param
    assert refusal.value.code == code
    assert words in refusal.value.message
    assert world.row(account["id"]).profile == row.profile


@pytest.mark.parametrize(
    "sent",
    [
        {"business_profile": {"url": "example.com/shop"}},
        {"business_profile": {"url": "http://example.com"}},
        {"business_profile": {"product_description": "x" * 5000}},
        {"individual": {"phone": "+49 30 901820"}},
        {"individual": {"phone": "000-000-0000"}},
        {"individual": {"id_number": "000-00-0000"}},
        {"tos_acceptance": {"ip": "2001:db8::1"}},
        {"settings": {"payments": {"statement_descriptor": "BOWLS.EXAMPLE"}}},
        {"default_currency": "EUR"},
    ],
)
def test_a_value_that_makes_sense_is_taken(world, sent):
    account = world.create(type="express")

    world.update(account["id"], **sent)


def test_elsewhere_identity_numbers_have_other_shapes(world):
    account = world.create(type="express", country="DE")

    world.update(
        account["id"], company={"tax_id": "HRB 123456"}, individual={"id_number": "L01X00T47"}
    )
