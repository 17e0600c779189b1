"""A seller with a browser in a whole marketplace (`builders.World`), every switch on."""

from __future__ import annotations

import html
import re
from typing import Any

from django.test import Client

from counterfoil.access import sessions
from counterfoil.platforms.models import Platform
from counterfoil.platforms.settings import Features, PlatformSettings, write_settings
from tests.support.builders import World, card_data


def switch(world: World, features: Features | None = None) -> None:
    """What the platform lets its sellers do; everything unless said otherwise."""
    settings = PlatformSettings(features=features or Features.all_on())
    Platform.objects.filter(id=world.id).update(settings=write_settings(settings))


def browser_of(world: World, account_id: str) -> Client:
    token = sessions.start_session(
        account_id=account_id,
        platform_id=world.id,
        livemode=False,
        redirect_url=None,
        ip=None,
        user_agent=None,
        now_wall=world.now,
    )
    browser = Client()
    browser.cookies[sessions.cookie_name()] = token
    return browser


def payer(name: str = "Grace Hopper", email: str = "grace@example.com", **card: Any) -> Any:
    return {
        "confirm": True,
        "payment_method_data": card_data(**card)
        | {"billing_details": {"name": name, "email": email}},
    }


def page(browser: Client, address: str = "/payments", **asked: Any) -> str:
    answer = browser.get(address, asked)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def words(text: str) -> str:
    """What a person reads of a page: amounts in one piece, everything else with a space."""
    inline = re.sub(r"</?(?:small|i|b|span)\b[^>]*>", "", text)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", inline)).split())


def key_in(form: str) -> str:
    """The key of the form on a page."""
    found = re.search(r'name="form_key" value="(\w+)"', form)
    assert found, "no form"
    return found[1]
