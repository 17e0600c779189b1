"""On which days an account's automatic payouts run (reference money-movement §6.2).

A scheduled day that is no business day is skipped and done on the next one, for every interval.
Runs are at 00:00 UTC. Days 29 to 31 of a monthly schedule fall on the last day of a shorter month.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from counterfoil.accounts.profile import Schedule
from counterfoil.kit.calendar import is_business_day
from counterfoil.kit.clock import date_start, utc_date
from counterfoil.kit.refused import InvalidRequest

WEEKDAYS: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
# Where not every interval is offered (reference express-dashboard §7).
_INTERVALS: Final = {
    "BR": ("daily",),
    "IN": ("daily",),
    "JP": ("weekly", "monthly", "manual"),
}
_ONE: Final = timedelta(days=1)


def first_schedule(country: str) -> Schedule:
    """What a new account starts with: daily, or on Fridays where daily is not offered."""
    if "daily" in _INTERVALS.get(country, ("daily",)):
        return Schedule()
    return Schedule("weekly", weekly_anchor="friday", weekly_payout_days=["friday"])


def offered_intervals(country: str) -> tuple[str, ...]:
    """The intervals that an account there may choose."""
    return _INTERVALS.get(country, ("daily", "weekly", "monthly", "manual"))


def check_interval(schedule: Schedule, *, country: str, param: str) -> None:
    """Raise InvalidRequest for an interval that the country does not have."""
    offered = _INTERVALS.get(country)
    if offered is not None and schedule.interval not in offered:
        raise InvalidRequest(
            f"In {country}, payouts can be {' or '.join(offered)}, not {schedule.interval}.",
            param=param,
        )


def next_run(schedule: Schedule, *, country: str, after: int) -> int | None:
    """The next run strictly later than `after` (both UTC seconds); None for `manual`."""
    rule = _rule(schedule)
    if rule is None:
        return None
    return date_start(_next_day(*rule, country, utc_date(after) + _ONE))


def runs_on(schedule: Schedule, day: date, *, country: str) -> bool:
    """Whether the schedule has a run on this day."""
    rule = _rule(schedule)
    return rule is not None and _runs_on(*rule, country, day)


def _rule(schedule: Schedule) -> tuple[str, tuple[int, ...]] | None:
    """The interval and its days: 0 to 6 from Monday, or 1 to 31."""
    if schedule.interval == "weekly":
        names = schedule.weekly_payout_days or [schedule.weekly_anchor or WEEKDAYS[0]]
        return "weekly", tuple(WEEKDAYS.index(name) for name in names)
    if schedule.interval == "monthly":
        return "monthly", tuple(schedule.monthly_payout_days or [schedule.monthly_anchor or 1])
    return None if schedule.interval == "manual" else ("daily", ())


@lru_cache(maxsize=4096)
def _next_day(interval: str, days: tuple[int, ...], country: str, day: date) -> date:
    """The first run on `day` or later."""
    while not _runs_on(interval, days, country, day):
        day += _ONE
    return day


def _runs_on(interval: str, days: tuple[int, ...], country: str, day: date) -> bool:
    if not is_business_day(day, country):
        return False
    if _scheduled(interval, days, day):
        return True
    # Whatever was skipped since the last business day is done now.
    earlier = day - _ONE
    while not is_business_day(earlier, country):
        if _scheduled(interval, days, earlier):
            return True
        earlier -= _ONE
    return False


def _scheduled(interval: str, days: tuple[int, ...], day: date) -> bool:
    if interval == "daily":
        return True
    if interval == "weekly":
        return day.weekday() in days
    last = monthrange(day.year, day.month)[1]
    return day.day in days or (day.day == last and any(chosen > last for chosen in days))
