"""Sessions: a random token in the browser, its hash in our own table (design §5, §7)."""

from __future__ import annotations

import hashlib
import secrets
from typing import Literal

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
    if fetch_one(
        "SELECT 1 FROM access_factor WHERE account_id = %s AND confirmed_at IS NOT NULL LIMIT 1",
        [account_id],
    ):
        return "factor"
    policy = platform_facts(platform_id, livemode=livemode).settings.second_factor
    return "enrolment" if policy == "required" else None


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


def renew_session(token: str, *, by: Proof, now_wall: int) -> str | None:
    """Its holder has just shown who they are, `by` some means: the same session under a new token.

    A second factor that was waited for is there now.

    None when it is over.
    """
    new = secrets.token_urlsafe(32)
    renewed = execute(
        "UPDATE access_session SET sha256 = %s, fresh_at = %s, fresh_by = %s,"
        " awaits = CASE WHEN awaits = 'enrolment' THEN awaits END WHERE sha256 = %s",
        [session_hash(new), now_wall, by, session_hash(token)],
    )
    return new if renewed else None


def session_hash(token: str) -> str:
    """SHA-256 in hex: whoever reads the table cannot sign in with what it holds."""
    return hashlib.sha256(token.encode()).hexdigest()


def cookie_name() -> str:
    """With TLS the browser itself holds the cookie to this host, its root path and `Secure`."""
    return "__Host-session" if settings.TLS else "session"


def cookie_of(request: HttpRequest) -> str:
    """The token that a request carries, or the empty text."""
    return request.COOKIES.get(cookie_name(), "")


def put_cookie(response: HttpResponse, token: str) -> None:
    response.set_cookie(
        cookie_name(),
        token,
        max_age=settings.LIFETIMES.session_ends,
        path="/",
        secure=settings.TLS,
        httponly=True,
        samesite="Lax",
    )


def drop_cookie(response: HttpResponse) -> None:
    # delete_cookie cannot say HttpOnly, and a __Host- cookie must repeat its attributes.
    response.set_cookie(
        cookie_name(),
        "",
        max_age=0,
        path="/",
        secure=settings.TLS,
        httponly=True,
        samesite="Lax",
    )
