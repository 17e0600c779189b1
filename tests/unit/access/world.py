"""One platform, its sellers, a clock that we turn, and what they receive."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.test import Client

from counterfoil.access.links import create_login_link
from counterfoil.accounts.models import Account
from counterfoil.kit.ids import new_id
from counterfoil.messaging.outbox_files import newest_messages
from counterfoil.outbox.running import run_due
from counterfoil.platforms.operations import create_platform

BEGIN = 1_760_000_000


@dataclass
class Wall:
    """The wall clock of everything under test."""

    now: int = BEGIN

    def wait(self, seconds: int) -> None:
        self.now += seconds


@dataclass
class World:
    """A platform with sellers; `post` is what its sellers would receive."""

    wall: Wall
    folder: Path
    platform_id: str = field(init=False)

    def __post_init__(self) -> None:
        self.platform_id = create_platform(name="Bazaar", now=self.wall.now).platform.id

    def seller(self, **changes: Any) -> Account:
        """An onboarded Express account of test mode, unless `changes` says otherwise."""
        fields = {
            "id": new_id("acct", self.wall.now),
            "platform_id": self.platform_id,
            "livemode": False,
            "created": self.wall.now,
            "type": "express",
            "fees_payer": "application_express",
            "losses_payments": "application",
            "requirement_collection": "stripe",
            "dashboard_type": "express",
            "country": "US",
            "default_currency": "usd",
            "email": "ada@example.com",
            "phone": "+15551230067",
            "display_name": "Ada Byron",
            "details_submitted": True,
        }
        return Account.objects.create(**fields | changes)

    def token(self, seller: Account, **changes: Any) -> str:
        known = {
            "account_id": seller.id,
            "platform_id": seller.platform_id,
            "livemode": seller.livemode,
            "redirect_url": None,
            "now_wall": self.wall.now,
        }
        return create_login_link(**known | changes)

    def link(self, seller: Account, **changes: Any) -> str:
        return f"/express/{seller.id}/{self.token(seller, **changes)}"

    def post(self) -> list[dict[str, Any]]:
        """What left so far, newest first."""
        while run_due(self.wall.now):
            pass
        return newest_messages(self.folder, limit=100)

    def code(self) -> str:
        """The code in the newest message."""
        return re.findall(r"\b\d{6}\b", self.post()[0]["text"])[0]


def into(browser: Client, link: str, code: str = "000000") -> Any:
    """Follow a link all the way in; the answer to the code."""
    browser.post(link)
    return browser.post(f"{link}/code", {"code": code})
