"""Sessions: a random token in the browser, its hash in our own table (design §5, §7)."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from counterfoil.access.new_browsers import tell_of_a_new_browser
from counterfoil.access.people import Proven
from counterfoil.audit.acting import Acting
from counterfoil.audit.operations import record
from counterfoil.kit.db import execute, fetch_one, insert_rows, unit_of_work
from counterfoil.kit.ids import new_id
from counterfoil.kit.scope import Scope
from counterfoil.platforms.queries import platform_facts


@dataclass(frozen=True, slots=True)
class Room:
    """Who signs in there has a cookie and a table of their own: no session opens another room."""

    table: str
    cookie: str
    login: str  # where signing in begins
    home: str
    step_up: str  # the name of the page that asks who one is

    @property
    def longest(self) -> int:
        """Seconds after which a session ends in any case."""
        most = settings.LIFETIMES
        return most.session_ends if self is SELLERS else most.operator_ends


SELLERS: Final = Room("access_session", "session", "/login", "/", "step-up")
CONSOLE: Final = Room(
    "access_operatorsession", "console", "/console/login", "/console", "console-step-up"
)

# How a person showed who they are.
Awaited = Literal["factor", "enrolment"]
Proof = Literal["code", "totp", "passkey", "recovery"]

_COLUMNS = (
    "sha256",
    "id",
    "account_id",
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
    "redirect_url",
    "proven_channel",
    "proven_address",
)


def start_session(
    *,
    account_id: str,
    platform_id: str,
    livemode: bool,
    redirect_url: str | None,
    ip: str | None,
    user_agent: str | None,
    now_wall: int,
    proven: Proven | None = None,
    fresh_at: int | None = None,
    fresh_by: Proof = "code",
) -> str:
    """The token for the cookie, 256 random bits. Always a new one: never one we were shown.

    `proven` is the address that a code was sent to and came back from, in live mode. Somebody
    who signs in has just shown who they are; `fresh_at` says when, for those who did not sign in.
    """
    token = secrets.token_urlsafe(32)
    ident = new_id("ses", now_wall)
    row = (
        session_hash(token),
        ident,
        account_id,
        platform_id,
        livemode,
        now_wall,
        now_wall if fresh_at is None else fresh_at,
        fresh_by,
        awaited(account_id, platform_id, livemode=livemode),
        now_wall,
        now_wall + settings.LIFETIMES.session_idle,
        now_wall + settings.LIFETIMES.session_ends,
        ip and ip[:45],
        user_agent and user_agent[:400],
        redirect_url,
        *(proven or (None, None)),
    )
    with unit_of_work():
        insert_rows("access_session", _COLUMNS, [row])
        scope = Scope(platform_id, account_id, livemode)
        if fresh_at is None:
            tell_of_a_new_browser(scope, user_agent, now_wall=now_wall)
        record(
            "session.started",
            scope=scope,
            object_id=ident,
            by=Acting("seller", ident, now_wall, ip, user_agent),
        )
    return token


def awaited(account_id: str, platform_id: str, *, livemode: bool) -> Awaited | None:
    """What somebody who typed a code has yet to show before they are in."""
    if has_factor(account_id):
        return "factor"
    policy = platform_facts(platform_id, livemode=livemode).settings.second_factor
    return "enrolment" if policy == "required" else None


def has_factor(owner_id: str) -> bool:
    """Whether an account or an operator has set up a second step."""
    sql = "SELECT 1 FROM access_factor WHERE account_id = %s AND confirmed_at IS NOT NULL LIMIT 1"
    return fetch_one(sql, [owner_id]) is not None


def touch(sha256: str, *, last_seen: int, now_wall: int) -> None:
    """Note that the session is in use: a write every few minutes, not one per page."""
    if now_wall - last_seen < settings.LIFETIMES.session_touch:
        return
    execute(
        "UPDATE access_session SET last_seen = %s, idle_until = %s"
        " WHERE sha256 = %s AND last_seen < %s",
        [now_wall, now_wall + settings.LIFETIMES.session_idle, sha256, now_wall],
    )


def end_session(token: str, *, now_wall: int) -> str | None:
    """Forget a session; where its seller came from, when the platform said so."""
    if not token:
        return None
    with unit_of_work():
        row = fetch_one(
            "DELETE FROM access_session WHERE sha256 = %s"
            " RETURNING id, platform_id, account_id, livemode, redirect_url",
            [session_hash(token)],
        )
        if row is None:
            return None
        ident, platform_id, account_id, livemode, back = row
        record(
            "session.ended",
            scope=Scope(platform_id, account_id, bool(livemode)),
            object_id=ident,
            by=Acting("seller", ident, now_wall),
        )
    return str(back) if back else None


def renew_session(token: str, *, by: Proof, now_wall: int, room: Room = SELLERS) -> str | None:
    """Its holder has just shown who they are, `by` some means: the same session under a new token.

    A second factor that was waited for is there now.

    None when it is over.
    """
    new = secrets.token_urlsafe(32)
    renewed = execute(
        f"UPDATE {room.table} SET sha256 = %s, fresh_at = %s, fresh_by = %s,"  # noqa: S608 - one of our two tables
        " awaits = CASE WHEN awaits = 'enrolment' THEN awaits END WHERE sha256 = %s",
        [session_hash(new), now_wall, by, session_hash(token)],
    )
    return new if renewed else None


def session_hash(token: str) -> str:
    """SHA-256 in hex: whoever reads the table cannot sign in with what it holds."""
    return hashlib.sha256(token.encode()).hexdigest()


def cookie_name(room: Room = SELLERS) -> str:
    """With TLS the browser itself holds the cookie to this host, its root path and `Secure`."""
    return f"__Host-{room.cookie}" if settings.TLS else room.cookie


def cookie_of(request: HttpRequest, room: Room = SELLERS) -> str:
    """The token that a request carries, or the empty text."""
    return request.COOKIES.get(cookie_name(room), "")


def put_cookie(response: HttpResponse, token: str, room: Room = SELLERS) -> None:
    response.set_cookie(
        cookie_name(room),
        token,
        max_age=room.longest,
        path="/",
        secure=settings.TLS,
        httponly=True,
        samesite="Lax",
    )


def drop_cookie(response: HttpResponse, room: Room = SELLERS) -> None:
    # delete_cookie cannot say HttpOnly, and a __Host- cookie must repeat its attributes.
    response.set_cookie(
        cookie_name(room),
        "",
        max_age=0,
        path="/",
        secure=settings.TLS,
        httponly=True,
        samesite="Lax",
    )
