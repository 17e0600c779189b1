"""Amounts and days as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from counterfoil.dashboard.typed import Mistyped, amount_for_field, typed_amount, typed_date
from counterfoil.wording.languages import written_for


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("41.18", "usd", 4118),
        (" $1,234.50 ", "usd", 123_450),
        ("1,234.5", "usd", 123_450),
        ("1234", "usd", 123_400),
        ("USD 5", "usd", 500),
        ("−3.00", "usd", -300),
        ("0", "usd", 0),
        ("1500", "jpy", 1500),
        ("1.500", "kwd", 1500),
    ],
)
def test_an_amount_is_read_as_it_is_written(english, text, currency, minor):
    assert typed_amount(text, currency) == minor


@pytest.mark.parametrize(
    "text", ["", "  ", "$", "ten", "1.234", "1,23", "1.2.3", "NaN", "Infinity", "1e5", "9" * 29]
)
def test_what_leaves_open_what_is_meant_is_not_guessed(english, text):
    with pytest.raises(Mistyped) as told:
        typed_amount(text, "usd")
    assert str(told.value)


def test_yen_have_no_decimals(english):
    with pytest.raises(Mistyped, match="decimals than JPY has"):
        typed_amount("12.5", "jpy")


def test_germans_write_it_their_way():
    with written_for("de", "DE", "Europe/Berlin"):
        assert typed_amount("1.234,50 €", "eur") == 123_450
        assert amount_for_field(123_450, "eur") == "1234,50"


@pytest.mark.parametrize(
    ("amount", "currency"), [(4118, "usd"), (-5, "usd"), (7, "jpy"), (1, "kwd")]
)
@pytest.mark.parametrize("language", ["en", "de", "fr", "ar", "hi"])
def test_what_a_field_shows_can_be_read_again(amount, currency, language):
    with written_for(language, None, "UTC"):
        assert typed_amount(amount_for_field(amount, currency), currency) == amount


def test_a_day_is_a_day():
    assert typed_date("2025-11-03") == date(2025, 11, 3)
    assert typed_date(" ") is None
    for text in ("2025-02-30", "yesterday", "3/11/2025"):
        with pytest.raises(Mistyped):
            typed_date(text)
