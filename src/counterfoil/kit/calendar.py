"""Business days by country: weekends and the bank holidays of its payment rail.

Holidays come from the `holidays` library. Sources of the rules: reference money-movement §6.3
(US Federal Reserve: a Sunday holiday moves to Monday, a Saturday one does not move; euro
countries keep TARGET's days).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Final

import holidays

EURO_COUNTRIES: Final = frozenset(
    "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK".split()
)


def is_business_day(day: date, country: str) -> bool:
    return day.weekday() < 5 and day not in _bank_holidays(country, day.year)


def next_business_day(day: date, country: str) -> date:
    """`day` itself when it is one."""
    while not is_business_day(day, country):
        day += timedelta(days=1)
    return day


def add_business_days(day: date, count: int, country: str) -> date:
    """`count` business days on; a day that is none counts from the next that is."""
    day = next_business_day(day, country)
    for _ in range(count):
        day = next_business_day(day + timedelta(days=1), country)
    return day


@cache
def _bank_holidays(country: str, year: int) -> frozenset[date]:
    if country == "US":
        return _federal_reserve(year)
    if country in EURO_COUNTRIES:
        return frozenset(holidays.financial_holidays("ECB", years=year))
    if country == "GB":
        return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))
    if country == "JP":  # where banks also close over the New Year
        both = (holidays.PUBLIC, holidays.BANK)
        return frozenset(holidays.country_holidays("JP", years=year, categories=both))
    return frozenset(holidays.country_holidays(country, years=year))


def _federal_reserve(year: int) -> frozenset[date]:
    unmoved = holidays.country_holidays("US", years=year, observed=False)
    moved = (day + timedelta(days=1) if day.weekday() == 6 else day for day in unmoved)
    return frozenset(moved)
