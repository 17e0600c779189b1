"""`/express/{account}/{token}`: a login link, its code, a session.

A GET sends nothing and uses nothing up, so mail scanners and previews do no harm. None of the
forms names an address: they go where the page came from, fragment included, and every redirect
hands the fragment on, so `…/{token}#/account` arrives as `/#/account`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from counterfoil.access import sessions
from counterfoil.access.codes import LinkUsed, NoDestination, enter_code, send_code
from counterfoil.access.guard import seller_of
from counterfoil.access.limits import TooManySends
from counterfoil.access.onetime import CodeSpent, NotACode, WrongCode
from counterfoil.access.origin import client_address
from counterfoil.access.policy import masked
from counterfoil.access.queries import Entry, entry_of
from counterfoil.access.views.handing_over import hand_over
from counterfoil.access.views.pages import kept_private, render_entry
from counterfoil.kit import clock
from counterfoil.messaging.message import Channel

CHANNELS: Final[dict[str, Channel]] = {"sms": "sms", "email": "email"}
EntryView = Callable[[HttpRequest, Entry, int], HttpResponse]
methods = require_http_methods(["GET", "HEAD", "POST"])


def of_an_open_link(view: EntryView) -> Callable[..., HttpResponse]:
    """Find the link of the address and read the clock; otherwise say why it does not open."""

    @wraps(view)
    def found(request: HttpRequest, account_id: str, token: str) -> HttpResponse:
        now_wall = clock.wall_now()
        entry = entry_of(account_id, token)
        if entry is None:
            return render_entry(request, "access/no_link.html", {}, status=404)
        if entry.state(now_wall) != "open":
            return closed_page(request, entry, now_wall)
        if (handed_over := hand_over(request, entry)) is not None:
            return handed_over
        return view(request, entry, now_wall)

    return found


@methods
@kept_private
@of_an_open_link
def login_link(request: HttpRequest, entry: Entry, now_wall: int) -> HttpResponse:
    """The brand and one button, which a script presses at once; POST sends the code."""
    code_page = f"{request.path}/code"
    if request.method != "POST":
        return _start_page(request, entry)
    try:
        send_code(
            entry,
            channel=None,
            again=False,
            host=our_host(),
            client=client_address(request),
            now_wall=now_wall,
        )
    except TooManySends as refusal:
        return _start_page(request, entry, wait=_wait(entry, refusal, now_wall))
    except NoDestination:
        return _start_page(request, entry)
    return HttpResponseRedirect(code_page, status=303)


@methods
@kept_private
@of_an_open_link
def login_link_code(request: HttpRequest, entry: Entry, now_wall: int) -> HttpResponse:
    """One field for the code; the same address sends another one (`again=sms|email`)."""
    if entry.code_expires_at is None:
        return HttpResponseRedirect(request.path.removesuffix("/code"), status=303)
    if request.method != "POST":
        return _code_page(request, entry, now_wall)
    if again := CHANNELS.get(request.POST.get("again", "")):
        return _send_again(request, entry, again, now_wall)
    return _enter(request, entry, now_wall)


def _send_again(
    request: HttpRequest, entry: Entry, channel: Channel, now_wall: int
) -> HttpResponse:
    if entry.destination(channel) is None:
        return HttpResponseRedirect(request.path, status=303)
    try:
        send_code(
            entry,
            channel=channel,
            again=True,
            host=our_host(),
            client=client_address(request),
            now_wall=now_wall,
        )
    except TooManySends as refusal:
        return _code_page(request, entry, now_wall, wait=_wait(entry, refusal, now_wall))
    return HttpResponseRedirect(request.path, status=303)


def _enter(request: HttpRequest, entry: Entry, now_wall: int) -> HttpResponse:
    try:
        token = enter_code(
            entry,
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
    except LinkUsed:
        return closed_page(request, entry, now_wall, state="used")
    else:
        return let_in(request, token)
    return _code_page(request, entry, now_wall, error=error, status=422)


def let_in(request: HttpRequest, token: str, *, to: str = "/") -> HttpResponse:
    """Hand the browser its new session and lead it on."""
    # What this browser held before ends here: a session somebody planted cannot outlive it.
    sessions.end_session(sessions.cookie_of(request), now_wall=clock.wall_now())
    rotate_token(request)
    response = HttpResponseRedirect(to, status=303)
    sessions.put_cookie(response, token)
    return response


@dataclass(frozen=True, slots=True)
class Wait:
    """Too many codes were sent; `fits` says whether this link will still be open afterwards."""

    seconds: int
    fits: bool

    def words(self, platform: str) -> str:
        if self.fits:
            return wait_words(self.seconds)
        minutes = max(1, -(-self.seconds // 60))
        words = ngettext(
            "Too many codes were sent in a short time. "
            "Open your dashboard from %(platform)s again in %(n)d minute.",
            "Too many codes were sent in a short time. "
            "Open your dashboard from %(platform)s again in %(n)d minutes.",
            minutes,
        )
        return words % {"n": minutes, "platform": platform}


def wait_words(seconds: int) -> str:
    minutes = max(1, -(-seconds // 60))
    words = ngettext(
        "Too many codes were sent in a short time. Ask again in %(n)d minute.",
        "Too many codes were sent in a short time. Ask again in %(n)d minutes.",
        minutes,
    )
    return words % {"n": minutes}


def _wait(entry: Entry, refusal: TooManySends, now_wall: int) -> Wait:
    return Wait(refusal.retry_at - now_wall, fits=entry.state(refusal.retry_at) == "open")


def _start_page(request: HttpRequest, entry: Entry, *, wait: Wait | None = None) -> HttpResponse:
    channel = entry.first_channel
    destination = entry.destination(channel) if channel else None
    context = {
        "channel": channel,
        "destination": masked(channel, destination) if channel and destination else None,
    }
    return _page(request, "access/start.html", entry, context, wait=wait)


def _code_page(
    request: HttpRequest,
    entry: Entry,
    now_wall: int,
    *,
    error: str = "",
    wait: Wait | None = None,
    status: int = 200,
) -> HttpResponse:
    sent_to = entry.destination(entry.code_channel) if entry.code_channel else None
    others = {
        channel: masked(channel, destination)
        for channel in ("sms", "email")
        if channel != entry.code_channel and (destination := entry.destination(channel))
    }
    if not error and not entry.has_code(now_wall):
        error = _("This code no longer works. Send a new one.")
    context = {
        "channel": entry.code_channel,
        "destination": masked(entry.code_channel, sent_to)
        if entry.code_channel and sent_to
        else None,
        "others": others,
        "down": entry.code_channel
        if entry.code_channel and not entry.gets_through(entry.code_channel)
        else None,
        "has_phone": bool(entry.phone),
        "lost_phone": f"{request.path.removesuffix('/code')}/phone",
        "minutes": settings.LIFETIMES.code // 60,
        "error": error,
    }
    return _page(request, "access/code.html", entry, context, wait=wait, status=status)


def closed_page(
    request: HttpRequest, entry: Entry, now_wall: int, *, state: str | None = None
) -> HttpResponse:
    seller = seller_of(sessions.cookie_of(request), now_wall=now_wall)
    context = {
        "state": state or entry.state(now_wall),
        "back_url": entry.redirect_url,
        "back_host": urlsplit(entry.redirect_url).hostname if entry.redirect_url else None,
        "is_in": seller is not None and seller.account_id == entry.account_id,
        "minutes": settings.LIFETIMES.link // 60,
    }
    return _page(request, "access/closed_link.html", entry, context, status=410)


def _page(
    request: HttpRequest,
    template: str,
    entry: Entry,
    context: dict[str, Any],
    *,
    wait: Wait | None = None,
    status: int = 200,
) -> HttpResponse:
    name = entry.platform_name
    response = render_entry(
        request,
        template,
        {
            **context,
            "platform": name,
            "problem": wait.words(name) if wait else "",
            "may_ask": wait is None or wait.fits,
        },
        platform_name=name,
        brand_color=entry.brand_color,
        testmode=not entry.livemode,
        status=429 if wait else status,
    )
    if wait:
        response["Retry-After"] = str(wait.seconds)
    return response


def entry_page(
    request: HttpRequest,
    template: str,
    entry: Entry,
    context: dict[str, Any],
    *,
    retry_at: int | None,
    now_wall: int,
    status: int,
) -> HttpResponse:
    """A page of this link; with `retry_at` it says how long to wait for another code."""
    wait = None if retry_at is None else Wait(retry_at - now_wall, fits=True)
    return _page(request, template, entry, context, wait=wait, status=status)


def wrong_code(tries_left: int) -> str:
    if tries_left == 0:
        return _("That is not the code, and it was the last try. Send a new one.")
    words = ngettext(
        "That is not the code. %(n)d try left.",
        "That is not the code. %(n)d tries left.",
        tries_left,
    )
    return words % {"n": tries_left}


def our_host() -> str | None:
    """Where a phone may fill in the code; none while we serve this machine only."""
    if settings.DEVELOPMENT or settings.PUBLIC_URL is None:
        return None
    return urlsplit(settings.PUBLIC_URL).hostname
