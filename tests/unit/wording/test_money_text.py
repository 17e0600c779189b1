"""Our figures are Babel's, but for what look.md asks: a true minus, and `CHF 5`, not `CHF5`."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from babel.numbers import format_currency
from markupsafe import Markup

from counterfoil.kit.currencies import exponent
from counterfoil.wording.languages import written_for
from counterfoil.wording.money_text import money, money_text, short_money

LOCALES = (
    "en-US en-GB en-IN de-DE de-CH fr-FR es-ES nl-NL"
    " pt-BR ja-JP hi-IN ar-EG he-IL fa-IR bn-BD sv-SE"
).split()
CURRENCIES = "usd eur gbp jpy kwd chf inr".split()
AMOUNTS = [0, 5, -5, 99, 100, -12345, 123_456_789, 999_999_999_999]


def in_locale(locale: str, amount: int, currency: str) -> str:
    with written_for(locale, None, "Etc/UTC"):
        return money_text(amount, currency)


def plain(text: str) -> str:
    """Without what may differ: kinds of minus, spaces, and marks of direction."""
    return re.sub(r"[\s\u200e\u200f]", "", text.replace("\N{MINUS SIGN}", "-"))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("currency", CURRENCIES)
def test_an_amount_reads_as_babel_writes_it(locale, currency):
    for amount in AMOUNTS:
        major = Decimal(amount).scaleb(-exponent(currency))
        expected = format_currency(major, currency.upper(), locale=locale.replace("-", "_"))
        assert plain(in_locale(locale, amount, currency)) == plain(expected)


def test_a_negative_amount_has_a_true_minus():
    assert in_locale("en-US", -1234, "usd") == "\N{MINUS SIGN}$12.34"


def test_letters_keep_their_distance_from_digits():
    assert in_locale("en-US", 500, "chf") == "CHF\N{NO-BREAK SPACE}5.00"
    assert in_locale("en-US", 500, "usd") == "$5.00"


def test_a_currency_without_coins_shows_none():
    assert in_locale("en-US", 12_300, "isk") == "ISK\N{NO-BREAK SPACE}123"
    assert in_locale("en-US", 12_345, "isk") == "ISK\N{NO-BREAK SPACE}123.45"


@pytest.mark.usefixtures("english")
class TestMarkup:
    def test_the_sign_is_small_and_the_minor_units_are_light(self):
        assert money(421_840, "usd") == Markup(
            '<span class="money"><small>$</small>4,218<i>.40</i></span>'
        )

    def test_a_minus_is_as_large_as_the_digits(self):
        assert "\N{MINUS SIGN}<small>$</small>" in money(-1, "usd")

    @pytest.mark.parametrize(
        ("amount", "start"), [(1, "+"), (0, "<small>"), (-1, "\N{MINUS SIGN}")]
    )
    def test_a_signed_amount_says_which_way_it_went(self, amount, start):
        inside = money(amount, "usd", signed=True).removeprefix('<span class="money">')

        assert inside.startswith(start)

    def test_three_and_no_decimals(self):
        assert "<i>.500</i>" in money(1500, "kwd")
        assert "<i>" not in money(1500, "jpy")


def test_arabic_keeps_its_marks_beside_the_digits_and_not_around_the_sign():
    with written_for("ar-AE", None, "Asia/Dubai"):
        assert re.search(
            "\u200f\u200e\N{MINUS SIGN}5<i>.00</i>\N{NO-BREAK SPACE}<small>[^<]", money(-500, "aed")
        )


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (0, "usd", "$0"),
        (20_000, "usd", "$200"),
        (150, "usd", "$1.5"),
        (250_000, "usd", "$2.5K"),
        (-4_000, "usd", "\N{MINUS SIGN}$40"),
        (20_000, "kwd", "KWD\N{NO-BREAK SPACE}20"),
        (4_000_000, "jpy", "¥4M"),
    ],
)
def test_an_axis_speaks_in_round_figures(amount, currency, text):
    assert short_money(amount, currency, "en_US") == text
