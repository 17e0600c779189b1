"""What people type into forms, read the way they write it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from babel.numbers import NumberFormatError, get_currency_symbol, parse_decimal

from counterfoil.kit.currencies import exponent
from counterfoil.wording.languages import active_locale
from counterfoil.wording.languages import gettext as _
from counterfoil.wording.money_text import MINUS, amount_pattern, money_text

_LONGEST: Final = 30
_MOST_DIGITS: Final = 14


class Mistyped(Exception):
    """What stands in a field cannot be read; the message says how to write it."""


def typed_amount(text: str, currency: str) -> int:
    """Minor units of an amount written in the active language: `1,234.50`, `1.234,50 €`.

    Raises Mistyped: nothing there, not a number, more decimals than the currency has, or a
    number whose grouping leaves open what is meant (`1,23` in English).
    """
    example = money_text(123_450, currency)
    bare = _without_signs(text, currency)
    if not bare:
        raise Mistyped(_("Write an amount, like %(example)s.") % {"example": example})
    try:
        if len(bare) > _LONGEST or any(letter.isalpha() for letter in bare):
            raise NumberFormatError("too long, or more than a number")
        value: Decimal = parse_decimal(bare, locale=active_locale(), strict=True)
    except NumberFormatError as error:
        message = _("This cannot be read as an amount. Write it like %(example)s.")
        raise Mistyped(message % {"example": example}) from error
    minor = value.scaleb(exponent(currency))
    if minor != minor.to_integral_value():
        message = _("That is more decimals than %(currency)s has. Write it like %(example)s.")
        raise Mistyped(message % {"currency": currency.upper(), "example": example})
    if not minor.is_finite() or minor.adjusted() >= _MOST_DIGITS:
        raise Mistyped(_("That is more than any amount here can be."))
    return int(minor)


def amount_for_field(amount: int, currency: str) -> str:
    """Minor units as a field shows them, to be read again: no sign, no grouping."""
    digits = exponent(currency)
    whole, rest = divmod(abs(amount), 10**digits)
    sign = "-" if amount < 0 else ""
    if not digits:
        return f"{sign}{whole}"
    return f"{sign}{whole}{amount_pattern(active_locale(), currency).decimal}{rest:0{digits}d}"


def typed_date(text: str) -> date | None:
    """A day as a date field sends it (ISO 8601); None when it is empty. Raises Mistyped."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Mistyped(_("This is not a day. Write it like 2025-11-03.")) from error


def _without_signs(text: str, currency: str) -> str:
    bare = text.replace(MINUS, "-")
    for sign in (get_currency_symbol(currency.upper(), active_locale()), currency.upper()):
        bare = bare.replace(sign, "").replace(sign.lower(), "")
    return "".join(bare.split())
