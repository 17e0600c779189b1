"""Moments are UTC seconds; days are those of UTC or of a named zone."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.kit.clock import (
    DAY,
    another_wall_clock,
    date_start,
    local_day,
    platform_now,
    utc_date,
    utc_day_start,
    wall_now,
)

MOMENTS = st.integers(0, 4_102_444_800)  # until the year 2100
ZONES = st.sampled_from(
    "Etc/UTC America/New_York Europe/Berlin Asia/Kolkata Pacific/Apia Australia/Lord_Howe".split()
)


def test_the_wall_clock_is_now_in_whole_seconds():
    before = int(time.time())
    assert before <= wall_now() <= time.time()


def test_the_platform_clock_is_ahead_by_its_offset():
    assert 0 <= platform_now(3 * DAY) - wall_now() - 3 * DAY <= 1


@given(moment=MOMENTS)
def test_a_day_starts_at_midnight_utc(moment):
    start = utc_day_start(moment)

    assert start <= moment < start + DAY
    assert datetime.fromtimestamp(start, UTC).time().isoformat() == "00:00:00"
    assert date_start(utc_date(moment)) == start


@given(moment=MOMENTS, zone=ZONES)
def test_a_local_day_is_what_the_calendar_on_that_wall_shows(moment, zone):
    on_the_wall = datetime.fromtimestamp(moment, ZoneInfo(zone)).date()

    assert local_day(moment, zone) == (on_the_wall - date(1970, 1, 1)).days


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        (0, "Etc/UTC", 0),
        (-1, "Etc/UTC", -1),
        (DAY - 1, "Etc/UTC", 0),
        (0, "America/New_York", -1),
        (DAY - 3600, "Europe/Berlin", 1),
        # Samoa had no 30 December 2011: its Thursday was followed by Saturday.
        (1_325_239_199, "Pacific/Apia", (date(2011, 12, 29) - date(1970, 1, 1)).days),
        (1_325_239_200, "Pacific/Apia", (date(2011, 12, 31) - date(1970, 1, 1)).days),
    ],
)
def test_local_days_at_their_edges(moment, zone, day):
    assert local_day(moment, zone) == day


def test_a_world_may_have_a_time_of_its_own():
    with another_wall_clock(lambda: 1000.9):
        assert (wall_now(), platform_now(60)) == (1000, 1060)

    assert abs(wall_now() - time.time()) < 5


def test_the_clock_is_right_again_after_a_failure():
    with pytest.raises(RuntimeError), another_wall_clock(lambda: 0.0):
        raise RuntimeError

    assert wall_now() > 1_700_000_000
