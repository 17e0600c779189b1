"""The file for the bank: what any bank reads, nothing a spreadsheet would run, whole or not."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import replace
from datetime import date

import pytest

from counterfoil.rails.manual import (
    HEADER,
    Order,
    bank_file,
    bank_text,
    major_units,
    write_atomically,
)

ORDER = Order(
    payout_id="po_1",
    amount=123_456,
    currency="eur",
    beneficiary_name="Jürgen Groß",
    beneficiary_country="DE",
    account_number="DE89370400440532013000",
    routing_number=None,
    statement_text="BAZAAR",
    arrival=date(2025, 11, 6),
)


def rows(*orders: Order) -> list[list[str]]:
    return list(csv.reader(io.StringIO(bank_file(orders).decode(), newline="")))


def test_an_order_is_a_row_under_the_header():
    header, row = rows(ORDER)

    assert tuple(header) == HEADER
    assert row == [
        "po_1",
        "1234.56",
        "EUR",
        "Jurgen Gross",
        "DE",
        "DE89370400440532013000",
        "",
        "BAZAAR",
        "2025-11-06",
    ]


def test_leading_zeros_and_long_numbers_stay_text():
    order = replace(ORDER, account_number="000123456789", routing_number="011000015")
    assert b'"000123456789","011000015"' in bank_file([order])


def test_the_same_orders_make_the_same_bytes():
    assert bank_file([ORDER, ORDER]) == bank_file([ORDER, ORDER])


@pytest.mark.parametrize(
    "name",
    [
        '=HYPERLINK("http://evil.example","x")',
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1)",
        "\t=1+1",
        "\r\n=1+1",
        " =1+1",
        "=-+@=1",
        "＝1+1",  # full width, which becomes an equals sign
    ],
)
def test_nothing_begins_like_a_formula(name):
    cell = rows(replace(ORDER, beneficiary_name=name, statement_text=name))[1]
    for text in (cell[3], cell[7]):
        assert not text.startswith(("=", "+", "-", "@", "\t", "\r", " "))
        assert not set(text) & set('"|!;\t\r\n')


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Łukasz Øst & Søn", "Lukasz Ost Son"),
        ("Crème Brûlée, S.A.", "Creme Brulee, S.A."),
        ("山田太郎", ""),
        ("O'Neil (Dublin) + Sons/Partners: 5?", "O'Neil (Dublin) + Sons/Partners: 5?"),
        ("x" * 200, "x" * 70),
    ],
)
def test_text_is_in_letters_that_every_bank_takes(text, kept):
    assert bank_text(text) == kept


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (1, "usd", "0.01"),
        (100, "usd", "1.00"),
        (123_456_789, "eur", "1234567.89"),
        (1234, "jpy", "1234"),
        (12_345, "kwd", "12.345"),
    ],
)
def test_amounts_are_exact(amount, currency, text):
    assert major_units(amount, currency) == text


def test_a_file_only_pays():
    with pytest.raises(AssertionError, match="only pays"):
        bank_file([replace(ORDER, amount=-1)])


def test_a_file_is_written_whole_and_for_its_owner_alone(tmp_path):
    path = tmp_path / "payouts" / "pob_1.csv"

    write_atomically(path, b"first")
    write_atomically(path, b"second, after a crash")

    assert path.read_bytes() == b"second, after a crash"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["pob_1.csv"]


def test_a_write_that_fails_leaves_the_earlier_file(tmp_path, monkeypatch):
    path = tmp_path / "pob_1.csv"
    write_atomically(path, b"first")

    def full(_descriptor):
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(path, b"second")
    assert path.read_bytes() == b"first"
    assert [one.name for one in tmp_path.iterdir()] == ["pob_1.csv"]
