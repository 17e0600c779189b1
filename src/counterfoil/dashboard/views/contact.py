"""`/settings/profile/email` and `/settings/profile/phone`: changing where codes and notices go."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from counterfoil.access.addresses import NoCountry, NotAnAddress, countries_of
from counterfoil.access.guard import SellerRequest
from counterfoil.access.limits import TooManySends
from counterfoil.access.new_contact import (
    NewContact,
    SameContact,
    begin_contact,
    finish_contact,
    read_contact,
    send_another,
    waiting_contact,
)
from counterfoil.access.onetime import CodeSpent, NotACode, WrongCode
from counterfoil.access.origin import client_address
from counterfoil.access.policy import masked
from counterfoil.access.stepup import ask_first
from counterfoil.access.views.entry import our_host, wrong_code
from counterfoil.dashboard.shell import leave_for, render_page, seller_page_for
from counterfoil.kit import clock
from counterfoil.messaging.message import Channel
from counterfoil.wording.languages import gettext as _

_CHANNELS: Final[dict[str, Channel]] = {"email": "email", "phone": "sms"}


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("account:write")
def contact(request: SellerRequest, what: str) -> HttpResponse:
    """Asks for the new one; a code goes to it once it is known who is there."""
    channel = _channel(what)
    if request.method != "POST":
        return _form(request, what)
    seller, typed = request.seller, request.POST.get("address", "")[:320]
    countries = countries_of(request.headers.get("Accept-Language", ""))
    try:
        address = read_contact(seller, channel, typed, countries=countries)
    except NotAnAddress:
        no_mail = _("This is not an e-mail address. Write it like ada@example.com.")
        no_phone = _("That is not a phone number.")
        return _form(request, what, no_mail if channel == "email" else no_phone)
    except NoCountry:
        words = _("Begin the number with + and its country code, such as +49 or +1.")
        return _form(request, what, words)
    except SameContact:
        return _form(request, what, _("That is the one on file. Type the new one."))
    if (asked := ask_first(request, "contact", back="profile")) is not None:
        return asked
    now_wall = clock.wall_now()
    try:
        begin_contact(
            seller,
            channel,
            address,
            host=our_host(),
            client=client_address(request),
            now_wall=now_wall,
        )
    except TooManySends as refusal:
        return _form(request, what, _wait_words(refusal.retry_at - now_wall), status=429)
    return leave_for(request, reverse("contact-code", args=[what]))


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("account:write")
def contact_code(request: SellerRequest, what: str) -> HttpResponse:
    """The code that came to the new one; it is used from then on."""
    channel, now_wall = _channel(what), clock.wall_now()
    waiting = waiting_contact(request.seller, now_wall=now_wall)
    if waiting is None or waiting.channel != channel:
        return HttpResponseRedirect(reverse("contact", args=[what]), status=303)
    if request.method != "POST":
        return _code_form(request, what, waiting)
    if (asked := ask_first(request, "contact", back="profile")) is not None:
        return asked
    if "again" in request.POST:
        return _again(request, what, waiting, now_wall)
    seller = request.seller
    try:
        finish_contact(
            seller,
            waiting,
            request.POST.get("code", ""),
            now=seller.platform_now,
            now_wall=now_wall,
        )
    except NotACode:
        return _code_form(request, what, waiting, _("The code has six digits."))
    except WrongCode as refusal:
        return _code_form(request, what, waiting, wrong_code(refusal.tries_left))
    except CodeSpent:
        words = _("This code no longer works. Send a new one.")
        return _code_form(request, what, waiting, words)
    words = _("Codes and notices go to %(place)s from now on. The one before has been told.")
    place = masked(channel, waiting.address)
    return leave_for(request, reverse("profile"), words % {"place": place})


def _again(request: SellerRequest, what: str, waiting: NewContact, now_wall: int) -> HttpResponse:
    try:
        send_another(
            request.seller,
            waiting,
            host=our_host(),
            client=client_address(request),
            now_wall=now_wall,
        )
    except TooManySends as refusal:
        words = _wait_words(refusal.retry_at - now_wall)
        return _code_form(request, what, waiting, words, status=429)
    return leave_for(request, request.path)


def _channel(what: str) -> Channel:
    if what not in _CHANNELS:
        raise Http404
    return _CHANNELS[what]


def _form(
    request: SellerRequest, what: str, error: str = "", *, status: int | None = None
) -> HttpResponse:
    context = {
        "what": what,
        "typed": request.POST.get("address", ""),
        "error": error,
    }
    status = status or (422 if error else 200)
    return render_page(request, "settings/contact.html", context, here="settings", status=status)


def _code_form(
    request: SellerRequest,
    what: str,
    waiting: NewContact,
    error: str = "",
    *,
    status: int | None = None,
) -> HttpResponse:
    if not error and not waiting.has_code(clock.wall_now()):
        error = _("This code no longer works. Send a new one.")
    context = {
        "what": what,
        "place": masked(waiting.channel, waiting.address),
        "minutes": settings.LIFETIMES.code // 60,
        "down": waiting.down_since is not None and request.seller.livemode,
        "error": error,
    }
    status = status or (422 if error and request.method == "POST" else 200)
    return render_page(
        request, "settings/contact_code.html", context, here="settings", status=status
    )


def _wait_words(seconds: int) -> str:
    minutes = max(1, -(-seconds // 60))
    words = ngettext(
        "Too many codes were sent in a short time. Ask again in %(n)d minute.",
        "Too many codes were sent in a short time. Ask again in %(n)d minutes.",
        minutes,
    )
    return words % {"n": minutes}
