"""Amounts as people read them, in the language that is active (design §1: Babel, never ours).

A page shows a hundred amounts, and Babel takes some 20 µs for each. So we ask Babel once per
language and currency where the sign stands and how digits are grouped, and write the integer
of minor units ourselves. A test compares the two over many languages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import (
    format_compact_currency,
    format_decimal,
    get_currency_precision,
    get_currency_symbol,
    get_decimal_symbol,
    get_group_symbol,
    get_minus_sign_symbol,
    get_plus_sign_symbol,
)
from markupsafe import Markup, escape

from counterfoil.kit.currencies import exponent
from counterfoil.wording.languages import active_locale

MINUS = "\N{MINUS SIGN}"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
_AROUND_SIGN = (
    NO_BREAK_SPACE + "\N{NARROW NO-BREAK SPACE}\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}"
)


@dataclass(frozen=True, slots=True)
class AmountPattern:
    """How one language writes one currency: `{before}1{group}234{decimal}56{after}`."""

    before: str
    after: str
    before_negative: str
    after_negative: str
    minus: str
    plus: str
    group: str
    decimal: str
    group_sizes: tuple[int, int]  # the last group, and those before it (India: 3, then 2)
    digits: int
    drops_zero_digits: bool  # two digits on the wire for a currency without coins below one


def money(amount: int, currency: str, *, signed: bool = False) -> Markup:
    """Minor units as markup: a smaller currency sign, lighter minor units, a true minus.

    `signed` puts a plus before what comes in, for lists where money goes both ways.
    """
    return _markup(amount, currency, active_locale(), signed)


def money_text(amount: int, currency: str) -> str:
    """The same as plain text, where markup cannot go."""
    pattern = amount_pattern(active_locale(), currency)
    before, whole, minor, after = _parts(amount, pattern, signed=False)
    return f"{before}{whole}{minor}{after}"


def rate_text(rate: str) -> str:
    """An exchange rate with all the digits it has, in the active language."""
    return _rate_text(rate, active_locale())


@lru_cache(maxsize=1024)
def _rate_text(rate: str, locale: str) -> str:
    return str(format_decimal(Decimal(rate), locale=locale, decimal_quantization=False))


@lru_cache(maxsize=1024)
def short_money(amount: int, currency: str, locale: str) -> str:
    """A round figure for a chart's axis: `$1.2K`. Never for an amount someone is paid."""
    major = amount / 10 ** exponent(currency)
    fraction_digits = 0 if float(major).is_integer() and abs(major) < 1000 else 1
    text: str = format_compact_currency(
        major, currency.upper(), locale=locale, fraction_digits=fraction_digits
    )
    # As `amount_pattern` does: `KWD 20`, though `$20`.
    return re.sub(r"(?<=[^\W\d_])(?=\d)", NO_BREAK_SPACE, text.replace("-", MINUS))


@lru_cache(maxsize=512)
def amount_pattern(locale: str, currency: str) -> AmountPattern:
    """Read one language's pattern out of CLDR. `locale` is Babel's spelling (`de_AT`)."""
    language = Locale.parse(locale)
    pattern = language.currency_formats["standard"]
    symbol = get_currency_symbol(currency.upper(), language)
    # Some languages put an invisible mark before the sign, to keep it left of the digits.
    minus = get_minus_sign_symbol(language).replace("-", MINUS)

    def spelled(text: str, *, end: bool) -> str:
        return _with_symbol(text.replace("-", minus), symbol, end=end)

    before, before_negative = (spelled(text, end=False) for text in pattern.prefix)
    after, after_negative = (spelled(text, end=True) for text in pattern.suffix)
    digits = exponent(currency)
    return AmountPattern(
        before=before,
        after=after,
        before_negative=before_negative,
        after_negative=after_negative,
        minus=minus,
        plus=get_plus_sign_symbol(language),
        group=get_group_symbol(language),
        decimal=get_decimal_symbol(language),
        group_sizes=pattern.grouping,
        digits=digits,
        drops_zero_digits=digits > get_currency_precision(currency.upper()) == 0,
    )


def _with_symbol(text: str, symbol: str, *, end: bool) -> str:
    """Put the symbol into a pattern's prefix or suffix.

    A sign made of letters keeps a space from the digits: `CHF 5.00` beside `$5.00` (CLDR's
    `currencySpacing`, which Babel leaves out).
    """
    if "¤" not in text:
        return text
    touches_digits = text.startswith("¤") if end else text.endswith("¤")
    neighbour = symbol[:1] if end else symbol[-1:]
    if touches_digits and neighbour.isalpha():
        symbol = f"{NO_BREAK_SPACE}{symbol}" if end else f"{symbol}{NO_BREAK_SPACE}"
    return text.replace("¤", symbol)


@lru_cache(maxsize=8192)
def _markup(amount: int, currency: str, locale: str, signed: bool) -> Markup:
    pattern = amount_pattern(locale, currency)
    before, whole, minor, after = _parts(amount, pattern, signed=signed)
    return Markup('<span class="money">{}{}{}{}</span>').format(
        _sign_markup(before),
        whole,
        Markup("<i>{}</i>").format(minor) if minor else "",
        _sign_markup(after),
    )


def _sign_markup(text: str) -> Markup:
    """The currency's sign, smaller; a minus or plus stays as large as the digits.

    Spaces and direction marks stay outside: they are there for the digits.
    """
    for mark in (MINUS, "+"):
        if mark in text:
            left, right = text.split(mark, 1)
            return _sign_markup(left) + mark + _sign_markup(right)
    sign = text.strip(_AROUND_SIGN)
    if not sign:
        return escape(text)
    before, _, after = text.partition(sign)
    return Markup("{}<small>{}</small>{}").format(before, sign, after)


def _parts(amount: int, pattern: AmountPattern, *, signed: bool) -> tuple[str, str, str, str]:
    whole, rest = divmod(abs(amount), 10**pattern.digits)
    minor = f"{pattern.decimal}{rest:0{pattern.digits}d}" if pattern.digits else ""
    if rest == 0 and pattern.drops_zero_digits:
        minor = ""
    if amount < 0:
        before, after = pattern.before_negative, pattern.after_negative
    elif signed and amount > 0:
        before = pattern.before_negative.replace(pattern.minus, pattern.plus)
        after = pattern.after_negative.replace(pattern.minus, pattern.plus)
    else:
        before, after = pattern.before, pattern.after
    return before, _grouped(str(whole), pattern), minor, after


def _grouped(digits: str, pattern: AmountPattern) -> str:
    size, next_size = pattern.group_sizes
    groups: list[str] = []
    while len(digits) > size:
        groups.append(digits[-size:])
        digits, size = digits[:-size], next_size
    return pattern.group.join([digits, *reversed(groups)])
