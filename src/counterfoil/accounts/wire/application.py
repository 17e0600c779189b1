"""The platform as an application: what `account.application.authorized` is about."""

from __future__ import annotations

import msgspec


class ApplicationWire(msgspec.Struct):
    id: str
    name: str | None
    object: str = "application"


def application_wire(platform_id: str, name: str) -> ApplicationWire:
    """Its id is the platform's under another prefix, as `application` fields show it."""
    return ApplicationWire(f"ca_{platform_id.partition('_')[2]}", name)
