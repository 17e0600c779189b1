"""Each kind of list × each format: the rows, names and totals of the screen, and of one another."""

from __future__ import annotations

import io
import json
import re
import zipfile
from string import ascii_uppercase
from xml.etree import ElementTree

import pytest

from counterfoil.dashboard.exports.kinds import TABLES
from counterfoil.dashboard.once import form_key
from counterfoil.kit.db import fetch_one
from tests.support.builders import world  # noqa: F401 - a fixture
from tests.unit.dashboard.test_exports import content, read_csv
from tests.unit.dashboard.test_reports import paid  # noqa: F401 - a fixture

_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DAYS = "from=2025-11-01"
# Each list: what its export is asked with, its page, and the columns that stand there in order.
SCREENS = {
    "transactions": ("", "/transactions", ["Description", "Net"]),
    "payments": ("", "/payments", ["Description", "Amount"]),
    "payouts": ("", "/payouts", ["Account", "Amount"]),
    "payout_lines": ("payout={payout}", "/payouts/{payout}", ["In this payout"]),
    "balance_summary": (DAYS, f"/reports?{DAYS}", ["Net"]),  # days are written for programs
    "payout_reconciliation": (DAYS, f"/reports/payouts?{DAYS}", ["In this payout"]),
}


def test_every_kind_is_compared():
    assert set(SCREENS) == set(TABLES)


@pytest.mark.parametrize("kind", SCREENS)
def test_every_format_says_what_the_screen_says(paid, kind):  # noqa: F811 - the fixture
    payout = fetch_one("SELECT id FROM payouts_payout ORDER BY created LIMIT 1")[0]
    query, address, columns = (
        part.format(payout=payout) if isinstance(part, str) else part for part in SCREENS[kind]
    )
    files = {form: content(_asked(paid, kind, query, form)) for form in ("csv", "json", "xlsx")}
    lines, told, sheet = read_csv(files["csv"]), json.loads(files["json"]), _sheet(files["xlsx"])

    count, names = told["count"], list(told["columns"].values())
    assert count > 0
    assert sheet[0] == list(lines[0]) == names
    rows, totals = lines[:count], lines[count:]
    assert len(sheet) == 1 + len(lines)
    for line, from_json, cells in zip(rows, told["rows"], sheet[1:], strict=False):
        for key, name in told["columns"].items():
            _same(line[name], from_json[key], cells[names.index(name)])
    for line, currency in zip(totals, sorted(told["totals"]), strict=True):
        for key, amount in told["totals"][currency].items():
            name = told["columns"][key]
            summed = sum(_minor(row[name]) for row in rows if row[name])
            assert _minor(line[name]) == amount == summed, name
    _stand_in_order(paid.page(address).text, rows, columns)


def _asked(shop, kind: str, query: str, form: str):
    sent = {"form_key": form_key(), "format": form}
    return shop.browser.post(f"/exports/new?of={kind}&{query}", sent)


def _sheet(raw: bytes) -> list[list[str]]:
    """Every cell in its column, those that are left out as empty ones."""
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        tree = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - ours
    lines = []
    for row in tree.iterfind(f".//{_NS}row"):
        cells = {cell.get("r", "")[0]: "".join(cell.itertext()) for cell in row.iter(f"{_NS}c")}
        lines.append(cells)
    letters = ascii_uppercase[: len(lines[0])]
    return [[cells.get(letter, "") for letter in letters] for cells in lines]


def _same(text: str, value, cell: str) -> None:
    """One cell as CSV, JSON and a sheet have it."""
    if isinstance(value, dict):
        assert _minor(text) == value["amount"] == round(float(cell) * 100)
    elif value is None:
        assert (text, cell) == ("", "")
    elif not re.match(r"\d{4}-\d{2}-\d{2}", value):  # a sheet holds days as numbers
        assert text.lstrip("'") == value == cell.lstrip("'")


def _minor(text: str) -> int:
    return round(float(text) * 100)


def _stand_in_order(page: str, rows: list[dict[str, str]], columns: list[str]) -> None:
    """Each row's words and amount are on the page, one row after the other."""
    text, at = page.replace("\N{MINUS SIGN}", "-").replace(" ", ""), 0
    for row in rows:
        for name in columns:
            said = row[name].replace(" ", "")
            if re.fullmatch(r"-?\d+\.\d\d", said):
                said = f"{abs(float(said)):,.2f}"
            found = text.find(said, at)
            assert found >= 0, (name, row[name], text[at : at + 400])
        at = text.find(row[columns[0]].replace(" ", "").lstrip("-"), at) + 1
