"""Live mode's rail: a file for the bank, that an operator carries there.

The file is CSV in UTF-8 with a header and CRLF, as banks and spreadsheets read it. Everything in
it is limited to the letters that every bank takes (the Latin set of SEPA payments), and nothing
begins with a sign that a spreadsheet takes for a formula. Account numbers are text.
"""

from __future__ import annotations

import csv
import io
import os
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from counterfoil.kit.currencies import exponent

HEADER: Final = (
    "payout",
    "amount",
    "currency",
    "beneficiary_name",
    "beneficiary_country",
    "account_number",
    "routing_number",
    "statement_text",
    "arrival_date",
)
_FOREIGN: Final = re.compile(r"[^A-Za-z0-9 /?:().,'+_-]")
_FORMULA: Final = "=+-@"
_SPELLED: Final = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
)
_LONGEST: Final = 70


@dataclass(frozen=True, slots=True)
class Order:
    """One payout, as the bank is told of it. Minor units; the number is in the clear."""

    payout_id: str
    amount: int
    currency: str
    beneficiary_name: str | None
    beneficiary_country: str
    account_number: str
    routing_number: str | None
    statement_text: str | None
    arrival: date


def bank_file(orders: Iterable[Order]) -> bytes:
    """The whole batch; the same orders make the same bytes."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEADER)
    for order in orders:
        assert order.amount > 0, f"{order.payout_id}: a bank file only pays"
        writer.writerow(
            (
                bank_text(order.payout_id),
                major_units(order.amount, order.currency),
                order.currency.upper(),
                bank_text(order.beneficiary_name or ""),
                bank_text(order.beneficiary_country),
                bank_text(order.account_number),
                bank_text(order.routing_number or ""),
                bank_text(order.statement_text or order.payout_id),
                order.arrival.isoformat(),
            )
        )
    return text.getvalue().encode()


def bank_text(text: str) -> str:
    """In letters that every bank takes, and never the beginning of a formula."""
    plain = unicodedata.normalize("NFKD", text.translate(_SPELLED))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = " ".join(_FOREIGN.sub(" ", plain).split())
    return plain.lstrip(_FORMULA + " ")[:_LONGEST]


def major_units(amount: int, currency: str) -> str:
    """`1234` usd is `12.34`, `1234` jpy is `1234`: exact, with a point."""
    digits = exponent(currency)
    whole, rest = divmod(amount, 10**digits)
    return f"{whole}.{rest:0{digits}d}" if digits else str(whole)


def write_atomically(path: Path, content: bytes) -> None:
    """The whole file or none, readable by its owner alone; durable when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
