"""Integers of minor units; shares that always sum to the whole."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.kit.money import Money, cumulative_share, half_up, percentage


@pytest.mark.parametrize("amount", [1.0, "1", True, None])
def test_minor_units_are_integers(amount):
    with pytest.raises(AssertionError, match="integers"):
        Money(amount, "usd")


def test_currencies_are_lower_case():
    with pytest.raises(AssertionError, match="lower case"):
        Money(1, "USD")


def test_currencies_do_not_mix():
    with pytest.raises(AssertionError, match="do not mix"):
        Money(1, "usd") + Money(1, "eur")
    with pytest.raises(AssertionError, match="do not mix"):
        Money(1, "usd") - Money(1, "eur")


@given(a=st.integers(), b=st.integers())
def test_money_adds_like_its_amounts(a, b):
    one, other = Money(a, "usd"), Money(b, "usd")

    assert one + other == Money(a + b, "usd")
    assert one - other == Money(a - b, "usd") == -(other - one)


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(4118, "usd"), "41.18 USD"),
        (Money(-5, "usd"), "-0.05 USD"),
        (Money(0, "eur"), "0.00 EUR"),
        (Money(12_345, "jpy"), "12345 JPY"),
        (Money(-1_050, "kwd"), "-1.050 KWD"),
        (Money(999_999_999_999, "usd"), "9999999999.99 USD"),
    ],
)
def test_money_is_readable_in_a_log(money, text):
    assert str(money) == text


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [(1, 2, 1), (3, 2, 2), (1, 3, 0), (2, 3, 1), (-1, 2, -1), (-3, 2, -2), (-1, 3, 0), (0, 7, 0)],
)
def test_halves_are_rounded_away_from_zero(numerator, denominator, rounded):
    assert half_up(numerator, denominator) == rounded


@given(numerator=st.integers(), denominator=st.integers(min_value=1))
def test_rounding_is_to_the_nearest_and_the_same_on_both_sides_of_zero(numerator, denominator):
    rounded = half_up(numerator, denominator)

    assert abs(Fraction(numerator, denominator) - rounded) <= Fraction(1, 2)
    assert half_up(-numerator, denominator) == -rounded


@pytest.mark.parametrize(
    ("amount", "fee"), [(777, 53), (1000, 59), (2000, 88), (5000, 175), (10_000, 320)]
)
def test_the_classic_us_tariff(amount, fee):
    """Reference money-movement §1: 2.9 % + 30, half up."""
    assert percentage(amount, 290) + 30 == fee


@pytest.mark.parametrize(
    ("part", "whole", "steps", "shares"),
    [
        (123, 1000, [333, 333, 334], [41, 41, 41]),
        (877, 1000, [333, 333, 334], [292, 292, 293]),
        (123, 1000, [250], [31]),
        (123, 1000, [400], [49]),
        (877, 1000, [400], [351]),
        (123, 1000, [1000], [123]),
        (0, 1000, [400, 600], [0, 0]),
        (1, 3, [1, 1, 1], [0, 1, 0]),
    ],
)
def test_shares_of_the_reference(part, whole, steps, shares):
    """Reference money-movement, invariant 5, and the refunds of §3."""
    done, given_out = 0, []
    for step in steps:
        given_out.append(cumulative_share(part, done_before=done, done_now=step, whole=whole))
        done += step

    assert given_out == shares


@given(st.data())
def test_shares_in_any_steps_sum_to_the_whole_and_are_never_negative(data):
    whole = data.draw(st.integers(1, 10**12), "whole")
    part = data.draw(st.integers(0, whole), "part")
    cuts = data.draw(st.lists(st.integers(0, whole), max_size=8), "cuts")
    edges = [0, *sorted(cuts), whole]

    shares = [
        cumulative_share(part, done_before=start, done_now=end - start, whole=whole)
        for start, end in pairwise(edges)
    ]

    assert sum(shares) == part
    assert min(shares) >= 0
