"""Changing money from one currency into another, to the minor unit."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Final

from counterfoil.kit.currencies import exponent, granularity
from counterfoil.kit.money import Money, half_up

_DIGITS: Final = Context(prec=10, rounding=ROUND_HALF_UP)


def exchange_rate(source_value: Decimal, target_value: Decimal, *, margin: int = 0) -> Decimal:
    """Units of the target for one of the source, from what one unit of each is worth.

    `margin` is in basis points and makes the rate worse for whoever changes. Ten digits, so
    that a rate as it is shown is the rate as it was applied.
    """
    exact = Fraction(source_value) / Fraction(target_value) * Fraction(10_000 - margin, 10_000)
    return _DIGITS.divide(Decimal(exact.numerator), Decimal(exact.denominator)).normalize(_DIGITS)


def converted(money: Money, currency: str, rate: Decimal) -> Money:
    """The same money in another currency, half up.

    Currencies without the last decimal of their minor unit get multiples of what there is
    (reference money-movement §9): 100 for isk, 10 for bhd.
    """
    step = granularity(currency)
    shift = exponent(currency) - exponent(money.currency)
    exact = Fraction(rate) * money.amount * Fraction(10) ** shift
    return Money(half_up(exact.numerator, exact.denominator * step) * step, currency)
