from __future__ import annotations

import pytest

from counterfoil.dashboard.queries.balances import BalanceDay, balances
from counterfoil.dashboard.queries.transactions import FeeDetail, TransactionFilter, transactions
from counterfoil.dashboard.queries.volume import SlotNet, first_day, net_by_hour, net_volume
from counterfoil.kit.clock import utc_date
from counterfoil.kit.pages import Cursor, PageRequest
from counterfoil.wording.dates import day_number
from tests.support.books import LATER, payout
from tests.unit.dashboard.world import NOW, OTHER, SELLER, pay, post

pytestmark = pytest.mark.django_db

TODAY = day_number(utc_date(NOW))


def all_pages(*, limit: int, types: tuple[str, ...] = ()) -> list[str]:
    seen, cursor = [], None
    while True:
        page = transactions(
            SELLER,
            livemode=False,
            page=PageRequest(limit=limit, cursor=cursor),
            wanted=TransactionFilter(types=types),
        ).page
        seen += [row.id for row in page.rows]
        if not page.has_more:
            return seen
        cursor = Cursor(page.rows[-1].created, page.rows[-1].id)


def test_days_that_have_come_are_one_balance_and_days_to_come_are_apart():
    pay("old", amount=1059, available_on=NOW - 86_400)
    pay("now", amount=2059, available_on=NOW)
    pay("soon", amount=3059)

    assert balances(SELLER, livemode=False, now=NOW) == [
        BalanceDay("usd", "payments", 0, 3000),
        BalanceDay("usd", "payments", LATER, 3000),
    ]


def test_a_payout_is_on_its_way():
    pay("1", amount=1059, available_on=NOW)
    post(payout("1", amount=300))

    assert balances(SELLER, livemode=False, now=NOW) == [
        BalanceDay("usd", "in_transit", 0, 300),
        BalanceDay("usd", "payments", 0, 700),
    ]


def test_nobody_sees_what_is_not_theirs():
    pay("theirs", OTHER)
    pay("live", livemode=True)
    volume = {"currency": "usd", "days": range(TODAY, TODAY + 1), "days_before": range(TODAY)}

    assert balances(SELLER, livemode=False, now=NOW) == []
    assert net_volume(SELLER, livemode=False, **volume) == ([], 0)
    assert transactions(SELLER, livemode=False, page=PageRequest()).page.rows == []


def test_net_volume_is_summed_by_the_days_of_the_account_and_by_the_period_before():
    pay("1", amount=1059)
    pay("2", amount=1059)
    pay("3", amount=159, at=NOW - 86_400)
    pay("4", amount=259, at=NOW - 5 * 86_400)
    pay("5", amount=9999, currency="eur")

    assert net_volume(
        SELLER,
        livemode=False,
        currency="usd",
        days=range(TODAY - 1, TODAY + 1),
        days_before=range(TODAY - 7, TODAY - 1),
    ) == ([SlotNet(TODAY - 1, 100), SlotNet(TODAY, 2000)], 200)


def test_a_line_brings_the_words_of_its_charge():
    pay("1", description="Order #7")
    pay("2", from_platform=False, at=NOW - 1)
    newest, older = transactions(SELLER, livemode=False, page=PageRequest()).page.rows

    assert (newest.charge_description, newest.from_transfer) == ("Order #7", True)
    assert (older.charge_description, older.from_transfer) == (None, False)
    assert newest.fee_details == (FeeDetail(59, "stripe_fee", "usd", "Processing fee"),)


def test_pages_meet_without_gap_or_overlap():
    for at in range(7):
        pay(f"{at}", at=NOW - at // 3)  # several in one second
    everything = all_pages(limit=100)

    assert len(everything) == 7
    assert all_pages(limit=2) == everything


def test_a_filter_keeps_its_types_in_order():
    for at in range(4):
        pay(f"{at}", at=NOW - at, from_platform=at % 2 == 0)
    post(payout("1"))
    everything = all_pages(limit=100)
    payouts = all_pages(limit=1, types=("payout", "payout_failure"))

    assert len(payouts) == 1
    assert all_pages(limit=3, types=("charge", "payment")) == [
        ident for ident in everything if ident not in payouts
    ]


def test_today_is_summed_by_the_hour_and_payouts_are_not_earned():
    midnight = NOW - 10 * 3600
    pay("1", amount=1059, at=NOW)
    pay("2", amount=159, at=NOW + 3599)
    pay("3", amount=259, at=midnight)
    pay("before", amount=5059, at=midnight - 1)
    post(payout("1", amount=500))

    assert net_by_hour(
        SELLER, livemode=False, currency="usd", midnight=midnight, hours=range(24)
    ) == [SlotNet(0, 200), SlotNet(10, 1100)]


def test_the_first_day_is_the_first_on_which_anything_was_earned():
    assert first_day(SELLER, livemode=False, currency="usd") is None
    pay("1")
    pay("2", at=NOW - 86_400)
    assert first_day(SELLER, livemode=False, currency="usd") == TODAY - 1
    assert first_day(SELLER, livemode=False, currency="eur") is None
