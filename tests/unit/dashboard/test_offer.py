"""The second step that home offers after signing in, and saying "not now" to it."""

from __future__ import annotations

import pytest
from django.test import Client

from counterfoil.access import sessions
from counterfoil.access.models import Factor, Session
from counterfoil.kit.db import execute
from counterfoil.platforms.settings import Features, PlatformSettings, write_settings
from tests.support.builders import world  # noqa: F401 - a fixture
from tests.support.selling import Shop

OFFER = "Make signing in safer"


@pytest.fixture
def shop(world, monkeypatch):  # noqa: F811 - a fixture
    return Shop(world, monkeypatch)


def home(browser: Client) -> str:
    return browser.get("/").content.decode()


def test_whoever_has_just_signed_in_is_offered_one_and_may_go_on_without(shop):
    page = shop.page("/")
    assert OFFER in page.text
    assert page.links["Add a second step"] == "/settings/security"
    answer = shop.browser.post("/settings/security/offer")

    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert OFFER not in home(shop.browser)
    cookie = shop.browser.cookies["second-step"]
    assert (cookie["httponly"], cookie["max-age"]) == (True, 90 * 86_400)


def test_it_goes_away_by_itself(shop):
    _ = shop.browser
    Session.objects.update(fresh_at=shop.world.now - 600)

    assert OFFER not in home(shop.browser)


def test_whoever_has_one_is_not_offered_another(shop):
    Factor.objects.create(
        id="fac_1",
        account_id=shop.id,
        kind="totp",
        name="",
        secret="",
        counter=0,
        created=0,
        confirmed_at=1,
    )

    assert OFFER not in home(shop.browser)


@pytest.mark.parametrize("word", ["parity", "required"])
def test_it_is_offered_where_the_marketplace_encourages_it_alone(shop, word):
    settings = PlatformSettings(features=Features.all_on(), second_factor=word)
    execute("UPDATE platforms_platform SET settings = %s", [write_settings(settings)])

    assert OFFER not in home(shop.browser)


def test_with_tls_the_answer_is_kept_to_this_host(shop, settings):
    session = shop.browser.cookies[sessions.cookie_name()].value
    settings.TLS = True
    shop.browser.cookies[sessions.cookie_name()] = session
    shop.browser.post("/settings/security/offer", secure=True)

    assert shop.browser.cookies["__Host-second-step"]["secure"] is True
