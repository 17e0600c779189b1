"""`/transactions` as a browser meets it."""

from __future__ import annotations

import re

import pytest

from counterfoil.kit import clock
from counterfoil.kit.db import execute
from counterfoil.payments.rows import ChargeRow
from tests.support.books import payout
from tests.support.builders import world  # noqa: F401 - a fixture
from tests.unit.dashboard.shop import browser_of, payer, switch
from tests.unit.dashboard.world import NOW, OTHER, open_account, pay, post
from tests.unit.disputes.world import dispute_of, refund


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
        ("?type=refunds", "Nothing fits"),
        ("?before=1.txn_1", "Nothing older"),
    ],
)
def test_an_empty_list_says_why(seller, query, words):
    assert words in seller.get(f"/transactions{query}").content.decode()


def test_the_same_is_asked_again_by_the_fields_of_the_page(seller):
    pay("1", amount=5059, description="A bowl")
    query = "?type=payments&q=bowl&from=2025-11-01&to=2025-11-30&least=10&most=90.00&currency=usd"
    html = seller.get(f"/transactions{query}").content.decode()

    assert len(rows(html)) == 1
    for field in ('value="bowl"', 'value="2025-11-01"', 'value="10"', 'value="90.00"'):
        assert field in html
    assert "$10.00 to $90.00" in html


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=2025-13-01", "This is not a day."),
        ("from=2025-11-03&to=2025-11-02", "This day is before the first one."),
        ("least=ten", "This cannot be read as an amount."),
        ("least=5&most=4", "This is less than the smallest amount."),
    ],
)
def test_what_cannot_be_read_is_told_beside_its_field_and_the_list_is_there(seller, query, words):
    pay("1", amount=5059)
    html = seller.get(f"/transactions?{query}").content.decode()

    assert html.count(words) >= 1
    assert len(rows(html)) == 1
    assert query.split("&")[0].split("=")[1] in html


def test_an_amount_is_found_by_writing_it(seller):
    pay("1", amount=4177)
    pay("2", amount=9900)
    for words in ("41.18", "$41.18", "-41.18"):
        assert len(rows(seller.get("/transactions", {"q": words}).content.decode())) == 1


def test_an_id_leads_to_its_line_and_nobody_elses(seller):
    open_account(OTHER)
    charge, theirs = pay("1"), pay("theirs", OTHER)
    pay("2")
    listed = rows(seller.get("/transactions").content.decode())
    for ident, found in ((charge, 1), (listed[0], 1), (theirs, 0), ("ch_nosuchthing", 0)):
        assert len(rows(seller.get("/transactions", {"q": ident}).content.decode())) == found


@pytest.mark.parametrize("words", ["ada@example.com", "ADA Lovelace", "#1042", "1042"])
def test_a_payment_is_found_by_who_paid_and_what_for(seller, words):
    charge, other = pay("1"), pay("2")
    paid = "payer_email = 'ada@example.com', payer_name = 'ada lovelace', order_ref = '1042'"
    execute(f"UPDATE payments_charge SET seller_id = account_id, {paid} WHERE id = %s", [charge])
    html = seller.get("/transactions", {"q": words}).content.decode()

    assert charge in html
    assert other not in html
    assert len(rows(html)) == 1


@pytest.mark.parametrize(
    ("words", "types"),
    [
        ("hopper", {"charge", "refund", "adjustment", "payment"}),
        ("grace@", {"charge", "refund", "adjustment", "payment"}),
        ("blue bowl", {"charge", "refund", "adjustment"}),
        ("REFUND", {"refund"}),
        ("payment from bazaar", {"payment"}),
        ("alan", set()),
    ],
)
def test_lines_are_found_by_their_words_and_by_the_payment_behind_them(bazaar, words, types):
    browser, shown = bazaar
    html = browser.get("/transactions", {"q": words}).content.decode()

    assert {shown[ident] for ident in rows(html)} == types


@pytest.fixture
def bazaar(world, monkeypatch):  # noqa: F811 - a fixture
    """A payment of Grace's, in part refunded, then disputed; one for the seller by the platform;
    and Alan's, of which the seller only gets a share."""
    monkeypatch.setattr(clock, "wall_now", lambda: world.now)
    switch(world)
    ada = world.seller()
    more = {**payer(), "description": "The blue bowl"}
    charge = world.find(ChargeRow, world.intent(4118, on=ada, **more).latest_charge_id)
    refund(world, charge, amount=1118)
    dispute_of(world, charge)
    world.intent(5000, to=ada, on_behalf_of=ada, fee=100, **payer())
    world.intent(6000, to=ada, share=2000, **payer("Alan Turing", "alan@example.com"))
    return browser_of(world, ada), {row.id: row.type for row in world.transactions(ada)}


def test_each_line_says_the_balance_after_it(seller):
    for at in range(60):
        pay(f"{at}", amount=159, at=NOW - at * 7000)
    html = seller.get("/transactions").content.decode()
    older_html = seller.get(older(html)).content.decode()

    said = [balance for page in (html, older_html) for balance in balances_after(page)]
    assert said == [f"${count}.00" for count in range(60, 0, -1)]


def test_a_list_with_something_left_out_says_no_balances(seller):
    pay("1")
    assert balances_after(seller.get("/transactions?type=payments").content.decode()) == []


def balances_after(html: str) -> list[str]:
    found = re.findall(r'class="stub__after">(.*?)</p>', html)
    return [re.sub("<[^>]+>", "", each).split(": ")[1] for each in found]


def test_nothing_found_in_a_long_list_offers_to_look_further_back(seller, monkeypatch):
    monkeypatch.setattr("counterfoil.dashboard.queries.transactions.STRETCH", 4)
    pay("old", description="The blue vase", at=NOW - 9)
    for at in range(8):
        pay(f"{at}", at=NOW - at)
    address, seen = "/transactions?q=vase", []
    while address:
        html = seller.get(address).content.decode()
        seen.append(len(rows(html)))
        assert ("Search further back" in html) == (older(html) is not None)
        address = older(html)

    assert seen == [0, 0, 1]


@pytest.mark.parametrize("address", ["/", "/transactions"])
def test_the_stub_of_each_line_says_why(seller, address):
    pay("1", from_platform=False)
    pay("2")
    html = seller.get(address).content.decode()

    assert "A customer paid you $10.00 by card on Nov 3." in html
    assert "Bazaar sent you $10.00 on Nov 3." in html
    assert "Available on " in html
