"""Lists as files: the same rows, names and totals as on the screen and in the books."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date, datetime
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.files.storage import storages

from counterfoil.dashboard.exports import operations, writers
from counterfoil.dashboard.exports.tables import Column, Table
from counterfoil.dashboard.once import form_key
from counterfoil.kit.db import execute, fetch_all, fetch_one
from counterfoil.kit.money import Money
from tests.support.books import payout
from tests.unit.dashboard.world import NOW, OTHER, SELLER, open_account, pay, post, signed_in


def exported(browser, query: str = "of=transactions", form: str = "csv"):
    return browser.post(f"/exports/new?{query}", {"form_key": form_key(), "format": form})


def content(answer) -> bytes:
    return b"".join(answer.streaming_content)


def read_csv(raw: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))


@pytest.fixture
def busy(seller):
    for at in range(30):
        pay(f"{at}", amount=1059 + at, at=NOW - at * 900, description=f"Order {at}")
    pay("euro", amount=5059, currency="eur", at=NOW - 5)
    post(payout("1", amount=700), at=NOW - 10)
    return seller


def test_a_small_list_is_answered_at_once_with_the_rows_of_the_screen(busy):
    answer = exported(busy)
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''Transactions.csv"
    rows = read_csv(content(answer))
    *listed, euro, dollar = rows

    html = busy.get("/transactions").content.decode()
    on_screen = re.findall(r"<dt>Transaction</dt><dd>(txn_\w+)</dd>", html)
    said = re.findall(r'class="row__what">(.*?)</span>', html)
    assert [row["Transaction"] for row in listed] == on_screen
    assert [row["Description"] for row in listed] == said
    assert len(listed) == 32

    books = fetch_all(
        "SELECT currency, SUM(amount), SUM(net) FROM ledger_balancetransaction"
        " WHERE owner = %s GROUP BY currency ORDER BY currency",
        [SELLER],
    )
    totals = [(row["Currency"], row["Amount"], row["Net"]) for row in (euro, dollar)]
    assert totals == [
        (c.upper(), f"{int(a) / 100:.2f}", f"{int(n) / 100:.2f}") for c, a, n in books
    ]
    assert {row["Date"] for row in (euro, dollar)} == {"Total"}
    for row in listed:
        parts = [row[name] for name in ("Amount", "Processing fee", "Bazaar fee")]
        parts.append(row["Other fees and tax"])
        assert sum(round(float(part) * 100) for part in parts) == round(float(row["Net"]) * 100)


def test_a_filter_of_the_page_is_a_filter_of_the_file(busy):
    rows = read_csv(content(exported(busy, "of=transactions&type=payouts")))
    assert [row["Description"] for row in rows] == ["Payout to your bank", ""]


def test_json_holds_minor_units(busy):
    told = json.loads(content(exported(busy, form="json")))
    assert told["count"] == len(told["rows"]) == 32
    assert told["rows"][0]["amount"] == {"amount": 1059, "currency": "usd"}
    assert told["columns"]["net"] == "Net"
    assert told["totals"]["eur"]["net"] == 5000


def sheet_of(raw: bytes) -> list[list[str]]:
    """The cells of the one sheet, read as a spreadsheet would."""
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        tree = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - ours
    ns = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    return [
        ["".join(cell.itertext()) for cell in row.findall("m:c", ns)]
        for row in tree.iterfind(".//m:row", ns)
    ]


def test_a_sheet_holds_numbers_and_totals(busy):
    head, first, *_, euro, dollar = sheet_of(content(exported(busy, form="xlsx")))
    assert head[:4] == ["Date", "Description", "Type", "Amount"]
    assert first[3] == "10.59"
    assert (euro[0], dollar[0]) == ("Total", "Total")


HOSTILE = ["=1+1", "+cmd", "-2", "@sum", "\tx", "\rx"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula(seller, text):
    pay("1", description=text)
    (row, _total) = read_csv(content(exported(seller)))
    assert row["Description"] == f"'{text}"
    xlsx = content(exported(seller, form="xlsx"))
    with zipfile.ZipFile(io.BytesIO(xlsx)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_payouts_and_the_lines_of_one_are_lists_too(seller):
    assert read_csv(content(exported(seller, "of=payouts"))) == []
    for query in ("of=payout_lines&payout=po_nobody", "of=payout_lines", "of=nonsense", ""):
        assert exported(seller, query).status_code == 404


def test_a_format_that_does_not_exist_is_told(seller):
    answer = exported(seller, form="pdf")
    assert answer.status_code == 422
    assert "Choose one of these." in answer.content.decode()


@pytest.fixture
def long(busy, monkeypatch, tmp_path):
    monkeypatch.setattr(operations, "AT_ONCE", 10)
    monkeypatch.setattr("counterfoil.dashboard.exports.transactions.BATCH", 7)
    monkeypatch.setitem(settings.STORAGES["files"]["OPTIONS"], "location", tmp_path)
    return busy


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_a_long_list_is_made_by_a_worker_and_is_the_same(long, form, monkeypatch):
    answer = exported(long, form=form)
    assert answer.status_code == 303
    page = answer["Location"]
    assert "You can leave this page" in long.get(page).content.decode()
    assert long.get(f"{page}/file").status_code == 404

    assert operations.make_next(NOW) == 1
    assert operations.make_next(NOW) == 0
    assert f"32 rows, Transactions.{form}" in long.get(page).content.decode()
    made = content(long.get(f"{page}/file"))
    monkeypatch.setattr(operations, "AT_ONCE", 100)
    at_once = content(exported(long, form=form))
    assert (sheet_of(made), 0) == (sheet_of(at_once), 0) if form == "xlsx" else made == at_once


def test_a_second_click_asks_for_one_export(long):
    form = {"form_key": form_key(), "format": "csv"}
    first, second = (long.post("/exports/new?of=transactions", form) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert fetch_one("SELECT COUNT(*) FROM dashboard_export") == (1,)


def test_what_happens_after_asking_is_not_in_it(long):
    page = exported(long)["Location"]
    pay("late", at=NOW + 60)
    operations.make_next(NOW + 120)
    assert "32 rows" in long.get(page).content.decode()


def test_nobody_fetches_anybody_elses(long):
    page = exported(long)["Location"]
    operations.make_next(NOW)
    open_account(OTHER)
    stranger = signed_in(OTHER)
    assert stranger.get(page).status_code == 404
    assert stranger.get(f"{page}/file").status_code == 404
    assert len(read_csv(content(exported(stranger)))) == 0


def test_a_worker_that_died_leaves_it_to_the_next(long, monkeypatch):
    page = exported(long)["Location"]
    with monkeypatch.context() as dying:
        dying.setattr(operations, "_keep", _killed)
        with pytest.raises(KeyboardInterrupt):
            operations.make_next(NOW)
    assert operations.make_next(NOW) == 0  # somebody seems to be at it
    assert operations.make_next(NOW + 61) == 1
    assert "32 rows" in long.get(page).content.decode()


def _killed(*_args):
    raise KeyboardInterrupt


def test_one_that_cannot_be_made_is_given_up_and_says_so(long, monkeypatch):
    page = exported(long)["Location"]
    monkeypatch.setitem(operations.WRITERS, "csv", _broken)
    now = NOW
    while operations.make_next(now):
        now += 3600
    assert "could not be made" in long.get(page).content.decode()
    assert fetch_one("SELECT state, tries FROM dashboard_export") == ("failed", 5)


def _broken(*_args):
    raise OSError("disk full")


def test_a_slow_worker_does_not_overwrite_what_another_made(long):
    exported(long)
    execute("UPDATE dashboard_export SET tries = 3")
    with pytest.raises(operations._TakenAway):
        operations._say(fetch_one("SELECT id FROM dashboard_export")[0], 2, "done = 1", [])


def test_files_are_forgotten_after_a_week(long):
    page = exported(long)["Location"]
    operations.make_next(NOW)
    ident = page.rsplit("/", 1)[1]
    assert storages["files"].exists(f"exports/{ident}")
    assert operations.forget_old(NOW + operations.KEPT - 1) == 0
    assert operations.forget_old(NOW + operations.KEPT) == 1
    assert not storages["files"].exists(f"exports/{ident}")
    assert long.get(page).status_code == 404


def test_more_rows_than_a_sheet_holds_are_refused_before_it_is_useless(monkeypatch):
    monkeypatch.setattr(writers, "MOST_SHEET_ROWS", 3)
    table = Table("T", [Column("a", "A")], lambda: iter([[["x"]] * 4]), lambda: 4)
    with pytest.raises(writers.TooManyRows):
        writers.write_xlsx(table, io.BytesIO(), lambda _count: None)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Money(-1250, "usd"), "-12.50"),
        (Money(5, "usd"), "0.05"),
        (Money(1200, "jpy"), "1200"),
        (Money(1500, "kwd"), "1.500"),
        (date(2025, 11, 3), "2025-11-03"),
        (datetime(2025, 11, 3, 10, 0), "2025-11-03T10:00:00"),  # noqa: DTZ001 - as a cell
        (None, ""),
    ],
)
def test_cells_are_for_programs(cell, text):
    assert writers._plain(cell) == text
