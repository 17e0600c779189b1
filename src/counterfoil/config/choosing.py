"""Which platform a command is about."""

from __future__ import annotations

from django.core.management.base import CommandError

from counterfoil.kit.db import fetch_all


def chosen_platform(given: str | None) -> str:
    """The platform that was named, or the only one. Raises CommandError."""
    rows = [row[0] for row in fetch_all("SELECT id FROM platforms_platform ORDER BY id")]
    if given is not None:
        if given not in rows:
            raise CommandError(f"No such platform: {given}")
        return given
    if len(rows) != 1:
        raise CommandError("Say which platform: --platform acct_…  There are: " + ", ".join(rows))
    return str(rows[0])
