"""Passkeys: whose they are, what they sign, and that nothing else opens the door."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from django.test import Client

from counterfoil.access import sessions
from counterfoil.access.models import Factor, Session
from tests.support.authenticator import Authenticator

LOCAL = {"HTTP_HOST": "localhost:8000"}
NEW = "/settings/security/passkey"
SECOND = "/sign-in/second"


@pytest.fixture(autouse=True)
def _local(settings):
    settings.ALLOWED_HOSTS = ["localhost"]


def signed_in(world, seller) -> Client:
    """Past the code; a second step may be waited for."""
    browser = Client(headers={"host": LOCAL["HTTP_HOST"]})
    browser.cookies[sessions.cookie_name()] = sessions.start_session(
        account_id=seller.id,
        platform_id=seller.platform_id,
        livemode=True,
        redirect_url=None,
        ip=None,
        user_agent=None,
        now_wall=world.wall.now,
    )
    return browser


def options_on(browser, address: str) -> str:
    page = browser.get(address).content.decode()
    found = re.search(r'data-options="([^"]+)"', page)
    assert found, page
    return html.unescape(found[1])


def with_passkey(world, **changes):
    """A live seller, and the device that their passkey is in."""
    seller, device = world.seller(livemode=True, **changes), Authenticator()
    browser = signed_in(world, seller)
    page = browser.post(NEW, {"passkey": device.create(options_on(browser, NEW))})
    assert "Keep these codes" in page.content.decode()
    return seller, device


def tried(browser, answer: str) -> int:
    return browser.post(SECOND, {"passkey": answer}).status_code


def test_the_key_that_was_made_opens_the_door(world):
    seller, device = with_passkey(world)
    browser = signed_in(world, seller)

    assert tried(browser, device.sign(options_on(browser, SECOND))) == 303
    assert browser.get("/settings").status_code == 200
    assert Session.objects.get(fresh_by="passkey").awaits is None
    assert Factor.objects.get().counter == 1


def test_a_passkey_of_another_account_opens_nothing(world):
    mine, own = with_passkey(world)
    _stranger, theirs = with_passkey(world, email="eve@example.com", phone="+15557770000")
    browser = signed_in(world, mine)
    assert tried(browser, theirs.sign(options_on(browser, SECOND))) == 422

    theirs.credential_id = own.credential_id  # what it signs with stays theirs
    assert tried(browser, theirs.sign(options_on(browser, SECOND))) == 422
    assert browser.get("/settings")["Location"] == SECOND


def test_a_passkey_serves_one_account_only(world):
    _, device = with_passkey(world)
    stranger = world.seller(livemode=True, email="eve@example.com", phone="+15557770000")
    browser = signed_in(world, stranger)

    made = device.create(options_on(browser, NEW))
    assert browser.post(NEW, {"passkey": made}).status_code == 422
    assert Factor.objects.count() == 1


def test_an_answer_serves_once_and_in_the_session_that_asked(world):
    seller, device = with_passkey(world)
    first, second = signed_in(world, seller), signed_in(world, seller)
    answer = device.sign(options_on(first, SECOND))
    options_on(second, SECOND)

    assert tried(second, answer) == 422, "another session's challenge"
    assert tried(first, answer) == 303
    third = signed_in(world, seller)
    options_on(third, SECOND)
    assert tried(third, answer) == 422, "a challenge that was used"


@pytest.mark.parametrize(
    "other",
    [
        {"origin": "http://localhost:9000"},
        {"origin": "https://evil.example"},
        {"rp_id": "evil.example"},
        {"verifies": False},
        {"counter": -1},
    ],
    ids=str,
)
def test_what_was_signed_elsewhere_or_by_a_copy_opens_nothing(world, other):
    seller, device = with_passkey(world)
    Factor.objects.update(counter=5)
    device.counter = 5
    browser = signed_in(world, seller)
    changed = replace(device, **other)
    changed._key = device._key

    assert tried(browser, changed.sign(options_on(browser, SECOND))) == 422
    assert tried(browser, device.sign(options_on(browser, SECOND))) == 303


def test_a_challenge_waits_for_minutes_only(world, settings):
    seller, device = with_passkey(world)
    browser = signed_in(world, seller)
    answer = device.sign(options_on(browser, SECOND))
    world.wall.wait(settings.LIFETIMES.held_form)

    assert tried(browser, answer) == 422
