"""Into the console: an e-mail code, then a second factor; never by a seller's session."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django_otp.oath import TOTP

from counterfoil.access import sessions
from counterfoil.access.models import OperatorSession, SignIn
from counterfoil.access.staff import add_operator, remove_operator
from tests.support.builders import World
from tests.unit.console.room import OLGA
from tests.unit.dashboard.shop import browser_of


@pytest.fixture
def elsewhere(settings) -> None:
    """Not a developer's machine."""
    settings.DEVELOPMENT = False


def ask(browser: Client, email: str = OLGA):
    assert browser.post("/console/login", {"email": email}).status_code == 303
    return browser


def test_a_code_and_an_authenticator_app_lead_in(room, elsewhere):
    room.operator()
    browser = ask(Client())

    answer = browser.post("/console/login/code", {"code": room.code()})
    assert answer.headers["Location"] == "/console"
    for path in ("/console", "/console/accounts", "/console/log"):
        assert browser.get(path).headers["Location"] == "/console/security", path

    browser.post("/console/security/factors", {"kind": "app"})
    page = browser.get("/console/security/app").content.decode()
    key = re.search(r'class="mono">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    codes = browser.post("/console/security/app", {"code": now_shown(key, room.world.now)})
    assert codes.content.decode().count('<li class="mono">') == 10
    assert browser.get("/console/accounts").status_code == 200

    # The next time the app is asked for, and the code alone opens nothing.
    again = ask(Client())
    again.post("/console/login/code", {"code": room.code()})
    assert again.get("/console/accounts").headers["Location"] == "/console/login/second"
    assert again.post("/console/login/second", {"code": "000000"}).status_code == 422
    room.world.now += 60
    shown = now_shown(key, room.world.now)
    assert again.post("/console/login/second", {"code": shown}).status_code == 303
    assert again.get("/console/accounts").status_code == 200


def now_shown(key: str, now: int) -> str:
    import base64

    totp = TOTP(base64.b32decode(key))
    totp.time = now
    return f"{totp.token():06d}"


def test_000000_opens_nothing_outside_development(room, elsewhere):
    room.operator()
    browser = ask(Client())

    assert browser.post("/console/login/code", {"code": "000000"}).status_code == 422
    assert not OperatorSession.objects.exists()


def test_in_development_000000_leads_in(room):
    room.operator()
    browser = ask(Client())

    assert browser.post("/console/login/code", {"code": "000000"}).status_code == 303
    assert browser.get("/console/accounts").status_code == 200


def test_whether_somebody_is_an_operator_is_told_to_nobody(room, elsewhere):
    room.operator()

    pages = [
        ask(Client(), email).get("/console/login/code").content.decode().replace(email, "X")
        for email in (OLGA, "nobody@bazaar.example")
    ]

    tokens = r'value="[A-Za-z0-9]{64}"'
    assert re.sub(tokens, "", pages[0]) == re.sub(tokens, "", pages[1])
    room.code()
    assert SignIn.objects.filter(sent_to=None).count() == 1


def test_a_sellers_session_is_none_of_the_console_and_the_other_way_round(room):
    seller = browser_of(room.world, room.world.seller())
    operator = room.browser()

    assert seller.get("/console/accounts").headers["Location"] == "/console/login"
    assert operator.get("/payments").headers["Location"] == "/login"
    crossed = Client()
    crossed.cookies[sessions.cookie_name()] = operator.cookies["console"].value
    crossed.cookies["console"] = seller.cookies[sessions.cookie_name()].value
    assert crossed.get("/console/accounts").headers["Location"] == "/console/login"
    assert crossed.get("/payments").headers["Location"] == "/login"


def test_a_sign_in_of_sellers_does_not_lead_into_the_console(room):
    room.operator()
    browser = Client()
    browser.post("/login", {"address": OLGA})
    browser.cookies["console-signin"] = browser.cookies["signin"].value

    answer = browser.post("/console/login/code", {"code": "000000"})
    assert answer.headers["Location"] == "/console/login"


def test_whoever_is_removed_is_out_at_once(room):
    browser = room.browser()

    remove_operator(platform_id=room.world.id, email=OLGA.upper(), now_wall=room.world.now)

    assert browser.get("/console/accounts").headers["Location"] == "/console/login"


def test_idle_operators_are_signed_out(room):
    browser = room.browser()
    room.world.now += 2 * 60 * 60

    assert browser.get("/console/accounts").headers["Location"] == "/console/login"


def test_the_development_page_does_not_exist_elsewhere(room, settings):
    room.operator()
    assert Client().get("/dev/console").status_code == 200

    settings.DEVELOPMENT = False
    assert Client().get("/dev/console").status_code == 404
    assert Client().post("/dev/console").status_code == 404


def test_an_operator_of_two_marketplaces_changes_between_them_and_into_no_other(room):
    other, foreign = World(name="Souk"), World(name="Agora")
    browser = room.browser()
    add_operator(platform_id=other.id, email=OLGA, role="support", now_wall=room.world.now)

    browser.post("/console/platform", {"platform": other.id})
    assert "Souk" in browser.get("/console/accounts").content.decode()
    assert browser.post("/console/platform", {"platform": foreign.id}).status_code == 403
    assert browser.post("/console/platform", {"platform": "\0"}).status_code == 403


def test_signing_in_and_out_is_on_record(room):
    room.operator()
    browser = ask(Client())
    browser.post("/console/login/code", {"code": "000000"})
    browser.post("/console/logout")

    actions = [one.action for one in room.on_record()]
    assert actions[:2] == ["session.ended", "session.started"]
    assert browser.get("/console/accounts").headers["Location"] == "/console/login"
