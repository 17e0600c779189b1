from __future__ import annotations

import json

import pytest

from counterfoil.accounts.models import ExternalAccount
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.ledger.models import DailyVolume
from tests.support.accounts import address, bank, onboarded_company, onboarded_individual
from tests.support.books import charge, post
from tests.unit.accounts.world import NOW, World


@pytest.fixture
def seller(world) -> dict:
    return world.create(**onboarded_individual(metadata={"tier": "gold"}))


def test_what_is_not_sent_stays(world, seller):
    account = world.update(seller["id"], individual={"last_name": "Diaz"})

    assert account["individual"]["last_name"] == "Diaz"
    assert account["individual"]["first_name"] == "Jenny"
    assert account["individual"]["address"] == seller["individual"]["address"]
    assert account["business_profile"] == seller["business_profile"]
    assert account["metadata"] == {"tier": "gold"}
    assert account["charges_enabled"]


def test_nothing_sent_changes_nothing(world, seller):
    before, told = world.row(seller["id"]).revision, world.event_types(seller["id"])

    assert world.update(seller["id"]) == seller
    assert world.row(seller["id"]).revision == before
    assert world.event_types(seller["id"]) == told


def test_an_empty_text_unsets(world, seller):
    account = world.update(
        seller["id"],
        email="",
        business_profile={"product_description": "", "support_email": ""},
        individual={"dob": ""},
        metadata={"tier": ""},
    )

    assert account["email"] is None
    assert account["business_profile"]["product_description"] is None
    assert account["individual"]["dob"] == {"day": None, "month": None, "year": None}
    assert account["metadata"] == {}
    assert account["requirements"]["currently_due"] == [
        "individual.dob.day",
        "individual.dob.month",
        "individual.dob.year",
    ]
    assert not account["charges_enabled"]
    assert account["details_submitted"], "the form was finished once"


def test_an_identity_number_can_be_taken_back(world, seller):
    account = world.update(seller["id"], individual={"ssn_last_4": ""})

    assert not account["individual"]["ssn_last_4_provided"]
    assert account["requirements"]["currently_due"] == ["individual.ssn_last_4"]


def test_metadata_is_merged_key_by_key(world, seller):
    assert world.update(seller["id"], metadata={"flag": "true"})["metadata"] == {
        "tier": "gold",
        "flag": "true",
    }
    assert world.update(seller["id"], metadata={"flag": ""})["metadata"] == {"tier": "gold"}
    assert world.update(seller["id"], metadata="")["metadata"] == {}


@pytest.mark.parametrize(
    ("metadata", "fits"),
    [
        ({f"key{n}": "x" for n in range(50)}, True),
        ({f"key{n}": "x" for n in range(51)}, False),
        ({"k" * 40: "x"}, True),
        ({"k" * 41: "x"}, False),
        ({"k": "x" * 500}, True),
        ({"k": "x" * 501}, False),
        ({"k[": "x"}, False),
        ({"k]": "x"}, False),
    ],
)
def test_metadata_has_limits(world, metadata, fits):
    account = world.create(type="express")
    if fits:
        assert world.update(account["id"], metadata=metadata)["metadata"] == metadata
        return
    with pytest.raises(InvalidRequest) as refusal:
        world.update(account["id"], metadata=metadata)
    assert refusal.value.param.startswith("metadata")


def test_the_missing_details_enable_an_account_later(world):
    params = onboarded_individual()
    account = world.create(type="express")
    del params["type"], params["country"]

    enabled = world.update(account["id"], **params)

    assert enabled["charges_enabled"]
    assert enabled["payouts_enabled"]
    told = world.events(account["id"])[1:]
    assert [event.type for event in told] == [
        "account.external_account.created",
        "account.updated",
        "capability.updated",
        "capability.updated",
    ]
    previous = json.loads(told[1].previous_attributes)
    assert previous["charges_enabled"] is False
    assert previous["capabilities"] == {"card_payments": "inactive", "transfers": "inactive"}
    assert previous["business_profile"]["mcc"] is None
    assert "external_accounts" not in previous
    assert "email" in previous
    assert "country" not in previous


def test_details_that_do_not_match_restrict_an_enabled_account(world, seller):
    account = world.update(
        seller["id"],
        business_profile={
            "url": "https://inaccessible.stripe.com",
            "support_address": {"line1": "address_no_match"},
        },
        company={"tax_id": "111111111"},
        individual={"address": {"line1": "address_no_match"}},
    )

    assert not account["charges_enabled"]
    assert not account["payouts_enabled"]
    assert account["requirements"]["past_due"] == [
        "business_profile.url",
        "individual.verification.additional_document",
    ]
    assert {error["code"] for error in account["requirements"]["errors"]} == {
        "invalid_url_website_inaccessible",
        "verification_failed_address_match",
    }
    assert account["individual"]["verification"]["status"] == "unverified"
    assert account["individual"]["requirements"]["errors"][0]["requirement"] == (
        "verification.additional_document"
    )


def test_a_tax_id_that_does_not_match_restricts_a_company(world):
    company = world.create(**onboarded_company())

    restricted = world.update(company["id"], company={"tax_id": "111111112"})
    assert restricted["requirements"]["errors"][0]["code"] == (
        "verification_failed_tax_id_not_issued"
    )
    assert not restricted["charges_enabled"]
    assert world.update(company["id"], company={"tax_id": "000000000"})["charges_enabled"]


def test_an_address_without_a_country_is_at_home(world):
    account = world.create(
        **onboarded_individual("DE")
        | {"individual": onboarded_individual("DE")["individual"] | {"address": {"city": "Bonn"}}}
    )

    assert account["individual"]["address"]["country"] == "DE"


def test_a_capability_can_be_requested_and_taken_back(world, seller):
    wanted = world.update(seller["id"], capabilities={"link_payments": {"requested": True}})
    assert wanted["capabilities"]["link_payments"] == "active"

    taken = world.update(seller["id"], capabilities={"link_payments": {"requested": False}})
    assert "link_payments" not in taken["capabilities"]
    last = world.events(seller["id"])[-1]
    assert json.loads(last.object)["status"] == "unrequested"
    assert json.loads(last.previous_attributes)["status"] == "active"

    with pytest.raises(InvalidRequest, match="needs `transfers` too"):
        world.update(seller["id"], capabilities={"transfers": {"requested": False}})


def test_taking_card_payments_back_closes_the_account_to_charges(world, seller):
    account = world.update(seller["id"], capabilities={"card_payments": {"requested": False}})

    assert account["capabilities"] == {"transfers": "active"}
    assert not account["charges_enabled"]
    assert account["payouts_enabled"]
    assert world.row(seller["id"]).card_payments == "unrequested"


def test_each_visible_change_counts_once(world, seller):
    before = world.row(seller["id"]).revision

    world.update(seller["id"], email="new@example.com")
    world.update(seller["id"], email="new@example.com")
    world.update(seller["id"], individual={"dob": {"day": 1, "month": 1, "year": 1902}})

    assert world.row(seller["id"]).revision == before + 2


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ({"interval": "manual"}, {"interval": "manual"}),
        (
            {"interval": "weekly", "weekly_anchor": "friday"},
            {"interval": "weekly", "weekly_anchor": "friday", "weekly_payout_days": ["friday"]},
        ),
        (
            {"interval": "weekly", "weekly_anchor": "sunday"},
            {"interval": "weekly", "weekly_anchor": "sunday"},
        ),
        (
            {"interval": "weekly", "weekly_payout_days": ["friday", "tuesday"]},
            {
                "interval": "weekly",
                "weekly_anchor": "tuesday",
                "weekly_payout_days": ["tuesday", "friday"],
            },
        ),
        (
            {"interval": "monthly", "monthly_anchor": 31},
            {"interval": "monthly", "monthly_anchor": 31, "monthly_payout_days": [31]},
        ),
        (
            {"interval": "monthly", "monthly_payout_days": [15, 1]},
            {"interval": "monthly", "monthly_anchor": 1, "monthly_payout_days": [1, 15]},
        ),
        ({"delay_days": 9}, {"interval": "daily", "delay_days": 9}),
        ({"delay_days": "minimum"}, {"interval": "daily", "delay_days": 2}),
    ],
)
def test_payout_schedules_read_back(world, seller, sent, shown):
    account = world.update(seller["id"], settings={"payouts": {"schedule": sent}})

    assert account["settings"]["payouts"]["schedule"] == {"delay_days": 2} | shown


@pytest.mark.parametrize(
    ("sent", "param"),
    [
        ({"interval": "weekly"}, "weekly_anchor"),
        ({"interval": "monthly"}, "monthly_anchor"),
        ({"weekly_anchor": "friday"}, "weekly_anchor"),
        ({"interval": "weekly", "monthly_anchor": 3}, "monthly_anchor"),
        ({"interval": "monthly", "monthly_anchor": 32}, "monthly_anchor"),
        ({"interval": "monthly", "monthly_payout_days": [0]}, "monthly_payout_days"),
        ({"delay_days": 1}, "delay_days"),
        ({"delay_days": 32}, "delay_days"),
    ],
)
def test_payout_schedules_that_make_no_sense_are_refused(world, seller, sent, param):
    with pytest.raises(InvalidRequest) as refusal:
        world.update(seller["id"], settings={"payouts": {"schedule": sent}})

    assert refusal.value.param == f"settings[payouts][schedule][{param}]"


def test_settings_read_back(world, seller):
    account = world.update(
        seller["id"],
        settings={
            "branding": {"icon": "file_abc", "logo": "file_def", "primary_color": "#00ff00"},
            "card_payments": {"decline_on": {"avs_failure": True}},
            "dashboard": {"timezone": "Europe/Berlin"},
            "payouts": {"debit_negative_balances": False, "statement_descriptor": "BOWLS"},
        },
    )

    settings = account["settings"]
    assert settings["branding"] == {
        "icon": "file_abc",
        "logo": "file_def",
        "primary_color": "#00ff00",
        "secondary_color": None,
    }
    assert settings["card_payments"]["decline_on"] == {"avs_failure": True, "cvc_failure": False}
    assert settings["dashboard"]["timezone"] == "Europe/Berlin"
    assert settings["payouts"]["debit_negative_balances"] is False
    assert settings["payouts"]["statement_descriptor"] == "BOWLS"


def test_another_time_zone_counts_earnings_by_its_own_days(world, seller):
    late = NOW - NOW % 86_400 + 86_400 - 1800  # 23:30 UTC
    post(charge("1", seller["id"]), at=late, **{seller["id"]: "Etc/UTC"})
    (utc,) = DailyVolume.objects.filter(owner=seller["id"])

    world.update(seller["id"], settings={"dashboard": {"timezone": "Europe/Berlin"}})

    (local,) = DailyVolume.objects.filter(owner=seller["id"])
    assert local.day == utc.day + 1
    assert local.net == utc.net


def test_a_bank_account_on_the_account_takes_the_defaults_place(world, seller):
    (old,) = seller["external_accounts"]["data"]
    account = world.update(seller["id"], external_account=bank(account_number="000111111116"))

    (new,) = account["external_accounts"]["data"]
    assert new["id"] != old["id"]
    assert new["last4"] == "1116"
    assert new["default_for_currency"]
    assert world.event_types(seller["id"])[-2:] == [
        "account.external_account.deleted",
        "account.external_account.created",
    ]


def test_the_same_bank_account_again_changes_nothing(world, seller):
    told = world.event_types(seller["id"])

    assert world.update(seller["id"], external_account=bank()) == seller
    assert world.event_types(seller["id"]) == told
    assert ExternalAccount.objects.filter(account_id=seller["id"]).count() == 1


def test_a_bank_account_of_another_currency_replaces_none(world, seller):
    account = world.update(seller["id"], external_account=bank("DE"))

    currencies = {one["currency"] for one in account["external_accounts"]["data"]}
    assert currencies == {"usd", "eur"}
    assert all(one["default_for_currency"] for one in account["external_accounts"]["data"])


def test_an_empty_external_account_says_how_to_remove_one(world, seller):
    with pytest.raises(InvalidRequest, match="delete it under") as refusal:
        world.update(seller["id"], external_account="")
    assert refusal.value.code == "parameter_invalid_empty"


def test_the_business_type_may_change(world, seller):
    params = onboarded_company()
    account = world.update(seller["id"], business_type="company", company=params["company"])

    assert account["charges_enabled"]
    assert account["company"]["name"] == "Rosen Ceramics"
    assert "individual" not in account


def test_another_platforms_account_is_not_there(world, seller):
    for stranger in (World(), World(livemode=True)):
        with pytest.raises(ResourceMissing) as refusal:
            stranger.update(seller["id"], email="x@example.com")
        assert refusal.value.code == "resource_missing"
        assert refusal.value.message == f"No such account: '{seller['id']}'"


def test_the_whole_number_outranks_its_last_four_digits(world, seller):
    wrong = world.update(seller["id"], individual={"ssn_last_4": "1111"})
    assert not wrong["charges_enabled"]

    right = world.update(seller["id"], individual={"id_number": "000000000"})
    assert right["charges_enabled"]
    assert right["individual"]["id_number_provided"]


def test_every_address_of_a_company_reads_back(world):
    company = onboarded_company()["company"] | {
        "administrative_address": address(line1="1 Side Street"),
        "registration_date": {"day": 3, "month": 4, "year": 2001},
        "structure": "llc",
        "owners_provided": True,
        "ownership_declaration": {"date": NOW, "ip": "203.0.113.7"},
        "vat_id": "123",
        "registration_number": "HRB 1",
    }
    shown = world.create(**onboarded_company(company=company))["company"]

    assert shown["administrative_address"]["line1"] == "1 Side Street"
    assert shown["registration_date"] == {"day": 3, "month": 4, "year": 2001}
    assert shown["structure"] == "llc"
    assert shown["owners_provided"]
    assert shown["vat_id_provided"]
    assert shown["ownership_declaration"]["ip"] == "203.0.113.7"
