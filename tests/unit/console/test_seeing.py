"""See what the seller sees: the seller's own pages, on record, and nothing but reading."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import get_resolver

from counterfoil.access.models import Challenge
from counterfoil.events.models import Event
from counterfoil.kit.db import WriteRefused, execute, fetch_one, reading_only
from counterfoil.payouts.models import Payout
from tests.support.builders import World
from tests.unit.dashboard.shop import browser_of, switch, words

METHODS = ("post", "put", "patch", "delete")


@pytest.fixture
def shown(room):
    """(an operator's browser that may look, the seller's id, where the pages are)"""
    switch(room.world)
    ada = room.world.seller()
    room.world.charge(5000, to=ada, fee=500, source="tok_bypassPending")
    browser = room.browser("sam@bazaar.example", "support")
    begun = browser.post(f"/console/accounts/{ada}/seeing")
    assert begun.headers["Location"] == f"/console/see/{ada}/"
    return browser, ada, f"/console/see/{ada}"


def test_an_operator_sees_the_sellers_own_pages_with_addresses_of_the_console(room, shown):
    browser, ada, below = shown
    seller = browser_of(room.world, ada)

    for path in ("/", "/payments", "/transactions", "/payouts", "/settings"):
        own, seen = seller.get(path), browser.get(below + path)
        assert (own.status_code, seen.status_code) == (200, 200), path
        text = seen.content.decode()
        assert "You see what" in text
        assert "You see what" not in own.content.decode()
        title = re.compile(r"<h1[^>]*>.*?</h1>", re.S)
        assert title.findall(text) == title.findall(own.content.decode()), path
        main = text.split("<main", 1)[1]
        assert not re.findall(r'(?:href|action)="(/(?!console|static|language)[^"]*)"', main), path
    assert words(browser.get(f"{below}/").content.decode()).count("$45.00") >= 1
    # What the console left behind does not stand in the seller's own pages.
    assert "/console/" not in seller.get("/").content.decode()


def test_it_is_on_record_where_the_seller_reads_it(room, shown):
    _browser, ada, _below = shown

    (record,) = [one for one in room.on_record(ada) if one.action == "account.seen"]
    assert record.actor == "operator"
    log = browser_of(room.world, ada).get("/settings/security/log").content.decode()
    assert "The marketplace looked at this dashboard" in log


def test_nothing_but_reading_is_possible_on_any_address(shown):
    browser, _ada, below = shown
    before = Payout.objects.count(), Event.objects.count()

    patterns = get_resolver("counterfoil.dashboard.urls").url_patterns
    assert len(patterns) > 30
    for pattern in patterns:
        path = re.sub(r"<str:\w+>", "x", str(pattern.pattern))
        for method in METHODS:
            answer = getattr(browser, method)(f"{below}/{path}")
            assert answer.status_code == 403, f"{method} {path}"
    assert (Payout.objects.count(), Event.objects.count()) == before


def test_a_page_that_would_begin_something_is_refused(shown, monkeypatch):
    browser, _ada, below = shown

    def writes(request):
        execute("DELETE FROM access_challenge")

    resolved = type("Match", (), {"func": staticmethod(writes), "args": (), "kwargs": {}})
    monkeypatch.setattr("counterfoil.console.views.seeing.resolve", lambda *_a, **_k: resolved)
    assert browser.get(f"{below}/settings/security/passkey").status_code == 403
    Challenge.objects.create(session_id="s", challenge="c", ends_at=1)  # writing works again


@pytest.mark.django_db
def test_what_reads_only_cannot_write_and_ends():
    with pytest.raises(WriteRefused), reading_only():
        execute("DELETE FROM access_challenge")
    with reading_only():
        assert fetch_one("SELECT 1") == (1,)
    Challenge.objects.create(session_id="s", challenge="c", ends_at=1)
    assert Challenge.objects.count() == 1


def test_without_beginning_nothing_is_seen_and_it_ends(room, shown):
    browser, ada, below = shown
    bob = room.world.seller()

    elsewhere = browser.get(f"/console/see/{bob}/payments")
    assert elsewhere.headers["Location"] == f"/console/accounts/{bob}"
    other = room.browser()
    assert other.get(f"{below}/").headers["Location"] == f"/console/accounts/{ada}"
    browser.post(f"/console/accounts/{ada}/seeing", {"leave": "1"})
    assert browser.get(f"{below}/").status_code == 303
    browser.post(f"/console/accounts/{ada}/seeing")
    room.world.now += 30 * 60
    assert browser.get(f"{below}/").status_code == 303


def test_another_marketplaces_seller_is_not_seen(room):
    foreign = World(name="Souk").seller()
    browser = room.browser()

    assert browser.post(f"/console/accounts/{foreign}/seeing").status_code == 404
    assert browser.get(f"/console/see/{foreign}/").status_code == 404
    assert Client().get(f"/console/see/{foreign}/").headers["Location"] == "/console/login"
