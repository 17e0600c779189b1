"""Days and moments as people read them, in the active language and time zone.

Two kinds of day exist (design §3): a *moment* falls on a day of the account's own time zone; an
`available_on` is the start of a UTC day, and is shown as that UTC date, so that nobody west of
Greenwich is promised money a day too early.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from babel import Locale
from babel.dates import DateTimePattern, format_time, match_skeleton, parse_pattern

from counterfoil.kit.clock import DAY, utc_date
from counterfoil.wording.languages import active_locale, active_zone, gettext

EPOCH = date(1970, 1, 1)
EPOCH_ORDINAL = EPOCH.toordinal()


def local(moment: int) -> datetime:
    """UTC seconds on the clock of the active time zone."""
    return datetime.fromtimestamp(moment, active_zone())


def available_date(moment: int) -> date:
    """The day to show for an `available_on`: a UTC day's start, or the moment of what was
    available at once."""
    return local(moment).date() if moment % DAY else utc_date(moment)


def day_number(day: date) -> int:
    """Days since 1970-01-01: the `day` of the daily volumes."""
    return day.toordinal() - EPOCH_ORDINAL


def day_from_number(number: int) -> date:
    return date.fromordinal(number + EPOCH_ORDINAL)


def number_range(first: date, last: date) -> range:
    """The numbers of these days, both included."""
    return range(day_number(first), day_number(last) + 1)


def short_day(day: date) -> str:
    """`Thu 27 Nov`."""
    return _written(day, "MMMEd", active_locale())


def long_day(day: date, today: date | None = None) -> str:
    """`Thursday 27 November`, and the year when it is not this one."""
    same_year = today is None or day.year == today.year
    return _written(day, "MMMEd" if same_year else "yMMMEd", active_locale(), wide=True)


def day_and_month(day: date, today: date | None = None) -> str:
    """`27 Nov`, and the year when it is not this one."""
    same_year = today is None or day.year == today.year
    return _written(day, "MMMd" if same_year else "yMMMd", active_locale())


def month(day: date) -> str:
    """`Nov`."""
    return _written(day, "MMM", active_locale())


def month_and_year(day: date) -> str:
    """`November 2025`."""
    return _written(day, "yMMM", active_locale(), wide=True)


def weekday(day: date) -> str:
    """`Thu`."""
    return _written(day, "E", active_locale())


def weekday_in_full(day: date) -> str:
    """`Thursday`."""
    return str(Locale.parse(active_locale()).days["stand-alone"]["wide"][day.weekday()])


def near_day(day: date, today: date) -> str:
    """Yesterday, today and tomorrow by name; other days in full."""
    away = (day - today) // timedelta(days=1)
    if away == 0:
        return gettext("Today")
    if away == -1:
        return gettext("Yesterday")
    if away == 1:
        return gettext("Tomorrow")
    return long_day(day, today)


def clock_time(moment: int) -> str:
    """`14:05`, or `2:05 PM`."""
    at = local(moment)
    return _clock_time(at.hour, at.minute, active_locale())


@lru_cache(maxsize=4096)
def _clock_time(hour: int, minute: int, locale: str) -> str:
    return str(format_time(time(hour, minute), "short", locale=locale))


@lru_cache(maxsize=4096)
def _written(day: date, skeleton: str, locale: str, wide: bool = False) -> str:
    return str(_pattern(skeleton, locale, wide).apply(day, Locale.parse(locale)))


@lru_cache(maxsize=256)
def _pattern(skeleton: str, locale: str, wide: bool) -> DateTimePattern:
    """CLDR's pattern for a skeleton; `wide` spells its weekday and month out.

    CLDR widens the fields of the nearest pattern in the same way (UTS 35, "Matching
    Skeletons"); Babel leaves that to the caller.
    """
    known = Locale.parse(locale).datetime_skeletons
    pattern = known[match_skeleton(skeleton, known) or skeleton].pattern
    if wide:
        pattern = re.sub("M{3,}", "MMMM", re.sub("E+", "EEEE", pattern))
    return parse_pattern(pattern)
