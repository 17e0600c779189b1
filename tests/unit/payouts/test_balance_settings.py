"""Balance settings (reference api.md §3): how an account is paid out."""

from __future__ import annotations

import pytest

from counterfoil.accounts.models import Account
from counterfoil.accounts.profile import read_profile
from counterfoil.accounts.queries import account_by_id
from counterfoil.kit.db import fetch_all
from counterfoil.kit.refused import InvalidRequest
from counterfoil.payouts.operations.settings import pause_payouts, resume_payouts
from counterfoil.payouts.params import PausePayouts
from counterfoil.payouts.settings_wire import balance_settings_wire, platform_balance_settings
from tests.support.builders import shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(world):
    return world.seller()


def settings(world, account_id):
    return shown(balance_settings_wire(account_by_id(world.id, False, account_id)))["payments"]


def told(account_id) -> list[str]:
    rows = fetch_all(
        "SELECT type FROM events_event WHERE account_id = %s ORDER BY created, id", [account_id]
    )
    return [row[0] for row in rows]


def test_a_new_us_account_is_paid_daily(world, ada):
    assert settings(world, ada) == {
        "debit_negative_balances": True,
        "payouts": {
            "automatic_transfer_rules_by_currency": {},
            "minimum_balance_by_currency": None,
            "schedule": {"interval": "daily"},
            "statement_descriptor": None,
            "status": "enabled",
        },
        "settlement_timing": {"delay_days": 2, "start_of_day": None},
    }


def test_all_of_it_can_be_changed(world, ada):
    world.balance_settings(
        ada,
        debit_negative_balances=False,
        payouts={
            "schedule": {"interval": "weekly", "weekly_payout_days": ["friday", "monday"]},
            "minimum_balance_by_currency": {"USD": 5000, "eur": 100},
            "statement_descriptor": "BAZAAR",
        },
        settlement_timing={"delay_days_override": 9},
    )

    assert settings(world, ada) == {
        "debit_negative_balances": False,
        "payouts": {
            "automatic_transfer_rules_by_currency": {},
            "minimum_balance_by_currency": {"usd": 5000, "eur": 100},
            "schedule": {"interval": "weekly", "weekly_payout_days": ["monday", "friday"]},
            "statement_descriptor": "BAZAAR",
            "status": "enabled",
        },
        "settlement_timing": {"delay_days": 9, "delay_days_override": 9, "start_of_day": None},
    }
    assert told(ada)[-2:] == ["account.updated", "balance_settings.updated"]


def test_it_is_the_accounts_own_settings(world, ada):
    world.balance_settings(ada, payouts={"schedule": {"interval": "manual"}})

    account = Account.objects.get(id=ada)
    assert read_profile(account.profile).settings.schedule.interval == "manual"
    assert account.next_payout_at is None


def test_empty_values_take_back(world, ada):
    world.balance_settings(
        ada,
        payouts={"minimum_balance_by_currency": {"usd": 5000, "eur": 100}},
        settlement_timing={"delay_days_override": 9},
    )
    world.balance_settings(ada, payouts={"minimum_balance_by_currency": {"eur": ""}})
    assert settings(world, ada)["payouts"]["minimum_balance_by_currency"] == {"usd": 5000}

    world.balance_settings(
        ada,
        payouts={"minimum_balance_by_currency": "", "statement_descriptor": ""},
        settlement_timing={"delay_days_override": ""},
    )
    found = settings(world, ada)
    assert found["payouts"]["minimum_balance_by_currency"] is None
    assert found["settlement_timing"] == {"delay_days": 2, "start_of_day": None}


def test_nothing_changed_is_not_told(world, ada):
    before = told(ada)
    world.balance_settings(ada, payouts={"schedule": {"interval": "daily"}})
    assert told(ada) == before


def test_a_month_end_is_chosen_by_its_day(world, ada):
    world.schedule(ada, "monthly", monthly_payout_days=[31, 15])
    schedule = settings(world, ada)["payouts"]["schedule"]
    assert schedule == {"interval": "monthly", "monthly_payout_days": [15, 31]}


@pytest.mark.parametrize(
    ("payments", "param"),
    [
        ({"settlement_timing": {"delay_days_override": 1}}, "delay_days_override"),
        ({"settlement_timing": {"delay_days_override": 32}}, "delay_days_override"),
        ({"payouts": {"schedule": {"interval": "weekly"}}}, "weekly_anchor"),
        ({"payouts": {"schedule": {"weekly_payout_days": ["friday"]}}}, "weekly_anchor"),
        ({"payouts": {"schedule": {"interval": "monthly"}}}, "monthly_anchor"),
        ({"payouts": {"minimum_balance_by_currency": {"zzz": 5}}}, "currency"),
    ],
)
def test_what_does_not_fit_is_refused(world, ada, payments, param):
    before = settings(world, ada)
    with pytest.raises(InvalidRequest) as refusal:
        world.balance_settings(ada, **payments)
    assert param in str(refusal.value.param)
    assert settings(world, ada) == before


def test_a_paused_account_is_disabled_everywhere(world, ada):
    scope = world.in_scope(ada)
    pause_payouts(scope=scope, params=PausePayouts(reason="Fraud check"), now=world.now)

    assert settings(world, ada)["payouts"]["status"] == "disabled"
    account = Account.objects.get(id=ada)
    assert not account.payouts_enabled
    assert account.charges_enabled
    requirements = read_profile(account.profile).requirements
    assert requirements.disabled_reason == "platform_paused"
    assert told(ada)[-2:] == ["account.updated", "balance_settings.updated"]

    world.balance_settings(ada, debit_negative_balances=False)
    assert settings(world, ada)["payouts"]["status"] == "disabled", "another change resumes nothing"
    resume_payouts(scope=scope, now=world.now)
    account = Account.objects.get(id=ada)
    assert account.payouts_enabled
    assert read_profile(account.profile).requirements.disabled_reason is None


def test_the_platforms_own_balance_is_not_paid_out_here():
    payments = shown(platform_balance_settings("US"))["payments"]
    assert payments["payouts"]["schedule"] == {"interval": "manual"}
    assert payments["payouts"]["status"] == "disabled"
