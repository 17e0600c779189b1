"""`/settings/security`: where one is signed in, ending that, and what is on record."""

from __future__ import annotations

import pytest

from counterfoil.access import sessions
from counterfoil.access.audit_words import WORDS
from counterfoil.access.models import Session
from counterfoil.audit.acting import Acting
from counterfoil.audit.actions import ACTIONS
from counterfoil.audit.operations import record
from counterfoil.audit.queries import records_of
from counterfoil.kit import clock
from counterfoil.kit.pages import PageRequest
from counterfoil.kit.scope import Scope
from tests.support.builders import world  # noqa: F401 - a fixture
from tests.support.selling import Shop

SECURITY = "/settings/security"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def shop(world, monkeypatch):  # noqa: F811 - a fixture
    return Shop(world, monkeypatch)


@pytest.fixture
def phone(shop):
    """The same seller's other browser."""
    browser = shop.as_somebody(shop.id)
    Session.objects.order_by("-created", "-id").filter(account_id=shop.id).exclude(
        id=own_session(shop)
    ).update(user_agent=PHONE, ip="203.0.113.9")
    return browser


def own_session(shop) -> str:
    token = shop.browser.cookies["session"].value
    return Session.objects.get(sha256=sessions.session_hash(token)).id


def others(shop) -> list[str]:
    mine = own_session(shop)
    return [one.id for one in Session.objects.filter(account_id=shop.id) if one.id != mine]


def scope_of(shop) -> Scope:
    return Scope(shop.world.id, shop.id, livemode=False)


def test_every_action_has_its_words():
    assert set(WORDS) == set(ACTIONS)


def test_sessions_are_listed_by_device_and_network_this_one_first(shop, phone):
    page = shop.page(SECURITY).text

    assert page.index("This browser") < page.index("Mobile Safari on iOS")
    assert "203.0.113.0/24" in page
    assert "203.0.113.9" not in page


def test_one_session_ends_and_this_one_stays(shop, phone):
    (other,) = others(shop)
    answer = shop.browser.post(f"{SECURITY}/sessions/{other}")

    assert answer["Location"] == SECURITY
    assert phone.get(SECURITY)["Location"] == "/login"
    assert shop.browser.get(SECURITY).status_code == 200
    newest = records_of(scope_of(shop), PageRequest(limit=1)).rows[0]
    assert (newest.action, newest.object_id, newest.actor_id) == (
        "session.ended",
        other,
        own_session(shop),
    )


def test_all_others_end_at_once(shop, phone):
    shop.as_somebody(shop.id)
    stranger = shop.as_other()
    answer = shop.browser.post(f"{SECURITY}/sessions")

    assert answer["Location"] == SECURITY
    assert others(shop) == []
    assert stranger.get(SECURITY).status_code == 200


def test_somebody_elses_session_and_one_that_is_over_are_not_there(shop):
    shop.as_other()
    theirs = Session.objects.exclude(account_id=shop.id).get().id

    answers = [shop.browser.post(f"{SECURITY}/sessions/{one}") for one in (theirs, "ses_0")]
    assert [one.status_code for one in answers] == [404, 404]
    assert Session.objects.filter(id=theirs).exists()


@pytest.mark.parametrize("verb", ["", "/ses_x"])
def test_ending_asks_who_one_is(shop, verb, monkeypatch):
    browser, later = shop.browser, shop.world.now + 601
    monkeypatch.setattr(clock, "wall_now", lambda: later)

    assert browser.post(f"{SECURITY}/sessions{verb}")["Location"].startswith("/step-up/")


def test_the_log_reads_on_page_by_page_and_shows_ones_own_only(shop):
    for moment in range(60):
        who = Acting("visitor", None, shop.world.now + moment, "198.51.100.4", PHONE)
        record("code.refused", scope=scope_of(shop), by=who)
    other = Scope(shop.world.id, shop.world.seller(), livemode=False)
    record("login_link.created", scope=other, now_wall=shop.world.now)

    first = shop.page(f"{SECURITY}/log")
    assert first.text.count("A wrong code was typed") == 50
    assert "Mobile Safari on iOS · network 198.51.100.0/24" in first.text
    older = first.links["Older"]
    second = shop.page(older)
    assert second.text.count("A wrong code was typed") == 10
    assert "Signed in" in second.text
    assert "A login link was made" not in second.text


def test_the_end_of_the_log_says_so(shop):
    assert "This is where the list begins" in shop.page(f"{SECURITY}/log?before=1.aud_0").text
