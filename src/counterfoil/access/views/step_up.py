"""`/step-up/{token}`: showing once more who one is, then going on with what was begun.

A GET sends nothing. The form that waits is sent again by the browser (a script presses the
button), to its own address, so its page answers as if nothing had been in between.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from counterfoil.access import sessions
from counterfoil.access.guard import SellerRequest, for_enrolling, signed_in
from counterfoil.access.limits import TooManySends
from counterfoil.access.onetime import CodeSpent, NotACode, WrongCode
from counterfoil.access.origin import client_address
from counterfoil.access.policy import masked
from counterfoil.access.proving import (
    Contacts,
    SessionOver,
    contacts_of,
    prove_by_code,
    send_proof_code,
)
from counterfoil.access.stepup import FIELD, Held, Why, held_form
from counterfoil.access.views.entry import CHANNELS, our_host, wrong_code
from counterfoil.access.views.pages import kept_private, render_entry
from counterfoil.access.views.second_factor import passkey_options, try_factor
from counterfoil.kit import clock
from counterfoil.messaging.message import Channel
from counterfoil.wording.languages import written_for


@require_http_methods(["GET", "HEAD", "POST"])
@kept_private
@signed_in
@for_enrolling
def step_up(request: SellerRequest, token: str) -> HttpResponse:
    seller = request.seller
    with written_for(get_language(), seller.country, seller.timezone):
        now_wall = clock.wall_now()
        held = held_form(seller, token, now_wall=now_wall)
        if held is None:
            return _render(request, "access/step_up_over.html", {}, status=410)
        if held.confirmed:
            return _go_on(request, held, token)
        if seller.has_factor:
            return _by_factor(request, held, now_wall)
        if seller.second_factor == "required" and held.why != "factor":
            return _render(request, "access/step_up_enrol.html", {"back": held.back}, status=403)
        contacts = contacts_of(seller)
        if request.method != "POST":
            return _ask(request, held, contacts, now_wall)
        return _posted(request, held, contacts, now_wall)


def _by_factor(request: SellerRequest, held: Held, now_wall: int) -> HttpResponse:
    """Whoever has a second factor shows that: a code that is sent would prove less."""
    error, status = "", 200
    if request.method == "POST":
        tried = try_factor(request, request.seller, held, now_wall=now_wall)
        if isinstance(tried, HttpResponse):
            return tried
        error, status = tried.error, tried.status
    context = {
        "why": why_words(held.why),
        "back": held.back,
        "options": passkey_options(request, request.seller, now_wall=now_wall),
        "error": error,
    }
    return _render(request, "access/step_up_factor.html", context, status=status)


def _posted(request: SellerRequest, held: Held, contacts: Contacts, now_wall: int) -> HttpResponse:
    if "code" not in request.POST:
        channel = CHANNELS.get(request.POST.get("again", ""), contacts.first_channel)
        return _send(request, held, contacts, channel, now_wall)
    try:
        token = prove_by_code(
            request.seller,
            held,
            contacts,
            request.POST.get("code", ""),
            token=sessions.cookie_of(request),
            now_wall=now_wall,
        )
    except NotACode:
        error = _("The code has six digits.")
    except WrongCode as refusal:
        error = wrong_code(refusal.tries_left)
    except CodeSpent:
        error = _("This code no longer works. Send a new one.")
    except SessionOver:
        return HttpResponseRedirect("/login", status=303)
    else:
        rotate_token(request)
        response = HttpResponseRedirect(request.path, status=303)
        sessions.put_cookie(response, token)
        return response
    return _ask(request, held, contacts_of(request.seller), now_wall, error=error, status=422)


def _send(
    request: SellerRequest, held: Held, contacts: Contacts, channel: Channel | None, now_wall: int
) -> HttpResponse:
    try:
        send_proof_code(
            request.seller,
            contacts,
            channel,
            host=our_host(),
            client=client_address(request),
            now_wall=now_wall,
        )
    except TooManySends as refusal:
        return _ask(request, held, contacts, now_wall, retry_at=refusal.retry_at, status=429)
    return HttpResponseRedirect(request.path, status=303)


def _ask(
    request: SellerRequest,
    held: Held,
    contacts: Contacts,
    now_wall: int,
    *,
    error: str = "",
    retry_at: int | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, object] = {"why": why_words(held.why), "back": held.back}
    context |= asking(
        contacts,
        livemode=request.seller.livemode,
        now_wall=now_wall,
        error=error,
        retry_at=retry_at,
    )
    response = _render(request, "access/step_up.html", context, status=status)
    if retry_at is not None:
        response["Retry-After"] = str(retry_at - now_wall)
    return response


def asking(
    contacts: Contacts, *, livemode: bool, now_wall: int, error: str, retry_at: int | None
) -> dict[str, object]:
    """What `access/step_up.html` needs about the code; `retry_at` is when another may be sent."""
    waits = contacts.code_expires_at is not None
    channel = contacts.code_channel if waits else contacts.first_channel
    if waits and not error and not contacts.has_code(now_wall):
        error = _("This code no longer works. Send a new one.")
    down_since = contacts.sms_down_since if channel == "sms" else contacts.email_down_since
    return {
        "waits": waits,
        "channel": channel,
        "destination": _masked(contacts, channel),
        "others": {
            other: _masked(contacts, other)
            for other in CHANNELS.values()
            if other != channel and contacts.at(other)
        },
        "down": channel if down_since is not None and livemode else None,
        "minutes": settings.LIFETIMES.code // 60,
        "error": error,
        "problem": _wait_words(retry_at - now_wall) if retry_at is not None else "",
    }


def _go_on(request: SellerRequest, held: Held, token: str) -> HttpResponse:
    if not held.whole:  # its files are not kept: the page is shown, to be sent again
        return HttpResponseRedirect(held.back, status=303)
    context = {"path": held.path, "field": FIELD, "token": token}
    return _render(request, "access/step_up_go.html", context)


def _masked(contacts: Contacts, channel: Channel | None) -> str | None:
    destination = contacts.at(channel) if channel else None
    return masked(channel, destination) if channel and destination else None


def _wait_words(seconds: int) -> str:
    words = ngettext(
        "Too many codes were sent in a short time. Ask again in %(n)d minute.",
        "Too many codes were sent in a short time. Ask again in %(n)d minutes.",
        max(1, -(-seconds // 60)),
    )
    return words % {"n": max(1, -(-seconds // 60))}


def why_words(why: Why) -> str:
    """What the person is about to do, and why that asks who they are."""
    return {
        "bank_account": _("You are changing where your money goes."),
        "closing": _("You are closing your account."),
        "contact": _("You are changing how you are reached."),
        "export": _("You are taking a copy of everything about your account."),
        "factor": _("You are changing how you sign in."),
        "keys": _("You are changing what opens the API."),
        "live_money": _("You are moving real money."),
        "payout": _("You are sending money to an account that is new."),
        "refund": _("You are giving back a large amount."),
        "session": _("You are signing out other browsers."),
    }[why]


def _render(
    request: SellerRequest, template: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    seller = request.seller
    return render_entry(
        request,
        template,
        {"platform": seller.platform_name, **context},
        platform_name=seller.platform_name,
        brand_color=seller.brand_color,
        testmode=not seller.livemode,
        status=status,
    )
