from __future__ import annotations

from datetime import date

import pytest

from counterfoil.dashboard import earnings
from counterfoil.dashboard.earnings import PERIODS, PLOT_HEIGHT, Chart, window
from counterfoil.dashboard.queries.volume import DayNet
from counterfoil.wording.dates import day_from_number, day_number

TODAY = date(2025, 11, 22)

pytestmark = pytest.mark.usefixtures("english")


def drawn(nets: dict[date, int], *, period: str = "7d", before: int = 0) -> Chart:
    days = [DayNet(day_number(day), net) for day, net in nets.items()]
    return earnings.chart(window(period, TODAY), days, before, currency="usd", period=period)


@pytest.mark.parametrize(
    ("period", "buckets", "first"),
    [
        ("7d", 7, date(2025, 11, 16)),
        ("4w", 28, date(2025, 10, 26)),
        ("3m", 13, date(2025, 8, 24)),
        ("12m", 12, date(2024, 12, 1)),
    ],
)
def test_a_period_ends_today(period, buckets, first):
    of = window(period, TODAY)

    assert len(of.buckets) == buckets
    assert of.buckets[0][0] == first
    assert of.buckets[-1][1] == TODAY


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("today", [TODAY, date(2024, 2, 29), date(2025, 1, 1), date(2025, 12, 31)])
def test_every_day_is_in_exactly_one_bucket(period, today):
    of = window(period, today)
    days = [
        number
        for first, last in of.buckets
        for number in range(day_number(first), day_number(last) + 1)
    ]

    assert days == list(of.days)


@pytest.mark.parametrize("period", PERIODS)
def test_the_period_before_is_as_long(period):
    of = window(period, TODAY)

    assert len(of.days_before) == len(of.days)
    assert of.days_before[-1] < of.days[0]


def test_twelve_months_are_compared_with_the_same_days_a_year_before():
    of = window("12m", TODAY)

    assert day_from_number(of.days_before[0]) == date(2023, 12, 1)


def test_days_add_up_in_their_bucket():
    chart = drawn(
        {date(2025, 11, 1): 100, date(2025, 11, 22): 50, date(2025, 10, 31): 7}, period="12m"
    )

    assert [bar.net for bar in chart.bars][-2:] == [7, 150]
    assert chart.total == 157


def test_bars_stand_on_zero_and_are_as_tall_as_their_amount():
    chart = drawn({date(2025, 11, 21): 20_000, date(2025, 11, 22): 40_000})

    assert chart.scale == ["$400", "$200", "$0"]
    assert chart.zero_y == PLOT_HEIGHT
    assert [(bar.y, bar.height) for bar in chart.bars[-2:]] == [(80, 80), (0, 160)]


def test_a_loss_hangs_below_zero():
    chart = drawn({date(2025, 11, 21): 30_000, date(2025, 11, 22): -10_000})
    gain, loss = chart.bars[-2:]

    assert chart.scale == ["$300", "\N{MINUS SIGN}$100"]
    assert chart.zero_y == 120
    assert (gain.y, gain.height) == (0, 120)
    assert (loss.y, loss.height) == (120, 40)


def test_the_smallest_amount_is_still_seen():
    chart = drawn({date(2025, 11, 21): 1, date(2025, 11, 22): 99_999_999})

    assert chart.bars[-2].height == 2


def test_nothing_is_drawn_for_nothing():
    chart = drawn({})

    assert chart.is_empty
    assert {bar.height for bar in chart.bars} == {0}


@pytest.mark.parametrize(
    ("before", "change"),
    [(100, 50), (150, 0), (200, -25), (0, None), (-10, None), (1, None), (400, -62)],
)
def test_a_change_is_named_where_it_says_something(before, change):
    assert drawn({TODAY: 150}, before=before).change == change


@pytest.mark.parametrize("period", PERIODS)
def test_some_bars_have_a_word_below_and_all_have_one_above(period):
    chart = drawn({TODAY: 1}, period=period)

    assert all(bar.word for bar in chart.bars)
    assert any(bar.tick for bar in chart.bars)
