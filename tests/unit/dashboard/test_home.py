"""`/` as a browser meets it."""

from __future__ import annotations

import gzip
import re
from html.parser import HTMLParser

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import resolve

from tests.support.books import payout
from tests.unit.dashboard.world import NOW, OTHER, open_account, pay, post, signed_in


class Page(HTMLParser):
    """What a test asks a page: its text, its elements, its addresses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.texts))

    def addresses(self) -> set[str]:
        names = ("href", "action", "src")
        return {attrs[name] for _, attrs in self.elements for name in names if attrs.get(name)}

    def count(self, tag: str) -> int:
        return sum(1 for name, _ in self.elements if name == tag)


def page_of(browser: Client, address: str = "/") -> Page:
    answer = browser.get(address)
    assert answer.status_code == 200
    return Page(answer.content.decode())


def test_a_stranger_is_sent_to_the_way_in(client, db):
    answer = client.get("/")

    assert (answer.status_code, answer["Location"]) == (303, "/login")


def test_the_seller_sees_what_is_available_soon_and_on_its_way(seller):
    pay("1", amount=100_059, available_on=NOW - 86_400)
    pay("2", amount=20_059)
    post(payout("1", amount=30_000))
    text = page_of(seller).text

    assert "Available now $700.00" in text
    assert "on the way to your bank$300.00" in text
    assert "more by Wed, Nov 5$200.00" in text


def test_money_beyond_the_calendar_is_on_it_too(seller):
    pay("1", amount=1059, available_on=(NOW // 86_400 + 30) * 86_400)
    text = page_of(seller).text

    assert "$10.00 Later" in text
    assert "more by Wed, Dec 3$10.00" in text


def test_a_line_opens_into_its_stub(seller):
    charge = pay("1", amount=1000)
    text = page_of(seller).text

    assert "Payment from Bazaar +$9.41" in text
    assert "Payment$10.00 Processing fee−$0.59 You receive$9.41 Adds up" in text
    assert "Available on Wednesday, November 5." in text
    assert charge in text


def test_a_description_replaces_the_usual_words_and_stays_text(seller):
    pay("1", description="<script>alert(1)</script>")
    answer = seller.get("/").content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer
    assert "<script>alert(1)" not in answer
    assert "Payment from Bazaar" not in answer


def test_money_of_others_is_nowhere_on_the_page(seller):
    open_account(OTHER, display_name="Grace")
    pay("1", OTHER, description="Not yours")

    assert "Not yours" not in page_of(seller).text
    assert "Not yours" in page_of(signed_in(OTHER)).text


def test_each_currency_has_its_own_balance_and_chart(seller):
    pay("1", amount=1059, available_on=NOW)
    pay("2", amount=2059, currency="eur", available_on=NOW)

    assert "Available now $10.00" in page_of(seller).text
    assert "Available now €20.00" in page_of(seller, "/?currency=eur&period=12m").text


@pytest.mark.parametrize("query", ["?currency=xxx", "?period=9y", "?currency=eur&period="])
def test_what_is_not_offered_means_the_usual(seller, query):
    pay("1", amount=1059, available_on=NOW)
    page = page_of(seller, f"/{query}")

    assert "Available now $10.00" in page.text
    assert "in the 4 weeks before" in page.text


def test_a_new_seller_reads_what_will_be_here(seller):
    text = page_of(seller).text

    assert "Available now $0.00" in text
    assert "Your money appears here with the first payment from Bazaar" in text
    assert "No transactions yet" in text


def test_the_page_costs_eight_round_trips_besides_the_session(seller, django_assert_num_queries):
    """One of them for the reasons of all rows that payments made."""
    for at in range(30):
        pay(f"{at}", at=NOW - 40_000 * at)

    with django_assert_num_queries(9):
        page_of(seller)


@pytest.mark.parametrize("address", ["/", "/transactions"])
def test_nothing_inline_and_nothing_from_elsewhere(seller, address):
    pay("1")
    page = page_of(seller, address)

    for tag, attrs in page.elements:
        assert tag != "style"
        assert not [name for name in attrs if name == "style" or name.startswith("on")]
        assert tag != "script" or attrs.get("src")
    assert not [link for link in page.addresses() if "//" in link]


@pytest.mark.parametrize("address", ["/", "/transactions"])
def test_every_address_on_the_page_leads_somewhere(seller, address):
    for at in range(60):
        pay(f"{at}", at=NOW - at)

    for link in page_of(seller, address).addresses():
        path = link.partition("?")[0].partition("#")[0]
        if path.startswith("/static/"):
            assert finders.find(path.removeprefix("/static/"))
        elif path:
            resolve(path)


@pytest.mark.parametrize("address", ["/", "/transactions"])
def test_one_heading_one_main_and_a_way_past_the_navigation(seller, address):
    page = page_of(seller, address)

    assert (page.count("h1"), page.count("main")) == (1, 1)
    assert "#main" in page.addresses()


def test_ids_are_unique(seller):
    pay("1")
    pay("2")
    ids = [attrs["id"] for _, attrs in page_of(seller).elements if attrs.get("id")]

    assert len(ids) == len(set(ids))


def test_test_mode_is_always_said(seller):
    assert "Test mode" in page_of(seller).text


def test_signing_out_is_a_form_with_its_token(seller):
    page = page_of(seller)

    assert ("form", {"method": "post", "action": "/logout"}) in page.elements
    assert any(attrs.get("name") == "csrfmiddlewaretoken" for _, attrs in page.elements)


def test_the_page_is_kept_by_nobody(seller):
    assert seller.get("/")["Cache-Control"] == "private, no-store"


def test_the_page_stays_light(seller):
    for at in range(30):
        pay(f"{at}", at=NOW - 40_000 * at, description="Wheel-thrown mug, speckled white")

    # The most of it is the same few elements again and again: compressed, as it travels.
    assert len(gzip.compress(seller.get("/").content)) < 9_000
