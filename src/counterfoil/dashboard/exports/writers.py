"""One function a format: a table into a binary file, row by row, in flat memory.

A text that a spreadsheet would take for a formula is kept from being one (CSV injection); amounts
are numbers and stay so. Each calls `progress` after every batch.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import IO, Any, Final

import msgspec
import xlsxwriter

from counterfoil.dashboard.exports.tables import Cell, Column, Table, Totals
from counterfoil.kit.currencies import exponent
from counterfoil.kit.money import Money
from counterfoil.wording.languages import gettext as _

Progress = Callable[[int], None]  # rows so far
MOST_SHEET_ROWS: Final = 1_048_000  # what a spreadsheet holds, less its head and totals
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


class TooManyRows(Exception):
    """More rows than the caller, or the format, has room for."""


def write_csv(table: Table, file: IO[bytes], progress: Progress) -> Totals:
    """UTF-8 with the mark by which Excel knows it; amounts like `-12.50`, moments ISO 8601."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer, totals = csv.writer(text), Totals(table.columns)
    writer.writerow([column.word for column in table.columns])
    for batch in table.rows():
        for row in batch:
            totals.add(row)
            writer.writerow([_plain(cell) for cell in row])
        progress(totals.count)
    writer.writerows([[_plain(cell) for cell in row] for row in totals.rows(_("Total"))])
    text.detach()  # the caller's file stays open
    return totals


def write_json(table: Table, file: IO[bytes], progress: Progress) -> Totals:
    """`{"rows": […], "totals": {currency: {column: amount}}}`; amounts in minor units."""
    totals, encode, first = Totals(table.columns), msgspec.json.encode, True
    keys = [column.key for column in table.columns]
    names = {column.key: column.word for column in table.columns}
    file.write(b'{"columns": ' + encode(names) + b', "rows": [')
    for batch in table.rows():
        for row in batch:
            totals.add(row)
            file.write(b"\n" if first else b",\n")
            first = False
            shown = {key: _shown(cell) for key, cell in zip(keys, row, strict=True)}
            file.write(encode(shown))
        progress(totals.count)
    file.write(b'\n], "totals": ' + encode(dict(sorted(totals.sums.items()))))
    file.write(b', "count": ' + str(totals.count).encode() + b"}\n")
    return totals


def write_xlsx(table: Table, file: IO[bytes], progress: Progress) -> Totals:
    """One sheet; amounts are numbers, days and moments are dates. Raises TooManyRows."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    totals = Totals(table.columns)
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        formats = _Formats(book)
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, _width(column))
            sheet.write_string(0, place, column.word, formats.head)
        sheet.freeze_panes(1, 0)
        for batch in table.rows():
            for row in batch:
                totals.add(row)
                if totals.count > MOST_SHEET_ROWS:
                    raise TooManyRows
                _write_row(sheet, totals.count, row, formats)
            progress(totals.count)
        for below, row in enumerate(totals.rows(_("Total")), start=1):
            _write_row(sheet, totals.count + below, row, formats, total=True)
    return totals


WRITERS: Final[dict[str, Callable[[Table, IO[bytes], Progress], Totals]]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "json": write_json,
}
MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "zip": "application/zip",
}


def decimal_text(money: Money) -> str:
    """`-12.50`: for programs, so never grouped and always with a point."""
    digits = exponent(money.currency)
    whole, rest = divmod(abs(money.amount), 10**digits)
    sign = "-" if money.amount < 0 else ""
    return f"{sign}{whole}.{rest:0{digits}d}" if digits else f"{sign}{whole}"


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Money):
        return decimal_text(cell)
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    text = _spaced(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _spaced(text: str) -> str:
    """A space that holds words together on a page is in a program's way."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def _shown(cell: Cell) -> Any:
    if isinstance(cell, str):
        return _spaced(cell)
    if isinstance(cell, Money):
        return {"amount": cell.amount, "currency": cell.currency}
    return cell.isoformat() if isinstance(cell, (date, datetime)) else cell


class _Formats:
    """The few looks that a sheet has, made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._money: dict[tuple[int, bool], Any] = {}
        self.head = book.add_format({"bold": True, "bottom": 1})
        self.total = book.add_format({"bold": True, "top": 1})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def money(self, digits: int, total: bool) -> Any:
        if (digits, total) not in self._money:
            look: dict[str, object] = {"num_format": "#,##0" + ("." + "0" * digits) * bool(digits)}
            look |= {"bold": True, "top": 1} if total else {}
            self._money[digits, total] = self._book.add_format(look)
        return self._money[digits, total]


def _write_row(
    sheet: Any, at: int, row: Sequence[Cell], formats: _Formats, *, total: bool = False
) -> None:
    for place, cell in enumerate(row):
        if cell is None:
            continue
        if isinstance(cell, Money):
            digits = exponent(cell.currency)
            look = formats.money(digits, total)
            sheet.write_number(at, place, cell.amount / 10**digits, look)
        elif isinstance(cell, datetime):
            # A sheet knows no zones: the clock of the account.
            sheet.write_datetime(at, place, cell.replace(tzinfo=None), formats.moment)
        elif isinstance(cell, date):
            sheet.write_datetime(at, place, cell, formats.day)
        else:
            sheet.write_string(at, place, _spaced(cell), formats.total if total else None)


def _width(column: Column) -> int:
    return {"text": 28, "money": 13, "day": 12, "moment": 20}[column.kind]
