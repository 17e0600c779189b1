"""The platform's table of exchange rates: a setting, with values to test by (design §7)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final

import msgspec

from counterfoil.kit.currencies import known_currencies
from counterfoil.kit.exchange import exchange_rate

# What one unit is worth in dollars, where a platform says nothing else, in test mode only: nobody
# should settle real money by them. Euro and pound are the reference's example.
TEST_VALUES: Final = {
    "usd": "1", "eur": "1.10", "gbp": "1.25", "aud": "0.66", "brl": "0.18", "cad": "0.73",
    "chf": "1.14", "czk": "0.044", "dkk": "0.1475", "hkd": "0.128", "huf": "0.0028",
    "inr": "0.012", "jpy": "0.0068", "krw": "0.00073", "mxn": "0.055", "myr": "0.225",
    "nok": "0.094", "nzd": "0.60", "pln": "0.25", "ron": "0.22", "sek": "0.096", "sgd": "0.75",
    "thb": "0.029", "aed": "0.2723", "all": "0.011", "amd": "0.0026", "aoa": "0.0011",
    "ars": "0.001", "azn": "0.588", "bam": "0.5625", "bdt": "0.0083", "bgn": "0.5625",
    "bhd": "2.65", "bif": "0.00035", "bnd": "0.75", "bob": "0.1447", "bsd": "1",
    "btn": "0.012", "bwp": "0.074", "clp": "0.00105", "cny": "0.139", "cop": "0.00024",
    "crc": "0.0019", "djf": "0.0056", "dop": "0.0166", "dzd": "0.0074", "egp": "0.0205",
    "etb": "0.008", "ghs": "0.065", "gmd": "0.0143", "gnf": "0.000116", "gtq": "0.129",
    "gyd": "0.0048", "idr": "0.0000625", "ils": "0.27", "isk": "0.0072", "jmd": "0.0064",
    "jod": "1.41", "kes": "0.0077", "khr": "0.000245", "kmf": "0.00224", "kwd": "3.25",
    "kzt": "0.0021", "lak": "0.000046", "lkr": "0.0033", "mad": "0.1", "mdl": "0.056",
    "mga": "0.00022", "mkd": "0.0179", "mnt": "0.00029", "mop": "0.124", "mur": "0.0217",
    "mzn": "0.0157", "nad": "0.055", "ngn": "0.00065", "omr": "2.6", "pab": "1",
    "pen": "0.27", "php": "0.0175", "pkr": "0.0036", "pyg": "0.000128", "qar": "0.2747",
    "rsd": "0.0094", "rwf": "0.00074", "sar": "0.2667", "tnd": "0.32", "try": "0.029",
    "ttd": "0.147", "twd": "0.031", "tzs": "0.00038", "uah": "0.0243", "ugx": "0.00027",
    "uyu": "0.025", "uzs": "0.000078", "vnd": "0.00004", "vuv": "0.0084", "xaf": "0.00168",
    "xcd": "0.37", "xof": "0.00168", "xpf": "0.0092", "zar": "0.055", "zmw": "0.038",
}  # fmt: skip


class ExchangeTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one unit of each currency is worth, as decimal text, all in one same currency.

    In test mode what it leaves out is worth what `TEST_VALUES` says, in dollars; so values for
    test mode are in dollars as well. `margin_basis_points` is kept of every conversion, as a
    worse rate. Raises ValueError for what is no positive number, no currency, or a margin out
    of 0 … 5000.
    """

    values: dict[str, str] = {}
    margin_basis_points: int = 0

    def __post_init__(self) -> None:
        for currency, text in self.values.items():
            if currency not in known_currencies():
                raise ValueError(f"No such currency: {currency}")
            if _number(text) <= 0:
                raise ValueError(f"One {currency} is worth more than {text}.")
        if not 0 <= self.margin_basis_points <= 5000:
            raise ValueError("An exchange margin is 0 to 5000 basis points.")

    def rate(self, source: str, target: str, *, livemode: bool) -> Decimal | None:
        """Units of `target` for one unit of `source`; None where the table lacks one."""
        known = {} if livemode else TEST_VALUES
        values = [self.values.get(one) or known.get(one) for one in (source, target)]
        if values[0] is None or values[1] is None:
            return None
        worth = (Decimal(values[0]), Decimal(values[1]))
        return exchange_rate(*worth, margin=self.margin_basis_points)


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"Not a decimal number: {text}") from error
    if not number.is_finite():
        raise ValueError(f"Not a decimal number: {text}")
    return number
