"""/v1/counterfoil/settings: a platform's settings in each mode, and an account's own switches."""

from __future__ import annotations

import pytest

from counterfoil.access.guard import seller_of
from counterfoil.access.sessions import start_session
from counterfoil.platforms.params import FeatureParams
from counterfoil.platforms.settings import Features
from tests.unit.api.caller import CHARGE, assert_refused

SETTINGS = "counterfoil/settings"


def test_settings_begin_with_the_defaults_of_the_design(api):
    shown = api.get(SETTINGS).json

    assert shown["object"] == "counterfoil.settings"
    assert shown["dispute_fees"] == {"usd": {"received": 1500, "countered": 0}}
    assert shown["tariffs"]["default"]["basis_points"] == 290
    assert shown["instant_payouts"]["basis_points"] == 200
    assert set(shown["features"].values()) == {False}


def test_what_is_sent_changes_and_the_rest_stays(api):
    before = api.get(SETTINGS).json
    changes = {
        "features": {"view_payments": True},
        "tariffs": {"DE": {"basis_points": 150, "fixed": 25}},
        "dispute_fees": {"EUR": {"received": 2000}},
        "instant_payouts": {"basis_points": 100, "daily_limits": {"usd": 50_000}},
        "exchange": {"values": {"eur": "1.20"}, "margin_basis_points": 200},
        "settlement_currencies": ["eur", "EUR"],
        "topup_bank_details": {"usd": "Bazaar Inc., account 1234"},
        "large_refunds": {"EUR": 20_000},
        "replaced_contact_hold_days": 3,
        "second_factor": "required",
        "support": {"email": "help@bazaar.example", "url": "https://bazaar.example/help"},
    }
    after = api.post(SETTINGS, changes).json

    assert after == api.get(SETTINGS).json
    assert after["features"] == before["features"] | {"view_payments": True}
    assert after["tariffs"] == before["tariffs"] | {
        "DE": before["tariffs"]["default"] | {"basis_points": 150, "fixed": 25}
    }
    assert after["dispute_fees"] == before["dispute_fees"] | {
        "eur": {"received": 2000, "countered": 0}
    }
    assert after["instant_payouts"] == {
        "basis_points": 100,
        "provider_basis_points": 0,
        "daily_limits": {"usd": 50_000},
    }
    assert after["exchange"] == {"values": {"eur": "1.20"}, "margin_basis_points": 200}
    assert after["settlement_currencies"] == ["eur"]
    assert after["topup_bank_details"] == {"usd": "Bazaar Inc., account 1234"}
    assert (before["large_refunds"], after["large_refunds"]) == ({}, {"eur": 20_000})
    assert (before["replaced_contact_hold_days"], after["replaced_contact_hold_days"]) == (7, 3)
    assert (before["second_factor"], after["second_factor"]) == ("encouraged", "required")
    assert (before["support"], after["support"]) == ({}, changes["support"])
    one = api.post(SETTINGS, {"support": {"url": ""}}).json
    assert one["support"] == {"email": "help@bazaar.example"}
    kept = api.post(SETTINGS, {"features": {"view_payments": False}}).json
    assert kept["second_factor"] == "required"
    assert (
        api.post(SETTINGS, {"features": {"view_payments": False}}).json[
            "replaced_contact_hold_days"
        ]
        == 3
    )


def test_an_empty_value_takes_back_what_was_set(api):
    first = api.get(SETTINGS).json
    api.post(
        SETTINGS,
        {
            "features": {"view_payments": True},
            "tariffs": {"DE": {"fixed": 1}},
            "dispute_fees": {"eur": {"received": 1}},
            "instant_payouts": {"daily_limits": {"usd": 1}},
            "exchange": {"values": {"eur": "2"}},
            "settlement_currencies": ["eur"],
            "topup_bank_details": {"usd": "Here"},
        },
    )
    emptied = {
        "features": {"view_payments": ""},
        "tariffs": {"DE": ""},
        "dispute_fees": {"eur": ""},
        "instant_payouts": {"daily_limits": {"usd": ""}},
        "exchange": {"values": {"eur": ""}},
        "settlement_currencies": "",
        "topup_bank_details": {"usd": ""},
    }
    assert api.post(SETTINGS, emptied).json == first


def test_a_tariff_counts_for_the_next_charge(api):
    def fee() -> int:
        made = api.post("charges", CHARGE | {"expand": ["balance_transaction"]})
        return made.json["balance_transaction"]["fee"]

    assert fee() == 59
    api.post(SETTINGS, {"tariffs": {"default": {"basis_points": 100, "fixed": 5}}})
    assert fee() == 15


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"tariffs": {"usa": {"fixed": 1}}}, "tariffs[usa]"),
        ({"tariffs": {"US": {"fixed": -1}}}, "tariffs[US][fixed]"),
        ({"tariffs": {"US": {"basis_points": 10_001}}}, "tariffs[US][basis_points]"),
        ({"dispute_fees": {"zzz": {"received": 1}}}, "dispute_fees[zzz]"),
        ({"instant_payouts": {"daily_limits": {"zzz": 1}}}, "instant_payouts[daily_limits][zzz]"),
        ({"exchange": {"values": {"eur": "0"}}}, "exchange[values][eur]"),
        ({"exchange": {"values": {"eur": "dear"}}}, "exchange[values][eur]"),
        ({"exchange": {"margin_basis_points": 5001}}, "exchange[margin_basis_points]"),
        ({"settlement_currencies": ["usd", "zzz"]}, "settlement_currencies[1]"),
        ({"support": {"email": "ada"}}, "support[email]"),
        ({"support": {"url": "javascript:alert(1)"}}, "support[url]"),
        ({"support": {"fax": "1"}}, "support[fax]"),
        ({"topup_bank_details": {"zzz": "Here"}}, "topup_bank_details[zzz]"),
        ({"features": {"view_payments": "maybe"}}, "features[view_payments]"),
        ({"features": {"view_everything": True}}, "features[view_everything]"),
    ],
    ids=str,
)
def test_a_bad_value_is_refused_and_nothing_changes(api, change, param):
    before = api.get(SETTINGS).json
    answer = api.post(SETTINGS, {"topup_bank_details": {"usd": "Here"}} | change)

    assert (answer.status, answer.error["param"]) == (400, param)
    assert api.get(SETTINGS).json == before


def test_a_test_key_changes_nothing_live(api):
    live = api.with_key(api.world.made.secret_live.text)
    before = live.get(SETTINGS).json
    assert before["livemode"] is True

    api.post(SETTINGS, {"topup_bank_details": {"usd": "Somebody else's"}})
    assert live.get(SETTINGS).json == before
    live.post(SETTINGS, {"features": {"manual_payouts": True}})
    assert api.get(SETTINGS).json["features"]["manual_payouts"] is False


def test_an_account_follows_its_platform_but_for_its_own_switches(api):
    seller, other = api.world.seller(), api.world.seller()
    api.post(SETTINGS, {"features": {"view_payments": True, "issue_refunds": True}})
    shown = api.post(
        SETTINGS, {"features": {"issue_refunds": False, "manual_payouts": True}}, on=seller
    ).json

    assert shown["own_features"] == {"issue_refunds": False, "manual_payouts": True}
    on = {name for name, is_on in shown["features"].items() if is_on}
    assert on == {"view_payments", "manual_payouts"}
    assert api.get(SETTINGS, on=seller).json == shown
    assert api.get(SETTINGS, on=other).json["own_features"] == {}
    assert dashboard_features(api.world.id, seller).manual_payouts is True
    assert dashboard_features(api.world.id, seller).issue_refunds is False
    assert dashboard_features(api.world.id, other).issue_refunds is True

    again = {"features": {"issue_refunds": "", "manual_payouts": ""}}
    assert api.post(SETTINGS, again, on=seller).json["own_features"] == {}
    assert dashboard_features(api.world.id, seller).issue_refunds is True


def test_every_feature_there_is_can_be_switched():
    assert FeatureParams.__struct_fields__ == Features.__struct_fields__


def test_what_all_accounts_share_is_not_set_for_one(api):
    seller = api.world.seller()
    refused = api.post(SETTINGS, {"tariffs": {"US": {"fixed": 1}}}, on=seller)

    assert_refused(
        refused, 400, "platform_account_required", param="tariffs", says="Stripe-Account"
    )


def dashboard_features(platform_id, account_id):
    """As the dashboard's guard resolves them for somebody who is signed in."""
    token = start_session(
        account_id=account_id,
        platform_id=platform_id,
        livemode=False,
        redirect_url=None,
        ip=None,
        user_agent=None,
        now_wall=1_900_000_000,
    )
    return seller_of(token, now_wall=1_900_000_000).features
