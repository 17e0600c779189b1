"""Where an account is signed in, and ending that from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.audit.acting import Acting
from counterfoil.audit.operations import record
from counterfoil.kit.db import fetch_all, unit_of_work
from counterfoil.kit.devices import Device, device_of
from counterfoil.kit.network import network_of
from counterfoil.kit.scope import Scope


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A browser that is signed in, as its owner recognises it. Moments: wall clock."""

    id: str
    created: int
    last_seen: int
    network: str | None
    device: Device


_OPEN = """
SELECT id, created, last_seen, ip, user_agent FROM access_session
WHERE account_id = %s AND idle_until > %s AND ends_at > %s
ORDER BY last_seen DESC, id DESC
"""


def open_sessions(account_id: str, *, now_wall: int) -> list[OpenSession]:
    """The one used last comes first."""
    return [
        OpenSession(ident, created, last_seen, network_of(ip), device_of(user_agent))
        for ident, created, last_seen, ip, user_agent in fetch_all(
            _OPEN, [account_id, now_wall, now_wall]
        )
    ]


def end_sessions(
    scope: Scope,
    *,
    only: str | None = None,
    besides: str | None = None,
    by: Acting | None = None,
) -> int:
    """End every session of an account, `only` one of them, or all `besides` one; how many.

    Each is on record, as done `by` somebody, or by whoever the edge says.
    """
    with unit_of_work():
        ended = fetch_all(
            "DELETE FROM access_session WHERE account_id = %s"
            " AND (%s = '' OR id = %s) AND id <> %s RETURNING id",
            [scope.account_id, only or "", only or "", besides or ""],
        )
        for (ident,) in sorted(ended):
            record("session.ended", scope=scope, object_id=ident, by=by)
    return len(ended)
