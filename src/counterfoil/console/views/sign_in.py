"""`/console/login`: an operator's e-mail address, its code, the second factor."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from counterfoil.access import sessions
from counterfoil.access.limits import TooManySends
from counterfoil.access.onetime import CodeSpent, NotACode, WrongCode
from counterfoil.access.operator_sessions import end_operator_session
from counterfoil.access.operator_sign_in import finish_operator_sign_in
from counterfoil.access.operators import Operator, done_by, operator_of
from counterfoil.access.origin import client_address
from counterfoil.access.self_serve import (
    NoAccount,
    Waiting,
    begin_sign_in,
    send_another,
    waiting_for,
)
from counterfoil.access.views.entry import our_host, wait_words, wrong_code
from counterfoil.access.views.pages import kept_private, render_entry
from counterfoil.access.views.second_factor import Tried, passkey_options, try_factor
from counterfoil.kit import clock

methods = require_http_methods(["GET", "HEAD", "POST"])


@methods
@kept_private
def login(request: HttpRequest) -> HttpResponse:
    """Ask for the address; POST sends a code to it, if an operator has it."""
    now_wall = clock.wall_now()
    if request.method != "POST":
        token = sessions.cookie_of(request, sessions.CONSOLE)
        if operator_of(token, now_wall=now_wall) is not None:
            return HttpResponseRedirect(reverse("console"), status=303)
        return _login_page(request)
    address = request.POST.get("email", "").replace("\0", "").strip()[:320].lower()
    try:
        validate_email(address)
    except ValidationError:
        return _login_page(request, address, error=_("That is no e-mail address."), status=422)
    try:
        token = begin_sign_in(
            channel="email",
            address=address,
            host=our_host(),
            client=client_address(request),
            now_wall=now_wall,
            room="console",
        )
    except TooManySends as refusal:
        return _login_page(request, address, wait=refusal.retry_at - now_wall, status=429)
    response = HttpResponseRedirect(reverse("console-login-code"), status=303)
    _put_cookie(response, token, max_age=settings.LIFETIMES.sign_in)
    return response


@methods
@kept_private
def login_code(request: HttpRequest) -> HttpResponse:
    """One field for the code; `again` sends another one."""
    now_wall = clock.wall_now()
    token = request.COOKIES.get(_cookie_name(), "")
    waiting = waiting_for(token, now_wall=now_wall, room="console")
    if waiting is None:
        response = HttpResponseRedirect(reverse("console-login"), status=303)
        _put_cookie(response, "", max_age=0)
        return response
    if request.method != "POST":
        return _code_page(request, waiting, now_wall)
    if "again" in request.POST:
        return _send_again(request, waiting, now_wall)
    return _enter(request, waiting, now_wall)


@methods
@kept_private
def second_factor(request: HttpRequest) -> HttpResponse:
    """For a session that waits for it; anybody else is led on."""
    now_wall = clock.wall_now()
    operator = operator_of(sessions.cookie_of(request, sessions.CONSOLE), now_wall=now_wall)
    if operator is None or operator.awaits != "factor":
        where = "console-login" if operator is None else "console"
        return HttpResponseRedirect(reverse(where), status=303)
    if request.method != "POST":
        return _factor_page(request, operator, None, now_wall)
    with done_by(operator, request, now_wall=now_wall):
        tried = try_factor(request, operator, None, now_wall=now_wall)
    if isinstance(tried, HttpResponse):
        return tried
    return _factor_page(request, operator, tried, now_wall)


def _send_again(request: HttpRequest, waiting: Waiting, now_wall: int) -> HttpResponse:
    try:
        send_another(
            waiting,
            via="email",
            host=our_host(),
            client=client_address(request),
            now_wall=now_wall,
        )
    except TooManySends as refusal:
        return _code_page(request, waiting, now_wall, wait=refusal.retry_at - now_wall)
    return HttpResponseRedirect(request.path, status=303)


def _enter(request: HttpRequest, waiting: Waiting, now_wall: int) -> HttpResponse:
    try:
        token = finish_operator_sign_in(
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
        error = _("Nobody with this address looks after a marketplace here.")
        return _login_page(request, waiting.address, error=error, status=410)
    else:
        return let_operator_in(request, token)
    return _code_page(request, waiting, now_wall, error=error, status=422)


def let_operator_in(request: HttpRequest, token: str) -> HttpResponse:
    """A new session in this browser; one that was there before ends."""
    before = sessions.cookie_of(request, sessions.CONSOLE)
    end_operator_session(before, now_wall=clock.wall_now())
    rotate_token(request)
    response = HttpResponseRedirect(reverse("console"), status=303)
    sessions.put_cookie(response, token, sessions.CONSOLE)
    _put_cookie(response, "", max_age=0)
    return response


def _login_page(
    request: HttpRequest,
    typed: str = "",
    *,
    error: str = "",
    wait: int | None = None,
    status: int = 200,
) -> HttpResponse:
    problem = wait_words(wait) if wait is not None else ""
    context = {"typed": typed, "error": error, "problem": problem}
    response = render_entry(request, "console/login.html", context, status=status)
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
        "minutes": settings.LIFETIMES.code // 60,
        "down": waiting.down_since is not None,
        "error": error,
        "problem": wait_words(wait) if wait is not None else "",
    }
    response = render_entry(
        request, "console/login_code.html", context, status=429 if wait is not None else status
    )
    if wait is not None:
        response["Retry-After"] = str(wait)
    return response


def _factor_page(
    request: HttpRequest, operator: Operator, tried: Tried | None, now_wall: int
) -> HttpResponse:
    context = {
        "options": passkey_options(request, operator, now_wall=now_wall),
        "error": tried.error if tried else "",
    }
    return render_entry(
        request,
        "console/second_factor.html",
        context,
        platform_name=operator.platform_name,
        brand_color=operator.brand_color,
        status=tried.status if tried else 200,
    )


def _cookie_name() -> str:
    return "__Host-console-signin" if settings.TLS else "console-signin"


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
