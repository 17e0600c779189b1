"""`/sign-in/second`: what follows a code for whoever has a second factor."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from counterfoil.access import passkeys, sessions
from counterfoil.access.factors import WrongFactor, prove_by_factor
from counterfoil.access.guard import Seller, acted_by, holder_of
from counterfoil.access.holders import Holder
from counterfoil.access.limits import TooManySends
from counterfoil.access.onetime import NotACode
from counterfoil.access.proving import SessionOver
from counterfoil.access.stepup import Held
from counterfoil.access.views.pages import kept_private, render_entry
from counterfoil.kit import clock
from counterfoil.wording.languages import written_for


@require_http_methods(["GET", "HEAD", "POST"])
@kept_private
def second_factor(request: HttpRequest) -> HttpResponse:
    """For a session that waits for it; anybody else is led on."""
    now_wall = clock.wall_now()
    seller = holder_of(sessions.cookie_of(request), now_wall=now_wall)
    if seller is None or seller.awaits != "factor":
        return HttpResponseRedirect("/login" if seller is None else "/", status=303)
    with written_for(get_language(), seller.country, seller.timezone):
        if request.method != "POST":
            return _page(request, seller, None, now_wall)
        with acted_by(seller, request, now_wall=now_wall):
            tried = try_factor(request, seller, None, now_wall=now_wall)
        if isinstance(tried, HttpResponse):
            return tried
        return _page(request, seller, tried, now_wall)


@dataclass(frozen=True, slots=True)
class Tried:
    """Why an answer was not accepted, and how the page says so."""

    error: str
    status: int


def try_factor(
    request: HttpRequest, holder: Holder, held: Held | None, *, now_wall: int
) -> HttpResponse | Tried:
    """Look at what was sent: a passkey's answer, an app's code or a recovery code.

    Accepted: on to the same page for what waits, or in (`held` None), under a new token.
    """
    token = sessions.cookie_of(request, holder.room)
    try:
        if answer := request.POST.get("passkey"):
            new = passkeys.prove_by_passkey(
                holder, held, answer, request=request, token=token, now_wall=now_wall
            )
        else:
            typed = request.POST.get("code", "")
            new = prove_by_factor(holder, held, typed, token=token, now_wall=now_wall)
    except NotACode:
        return Tried(_("The app shows six digits; a recovery code has 25 letters."), 422)
    except WrongFactor:
        if request.POST.get("passkey"):
            return Tried(_("That passkey was not accepted. Try again."), 422)
        return Tried(_("That is not the code that the app shows now. Each code works once."), 422)
    except TooManySends as refusal:
        minutes = max(1, -(-(refusal.retry_at - now_wall) // 60))
        words = ngettext(
            "Too many codes were tried. Try again in %(n)d minute.",
            "Too many codes were tried. Try again in %(n)d minutes.",
            minutes,
        )
        return Tried(words % {"n": minutes}, 429)
    except SessionOver:
        return HttpResponseRedirect(holder.room.login, status=303)
    rotate_token(request)
    response = HttpResponseRedirect(request.path if held else holder.room.home, status=303)
    sessions.put_cookie(response, new, holder.room)
    return response


def passkey_options(request: HttpRequest, holder: Holder, *, now_wall: int) -> str:
    """For the button that signs; empty where there is no passkey, or none works on this host."""
    if not passkeys.are_possible(request) or not passkeys.has_passkey(holder.owner_id):
        return ""
    return passkeys.request_options(holder, now_wall=now_wall)


def _page(request: HttpRequest, seller: Seller, tried: Tried | None, now_wall: int) -> HttpResponse:
    context = {
        "options": passkey_options(request, seller, now_wall=now_wall),
        "error": tried.error if tried else "",
        "platform": seller.platform_name,
        "may_switch": seller.may_switch,
    }
    return render_entry(
        request,
        "access/second_factor.html",
        context,
        platform_name=seller.platform_name,
        brand_color=seller.brand_color,
        testmode=not seller.livemode,
        status=tried.status if tried else 200,
    )
