"""A form that arrives after its session is over: kept until the same account is back.

Nothing of it is done. It is sealed and bound to this browser by a cookie and to the account by the
session that ended; who signs in to another account never sees it. A session that was ended on
purpose keeps nothing. All moments are the wall clock's, UTC seconds.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from counterfoil.access import sessions
from counterfoil.access.holding import hold, sealed_form
from counterfoil.access.links import token_hash
from counterfoil.kit.db import execute, fetch_one

WHY: Final = "left"
KEPT: Final = 60 * 60


def keep(request: HttpRequest, response: HttpResponse, *, now_wall: int) -> None:
    """Keep the form that came with an ended session, and say so to the browser by a cookie.

    Texts only: files are to be chosen again. An earlier form of the same session gives way.
    """
    if request.method != "POST" or not _is_sent_by_a_person(request):
        return
    row = fetch_one(
        "SELECT id FROM access_session WHERE sha256 = %s AND awaits IS NULL",
        [sessions.session_hash(sessions.cookie_of(request))],
    )
    if row is None:
        return
    execute("DELETE FROM access_heldform WHERE session_id = %s AND why = %s", [row[0], WHY])
    token = hold(
        request,
        session_id=row[0],
        why=WHY,
        back="/",
        body=sealed_form(request),
        now_wall=now_wall,
        ends_at=now_wall + KEPT,
    )
    put_cookie(response, token)


def claimed(request: HttpRequest, *, session_id: str, account_id: str, now_wall: int) -> bool:
    """Whether a form waits that this account left here; from now on it is this session's."""
    token = token_of(request)
    return bool(token) and bool(
        execute(
            "UPDATE access_heldform SET session_id = %s, confirmed_at = %s"
            " WHERE sha256 = %s AND why = %s AND ends_at > %s AND session_id <> %s"
            " AND session_id IN (SELECT id FROM access_session WHERE account_id = %s)",
            [session_id, now_wall, token_hash(token), WHY, now_wall, session_id, account_id],
        )
    )


def forget(request: HttpRequest, *, session_id: str) -> None:
    """The person does not want to go on."""
    execute(
        "DELETE FROM access_heldform WHERE sha256 = %s AND session_id = %s",
        [token_hash(token_of(request)), session_id],
    )


def token_of(request: HttpRequest) -> str:
    """The token of the form that this browser left, or the empty text."""
    return request.COOKIES.get(_cookie_name(), "")


def put_cookie(response: HttpResponse, token: str) -> None:
    response.set_cookie(
        _cookie_name(),
        token,
        max_age=KEPT if token else 0,
        path="/",
        secure=settings.TLS,
        httponly=True,
        samesite="Lax",
    )


def _is_sent_by_a_person(request: HttpRequest) -> bool:
    """Not by a script that saves or looks while one types: it would be one form after another."""
    if request.headers.get("HX-Request") == "true":
        return True
    return request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def _cookie_name() -> str:
    return "__Host-left" if settings.TLS else "left"
