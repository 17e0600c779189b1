"""What the demo's customers do: the same plan every time, at hours when people buy."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from counterfoil.config.demo.history import plan
from counterfoil.config.demo.making import shares
from counterfoil.config.demo.sellers import CAST, cast

DAY = 86_400
NOW = 1_762_164_000  # Monday 3 November 2025, 10:00 UTC


def test_the_same_day_gives_the_same_plan():
    seller, joined = CAST[0], NOW - 270 * DAY

    assert plan(seller, count=50, joined=joined, now=NOW) == plan(
        seller, count=50, joined=joined, now=NOW
    )
    evening = plan(seller, count=50, joined=joined, now=NOW + 8 * 3600)
    assert Counter(one.amount for one in evening) == Counter(
        one.amount for one in plan(seller, count=50, joined=joined, now=NOW)
    )


@pytest.mark.parametrize("count", [0, 1, 7, 500])
def test_a_plan_has_as_many_payments_as_asked_for_in_order(count):
    planned = plan(CAST[2], count=count, joined=NOW - 100 * DAY, now=NOW)

    assert len(planned) == count
    moments = [one.at for one in planned]
    assert moments == sorted(moments)
    assert all(NOW - 100 * DAY < at < NOW for at in moments)
    orders = [one.order for one in planned]
    assert len(set(orders)) == count
    assert orders == sorted(orders)


def test_customers_come_when_people_do():
    planned = plan(CAST[0], count=3000, joined=NOW - 270 * DAY, now=NOW)
    local = [
        datetime.fromtimestamp(one.at, UTC).astimezone(ZoneInfo(CAST[0].timezone))
        for one in planned
    ]

    hours = Counter(moment.hour for moment in local)
    assert sum(hours[hour] for hour in range(18, 23)) > 5 * sum(hours[hour] for hour in range(6))
    days = Counter(moment.weekday() for moment in local)
    assert min(days[5], days[6]) > max(days[0], days[1], days[2])
    by_date = Counter(moment.date() for moment in local)
    assert len(by_date) < 260  # some days are quiet
    third = len(planned) // 3
    span = planned[-1].at - planned[0].at
    assert planned[-third].at - planned[0].at > 0.67 * span  # more at the end than at the start


@pytest.mark.parametrize("accounts", [1, 6, 8, 9, 40])
@pytest.mark.parametrize("payments", [0, 1, 7, 1200])
def test_the_parts_of_the_sellers_make_the_whole(accounts, payments):
    counts = shares(cast(accounts), payments)

    assert len(counts) == accounts
    assert sum(counts.values()) == payments
    assert min(counts.values()) >= 0


def test_the_cast_is_always_the_same_and_nobody_twice():
    assert cast(60) == cast(60)
    assert cast(20) == cast(60)[:20]
    assert len({seller.key for seller in cast(60)}) == 60
