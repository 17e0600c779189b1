"""Currencies people are paid in, and how their amounts look on the wire."""

from __future__ import annotations

import pytest

from counterfoil.kit import currencies
from counterfoil.kit.currencies import exponent, granularity, known_currencies, minimum_charge


@pytest.mark.parametrize("code", "usd eur gbp jpy kwd chf sek isk huf twd inr brl".split())
def test_a_currency_in_use_is_known(code):
    assert code in known_currencies()


@pytest.mark.parametrize("code", ["dem", "hrk", "zwr", "xau", "xxx", "usn", "abc", "", "USD"])
def test_the_past_metals_funds_and_nonsense_are_not(code):
    assert code not in known_currencies()


def test_every_currency_we_have_a_rule_for_is_known():
    ruled = (
        currencies.ZERO_DECIMAL
        | currencies.THREE_DECIMAL
        | currencies.WHOLE_UNITS_ONLY
        | currencies._MINIMUM_CHARGE.keys()
    )

    assert ruled <= known_currencies()


def test_codes_are_three_lower_case_letters():
    assert all(len(code) == 3 and code.isalpha() and code.islower() for code in known_currencies())


ZERO_DECIMAL = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split()
THREE_DECIMAL = "bhd jod kwd omr tnd".split()


@pytest.mark.parametrize(
    ("code", "decimals"),
    [
        *((code, 0) for code in ZERO_DECIMAL),
        *((code, 3) for code in THREE_DECIMAL),
        *((code, 2) for code in ("usd", "eur", "isk", "ugx", "huf", "twd")),
    ],
)
def test_decimals_on_the_wire(code, decimals):
    """Reference money-movement §9."""
    assert exponent(code) == decimals


@pytest.mark.parametrize(
    ("code", "step"),
    [
        *((code, 1) for code in ("usd", "huf", "twd", *ZERO_DECIMAL)),
        *((code, 100) for code in ("isk", "ugx")),
        *((code, 10) for code in THREE_DECIMAL),
    ],
)
def test_what_an_amount_must_be_a_multiple_of(code, step):
    assert granularity(code) == step


@pytest.mark.parametrize(
    ("code", "least"),
    [
        *((code, 50) for code in "usd eur cad aud chf brl sgd nzd inr".split()),
        ("gbp", 30),
        *((code, 50) for code in ("jpy", "krw")),
        *((code, 300) for code in ("sek", "nok")),
        ("dkk", 250),
        ("mxn", 1000),
        ("hkd", 400),
        ("czk", 1500),
        ("huf", 17_500),
        *((code, 200) for code in ("pln", "ron", "aed", "myr")),
        ("thb", 1000),
        ("kwd", 1),
    ],
)
def test_the_smallest_charge(code, least):
    """Reference money-movement §9; one minor unit where nothing is published."""
    assert minimum_charge(code) == least
