"""A year of one seller per schedule in US, DE, GB and JP: on which days they are paid.

The calendars below are written out by hand from the central banks' published lists for 2026; the
dates are computed from them here, with none of our code.
"""

from __future__ import annotations

import random
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from counterfoil.accounts.models import Account
from counterfoil.kit.db import fetch_all
from tests.support.books import violations
from tests.support.builders import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

YEAR = 2026
BANK_HOLIDAYS = {
    # Federal Reserve: a Saturday holiday (4 July 2026) does not move.
    "US": "01-01 01-19 02-16 05-25 06-19 07-04 09-07 10-12 11-11 11-26 12-25",
    # TARGET.
    "DE": "01-01 04-03 04-06 05-01 12-25 12-26",
    # England: Boxing Day 2026 is a Saturday, its substitute Monday 28 December.
    "GB": "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-26 12-28",
    # Japan, with the bank holidays of the New Year; 22 September lies between two holidays.
    "JP": (
        "01-01 01-02 01-03 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11"
        " 09-21 09-22 09-23 10-12 11-03 11-23 12-31"
    ),
}
# The last days of the year before, and the first of the year after.
AROUND = {"US": "01-01", "DE": "01-01", "GB": "01-01", "JP": "12-31 01-01 01-02 01-03"}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def is_bank_day(day: date, country: str) -> bool:
    closed = BANK_HOLIDAYS[country].split() if day.year == YEAR else AROUND[country].split()
    return day.weekday() < 5 and day.strftime("%m-%d") not in closed


def days_of_the_year() -> Iterator[date]:
    day = date(YEAR, 1, 1)
    while day.year == YEAR:
        yield day
        day += timedelta(days=1)


def moved(day: date, country: str) -> date:
    while not is_bank_day(day, country):
        day += timedelta(days=1)
    return day


def daily(_day: date) -> bool:
    return True


def never(_day: date) -> bool:
    return False


def weekly(*names: str) -> Callable[[date], bool]:
    return lambda day: day.weekday() < 5 and WEEKDAYS[day.weekday()] in names


def monthly(*chosen: int) -> Callable[[date], bool]:
    def scheduled(day: date) -> bool:
        last = monthrange(day.year, day.month)[1]
        return any(min(one, last) == day.day for one in chosen)

    return scheduled


SCHEDULES = {
    "manual": (never, {}),
    "daily": (daily, {}),
    "weekly on Fridays": (weekly("friday"), {"weekly_payout_days": ["friday"]}),
    "weekly on Mondays and Thursdays": (
        weekly("monday", "thursday"),
        {"weekly_payout_days": ["thursday", "monday"]},
    ),
    "weekly on all five days": (weekly(*WEEKDAYS), {"weekly_payout_days": list(WEEKDAYS)}),
    "monthly on the 1st": (monthly(1), {"monthly_payout_days": [1]}),
    "monthly on the 31st": (monthly(31), {"monthly_payout_days": [31]}),
    "monthly on the 15th and 31st": (monthly(15, 31), {"monthly_payout_days": [31, 15]}),
    "monthly on the 29th and 30th": (monthly(29, 30), {"monthly_payout_days": [29, 30]}),
}
CURRENCIES = {"US": "usd", "DE": "eur", "GB": "gbp", "JP": "jpy"}


def start(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def earning_days(name: str, country: str) -> dict[date, int]:
    """Seeded: on about every fourth day of the year the seller gets something."""
    chance = random.Random(f"{name} {country} {YEAR}")
    return {
        day: chance.randrange(1000, 90_000)
        for day in days_of_the_year()
        if chance.random() < 0.25 and day < date(YEAR, 12, 20)
    }


def expected(name: str, country: str, earned: dict[date, int]) -> list[tuple[date, int, date]]:
    """(paid out on, amount, arrives on), by a plain walk over the year."""
    scheduled, _ = SCHEDULES[name]
    # What was scheduled in the last days of the year before may have moved into this one.
    earlier = [date(YEAR - 1, 12, day) for day in range(20, 32)]
    candidates = [*earlier, *days_of_the_year()]
    runs = sorted({moved(day, country) for day in candidates if scheduled(day)})
    waiting, found = dict(earned), []
    for run in runs:
        settled = [day for day in waiting if day < run]  # money of noon is there at midnight
        amount = sum(waiting.pop(day) for day in settled)
        if amount and run.year == YEAR:
            found.append((run, amount, moved(run + timedelta(days=1), country)))
    return found


@pytest.mark.parametrize("country", ["US", "DE", "GB", "JP"])
def test_a_year_of_payouts_falls_on_the_days_that_the_calendar_says(country):
    world = World(
        now=start(date(YEAR - 1, 12, 31)) + 3600,
        country=country,
        default_currency=CURRENCIES[country],
    )
    names = [name for name in SCHEDULES if (country, name) != ("JP", "daily")]
    sellers, earned = {}, {}
    for name in names:
        sellers[name] = world.seller(country)
        world.schedule(sellers[name], name.split()[0], **SCHEDULES[name][1])
        earned[name] = earning_days(name, country)
    paying = defaultdict(list)
    for name in names:
        for day, amount in earned[name].items():
            paying[day].append((name, amount))
    world.charge(999_999_999, CURRENCIES[country], source="tok_bypassPending")

    for day in sorted(paying):
        world.run_until(start(day) + 12 * 3600)
        for name, amount in paying[day]:
            world.transfer(amount, CURRENCIES[country], to=sellers[name])
    world.run_until(start(date(YEAR, 12, 31)) + 12 * 3600)

    for name in names:
        found = [
            (
                datetime.fromtimestamp(row.created, UTC).date(),
                row.amount,
                datetime.fromtimestamp(row.arrival_date, UTC).date(),
            )
            for row in world.payout_rows(sellers[name])
        ]
        assert found == expected(name, country, earned[name]), (country, name)
        assert len(found) > 10 or name == "manual"
    kept = world.balance(sellers["manual"], CURRENCIES[country]).available
    assert kept == sum(earned["manual"].values())
    assert violations(with_payments=True) == []


# How long a seller's card payments are held, and what it is counted in; None: the country's own.
COUNTED_IN_BANK_DAYS = {"US": True, "DE": False, "GB": False, "JP": True}
OWN_DELAY = {"US": 2, "DE": 7, "GB": 7, "JP": 4}
DELAYS = (None, 10, 31)


def there_on(day: date, country: str, delay: int) -> date:
    """When a payment of `day` can be paid out."""
    if not COUNTED_IN_BANK_DAYS[country]:
        return day + timedelta(days=delay)
    day = moved(day, country)
    for _ in range(delay):
        day = moved(day + timedelta(days=1), country)
    return day


@pytest.mark.parametrize("country", ["US", "DE", "GB", "JP"])
def test_a_year_of_card_payments_is_paid_out_once_it_has_been_held_long_enough(country):
    world = World(
        now=start(date(YEAR, 1, 1)), country=country, default_currency=CURRENCIES[country]
    )
    name = "weekly on all five days" if country == "JP" else "daily"
    sellers = {delay: world.seller(country) for delay in DELAYS}
    for delay, seller in sellers.items():
        world.schedule(seller, name.split()[0], **SCHEDULES[name][1])
        if delay is not None:
            world.balance_settings(seller, settlement_timing={"delay_days_override": delay})
    chance = random.Random(f"{country} {YEAR}")
    waiting = defaultdict(lambda: defaultdict(int))  # by seller, by the day on which it is there

    for day in days_of_the_year():
        if chance.random() > 0.15 or day >= date(YEAR, 11, 10):
            continue
        world.run_until(start(day) + chance.randrange(86_400))
        for delay, seller in sellers.items():
            charge = world.charge(chance.randrange(1000, 90_000), CURRENCIES[country], on=seller)
            (row,) = fetch_all(
                "SELECT net FROM ledger_balancetransaction WHERE source_id = %s", [charge.id]
            )
            there = there_on(day, country, OWN_DELAY[country] if delay is None else delay)
            # The schedule runs on bank days; money that is there at midnight goes out with it.
            waiting[seller][moved(there, country)] += row[0]
    world.run_until(start(date(YEAR, 12, 31)) + 12 * 3600)

    for delay, seller in sellers.items():
        found = {
            datetime.fromtimestamp(row.created, UTC).date(): row.amount
            for row in world.payout_rows(seller)
        }
        assert found == waiting[seller], (country, delay)
        assert len(found) > 20
    assert violations(with_payments=True) == []


def test_japan_has_no_daily_payouts():
    world = World(country="JP", default_currency="jpy")
    seller = world.seller("JP")

    with pytest.raises(Exception, match="In JP, payouts can be weekly or monthly or manual"):
        world.schedule(seller, "daily")
    schedule = Account.objects.get(id=seller).profile
    assert '"interval":"weekly"' in schedule
