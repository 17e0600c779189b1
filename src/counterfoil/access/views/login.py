"""`/login`: an e-mail address or phone number, its code, a session. Live mode only."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from counterfoil.access import left_forms, sessions
from counterfoil.access.addresses import NoCountry, NotAnAddress, countries_of, read_address
from counterfoil.access.guard import seller_of
from counterfoil.access.limits import TooManySends
from counterfoil.access.onetime import CodeSpent, NotACode, WrongCode
from counterfoil.access.origin import client_address
from counterfoil.access.self_serve import (
    NoAccount,
    Waiting,
    begin_sign_in,
    finish_sign_in,
    send_another,
    waiting_for,
)
from counterfoil.access.views.entry import CHANNELS, let_in, our_host, wait_words, wrong_code
from counterfoil.access.views.handing_over import in_real_browsers
from counterfoil.access.views.pages import kept_private, render_entry
from counterfoil.kit import clock
from counterfoil.messaging.message import Channel

methods = require_http_methods(["GET", "HEAD", "POST"])
OTHER: Final[dict[Channel, Channel]] = {"sms": "email", "email": "sms"}


@methods
@kept_private
@in_real_browsers
def login(request: HttpRequest) -> HttpResponse:
    """Ask for the address; POST sends a code to its owner, if there is one."""
    now_wall = clock.wall_now()
    if request.method != "POST":
        if seller_of(sessions.cookie_of(request), now_wall=now_wall) is not None:
            return HttpResponseRedirect("/", status=303)
        return _login_page(request)
    typed = request.POST.get("address", "")[:500]
    try:
        channel, address = read_address(
            typed, countries=countries_of(request.headers.get("Accept-Language", ""))
        )
    except NotAnAddress:
        error = _("That is neither an e-mail address nor a phone number.")
        return _login_page(request, typed=typed, error=error, status=422)
    except NoCountry:
        error = _("Begin the number with + and its country code, such as +49 or +1.")
        return _login_page(request, typed=typed, error=error, status=422)
    try:
        token = begin_sign_in(
            channel=channel,
            address=address,
            host=our_host(),
            client=client_address(request),
            now_wall=now_wall,
        )
    except TooManySends as refusal:
        seconds = refusal.retry_at - now_wall
        return _login_page(request, typed=typed, wait=seconds, status=429)
    response = HttpResponseRedirect("/login/code", status=303)
    _put_cookie(response, token, max_age=settings.LIFETIMES.sign_in)
    return response


@methods
@kept_private
@in_real_browsers
def login_code(request: HttpRequest) -> HttpResponse:
    """One field for the code; the same address sends another one (`again=sms|email`)."""
    now_wall = clock.wall_now()
    waiting = waiting_for(request.COOKIES.get(_cookie_name(), ""), now_wall=now_wall)
    if waiting is None:
        response = HttpResponseRedirect("/login", status=303)
        _put_cookie(response, "", max_age=0)
        return response
    if request.method != "POST":
        return _code_page(request, waiting, now_wall)
    if again := CHANNELS.get(request.POST.get("again", "")):
        return _send_again(request, waiting, again, now_wall)
    return _enter(request, waiting, now_wall)


def _send_again(
    request: HttpRequest, waiting: Waiting, via: Channel, now_wall: int
) -> HttpResponse:
    try:
        send_another(
            waiting,
            via=via,
            host=our_host(),
            client=client_address(request),
            now_wall=now_wall,
        )
    except TooManySends as refusal:
        return _code_page(request, waiting, now_wall, wait=refusal.retry_at - now_wall)
    return HttpResponseRedirect(request.path, status=303)


def _enter(request: HttpRequest, waiting: Waiting, now_wall: int) -> HttpResponse:
    try:
        token, doors = finish_sign_in(
            waiting,
            request.POST.get("code", ""),
            ip=client_address(request),
            user_agent=request.headers.get("User-Agent"),
            now_wall=now_wall,
        )
    except NotACode:
        error = _("The code has six digits.")
    except WrongCode as refusal:
        error = wrong_code(refusal.tries_left)
    except CodeSpent:
        error = _("This code no longer works. Send a new one.")
    except NoAccount:
        error = _("This account does not exist any more.")
        return _login_page(request, typed=waiting.address, error=error, status=410)
    else:
        response = let_in(request, token, to="/accounts" if len(doors) > 1 else "/")
        _put_cookie(response, "", max_age=0)
        return response
    return _code_page(request, waiting, now_wall, error=error, status=422)


def _login_page(
    request: HttpRequest,
    *,
    typed: str = "",
    error: str = "",
    wait: int | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "typed": typed,
        "error": error,
        "problem": wait_words(wait) if wait is not None else "",
        "left": bool(left_forms.token_of(request)),
    }
    response = render_entry(request, "access/login.html", context, status=status)
    if wait is not None:
        response["Retry-After"] = str(wait)
    return response


def _code_page(
    request: HttpRequest,
    waiting: Waiting,
    now_wall: int,
    *,
    error: str = "",
    wait: int | None = None,
    status: int = 200,
) -> HttpResponse:
    if not error and not waiting.has_code(now_wall):
        error = _("This code no longer works. Send a new one.")
    context: dict[str, Any] = {
        "address": waiting.address,
        "channel": waiting.via,
        "other": OTHER[waiting.via],
        "is_elsewhere": waiting.via != waiting.channel,
        "others": {OTHER[waiting.via]: ""},
        "down": waiting.via if waiting.down_since is not None else None,
        "minutes": settings.LIFETIMES.code // 60,
        "error": error,
        "problem": wait_words(wait) if wait is not None else "",
    }
    response = render_entry(
        request, "access/login_code.html", context, status=429 if wait is not None else status
    )
    if wait is not None:
        response["Retry-After"] = str(wait)
    return response


def _cookie_name() -> str:
    return "__Host-signin" if settings.TLS else "signin"


def _put_cookie(response: HttpResponse, token: str, *, max_age: int) -> None:
    response.set_cookie(
        _cookie_name(),
        token,
        max_age=max_age,
        path="/",
        secure=settings.TLS,
        httponly=True,
        samesite="Lax",
    )
