"""When payouts leave and arrive (reference money-movement §6.3). Moments are UTC."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from counterfoil.payouts import arrival


def at(text: str) -> int:
    """`2025-11-03 10:00`, or a day alone, as UTC seconds."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("country", "created", "arrives"),
    [
        ("US", "2025-11-05", "2025-11-06"),
        ("US", "2025-11-10", "2025-11-12"),  # Tuesday is a holiday
        ("US", "2021-08-22 01:03", "2021-08-23"),  # as recorded: a Sunday, then Monday
        ("US", "2025-11-07", "2025-11-10"),
        ("DE", "2025-04-17", "2025-04-22"),  # Good Friday to Easter Monday
        ("GB", "2025-12-24", "2025-12-29"),  # Christmas, Boxing Day, the weekend
        ("JP", "2025-12-30", "2026-01-05"),  # banks close over the New Year
    ],
)
def test_automatic_payouts_arrive_the_next_business_day(country, created, arrives):
    timing = arrival.automatic(at(created), country=country)

    assert timing.arrival_date == timing.lands_at == at(arrives)
    assert timing.hand_over_at == at(created)


@pytest.mark.parametrize(
    ("country", "created", "arrives", "lands"),
    [
        # US: the same day before 17:00 Eastern (22:00 UTC in winter), else one business day.
        ("US", "2025-11-03 10:00", "2025-11-03", "2025-11-03 23:00"),
        ("US", "2025-11-03 21:59", "2025-11-03", "2025-11-03 23:00"),
        ("US", "2025-11-03 22:00", "2025-11-04", "2025-11-04"),
        ("US", "2025-11-10 23:00", "2025-11-12", "2025-11-12"),
        ("US", "2025-11-08 12:00", "2025-11-10", "2025-11-10"),  # a Saturday
        ("US", "2025-11-04 02:00", "2025-11-04", "2025-11-04 03:00"),  # Monday evening there
        ("US", "2025-07-01 20:59", "2025-07-01", "2025-07-01 22:00"),  # summer time
        ("US", "2025-07-01 21:00", "2025-07-02", "2025-07-02"),
        # GB: the same day before 17:00 London, else two.
        ("GB", "2025-11-03 16:59", "2025-11-03", "2025-11-03 18:00"),
        ("GB", "2025-11-03 17:00", "2025-11-05", "2025-11-05"),
        ("GB", "2025-07-01 16:00", "2025-07-03", "2025-07-03"),
        # Euro: the same day before 16:00 Copenhagen, else one.
        ("DE", "2025-11-03 14:59", "2025-11-03", "2025-11-03 17:00"),
        ("FR", "2025-11-03 15:00", "2025-11-04", "2025-11-04"),
        # Elsewhere: two business days.
        ("JP", "2025-11-04 01:00", "2025-11-06", "2025-11-06"),
        ("AU", "2025-11-07 01:00", "2025-11-11", "2025-11-11"),
    ],
)
def test_payouts_by_hand_have_a_cut_off(country, created, arrives, lands):
    timing = arrival.standard(at(created), country=country)

    assert (timing.arrival_date, timing.lands_at) == (at(arrives), at(lands))
    assert timing.hand_over_at == at(created) + 3600


def test_a_payout_never_lands_before_it_is_handed_over():
    timing = arrival.standard(at("2025-11-03 21:59"), country="US")
    assert timing.hand_over_at == at("2025-11-03 22:59") < timing.lands_at
    late = arrival.standard(at("2025-11-03 23:45"), country="US")
    assert late.hand_over_at == late.lands_at == at("2025-11-04 00:45")


def test_once_the_same_day_limits_are_used_up_it_is_the_next_day():
    timing = arrival.standard(at("2025-11-03 15:00"), country="US", same_day=False)
    assert timing.arrival_date == at("2025-11-04")


def test_same_day_payouts_are_counted_by_the_local_day():
    assert arrival.same_day_window(at("2025-11-04 03:00"), country="US") == at("2025-11-03 05:00")
    assert arrival.same_day_window(at("2025-07-01 03:00"), country="US") == at("2025-06-30 04:00")
    assert arrival.same_day_window(at("2025-11-04 03:00"), country="GB") is None


def test_instant_payouts_take_half_an_hour_on_any_day():
    sunday = at("2025-11-09 23:45")

    timing = arrival.instant(sunday)

    assert timing.hand_over_at == sunday
    assert timing.lands_at == at("2025-11-10 00:15")
    assert timing.arrival_date == at("2025-11-10")


@pytest.mark.parametrize(
    ("arrived", "now", "may"),
    [
        ("2025-11-06", "2025-11-14 23:59", True),  # Fri, Mon, Wed, Thu, Fri: Tuesday is none
        ("2025-11-06", "2025-11-15", False),
        ("2025-11-03", "2025-11-10", True),
        ("2025-11-03", "2025-11-11", False),
    ],
)
def test_a_payout_may_come_back_within_five_business_days(arrived, now, may):
    assert arrival.may_still_fail(at(arrived), country="US", now=at(now)) is may
