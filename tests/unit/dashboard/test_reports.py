"""A balance from one day to another, and payouts with what they settle."""

from __future__ import annotations

import random
import re
from datetime import date, timedelta

import pytest

from counterfoil.dashboard.once import form_key
from counterfoil.dashboard.queries.reports import Moved, balance_at, moved
from counterfoil.dashboard.queries.transactions import transactions
from counterfoil.dashboard.reports import GROUPS, Stretch, months, read_stretch, summary
from counterfoil.kit.db import fetch_all
from counterfoil.kit.pages import PageRequest
from counterfoil.wording.languages import written_for
from tests.support.books import payout
from tests.support.builders import WEDNESDAY, world  # noqa: F401 - a fixture
from tests.support.selling import Shop
from tests.unit.dashboard.test_exports import content, exported, read_csv
from tests.unit.dashboard.world import NOW, SELLER, pay, post

TODAY = date(2025, 11, 3)
DAY = 86_400


@pytest.fixture
def books(seller) -> None:
    """Two months of payments and payouts in two currencies, at any second of a day."""
    chance = random.Random(11)
    for at in range(60):
        pay(
            f"{at}",
            amount=chance.choice([159, 259, 1059]),
            at=NOW - chance.randrange(60 * DAY),
            currency=chance.choice(["usd", "usd", "eur"]),
        )
    for at in range(12):
        post(payout(f"{at}", amount=100 + at), at=NOW - chance.randrange(50 * DAY))


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kathmandu", "Etc/UTC"])
def test_any_days_add_up_and_are_the_sum_of_their_rows(books, zone):
    rows = transactions(SELLER, livemode=False, page=PageRequest(limit=1000)).page.rows
    chance = random.Random(zone)
    with written_for("en", "US", zone):
        for _ in range(25):
            first = TODAY - timedelta(days=chance.randrange(65))
            stretch = Stretch(first, first + timedelta(days=chance.randrange(40)))
            for currency in ("usd", "eur"):
                found = summary(SELLER, livemode=False, currency=currency, stretch=stretch)
                inside = [
                    row
                    for row in rows
                    if row.currency == currency and stretch.start <= row.created < stretch.end
                ]
                before = [
                    row for row in rows if row.currency == currency and row.created < stretch.start
                ]
                assert found.opening == sum(row.net for row in before)
                assert sum(line.net for line in found.lines) == sum(row.net for row in inside)
                assert sum(line.count for line in found.lines) == len(inside)
                assert found.adds_up


def test_a_part_of_a_day_is_read_by_its_rows(books):
    assert moved(SELLER, livemode=False, currency="usd", start=NOW + DAY, end=NOW + DAY + 60) == []
    pay("alone", amount=1059, at=NOW + DAY + 5)
    assert moved(SELLER, livemode=False, currency="usd", start=NOW + DAY, end=NOW + DAY + 60) == [
        Moved("charge", 1, 1059, 59, 1000)
    ]
    before = balance_at(SELLER, livemode=False, currency="usd", moment=NOW + DAY + 5)
    after = balance_at(SELLER, livemode=False, currency="usd", moment=NOW + DAY + 6)
    assert after - before == 1000


def test_the_page_shows_opening_moves_and_closing_and_that_they_add_up(seller):
    pay("old", amount=2059, at=NOW - 40 * DAY)
    pay("new", amount=1059)
    post(payout("1", amount=700))
    html = seller.get("/reports").content.decode()
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", html))

    for words in (
        "Balance before Saturday, November 1 $20 .00",
        "Payments $10 .00",
        "Payouts −$7 .00",
        "Balance after Monday, November 3 $23 .00",
        "Adds up",
    ):
        assert re.sub(r"\W", "", words) in re.sub(r"\W", "", text), words


def test_the_file_says_what_the_page_says(seller):
    pay("old", amount=2059, at=NOW - 40 * DAY)
    pay("new", amount=1059)
    rows = read_csv(content(exported(seller, "of=balance_summary")))
    assert [(row["Line"], row["Amount"], row["Fees"], row["Net"]) for row in rows] == [
        ("Balance before 2025-11-01", "", "", "20.00"),
        ("Payments", "10.59", "-0.59", "10.00"),
        ("Balance after 2025-11-03", "", "", "30.00"),
    ]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=2025-13-01", "This is not a day."),
        ("to=2025-10-01", "Choose the day to begin with."),
        ("from=2025-11-02&to=2025-11-01", "The first day is after the last."),
        ("from=2026-01-01&to=2026-02-01", "This day has not come yet."),
        ("from=0001-01-01", "There was nothing here so long ago."),
    ],
)
@pytest.mark.parametrize("page", ["/reports", "/reports/payouts"])
def test_days_that_make_no_sense_are_told_and_this_month_is_shown(seller, page, query, words):
    html = seller.get(f"{page}?{query}").content.decode()
    assert words in html
    assert "November 1" in html


def test_days_to_come_are_cut_off():
    assert read_stretch({"from": "2025-11-01", "to": "2030-01-01"}, TODAY).last == TODAY


def test_months_follow_one_another():
    assert [(one.first, one.last) for one in months(date(2025, 1, 15))] == [
        (date(2025, 1, 1), date(2025, 1, 15)),
        (date(2024, 12, 1), date(2024, 12, 31)),
        (date(2024, 11, 1), date(2024, 11, 30)),
    ]


def test_a_category_is_in_one_group():
    grouped = [category for group in GROUPS.values() for category in group]
    assert len(grouped) == len(set(grouped))


def test_without_automatic_payouts_there_is_one_report(seller):
    assert "Payout reconciliation" not in seller.get("/reports").content.decode()
    assert "No automatic payouts in these days" in seller.get("/reports/payouts").content.decode()


@pytest.fixture
def paid(world, monkeypatch):  # noqa: F811 - a fixture
    """A seller whose schedule paid two payments out, and who refunded a little."""
    shop = Shop(world, monkeypatch)
    world.charge(10_000, to=shop.id, fee=1000)
    world.run_until(WEDNESDAY)
    world.charge(5000, to=shop.id)
    world.run_until(WEDNESDAY + 5 * DAY)
    return shop


def test_each_payout_is_reconciled_with_its_lines(paid):
    page = paid.page("/reports/payouts")
    assert "$90.00" in page.text
    assert "Total$140.00" in page.text.replace(" ", "")
    form = {"form_key": form_key(), "format": "csv"}
    answer = paid.browser.post("/exports/new?of=payout_reconciliation&from=2025-11-01", form)
    *lines, total = read_csv(content(answer))

    books = fetch_all(
        "SELECT l.payout_id, l.txn_id, l.amount FROM payouts_line l JOIN payouts_payout p"
        " ON p.id = l.payout_id WHERE p.account_id = %s ORDER BY p.created, l.position",
        [paid.id],
    )
    told = [(row["Payout"], row["Transaction"], row["In this payout"]) for row in lines]
    assert told == [(payout, txn, f"{amount / 100:.2f}") for payout, txn, amount in books]
    assert total["In this payout"] == "140.00"


def test_the_lines_of_one_payout_are_a_file(paid):
    (ident, amount), *_ = fetch_all("SELECT id, amount FROM payouts_payout ORDER BY created")
    form = {"form_key": form_key(), "format": "csv"}
    *_, total = read_csv(
        content(paid.browser.post(f"/exports/new?of=payout_lines&payout={ident}", form))
    )
    assert total["In this payout"] == f"{amount / 100:.2f}"
    other = paid.as_other()
    assert other.get(f"/exports/new?of=payout_lines&payout={ident}").status_code == 404


def test_payouts_as_a_file_are_those_of_the_page(paid):
    form = {"form_key": form_key(), "format": "csv"}
    first, second, total = read_csv(content(paid.browser.post("/exports/new?of=payouts", form)))
    assert [row["Amount"] for row in (first, second, total)] == ["50.00", "90.00", "140.00"]
    assert second["Account"] == "STRIPE TEST BANK ·· 6789"
    assert second["Status"] == "Arrived"


def test_payments_as_a_file_are_those_of_the_page(paid):
    form = {"form_key": form_key(), "format": "csv"}
    *rows, total = read_csv(content(paid.browser.post("/exports/new?of=payments", form)))
    text = paid.page("/payments").text
    assert [row["Amount"] for row in rows] == ["50.00", "100.00"]
    assert total["Amount"] == "150.00"
    for row in rows:
        assert row["Description"] in text
        assert row["Status"] in text
    assert paid.browser.get(f"/exports/new?of=payments&q={rows[0]['Payment']}").status_code == 200


def test_payments_that_are_switched_off_are_no_file(paid):
    paid.switch_on()
    assert paid.browser.get("/exports/new?of=payments").status_code == 404
