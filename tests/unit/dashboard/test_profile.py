"""How a seller reads their dashboard: language, time zone and colours, kept with the account."""

from __future__ import annotations

import pytest
from django.test import Client

from counterfoil.accounts.models import Account
from counterfoil.audit.models import Record
from tests.support.builders import world  # noqa: F401 - a fixture
from tests.support.selling import Shop

PAGE = "/settings/profile"
KEPT = {"language": "", "timezone": "America/New_York", "scheme": ""}


@pytest.fixture
def shop(world, monkeypatch):  # noqa: F811 - a fixture
    return Shop(world, monkeypatch)


def account(shop: Shop) -> Account:
    return Account.objects.get(id=shop.id)


def test_the_language_goes_along_to_every_browser(shop):
    shop.done(PAGE, **KEPT | {"language": "de"})

    assert account(shop).language == "de"
    assert "Konto" in shop.as_somebody(shop.id).get("/settings").content.decode()


def test_a_choice_in_the_menu_counts_here_at_once_and_everywhere(shop):
    shop.browser.post("/language", {"language": "de", "next": "/settings"})

    assert account(shop).language == "de"
    assert '<html lang="de' in shop.get("/settings").content.decode()


def test_left_to_the_browser_it_is_as_each_asks(shop):
    shop.done(PAGE, **KEPT | {"language": "de"})
    shop.done(PAGE, **KEPT)

    assert account(shop).language is None
    asked = shop.browser.get("/settings", headers={"accept-language": "de"})
    assert '<html lang="de' in asked.content.decode()


def test_chosen_colours_hold_on_every_page(shop):
    assert "data-scheme" not in shop.get("/").content.decode()

    shop.done(PAGE, **KEPT | {"scheme": "dark"})

    assert 'data-scheme="dark"' in shop.get("/").content.decode()


def test_a_time_zone_is_changed_on_record_and_what_does_not_exist_is_refused(shop):
    shop.done(PAGE, **KEPT | {"timezone": "Asia/Tokyo"})

    assert account(shop).timezone == "Asia/Tokyo"
    assert Record.objects.filter(action="timezone.changed").count() == 1
    page = shop.refused(PAGE, **KEPT | {"timezone": "Mars/Phobos"})
    assert "Choose one of these" in page.text
    assert account(shop).timezone == "Asia/Tokyo"


def test_the_same_form_twice_changes_nothing_more(shop):
    key = shop.page(PAGE).inputs["form_key"]
    sent = KEPT | {"timezone": "Asia/Tokyo"}
    assert shop.send(PAGE, key=key, **sent).status_code == 303
    assert shop.send(PAGE, key=key, **sent).status_code == 303

    assert Record.objects.filter(action="timezone.changed").count() == 1


def test_strangers_choose_a_language_for_their_browser_alone(shop):
    answer = Client().post("/language", {"language": "de", "next": "/"})

    assert answer.cookies["language"].value == "de"
    assert account(shop).language is None
