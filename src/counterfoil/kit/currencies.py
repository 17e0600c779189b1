"""Which currencies exist, how many decimals their minor unit has, and what a charge may be.

Sources: ISO 4217 through Babel's CLDR data for the codes that are tender today; reference
money-movement §9 for the decimals on the wire and for the limits of a card charge.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from babel.core import get_global

ZERO_DECIMAL: Final = frozenset(
    "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split()
)
THREE_DECIMAL: Final = frozenset("bhd jod kwd omr tnd".split())

# Two decimals on the wire, though the currency has no coin below one (reference §9).
WHOLE_UNITS_ONLY: Final = frozenset({"isk", "ugx"})

_MINIMUM_CHARGE: Final = {
    **dict.fromkeys("usd eur cad aud chf brl sgd nzd inr".split(), 50),
    "gbp": 30,
    **dict.fromkeys("jpy krw".split(), 50),
    **dict.fromkeys("sek nok".split(), 300),
    "dkk": 250,
    "mxn": 1000,
    "hkd": 400,
    "czk": 1500,
    "huf": 17500,
    **dict.fromkeys("pln ron aed myr".split(), 200),
    "thb": 1000,
}
MAXIMUM_CARD_CHARGE: Final = 999_999_999_999
MAXIMUM_OF_BRAND: Final = {"amex": 999_999_999}  # where it is less (reference §9)


@cache
def known_currencies() -> frozenset[str]:
    """Lower-case ISO 4217 codes of what is legal tender somewhere today.

    CLDR remembers currencies of the past and codes of funds and metals; nobody is paid in those.
    """
    territories: dict[str, list[tuple[str, object, object, bool]]]
    territories = dict(get_global("territory_currencies"))
    return frozenset(
        code.lower()
        for history in territories.values()
        for code, _since, until, tender in history
        if until is None and tender
    )


def exponent(currency: str) -> int:
    """How many decimals the minor unit has on the wire: 0, 2 or 3."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def minimum_charge(currency: str) -> int:
    """The smallest card charge in minor units; one unit where the field publishes none."""
    return _MINIMUM_CHARGE.get(currency, 1)


def granularity(currency: str) -> int:
    """What a charge amount must be a multiple of, in minor units."""
    if currency in WHOLE_UNITS_ONLY:
        return 100
    return 10 if currency in THREE_DECIMAL else 1
