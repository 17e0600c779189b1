"""On which days schedules run (reference money-movement §6.2), as tables of dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from counterfoil.accounts.payout_schedule import (
    check_interval,
    first_schedule,
    next_run,
    runs_on,
)
from counterfoil.accounts.profile import Schedule
from counterfoil.kit.refused import InvalidRequest

DAILY = Schedule()
FRIDAYS = Schedule("weekly", weekly_payout_days=["friday"])
SATURDAYS = Schedule("weekly", weekly_anchor="saturday")
TWICE_A_WEEK = Schedule("weekly", weekly_payout_days=["monday", "thursday"])
LAST_DAY = Schedule("monthly", monthly_payout_days=[31])
TWICE_A_MONTH = Schedule("monthly", monthly_payout_days=[1, 15])
THIRTIETH = Schedule("monthly", monthly_anchor=30)


def start(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def runs(schedule: Schedule, country: str, first: str, last: str) -> list[str]:
    """Every run in a range of days, each found from the one before."""
    moment, found = start(first) - 1, []
    while (moment := next_run(schedule, country=country, after=moment) or 0) < start(last):
        assert moment % 86_400 == 0
        found.append(datetime.fromtimestamp(moment, UTC).date().isoformat())
    return found


@pytest.mark.parametrize(
    ("schedule", "country", "first", "last", "expected"),
    [
        # Tuesday 11 November 2025 is a holiday in the US.
        (DAILY, "US", "2025-11-06", "2025-11-14", "06 07 10 12 13"),
        (DAILY, "DE", "2025-11-06", "2025-11-14", "06 07 10 11 12 13"),
        (FRIDAYS, "US", "2025-11-01", "2025-12-01", "07 14 21 28"),
        (SATURDAYS, "US", "2025-11-01", "2025-12-01", "03 10 17 24"),
        (TWICE_A_WEEK, "US", "2025-11-24", "2025-12-01", "24 28"),  # Thanksgiving, so Friday
        (TWICE_A_WEEK, "GB", "2025-12-22", "2026-01-01", "22 29"),  # Thursday is Christmas
        # February has no 31st, April ends on Thursday the 30th, May on a Sunday.
        # 31 January and 28 February are Saturdays.
        (LAST_DAY, "US", "2026-02-01", "2026-03-01", "02"),
        (LAST_DAY, "US", "2026-03-01", "2026-04-01", "02 31"),
        (LAST_DAY, "US", "2026-04-01", "2026-05-01", "30"),
        (LAST_DAY, "US", "2026-06-01", "2026-07-01", "01 30"),
        (LAST_DAY, "US", "2028-02-01", "2028-03-01", "29"),  # a leap year
        (TWICE_A_MONTH, "DE", "2026-05-01", "2026-06-01", "04 15"),  # 1 May is a holiday
        (TWICE_A_MONTH, "US", "2026-08-01", "2026-09-01", "03 17"),  # both on a Saturday
        (THIRTIETH, "US", "2026-02-20", "2026-04-01", "02 30"),
        (THIRTIETH, "GB", "2026-01-01", "2026-02-01", "30"),
    ],
)
def test_runs_fall_on_business_days(schedule, country, first, last, expected):
    days = [day[-2:] for day in runs(schedule, country, first, last)]
    assert days == expected.split()


def test_a_manual_schedule_never_runs():
    assert next_run(Schedule("manual"), country="US", after=start("2025-11-03")) is None
    assert not runs_on(Schedule("manual"), date(2025, 11, 3), country="US")


def test_a_run_is_strictly_later_than_the_moment():
    monday = start("2025-11-03")
    assert next_run(DAILY, country="US", after=monday) == start("2025-11-04")
    assert next_run(DAILY, country="US", after=monday - 1) == monday
    assert next_run(DAILY, country="US", after=monday + 86_399) == start("2025-11-04")


@pytest.mark.parametrize("schedule", [DAILY, FRIDAYS, TWICE_A_WEEK, LAST_DAY, TWICE_A_MONTH])
@pytest.mark.parametrize("country", ["US", "DE", "JP"])
def test_the_next_run_is_the_first_day_that_has_one(schedule, country):
    day = date(2025, 12, 20)
    for _ in range(60):
        following = day + timedelta(days=1)
        while not runs_on(schedule, following, country=country):
            following += timedelta(days=1)
        moment = start(day.isoformat()) + 12 * 3600
        assert next_run(schedule, country=country, after=moment) == start(following.isoformat())
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("country", "interval"), [("US", "daily"), ("DE", "daily"), ("BR", "daily"), ("JP", "weekly")]
)
def test_new_accounts_begin_with_what_their_country_offers(country, interval):
    schedule = first_schedule(country)
    assert schedule.interval == interval
    check_interval(schedule, country=country, param="interval")


@pytest.mark.parametrize(
    ("country", "interval", "offered"),
    [
        ("JP", "daily", "weekly or monthly or manual"),
        ("BR", "manual", "daily"),
        ("IN", "weekly", "daily"),
    ],
)
def test_some_countries_offer_less(country, interval, offered):
    with pytest.raises(InvalidRequest, match=f"In {country}, payouts can be {offered}") as refusal:
        check_interval(Schedule(interval), country=country, param="interval")
    assert refusal.value.param == "interval"
    check_interval(Schedule(interval), country="US", param="interval")
