from __future__ import annotations

from datetime import date

import pytest

from counterfoil.dashboard import earnings
from counterfoil.dashboard.earnings import PLOT_HEIGHT, Chart
from counterfoil.dashboard.periods import CUSTOM, PERIODS, period_words, window
from counterfoil.dashboard.queries.volume import SlotNet
from counterfoil.wording.dates import day_from_number, day_number

TODAY = date(2025, 11, 22)

pytestmark = pytest.mark.usefixtures("english")


def drawn(nets: dict[date, int], *, period: str = "7d", before: int = 0) -> Chart:
    days = [SlotNet(day_number(day), net) for day, net in nets.items()]
    return earnings.chart(window(period, TODAY), days, before, currency="usd")


@pytest.mark.parametrize(
    ("period", "buckets", "first"),
    [
        ("7d", 7, date(2025, 11, 16)),
        ("4w", 28, date(2025, 10, 26)),
        ("3m", 13, date(2025, 8, 24)),
        ("12m", 12, date(2024, 12, 1)),
        ("mtd", 22, date(2025, 11, 1)),
        ("qtd", 8, date(2025, 10, 1)),
        ("ytd", 11, date(2025, 1, 1)),
        ("all", 1, TODAY),
    ],
)
def test_a_period_ends_today(period, buckets, first):
    of = window(period, TODAY)

    assert len(of.buckets) == buckets
    assert of.buckets[0][0] == day_number(first)
    assert of.buckets[-1][1] == day_number(TODAY)


DAYS = [TODAY, date(2024, 2, 29), date(2025, 1, 1), date(2025, 12, 31), date(2025, 3, 31)]


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("today", DAYS)
def test_every_slot_is_in_exactly_one_bucket(period, today):
    of = window(period, today, first=date(2023, 5, 7))
    slots = [slot for first, last in of.buckets for slot in range(first, last + 1)]

    assert slots == list(of.slots)


@pytest.mark.parametrize("period", [period for period in PERIODS if period != "all"])
@pytest.mark.parametrize("today", DAYS)
def test_the_period_before_ends_where_this_one_begins_or_earlier(period, today):
    of = window(period, today)
    days = range(day_number(today), day_number(today) + 1) if of.grain == "hour" else of.slots

    assert of.days_before
    assert len(of.days_before) <= len(days)
    assert of.days_before[-1] < days[0]


@pytest.mark.parametrize(
    ("period", "today", "before"),
    [
        ("7d", TODAY, (date(2025, 11, 9), date(2025, 11, 15))),
        ("12m", TODAY, (date(2023, 12, 1), date(2024, 11, 21))),
        ("mtd", TODAY, (date(2025, 10, 1), date(2025, 10, 22))),
        ("mtd", date(2025, 3, 31), (date(2025, 2, 1), date(2025, 2, 28))),  # a shorter month
        ("qtd", TODAY, (date(2025, 7, 1), date(2025, 8, 22))),
        ("ytd", TODAY, (date(2024, 1, 1), date(2024, 11, 21))),  # as many days: 2024 leapt
        ("today", TODAY, (date(2025, 11, 21), date(2025, 11, 21))),
    ],
)
def test_it_is_compared_with_the_days_that_its_words_say(period, today, before):
    of = window(period, today)

    assert of.days_before is not None
    ends = (day_from_number(of.days_before[0]), day_from_number(of.days_before[-1]))
    assert ends == before


@pytest.mark.parametrize(
    ("since", "grain", "bars"),
    [
        (date(2025, 11, 22), "day", 1),
        (date(2025, 10, 23), "day", 31),
        (date(2025, 10, 22), "week", 5),
        (date(2025, 5, 25), "week", 26),
        (date(2025, 5, 23), "month", 7),
        (date(2023, 1, 15), "month", 35),
        (date(2019, 6, 30), "year", 7),
    ],
)
def test_chosen_days_are_cut_as_finely_as_is_legible(since, grain, bars):
    of = window(CUSTOM, TODAY, since=since, until=TODAY)

    assert (of.grain, len(of.buckets)) == (grain, bars)
    assert of.slots[0] == day_number(since)
    assert of.days_before is not None
    assert (len(of.days_before), of.days_before[-1]) == (len(of.slots), of.slots[0] - 1)


def test_all_time_is_compared_with_nothing():
    of = window("all", TODAY, first=date(2024, 1, 10))
    chart = earnings.chart(of, [], None, currency="usd")

    assert (of.grain, len(of.buckets), of.days_before) == ("month", 23, None)
    assert chart.change is None


@pytest.mark.parametrize(
    ("today", "hours"), [(TODAY, 24), (date(2025, 3, 9), 23), (date(2025, 11, 2), 25)]
)
def test_today_has_its_own_number_of_hours(today, hours):
    assert len(window("today", today).buckets) == hours


def test_every_period_has_its_words():
    assert set(period_words()) == {*PERIODS, CUSTOM}


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
