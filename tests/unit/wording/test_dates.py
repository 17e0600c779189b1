from __future__ import annotations

from datetime import date

import pytest

from counterfoil.kit.clock import date_start
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext, locale_for, text_direction, written_for

DAY = date(2025, 11, 27)


@pytest.mark.parametrize(
    ("locale", "country", "short", "long"),
    [
        ("en", "US", "Thu, Nov 27", "Thursday, November 27"),
        ("en", "GB", "Thu 27 Nov", "Thursday 27 November"),
        ("de", "DE", "Do., 27. Nov.", "Donnerstag, 27. November"),
        ("ja-JP", None, "11月27日(木)", "11月27日(木曜日)"),
    ],
)
def test_a_day_is_written_as_people_there_write_it(locale, country, short, long):
    with written_for(locale, country, "Etc/UTC"):
        assert (dates.short_day(DAY), dates.long_day(DAY)) == (short, long)


@pytest.mark.usefixtures("english")
class TestInNewYork:
    def test_near_days_have_names(self):
        names = [dates.near_day(date(2025, 11, day), DAY) for day in (26, 27, 28)]

        assert names == ["Yesterday", "Today", "Tomorrow"]

    def test_another_year_is_named(self):
        assert dates.near_day(date(2024, 11, 27), DAY) == "Wednesday, November 27, 2024"

    def test_a_moment_falls_on_the_day_of_the_account(self):
        one_in_the_morning = date_start(DAY) + 3600

        assert dates.local(one_in_the_morning).date() == date(2025, 11, 26)
        assert dates.clock_time(one_in_the_morning) == "8:00\N{NARROW NO-BREAK SPACE}PM"

    def test_money_is_promised_for_the_utc_day_on_which_it_becomes_available(self):
        assert dates.available_date(date_start(DAY)) == DAY

    def test_what_was_available_at_once_carries_its_own_moment(self):
        assert dates.available_date(date_start(DAY) + 3600) == date(2025, 11, 26)


def test_day_numbers_count_from_the_epoch():
    assert dates.day_number(date(1970, 1, 2)) == 1
    assert dates.day_from_number(dates.day_number(DAY)) == DAY


@pytest.mark.parametrize(
    ("tag", "country", "locale"),
    [
        ("en", "GB", "en_GB"),
        ("en-US", "GB", "en_US"),
        ("zh-Hant-TW", None, "zh_Hant_TW"),
        (None, "DE", "en_DE"),
        ("nonsense", None, "en"),
        ("tlh", "US", "en_US"),
        ("ja", "US", "ja"),
    ],
)
def test_the_nearest_known_locale_is_taken(tag, country, locale):
    assert str(locale_for(tag, country)) == locale


def test_arabic_runs_from_right_to_left():
    with written_for("ar", "AE", "Asia/Dubai"):
        assert text_direction() == "rtl"


def test_a_language_ends_with_its_page():
    with written_for("de", "DE", "Europe/Berlin"):
        pass

    assert dates.short_day(DAY) == "Thu, Nov 27"
    assert gettext("Home") == "Home"
