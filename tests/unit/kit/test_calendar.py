"""Bank days, by the worked examples of reference money-movement §§6.1 and 6.3."""

from __future__ import annotations

from datetime import date

import pytest

from counterfoil.kit.calendar import add_business_days, is_business_day, next_business_day


@pytest.mark.parametrize(
    ("paid", "available"),
    [
        (date(2025, 11, 3), date(2025, 11, 5)),
        (date(2025, 11, 7), date(2025, 11, 12)),  # Tuesday the 11th is a holiday
        (date(2025, 11, 8), date(2025, 11, 13)),  # Saturday counts from Monday
        (date(2025, 11, 9), date(2025, 11, 13)),
    ],
)
def test_two_us_business_days_after_a_payment(paid, available):
    assert add_business_days(paid, 2, "US") == available


FEDERAL_RESERVE_2025 = "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25"
TARGET_2025 = "01-01 04-18 04-21 05-01 12-25 12-26"


@pytest.mark.parametrize(
    ("country", "closed"), [("US", FEDERAL_RESERVE_2025), ("DE", TARGET_2025), ("FR", TARGET_2025)]
)
def test_the_weekdays_on_which_banks_are_closed_in_2025(country, closed):
    days = [date.fromordinal(date(2025, 1, 1).toordinal() + n) for n in range(365)]
    weekdays = [day for day in days if day.weekday() < 5]

    found = [f"{day:%m-%d}" for day in weekdays if not is_business_day(day, country)]
    assert found == closed.split()


def test_a_us_holiday_on_sunday_moves_to_monday_and_on_saturday_stays():
    assert not is_business_day(date(2023, 1, 2), "US")  # 1 January 2023 was a Sunday
    assert is_business_day(date(2021, 12, 31), "US")  # 1 January 2022 was a Saturday
    assert is_business_day(date(2026, 7, 3), "US")  # 4 July 2026 is a Saturday


def test_a_business_day_is_its_own_next_one():
    assert next_business_day(date(2025, 11, 3), "US") == date(2025, 11, 3)
    assert next_business_day(date(2025, 11, 8), "US") == date(2025, 11, 10)
    assert add_business_days(date(2025, 11, 8), 0, "US") == date(2025, 11, 10)
