"""A seller of a `builders.World` at their pages.

    shop = Shop(world, monkeypatch)      # onboarded, all features on, signed in
    shop.page("/payouts").text           # what the page says, white space folded
    shop.send("/payouts/new", amount="10")  # fill the form in and send it, as a browser does

The wall clock follows the world's, so that pages and operations agree on what is now.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from counterfoil.access import sessions
from counterfoil.dashboard import once
from counterfoil.kit import clock
from counterfoil.kit.db import execute
from counterfoil.platforms.settings import Features, PlatformSettings, write_settings
from tests.support.builders import World


class Read(HTMLParser):
    """A page as a test asks it: its text, its links, what its forms would send."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: dict[str, str] = {}
        self.inputs: dict[str, str] = {}
        self._texts: list[str] = []
        self._link: str | None = None
        self._words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a":
            self._link, self._words = given.get("href", ""), []
        if tag == "input" and given.get("name"):
            self.inputs[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link is not None:
            self.links[" ".join("".join(self._words).split())] = self._link
            self._link = None
        if tag in ("p", "div", "li", "dd", "dt", "h1", "h2", "span", "label", "a", "button"):
            self._texts.append(" ")

    def handle_data(self, data: str) -> None:
        self._texts.append(data)
        self._words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self._texts)).replace("\N{NO-BREAK SPACE}", " ")


class Shop:
    """An onboarded seller, and their browser."""

    def __init__(
        self, world: World, monkeypatch: pytest.MonkeyPatch, country: str = "US", **seller: Any
    ) -> None:
        self.world = world
        monkeypatch.setattr(clock, "wall_now", lambda: world.now)
        # What is refused undoes itself and nothing else, also inside a test's transaction.
        monkeypatch.setattr(once, "unit_of_work", transaction.atomic)
        self.switch_on(*Features.__struct_fields__)
        self.id = world.seller(country, **seller)
        self._browser, self._signed_in_at = self._signed_in(self.id), world.now

    @property
    def browser(self) -> Client:
        """Signed in again where the world's clock has moved on."""
        if self.world.now != self._signed_in_at:
            self._browser, self._signed_in_at = self._signed_in(self.id), self.world.now
        return self._browser

    def switch_on(self, *features: str) -> None:
        """These features of the platform and no others."""
        settings = PlatformSettings(features=Features(**dict.fromkeys(features, True)))
        execute(
            "UPDATE platforms_platform SET settings = %s WHERE id = %s",
            [write_settings(settings), self.world.id],
        )

    def go_live(self, **settings: Any) -> None:
        """The same seller in live mode, every feature on, with these settings of the platform."""
        live = write_settings(PlatformSettings(features=Features.all_on(), **settings))
        sql = "UPDATE platforms_platform SET live_settings = %s WHERE id = %s"
        execute(sql, [live, self.world.id])
        for table in ("accounts_account", "accounts_externalaccount"):
            execute(f"UPDATE {table} SET livemode = %s", [True])

    def as_other(self) -> Client:
        """The browser of another seller of the same platform."""
        return self._signed_in(self.world.seller())

    def as_somebody(self, account_id: str) -> Client:
        """Another browser, signed in to an account."""
        return self._signed_in(account_id)

    def _signed_in(self, account_id: str) -> Client:
        token = sessions.start_session(
            account_id=account_id,
            platform_id=self.world.id,
            livemode=False,
            redirect_url=None,
            ip=None,
            user_agent=None,
            now_wall=self.world.now,
        )
        browser = Client()
        browser.cookies[sessions.cookie_name()] = token
        return browser

    def get(self, address: str) -> HttpResponse:
        return self.browser.get(address)  # type: ignore[return-value] # the test client's own

    def page(self, address: str) -> Read:
        answer = self.get(address)
        assert answer.status_code == 200, answer.status_code
        return Read(answer.content.decode())

    def send(self, address: str, *, key: str | None = None, **fields: Any) -> HttpResponse:
        """Open the form and send it; with `key`, one that was sent before."""
        if key is None:
            key = self.page(address).inputs["form_key"]
        return self.browser.post(address, {"form_key": key, **fields})  # type: ignore[return-value] # likewise

    def refused(self, address: str, **fields: Any) -> Read:
        """The form as it comes back, with what is wrong and what was typed."""
        answer = self.send(address, **fields)
        assert answer.status_code == 422, answer.status_code
        return Read(answer.content.decode())

    def done(self, address: str, **fields: Any) -> str:
        """Where the form leads when it was acted on."""
        answer = self.send(address, **fields)
        assert answer.status_code == 303, answer.content.decode()[-3000:]
        return answer["Location"]
