"""Sessions of operators, apart from sellers' (`sessions.Room`). Moments are the wall clock's."""

from __future__ import annotations

import secrets

from django.conf import settings

from counterfoil.access.operators import Operator
from counterfoil.access.sessions import CONSOLE, Awaited, has_factor, session_hash
from counterfoil.audit.acting import Acting
from counterfoil.audit.operations import record
from counterfoil.kit.db import execute, fetch_all, fetch_one, insert_rows, unit_of_work
from counterfoil.kit.ids import new_id
from counterfoil.kit.scope import Scope

_COLUMNS = (
    "sha256",
    "id",
    "operator_id",
    "platform_id",
    "livemode",
    "created",
    "fresh_at",
    "fresh_by",
    "awaits",
    "last_seen",
    "idle_until",
    "ends_at",
    "ip",
    "user_agent",
)


def start_operator_session(
    *, operator_id: str, platform_id: str, ip: str | None, user_agent: str | None, now_wall: int
) -> str:
    """The token for the cookie, 256 random bits. Development begins in test mode, others in live.

    Outside development a session without a second factor opens nothing but setting one up.
    """
    token = secrets.token_urlsafe(32)
    ident = new_id("ops", now_wall)
    livemode = not settings.DEVELOPMENT
    row = (
        session_hash(token),
        ident,
        operator_id,
        platform_id,
        livemode,
        now_wall,
        now_wall,
        "code",
        _awaited(operator_id),
        now_wall,
        now_wall + settings.LIFETIMES.operator_idle,
        now_wall + settings.LIFETIMES.operator_ends,
        ip and ip[:45],
        user_agent and user_agent[:400],
    )
    with unit_of_work():
        insert_rows(CONSOLE.table, _COLUMNS, [row])
        record(
            "session.started",
            scope=Scope(platform_id, platform_id, livemode),
            object_id=ident,
            by=Acting("operator", operator_id, now_wall, ip, user_agent),
        )
    return token


def _awaited(operator_id: str) -> Awaited | None:
    if has_factor(operator_id):
        return "factor"
    return None if settings.DEVELOPMENT else "enrolment"


def end_operator_session(token: str, *, now_wall: int) -> None:
    """Forget a session, if there is one."""
    with unit_of_work():
        row = fetch_one(
            "DELETE FROM access_operatorsession WHERE sha256 = %s"
            " RETURNING id, operator_id, platform_id, livemode",
            [session_hash(token)],
        )
        if row is None:
            return
        ident, operator_id, platform_id, livemode = row
        record(
            "session.ended",
            scope=Scope(platform_id, platform_id, bool(livemode)),
            object_id=ident,
            by=Acting("operator", operator_id, now_wall),
        )


def end_sessions_of(operator_id: str, *, platform_id: str | None = None) -> None:
    """Sign an operator out everywhere, or of one marketplace's console alone."""
    execute(
        "DELETE FROM access_operatorsession WHERE operator_id = %s"
        " AND (%s = '' OR platform_id = %s)",
        [operator_id, platform_id or "", platform_id or ""],
    )


def look_at(operator: Operator, *, platform_id: str, livemode: bool) -> bool:
    """Another marketplace of theirs, or the other mode; False where it is none of theirs."""
    return bool(
        execute(
            "UPDATE access_operatorsession SET platform_id = %s, livemode = %s WHERE id = %s"
            " AND EXISTS (SELECT 1 FROM access_membership"
            " WHERE operator_id = %s AND platform_id = %s)",
            [platform_id, livemode, operator.session_id, operator.operator_id, platform_id],
        )
    )


def platforms_of(operator: Operator) -> list[tuple[str, str]]:
    """The id and name of each marketplace that an operator looks after."""
    return [
        (ident, name)
        for ident, name in fetch_all(
            "SELECT p.id, p.name FROM access_membership m"
            " JOIN platforms_platform p ON p.id = m.platform_id"
            " WHERE m.operator_id = %s ORDER BY p.name, p.id",
            [operator.operator_id],
        )
    ]
