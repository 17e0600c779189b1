"""People with several accounts, on one marketplace or on several: one address, one code."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from counterfoil.access.people import Door, Proven, doors_of
from counterfoil.access.sessions import session_hash, start_session
from counterfoil.kit.db import execute, fetch_one


@dataclass(frozen=True, slots=True)
class Shown:
    """What a session has shown to be its holder's, and until when."""

    proven: Proven
    ends_at: int
    fresh_at: int


def doors_open_to(token: str) -> list[Door]:
    """The accounts that the holder of a session may change to, the present one among them."""
    shown = _shown(session_hash(token))
    return doors_of(shown.proven) if shown else []


def switch_session(
    token: str, *, account_id: str, ip: str | None, user_agent: str | None, now_wall: int
) -> str | None:
    """Leave one account for another that the same proven address opens; the new token.

    The new session ends when the old one would have. None when the address does not open it.
    """
    ident = session_hash(token)
    with transaction.atomic():
        shown = _shown(ident)
        if shown is None:
            return None
        door = next((d for d in doors_of(shown.proven) if d.account_id == account_id), None)
        if door is None or execute("DELETE FROM access_session WHERE sha256 = %s", [ident]) != 1:
            return None
        new = start_session(
            account_id=door.account_id,
            platform_id=door.platform_id,
            livemode=True,
            redirect_url=None,
            ip=ip,
            user_agent=user_agent,
            now_wall=now_wall,
            proven=shown.proven,
            fresh_at=shown.fresh_at,
        )
        execute(
            "UPDATE access_session SET ends_at = %s WHERE sha256 = %s",
            [shown.ends_at, session_hash(new)],
        )
    return new


def _shown(ident: str) -> Shown | None:
    row = fetch_one(
        "SELECT proven_channel, proven_address, ends_at, fresh_at FROM access_session"
        " WHERE sha256 = %s AND livemode = %s AND proven_channel IS NOT NULL",
        [ident, True],
    )
    return Shown((row[0], row[1]), row[2], row[3]) if row else None
