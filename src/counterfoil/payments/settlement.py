"""In which currency an owner gets money, and how much of it (reference money-movement §9)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from counterfoil.kit.exchange import converted
from counterfoil.kit.money import Money
from counterfoil.kit.refused import InvalidRequest
from counterfoil.payments.rows import ChargeRow
from counterfoil.platforms.exchange import ExchangeTable


@dataclass(frozen=True, slots=True)
class Exchanged:
    """Money as it comes out of a conversion; `rate` is decimal text, as rows show it."""

    amount: int
    currency: str
    rate: str | None  # None: of money that was in this currency all along


def settlement_currency(currency: str, *, default: str, holds: Collection[str]) -> str:
    """Unchanged where the owner holds that currency, or has a bank account for it."""
    return currency if currency == default or currency in holds else default


def exchange(
    money: Money, currency: str, *, table: ExchangeTable, livemode: bool, param: str = "amount"
) -> Exchanged | None:
    """The money in another currency; None when it is in that one already.

    Raises InvalidRequest when the platform's table has no rate, or when nothing is left of what
    `param` named.
    """
    if currency == money.currency:
        return None
    rate = table.rate(money.currency, currency, livemode=livemode)
    if rate is None:
        raise InvalidRequest(
            f"There is no exchange rate from {money.currency.upper()} to {currency.upper()}: set"
            " it in the platform's settings, or use a currency that the account holds.",
            param="currency",
        )
    changed = converted(money, currency, rate)
    if money.amount and not changed.amount:
        raise InvalidRequest(
            f"{money} is less than the smallest amount in {currency.upper()}.",
            param=param,
            code="amount_too_small",
        )
    return Exchanged(changed.amount, currency, f"{rate:f}")


def at_rate_of(charge: ChargeRow, amount: int) -> Money:
    """A part of a charge in the currency the charge settled in, at the charge's own rate."""
    part = Money(amount, charge.currency)
    if charge.exchange_rate is None:
        return part
    return converted(part, charge.settled.currency, Decimal(charge.exchange_rate))
