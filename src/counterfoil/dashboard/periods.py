"""Stretches of time that earnings are drawn over, each cut into buckets (express-dashboard §4.4).

A *slot* is what the figures come in: a day of the account's own calendar (days since 1970-01-01),
or, for today, an hour since its midnight.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from counterfoil.wording import dates
from counterfoil.wording.languages import active_zone
from counterfoil.wording.languages import gettext as _

Grain = Literal["hour", "day", "week", "month", "year"]

USUAL: Final = ("7d", "4w", "3m", "12m")
MORE: Final = ("today", "mtd", "qtd", "ytd", "all")
CUSTOM: Final = "custom"
PERIODS: Final = (*USUAL, *MORE)
DEFAULT: Final = "4w"
HOUR: Final = 3600
_ONE_DAY: Final = timedelta(days=1)
# Longer than this, and a coarser grain is drawn: some thirty bars fit a phone.
_MOST_DAYS: Final = 31
_MOST_WEEKS: Final = 26
_MOST_MONTHS: Final = 36


@dataclass(frozen=True, slots=True)
class Window:
    """The buckets of a period (first and last slot of each), and what it is compared with."""

    grain: Grain
    buckets: list[tuple[int, int]]
    slots: range
    days_before: range | None  # None: there is nothing to compare it with
    midnight: int = 0  # of today, UTC seconds: where slots are hours


def window(
    period: str,
    today: date,
    *,
    first: date | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Window:
    """The days of a period, today included, and an equal stretch before it.

    `first` is the first day that anything was earned on (for `all`); `since` and `until` are the
    ends of a `custom` one, both included.
    """
    if period == "today":
        return _hours(today)
    if period == "12m":
        start = _months_back(today.replace(day=1), 11)
        return _months(start, today, _months_back(start, 12))
    if period == "mtd":
        start = today.replace(day=1)
        return _days(start, today, _months_back(start, 1))
    if period == "qtd":
        start = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
        return _fitting(start, today, _months_back(start, 3))
    if period == "ytd":
        start = today.replace(month=1, day=1)
        return _months(start, today, _months_back(start, 12))
    if period == "all":
        return _fitting(min(first or today, today), today, None)
    if period == CUSTOM:
        assert since is not None, "a custom period begins"
        assert until is not None, "a custom period ends"
        return _fitting(since, until, since - (until - since) - _ONE_DAY)
    length, size = {"7d": (7, 1), "4w": (28, 1), "3m": (91, 7)}[period]
    start = today - timedelta(days=length - 1)
    before = start - timedelta(days=length)
    return _days(start, today, before) if size == 1 else _weeks(start, today, before)


def _fitting(start: date, end: date, before: date | None) -> Window:
    """Cut as finely as is still legible."""
    length = (end - start).days + 1
    if length <= _MOST_DAYS:
        return _days(start, end, before)
    if length <= 7 * _MOST_WEEKS:
        return _weeks(start, end, before)
    if length <= 31 * _MOST_MONTHS:
        return _months(start, end, before)
    return _years(start, end, before)


def _days(start: date, end: date, before: date | None) -> Window:
    numbers = dates.number_range(start, end)
    return Window("day", [(day, day) for day in numbers], numbers, _as_long(numbers, before))


def _weeks(start: date, end: date, before: date | None) -> Window:
    numbers = dates.number_range(start, end)
    buckets = [(day, min(day + 6, numbers[-1])) for day in numbers[::7]]
    return Window("week", buckets, numbers, _as_long(numbers, before))


def _months(start: date, end: date, before: date | None) -> Window:
    firsts = [start]
    while (following := _months_back(firsts[-1].replace(day=1), -1)) <= end:
        firsts.append(following)
    return _between("month", firsts, end, before)


def _years(start: date, end: date, before: date | None) -> Window:
    firsts = [start, *(date(year, 1, 1) for year in range(start.year + 1, end.year + 1))]
    return _between("year", firsts, end, before)


def _between(grain: Grain, firsts: list[date], end: date, before: date | None) -> Window:
    lasts = [*(first - _ONE_DAY for first in firsts[1:]), end]
    buckets = [
        (dates.day_number(first), dates.day_number(last))
        for first, last in zip(firsts, lasts, strict=True)
    ]
    numbers = dates.number_range(firsts[0], end)
    return Window(grain, buckets, numbers, _as_long(numbers, before))


def _hours(today: date) -> Window:
    """Today has 23 or 25 hours when clocks change."""
    midnight, next_midnight = (
        int(datetime.combine(day, time(), active_zone()).timestamp())
        for day in (today, today + _ONE_DAY)
    )
    hours = range((next_midnight - midnight + HOUR - 1) // HOUR)
    number = dates.day_number(today)
    before = range(number - 1, number)
    return Window("hour", [(hour, hour) for hour in hours], hours, before, midnight)


def _as_long(numbers: range, before: date | None) -> range | None:
    """As many days, from the day before which to begin; never reaching into the period itself."""
    if before is None:
        return None
    start = dates.day_number(before)
    return range(start, min(start + len(numbers), numbers[0]))


def _months_back(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def period_words() -> dict[str, tuple[str, str]]:
    """For each period its short name, and what it is compared with."""
    return {
        "7d": (_("7 days"), _("the 7 days before")),
        "4w": (_("4 weeks"), _("the 4 weeks before")),
        "3m": (_("3 months"), _("the 3 months before")),
        "12m": (_("12 months"), _("the year before")),
        "today": (_("Today"), _("all of yesterday")),
        "mtd": (_("This month"), _("the same days of last month")),
        "qtd": (_("This quarter"), _("the same days of last quarter")),
        "ytd": (_("This year"), _("the same days of last year")),
        "all": (_("All time"), ""),
        CUSTOM: (_("Chosen days"), _("as many days before")),
    }
