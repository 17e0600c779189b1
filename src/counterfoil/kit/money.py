"""Money is an integer of minor units with a lower-case ISO 4217 code."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.kit.currencies import exponent


@dataclass(frozen=True, slots=True)
class Money:
    """Minor units and a currency; never a float, never a bare number."""

    amount: int
    currency: str  # ISO 4217, lower case, as on the wire

    def __post_init__(self) -> None:
        assert type(self.amount) is int, f"minor units are integers, not {self.amount!r}"
        assert self.currency.islower(), f"currencies are lower case: {self.currency!r}"

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __str__(self) -> str:
        """For logs and messages to developers; pages format with Babel."""
        digits = exponent(self.currency)
        sign = "-" if self.amount < 0 else ""
        whole, rest = divmod(abs(self.amount), 10**digits)
        decimals = f".{rest:0{digits}d}" if digits else ""
        return f"{sign}{whole}{decimals} {self.currency.upper()}"

    def _same(self, other: Money) -> int:
        assert self.currency == other.currency, f"{self.currency} and {other.currency} do not mix"
        return other.amount


def percentage(amount: int, basis_points: int) -> int:
    """A share of minor units, rounded half up (reference money-movement §1).

    `basis_points` is hundredths of a percent: 290 is 2.9 %.
    """
    return half_up(amount * basis_points, 10_000)


def half_up(numerator: int, denominator: int) -> int:
    """Integer division rounded half away from zero; the denominator is positive."""
    assert denominator > 0
    if numerator < 0:
        return -half_up(-numerator, denominator)
    return (2 * numerator + denominator) // (2 * denominator)


def cumulative_share(part: int, *, done_before: int, done_now: int, whole: int) -> int:
    """The next proportional share of `part`, so that all shares sum to exactly `part`.

    Source: reference money-movement, invariant 5. Fee 123 on a charge of 1000, refunds of
    333, 333 and 334 give 41, 41 and 41.
    """
    return half_up(part * (done_before + done_now), whole) - half_up(part * done_before, whole)
