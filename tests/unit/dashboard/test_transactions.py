"""`/transactions` as a browser meets it."""

from __future__ import annotations

import re

import pytest

from tests.support.books import payout
from tests.unit.dashboard.world import NOW, pay, post


def rows(html: str) -> list[str]:
    return re.findall(r"<dt>Transaction</dt><dd>(txn_\w+)</dd>", html)


def older(html: str) -> str | None:
    found = re.search(r'href="(/transactions\?[^"]*before=[^"]*)"', html)
    return found and found[1].replace("&amp;", "&")


def test_older_leads_through_every_line_once(seller):
    for at in range(120):
        pay(f"{at}", at=NOW - at // 4)
    address, seen = "/transactions", []
    while address:
        html = seller.get(address).content.decode()
        seen.append(rows(html))
        address = older(html)

    assert [len(page) for page in seen] == [50, 50, 20]
    assert len({row for page in seen for row in page}) == 120


def test_a_filter_stays_while_one_goes_back_in_time(seller):
    for at in range(51):
        pay(f"{at}", at=NOW - at)
    post(payout("1"))
    first = seller.get("/transactions?type=payments").content.decode()

    assert len(rows(first)) == 50
    assert "type=payments&before=" in older(first)
    assert len(rows(seller.get(older(first)).content.decode())) == 1


def test_payouts_alone(seller):
    pay("1")
    post(payout("1"))
    html = seller.get("/transactions?type=payouts").content.decode()

    assert len(rows(html)) == 1
    assert "Payout to your bank" in html


@pytest.mark.parametrize(
    "before", ["", "garbage", "12.", ".txn_1", "1e9.txn_1", "9" * 30 + ".txn", "-1.txn", "²3.txn"]
)
def test_a_broken_address_shows_the_newest(seller, before):
    pay("1")

    assert len(rows(seller.get("/transactions", {"before": before}).content.decode())) == 1


def test_an_unknown_filter_keeps_everything(seller):
    pay("1")

    assert len(rows(seller.get("/transactions?type=nonsense").content.decode())) == 1


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "No transactions yet"),
        ("?type=refunds", "None of these yet"),
        ("?before=1.txn_1", "Nothing older"),
    ],
)
def test_an_empty_list_says_why(seller, query, words):
    assert words in seller.get(f"/transactions{query}").content.decode()
