from __future__ import annotations

import json

import pytest

from counterfoil.accounts.models import Account
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from tests.support.accounts import (
    bank,
    controlled,
    onboarded_company,
    onboarded_individual,
)
from tests.unit.accounts.world import NOW, World


@pytest.mark.parametrize("country", ["US", "GB", "DE"])
@pytest.mark.parametrize("make", [onboarded_individual, onboarded_company])
def test_an_account_with_all_its_details_is_enabled_at_once(world, make, country):
    account = world.create(**make(country))

    assert account["charges_enabled"]
    assert account["payouts_enabled"]
    assert account["details_submitted"]
    assert account["capabilities"] == {"card_payments": "active", "transfers": "active"}
    assert account["requirements"]["currently_due"] == []
    assert account["requirements"]["disabled_reason"] is None
    assert account["external_accounts"]["data"][0]["country"] == country


def test_a_persons_status_is_verified_once_it_matches(world):
    account = world.create(**onboarded_individual())

    person = account["individual"]
    assert person["id"].startswith("person_")
    assert person["account"] == account["id"]
    assert person["verification"]["status"] == "verified"
    assert person["ssn_last_4_provided"]
    assert not person["id_number_provided"]
    assert person["dob"] == {"day": 1, "month": 1, "year": 1901}
    assert "company" not in account


def test_the_ride_hailing_sample_creates_an_account_that_still_has_to_onboard(world):
    account = world.create(
        type="express",
        country="US",
        email="driver@example.com",
        business_type="individual",
        individual={"first_name": "A", "last_name": "B", "email": "driver@example.com"},
    )

    assert not account["details_submitted"]
    assert not account["charges_enabled"]
    assert account["capabilities"] == {"card_payments": "inactive", "transfers": "inactive"}
    assert account["requirements"]["currently_due"] == [
        "business_profile.mcc",
        "business_profile.url",
        "external_account",
        "individual.address.city",
        "individual.address.line1",
        "individual.address.postal_code",
        "individual.address.state",
        "individual.dob.day",
        "individual.dob.month",
        "individual.dob.year",
        "individual.phone",
        "individual.ssn_last_4",
        "tos_acceptance.date",
        "tos_acceptance.ip",
    ]
    assert "dob.day" in account["individual"]["requirements"]["currently_due"]


def test_the_salon_samples_prefilled_account_is_enabled(world):
    token = world.token(
        bank_account={
            "country": "US",
            "currency": "usd",
            "account_holder_name": "Jane Diaz",
            "account_holder_type": "individual",
            "routing_number": "110000000",
            "account_number": "000123456789",
        }
    )
    address = {
        "line1": "address_full_match",
        "city": "San Francisco",
        "state": "CA",
        "postal_code": "94111",
        "country": "US",
    }
    account = world.create(
        country="US",
        email="jane@example.com",
        external_account=token["id"],
        controller={
            "fees": {"payer": "application"},
            "losses": {"payments": "application"},
            "stripe_dashboard": {"type": "none"},
            "requirement_collection": "application",
        },
        business_type="individual",
        business_profile={
            "mcc": "7299",
            "name": "Furs",
            "product_description": "Grooming",
            "support_address": address,
            "support_email": "help@example.com",
            "support_phone": "0000000000",
            "support_url": "https://furs.example.com",
            "url": "https://furs.example.com",
            "annual_revenue": {"amount": 0, "currency": "usd", "fiscal_year_end": "2025-12-31"},
            "estimated_worker_count": 10,
        },
        individual={
            "first_name": "Jane",
            "last_name": "Diaz",
            "id_number": "222222222",
            "ssn_last_4": "2222",
            "dob": {"day": 1, "month": 1, "year": 1902},
            "address": address,
            "phone": "0000000000",
            "email": "jane@example.com",
        },
        company={"tax_id": "222222222", "name": "Furs"},
        settings={
            "card_payments": {"statement_descriptor_prefix": "FURS"},
            "payments": {"statement_descriptor": "FURS SALON"},
            "payouts": {"schedule": {"interval": "manual"}},
        },
        tos_acceptance={
            "date": NOW - 5,
            "ip": "203.0.113.9",
            "service_agreement": "full",
            "user_agent": "Browser",
        },
        capabilities={"card_payments": {"requested": True}, "transfers": {"requested": True}},
        metadata={},
    )

    assert account["charges_enabled"]
    assert account["payouts_enabled"]
    profile = account["business_profile"]
    assert profile["annual_revenue"]["fiscal_year_end"] == "2025-12-31"
    assert profile["estimated_worker_count"] == 10
    assert account["settings"]["card_payments"]["statement_descriptor_prefix"] == "FURS"
    assert account["settings"]["payouts"]["schedule"] == {"delay_days": 2, "interval": "manual"}
    assert account["company"]["tax_id_provided"]
    assert account["tos_acceptance"]["service_agreement"] == "full"
    (held,) = account["external_accounts"]["data"]
    assert held["id"] == token["bank_account"]["id"]


@pytest.mark.parametrize(
    ("type_", "payer", "losses", "collection", "dashboard"),
    [
        ("standard", "account", "stripe", "stripe", "full"),
        ("express", "application_express", "application", "stripe", "express"),
        ("custom", "application_custom", "application", "application", "none"),
    ],
)
def test_each_type_stands_for_roles(world, type_, payer, losses, collection, dashboard):
    account = world.create(type=type_)

    assert account["type"] == type_
    assert account["controller"] == {
        "type": "application",
        "is_controller": True,
        "fees": {"payer": payer},
        "losses": {"payments": losses},
        "requirement_collection": collection,
        "stripe_dashboard": {"type": dashboard},
    }
    collects_itself = collection == "application"
    negative = account["settings"]["payouts"]["debit_negative_balances"]
    assert negative is not collects_itself


def test_a_standard_account_without_anything_is_not_onboarded(world):
    account = world.create(type="standard")

    assert not account["details_submitted"]
    assert not account["charges_enabled"]
    assert account["requirements"]["disabled_reason"] == "requirements.past_due"
    assert "business_type" in account["requirements"]["currently_due"]


def test_roles_may_be_given_one_by_one(world):
    account = world.create(**controlled(onboarded_individual()))

    assert account["type"] == "none"
    assert account["controller"]["fees"] == {"payer": "application"}
    assert account["controller"]["stripe_dashboard"] == {"type": "express"}
    assert account["charges_enabled"]


def test_roles_left_out_are_the_fields_defaults(world):
    for params in ({}, {"controller": {}}, {"controller": {"fees": {}}}):
        account = world.create(**params)

        assert account["type"] == "none"
        assert account["controller"]["fees"] == {"payer": "account"}
        assert account["controller"]["losses"] == {"payments": "stripe"}
        assert account["controller"]["requirement_collection"] == "stripe"
        assert account["controller"]["stripe_dashboard"] == {"type": "full"}


@pytest.mark.parametrize(
    ("params", "param", "code"),
    [
        ({"type": "express", "controller": {}}, "type", "parameters_exclusive"),
        (
            {"controller": {"losses": {"payments": "application"}}},
            "controller[fees][payer]",
            None,
        ),
        (
            {"controller": {"requirement_collection": "application"}},
            "controller[requirement_collection]",
            None,
        ),
        (
            {
                "controller": {
                    "fees": {"payer": "application"},
                    "losses": {"payments": "application"},
                    "requirement_collection": "application",
                    "stripe_dashboard": {"type": "express"},
                }
            },
            "controller[requirement_collection]",
            None,
        ),
        ({"country": "us"}, "country", "country_unsupported"),
        ({"country": "KP"}, "country", "country_unsupported"),
    ],
)
def test_what_does_not_go_together_is_refused(world, params, param, code):
    with pytest.raises(InvalidRequest) as refusal:
        world.create(**params)

    assert refusal.value.param == param
    assert refusal.value.code == code
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("country", "currency", "delay_days"),
    [("US", "usd", 2), ("GB", "gbp", 7), ("DE", "eur", 7), ("BR", "brl", 30)],
)
def test_a_country_brings_its_currency_and_delay(world, country, currency, delay_days):
    account = world.create(type="express", country=country)

    assert account["default_currency"] == currency
    assert account["settings"]["payouts"]["schedule"] == {
        "delay_days": delay_days,
        "interval": "daily",
    }


def test_where_daily_payouts_are_not_offered_they_begin_weekly(world):
    account = world.create(type="express", country="JP")

    assert account["default_currency"] == "jpy"
    assert account["settings"]["payouts"]["schedule"] == {
        "delay_days": 4,
        "interval": "weekly",
        "weekly_anchor": "friday",
        "weekly_payout_days": ["friday"],
    }


def test_the_country_is_the_platforms_unless_given(db):
    account = World(country="DE").create(type="express")

    assert (account["country"], account["default_currency"]) == ("DE", "eur")


def test_accounts_with_a_dashboard_ask_for_the_usual_capabilities(world):
    assert set(world.create(type="express")["capabilities"]) == {"card_payments", "transfers"}
    assert set(world.create(type="standard")["capabilities"]) == {"card_payments", "transfers"}
    assert set(world.create(type="express", country="NG")["capabilities"]) == {"transfers"}


def test_an_account_without_a_dashboard_asks_for_nothing_unasked(world):
    params = onboarded_individual(type="custom", capabilities=None)
    account = world.create(**params)

    assert account["capabilities"] == {}
    assert account["details_submitted"]
    assert not account["payouts_enabled"]
    due = account["requirements"]
    assert due["disabled_reason"] == "action_required.requested_capabilities"


def test_a_recipient_receives_transfers_and_takes_no_payments(world):
    params = onboarded_individual(
        business_profile=None,
        capabilities={"transfers": {"requested": True}},
        tos_acceptance={"date": NOW, "ip": "203.0.113.7", "service_agreement": "recipient"},
    )
    account = world.create(**params)

    assert account["capabilities"] == {"transfers": "active"}
    assert account["payouts_enabled"]
    assert not account["charges_enabled"]


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        (
            {"tos_acceptance": {"service_agreement": "recipient"}},
            "capabilities[card_payments][requested]",
        ),
        ({"country": "NG"}, "capabilities[card_payments][requested]"),
        (
            {"capabilities": {"card_payments": {"requested": True}}},
            "capabilities[transfers][requested]",
        ),
        (
            {"capabilities": {"teleportation": {"requested": True}}},
            "capabilities[teleportation]",
        ),
    ],
)
def test_capabilities_that_an_account_cannot_have_are_refused(world, changes, param):
    both = {"card_payments": {"requested": True}, "transfers": {"requested": True}}
    with pytest.raises(InvalidRequest) as refusal:
        world.create(**({"type": "express", "capabilities": both} | changes))

    assert refusal.value.param == param


def test_another_capability_follows_the_same_details(world):
    wanted = {name: {"requested": True} for name in ("transfers", "sepa_debit_payments")}
    account = world.create(**onboarded_individual(capabilities=wanted))

    assert account["capabilities"] == {"sepa_debit_payments": "active", "transfers": "active"}
    assert account["charges_enabled"]


def test_live_mode_waits_for_an_operator(db):
    live = World(livemode=True)
    account = live.create(
        **onboarded_company("DE", external_account=bank("DE"))
        | {"company": onboarded_company("DE")["company"] | {"phone": "+49 30 901820"}}
    )

    assert account["details_submitted"]
    assert not account["charges_enabled"]
    assert not account["payouts_enabled"]
    assert account["capabilities"] == {"card_payments": "pending", "transfers": "pending"}
    assert account["requirements"]["disabled_reason"] == "requirements.pending_verification"


def test_in_live_mode_the_test_phone_number_is_none(db):
    with pytest.raises(InvalidRequest, match="not a valid phone number"):
        World(livemode=True).create(type="express", individual={"phone": "0000000000"})


def test_what_is_told_of_an_account_enabled_at_once(world):
    account = world.create(**onboarded_individual())

    events = world.events(account["id"])
    assert [event.type for event in events] == [
        "account.application.authorized",
        "account.external_account.created",
        "account.updated",
        "capability.updated",
        "capability.updated",
    ]
    application = json.loads(events[0].object)
    assert application["name"] == "Bowls & Co"
    assert application["id"].removeprefix("ca_") == world.platform.id.removeprefix("acct_")
    previous = json.loads(events[2].previous_attributes)
    assert previous["charges_enabled"] is False
    assert previous["details_submitted"] is False
    assert json.loads(events[3].object)["status"] == "active"
    assert json.loads(events[3].previous_attributes)["status"] == "unrequested"


def test_what_is_told_of_an_account_that_still_has_to_onboard(world):
    account = world.create(type="express")

    assert world.event_types(account["id"]) == ["account.application.authorized"]


def test_a_refused_bank_account_leaves_no_account_behind(world):
    with pytest.raises(ResourceMissing):
        world.create(**onboarded_individual(external_account="btok_nobody"))

    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("params", "name"),
    [
        ({"settings": {"dashboard": {"display_name": "Shown"}}}, "Shown"),
        ({}, "Rosen Ceramics"),
        ({"business_profile": {"mcc": "5970"}}, "Jenny Rosen"),
        ({"business_profile": {"mcc": "5970"}, "individual": None}, "jenny@example.com"),
    ],
)
def test_an_account_is_called_by_what_is_known_of_it(world, params, name):
    account = world.create(**onboarded_individual(**params))

    assert account["settings"]["dashboard"]["display_name"] == name
    assert world.row(account["id"]).display_name == name


def test_sign_in_codes_go_to_the_holders_phone(world):
    person = onboarded_individual()["individual"] | {"phone": "(415) 555-2671"}
    in_person = world.create(**onboarded_individual(individual=person))
    company = world.create(**onboarded_company())

    assert world.row(in_person["id"]).phone == "+14155552671"
    assert in_person["individual"]["phone"] == "(415) 555-2671"
    assert world.row(company["id"]).phone == "+10000000000"
