"""Where a connected account may live, what it is paid in, and how long its money is held.

Countries: those in which the field's Connect accounts can be opened, self-serve or on
request. Delays: reference money-movement §6.1; `delay_days` counts business days where
`counts_business_days` is true, calendar days elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MAXIMUM_DELAY_DAYS: Final = 31


@dataclass(frozen=True, slots=True)
class Country:
    code: str  # ISO 3166, upper case
    currency: str  # the default currency of an account there
    delay_days: int  # the country's own, which is also the least a platform may set
    counts_business_days: bool
    payments: bool = True  # false: only transfers, under the recipient agreement


_EURO: Final = (  # one currency
    "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK".split()
)
_EUROPE: Final = {
    **dict.fromkeys(_EURO, "eur"),
    "CH": "chf",
    "CZ": "czk",
    "DK": "dkk",
    "GB": "gbp",
    "GI": "gbp",
    "HU": "huf",
    "LI": "chf",
    "NO": "nok",
    "PL": "pln",
    "RO": "ron",
    "SE": "sek",
}

# Places that can only receive transfers; the currency is the one their banks are paid in.
_RECIPIENTS: Final = {
    "AG": "xcd", "AL": "all", "AM": "amd", "AO": "aoa", "AR": "ars", "AZ": "azn", "BA": "bam",
    "BD": "bdt", "BH": "bhd", "BJ": "xof", "BN": "bnd", "BO": "bob", "BS": "bsd", "BT": "btn",
    "BW": "bwp", "CI": "xof", "CL": "clp", "CO": "cop", "CR": "crc", "DO": "dop", "DZ": "dzd",
    "EC": "usd", "EG": "egp", "ET": "etb", "GA": "xaf", "GH": "ghs", "GM": "gmd", "GT": "gtq",
    "GY": "gyd", "ID": "idr", "IL": "ils", "IS": "eur", "JM": "jmd", "JO": "jod", "KE": "kes",
    "KH": "khr", "KR": "krw", "KW": "kwd", "KZ": "kzt", "LA": "lak", "LC": "xcd", "LK": "lkr",
    "MA": "mad", "MC": "eur", "MD": "mdl", "MG": "mga", "MK": "mkd", "MN": "mnt", "MO": "mop",
    "MU": "mur", "MZ": "mzn", "NA": "nad", "NE": "xof", "NG": "ngn", "OM": "omr", "PA": "usd",
    "PE": "pen", "PH": "php", "PK": "pkr", "PY": "pyg", "QA": "qar", "RS": "rsd", "RW": "rwf",
    "SA": "sar", "SM": "eur", "SN": "xof", "SV": "usd", "TN": "tnd", "TR": "try", "TT": "ttd",
    "TW": "twd", "TZ": "tzs", "UY": "uyu", "UZ": "uzs", "VN": "vnd", "ZA": "zar",
}  # fmt: skip

_COUNTRIES: Final = {
    country.code: country
    for country in (
        Country("US", "usd", 2, True),
        Country("AU", "aud", 2, True),
        Country("IN", "inr", 2, True),
        Country("NZ", "nzd", 4, True),
        Country("JP", "jpy", 4, True),
        Country("AE", "aed", 5, True),
        Country("TH", "thb", 7, True),
        Country("MY", "myr", 7, True),
        Country("CA", "cad", 7, False),
        Country("MX", "mxn", 7, False),
        Country("HK", "hkd", 7, False),
        Country("SG", "sgd", 7, False),
        Country("BR", "brl", 30, False),
        *(Country(code, currency, 7, False) for code, currency in _EUROPE.items()),
        *(Country(code, currency, 7, False, False) for code, currency in _RECIPIENTS.items()),
    )
}


def country_of(code: str) -> Country | None:
    """The country, or None where no connected account can be opened."""
    return _COUNTRIES.get(code)


def bank_countries() -> tuple[str, ...]:
    """The codes of all countries whose banks may be paid."""
    return tuple(_COUNTRIES)


def own_delay_days(code: str) -> int:
    """`delay_days` of a country; two days for one we do not know (a platform's own)."""
    country = _COUNTRIES.get(code)
    return country.delay_days if country else 2


def counts_business_days(code: str) -> bool:
    """Whether a country's `delay_days` are business days."""
    country = _COUNTRIES.get(code)
    return country is None or country.counts_business_days
