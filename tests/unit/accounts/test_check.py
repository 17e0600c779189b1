"""Earnings by day are held to the balance transactions, on each owner's own calendar."""

from __future__ import annotations

import pytest

from counterfoil.accounts.models import Account
from counterfoil.kit.db import execute, insert_rows
from counterfoil.ledger.volumes import rebuild_daily_volume
from tests.support.books import DAY, NOW, PLATFORM, SELLER, TODAY, broken, charge, payout, post

pytestmark = pytest.mark.django_db
LATE = TODAY + DAY - 1800  # 23:30 UTC: already tomorrow in Berlin, still today in New York


def seller_in(zone: str) -> None:
    Account.objects.create(
        id=SELLER,
        platform_id=PLATFORM,
        livemode=False,
        created=NOW,
        type="express",
        fees_payer="application",
        losses_payments="application",
        requirement_collection="stripe",
        dashboard_type="express",
        country="DE",
        default_currency="eur",
        timezone=zone,
    )


@pytest.fixture
def earnings():
    seller_in("Europe/Berlin")
    post(charge("1"), charge("2", PLATFORM), at=NOW, acct_seller="Europe/Berlin")
    post(charge("3"), payout("1"), at=LATE, acct_seller="Europe/Berlin")


def test_earnings_kept_by_the_owners_calendar_hold(earnings):
    assert broken() == set()


@pytest.mark.parametrize("column", ["gross", "fee", "net", "count"])
def test_a_changed_total_is_seen(earnings, column):
    changed = execute(
        f"UPDATE ledger_dailyvolume SET {column} = {column} + 1 WHERE owner = %s", [SELLER]
    )

    assert changed == 2
    assert broken() == {"daily_volume"}


def test_a_lost_day_is_seen(earnings):
    execute("DELETE FROM ledger_dailyvolume WHERE owner = %s", [PLATFORM])

    assert broken() == {"daily_volume"}


def test_a_day_without_earnings_is_seen(earnings):
    columns = ("owner", "livemode", "currency", "day", "spread", "gross", "fee", "net", "count")
    row = ("acct_nobody", False, "usd", 20_000, 0, 1, 0, 1, 1)
    insert_rows("ledger_dailyvolume", columns, [row])

    assert broken() == {"daily_volume"}


def test_a_time_zone_changed_without_a_rebuild_is_seen(earnings):
    execute("UPDATE accounts_account SET timezone = 'America/New_York'")
    assert broken() == {"daily_volume"}

    rebuild_daily_volume(owner=SELLER, livemode=False, zone="America/New_York")
    assert broken() == set()
