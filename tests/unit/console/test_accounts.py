"""The list of accounts, and one account's page: read, held, asked, remarked on."""

from __future__ import annotations

import pytest

from counterfoil.accounts.models import Account
from tests.support.builders import World
from tests.unit.dashboard.shop import browser_of, words


def listed(browser, **asked) -> str:
    answer = browser.get("/console/accounts", asked)
    assert answer.status_code == 200
    return words(answer.content.decode())


def called(world: World, text: str) -> str:
    """A seller of that name; the account's id."""
    return world.seller(
        email=f"{text.split()[0].lower()}@example.com",
        settings={"dashboard": {"display_name": text}},
    )


def test_accounts_are_found_by_name_address_and_id(room):
    ada, _bob = called(room.world, "Ada Byron"), called(room.world, "Bob Builder")
    browser = room.browser()

    for query in ("ada", " ADA  byr", "Ada@Example.com", ada):
        found = listed(browser, q=query)
        assert "Ada Byron" in found, query
        assert "Bob Builder" not in found, query
    assert "Nobody found" in listed(browser, q="byron")
    assert "Nobody found" in listed(browser, q="%")


def test_a_filter_shows_those_that_stand_like_this(room):
    _ada, bob = called(room.world, "Ada Byron"), called(room.world, "Bob Builder")
    browser = room.browser()
    browser.post(f"/console/accounts/{bob}/rejection", {"reason": "fraud"})

    assert "Bob Builder" in listed(browser, standing="rejected")
    assert "Ada Byron" not in listed(browser, standing="rejected")
    assert "Ada Byron" in listed(browser, standing="enabled")
    browser.post(f"/console/accounts/{bob}/rejection", {"undo": "1"})
    assert "Bob Builder" in listed(browser, standing="enabled")


def test_pages_go_on_where_the_one_before_ended(room, monkeypatch):
    monkeypatch.setattr("counterfoil.console.views.accounts.ROWS", 2)
    ids = [room.world.seller() for _ in range(3)]
    browser = room.browser()

    first = browser.get("/console/accounts").content.decode()
    older = first.split("before=")[1].split('"')[0]
    second = browser.get("/console/accounts", {"before": older}).content.decode()

    shown = [[one for one in ids if f'accounts/{one}"' in page] for page in (first, second)]
    assert sorted(map(len, shown)) == [1, 2]
    assert sorted(shown[0] + shown[1]) == sorted(ids)


def test_held_payouts_show_their_reason_to_the_seller_until_they_go_on(room):
    ada = room.world.seller()
    browser = room.browser()

    empty = browser.post(f"/console/accounts/{ada}/hold", {"reason": "  "})
    assert empty.status_code == 422
    browser.post(f"/console/accounts/{ada}/hold", {"reason": "We look at one order"})

    assert "We look at one order" in browser.get(f"/console/accounts/{ada}").content.decode()
    held = Account.objects.get(id=ada)
    assert not held.payouts_enabled
    assert held.standing == "restricted"
    (record,) = [one for one in room.on_record(ada) if one.action == "payout_settings.changed"]
    assert (record.actor, record.after["paused"]) == ("operator", "We look at one order")
    room.world.give(ada, 1000)
    seller = browser_of(room.world, ada).get("/").content.decode()
    assert "We look at one order" in seller

    browser.post(f"/console/accounts/{ada}/release")
    assert Account.objects.get(id=ada).payouts_enabled


def test_a_question_reaches_the_seller_and_a_note_does_not(room):
    ada = room.world.seller()
    browser = room.browser()

    refused = browser.post(
        f"/console/accounts/{ada}/question", {"title": "Proof", "kind": "choice", "days": "7"}
    )
    assert refused.status_code == 422
    assert "Proof" in refused.content.decode()
    browser.post(f"/console/accounts/{ada}/question", {"title": "Proof of address", "days": "7"})
    browser.post(f"/console/accounts/{ada}/note", {"text": "Called twice <b>"})

    page = browser.get(f"/console/accounts/{ada}").content.decode()
    assert "Called twice &lt;b&gt;" in page
    assert "Proof of address" in page
    seller = browser_of(room.world, ada)
    for path in ("/", "/requirements", "/settings", "/settings/security"):
        assert "Called twice" not in seller.get(path).content.decode()
    assert "Proof of address" in seller.get("/requirements").content.decode()


ACTS = ("hold", "release", "question", "note", "rejection", "verification")


@pytest.mark.parametrize("act", ACTS)
def test_support_reads_and_changes_nothing(room, act):
    ada = room.world.seller()
    browser = room.browser("sam@bazaar.example", "support")

    page = browser.get(f"/console/accounts/{ada}").content.decode()
    assert f"/{act}" not in page
    answer = browser.post(f"/console/accounts/{ada}/{act}", {"reason": "x", "text": "x"})
    assert answer.status_code == 403


def test_the_other_mode_is_another_world(room):
    ada = called(room.world, "Ada Byron")
    browser = room.browser(live=True)

    assert "Ada Byron" not in listed(browser)
    assert "Nobody found" in listed(browser, q=ada)
    assert browser.get(f"/console/accounts/{ada}").status_code == 404


def test_an_account_of_another_marketplace_is_as_if_there_were_none(room):
    foreign = called(World(name="Souk"), "Foreign Trader")
    browser = room.browser()

    for query in ({}, {"q": "foreign"}, {"q": foreign}, {"q": "foreign@example.com"}):
        assert "Foreign Trader" not in listed(browser, **query)
    for path in (f"/console/accounts/{foreign}", f"/console/log?account={foreign}"):
        assert browser.get(path).status_code == 404
    for act in ACTS:
        assert browser.post(f"/console/accounts/{foreign}/{act}").status_code == 404
    assert browser.get("/console/accounts/acct_%00").status_code == 404
