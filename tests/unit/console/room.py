"""The console of one marketplace, as its operators' browsers see it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.test import Client

from counterfoil.access import sessions
from counterfoil.access.operator_sessions import start_operator_session
from counterfoil.access.operators import Role
from counterfoil.access.staff import add_operator
from counterfoil.audit.queries import records_of
from counterfoil.kit.pages import PageRequest
from counterfoil.kit.scope import Scope
from counterfoil.messaging.outbox_files import newest_messages
from counterfoil.outbox.running import run_due
from tests.support.builders import World

OLGA = "olga@bazaar.example"


@dataclass
class Room:
    world: World

    def operator(self, email: str = OLGA, role: Role = "operator", **more: Any) -> str:
        fields = {"platform_id": self.world.id, "email": email, "role": role}
        return add_operator(**fields | more, now_wall=self.world.now)

    def browser(self, email: str = OLGA, role: Role = "operator", *, live: bool = False) -> Client:
        """In the console already; development, so without a second factor."""
        token = start_operator_session(
            operator_id=self.operator(email, role),
            platform_id=self.world.id,
            ip=None,
            user_agent=None,
            now_wall=self.world.now,
        )
        browser = Client()
        browser.cookies[sessions.cookie_name(sessions.CONSOLE)] = token
        if live:
            browser.post("/console/mode", {"mode": "live"})
        return browser

    def code(self) -> str:
        """The code in the newest message that left."""
        while run_due(self.world.now):
            pass
        return re.findall(r"\b\d{6}\b", newest_messages(settings.DATA_DIR, limit=1)[0]["text"])[0]

    def on_record(self, account_id: str | None = None, *, live: bool = False) -> list[Any]:
        """What the audit log holds about the marketplace or one account, newest first."""
        scope = Scope(self.world.id, account_id or self.world.id, live)
        return list(records_of(scope, PageRequest(limit=50)).rows)
