"""Two clocks, read at the edges only (design §3).

The *platform clock* rules money, `created`, requirements and schedules; in test mode it is
real time plus an offset that only grows. The *wall clock* rules sessions, links, codes,
idempotency and signatures. Everything below the edges receives moments as UTC seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

DAY: Final = 86_400
_read: Callable[[], float] = time.time


def wall_now() -> int:
    """UTC seconds of the machine's clock."""
    return int(_read())


@contextmanager
def another_wall_clock(read: Callable[[], float]) -> Iterator[None]:
    """Inside, the wall clock shows what `read` says: for throwaway worlds with a time of their own.

    For the whole process, so never in one that serves anybody.
    """
    global _read
    before = _read
    _read = read
    try:
        yield
    finally:
        _read = before


def platform_now(clock_offset: int) -> int:
    """UTC seconds of a platform's clock; `clock_offset` is 0 in live mode."""
    return wall_now() + clock_offset


def utc_day_start(moment: int) -> int:
    """00:00 UTC of the day that holds `moment`, as UTC seconds."""
    return moment - moment % DAY


def utc_date(moment: int) -> date:
    return datetime.fromtimestamp(moment, UTC).date()


def date_start(day: date) -> int:
    """00:00 UTC of `day`, as UTC seconds."""
    return day.toordinal() * DAY - _EPOCH_SECONDS


def local_day(moment: int, zone: str) -> int:
    """Days since 1970-01-01 on the calendar of an IANA time zone."""
    return datetime.fromtimestamp(moment, ZoneInfo(zone)).toordinal() - _EPOCH_ORDINAL


_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
_EPOCH_SECONDS: Final = _EPOCH_ORDINAL * DAY
