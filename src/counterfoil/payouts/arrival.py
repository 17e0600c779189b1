"""When a payout leaves, and when it arrives (reference money-movement §6.3), as pure functions.

Countries are those of the destination: its rail has the cut-off and the holidays. Where the
reference gives a range, the choice is written here:

- standard payouts that a person asks for take two business days where no region is named;
- they are handed over an hour after they were asked for, and can be canceled until then;
- one that arrives the same day lands at 18:00 local time, one that arrives later at 00:00 UTC of
  its arrival date, an instant one after half an hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from counterfoil.kit.calendar import (
    EURO_COUNTRIES,
    add_business_days,
    is_business_day,
    next_business_day,
)
from counterfoil.kit.clock import date_start, utc_date, utc_day_start

CANCELABLE_FOR: Final = 60 * 60  # seconds
INSTANT_TAKES: Final = 30 * 60
LANDS_HOUR: Final = 18  # local, on the same day
LATE_FAILURE_DAYS: Final = 5  # business days after arrival
SAME_DAY_PAYOUTS: Final = 10  # a day, to a US bank
SAME_DAY_AMOUNT: Final = 100_000_000  # cents, to a US bank


@dataclass(frozen=True, slots=True)
class Timing:
    """Moments in UTC seconds; `arrival_date` is 00:00 UTC of the bank day."""

    hand_over_at: int
    lands_at: int
    arrival_date: int


@dataclass(frozen=True, slots=True)
class _Region:
    days: int
    zone: str = "Etc/UTC"
    cut_off: int = 0  # until this hour it arrives the same day; 0: never


_US: Final = _Region(1, "America/New_York", 17)
_GB: Final = _Region(2, "Europe/London", 17)
_EURO: Final = _Region(1, "Europe/Copenhagen", 16)
_ELSEWHERE: Final = _Region(2)


def automatic(created: int, *, country: str) -> Timing:
    """Handed over at once; arrives on the next business day."""
    arrival = date_start(_business_days_after(utc_date(created), 1, country))
    return Timing(created, arrival, arrival)


def standard(created: int, *, country: str, same_day: bool = True) -> Timing:
    """What a person asks for. `same_day` is false once the limits of that are used up."""
    region = _region(country)
    local = datetime.fromtimestamp(created, UTC).astimezone(ZoneInfo(region.zone))
    leaves = created + CANCELABLE_FOR
    if same_day and local.hour < region.cut_off and is_business_day(local.date(), country):
        evening = local.replace(hour=LANDS_HOUR, minute=0, second=0, microsecond=0)
        lands = max(int(evening.timestamp()), leaves)
        return Timing(leaves, lands, date_start(local.date()))
    arrival = date_start(_business_days_after(local.date(), region.days, country))
    return Timing(leaves, max(arrival, leaves), arrival)


def instant(created: int) -> Timing:
    """Any day, within the half hour."""
    lands = created + INSTANT_TAKES
    return Timing(created, lands, utc_day_start(lands))


def same_day_window(created: int, *, country: str) -> int | None:
    """The start (UTC seconds) of the local day whose same-day payouts count; None: no limit."""
    if country != "US":
        return None
    local = datetime.fromtimestamp(created, UTC).astimezone(ZoneInfo(_US.zone))
    return int(local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp())


def may_still_fail(arrival_date: int, *, country: str, now: int) -> bool:
    """Whether a payout that arrived may still come back: within five business days."""
    last = add_business_days(utc_date(arrival_date), LATE_FAILURE_DAYS, country)
    return utc_date(now) <= last


def _region(country: str) -> _Region:
    if country in EURO_COUNTRIES:
        return _EURO
    return {"US": _US, "GB": _GB}.get(country, _ELSEWHERE)


def _business_days_after(day: date, count: int, country: str) -> date:
    for _ in range(count):
        day = next_business_day(day + timedelta(days=1), country)
    return day
