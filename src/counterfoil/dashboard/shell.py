"""What every signed-in page has around it, and the language it is written in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django_htmx.http import HttpResponseClientRedirect

from counterfoil.access.guard import Permission, Seller, SellerRequest, needs, signed_in
from counterfoil.access.stepup import takes_up
from counterfoil.dashboard.navigation import places_for, section_of, settings_tabs
from counterfoil.dashboard.queries.activity import unread_count
from counterfoil.dashboard.refusals import said
from counterfoil.kit.refused import Refused
from counterfoil.wording.languages import language_tag, text_direction, written_for

View = Callable[..., HttpResponse]


def seller_page(view: View) -> View:
    """A page for a signed-in seller, written in their language, country and time zone.

    A browser that shows the page already sends its revision (`live.js`) and gets 204 while
    nothing has changed since.
    """

    @signed_in
    @wraps(view)
    def page(request: SellerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _written(view, request, *args, **kwargs)

    return page


def seller_page_for(permission: Permission, feature: str | None = None) -> Callable[[View], View]:
    """`seller_page` for whoever holds `permission`, where the platform has `feature` on.

    A page that is switched off does not exist: 404.
    """

    def decorate(view: View) -> View:
        @needs(permission)
        @wraps(view)
        def page(request: SellerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if feature is not None and not getattr(request.seller.features, feature):
                raise Http404
            return _written(view, request, *args, **kwargs)

        return page

    return decorate


def _written(view: View, request: SellerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    seller = request.seller
    if request.headers.get("X-Revision") == seller.revision:
        return HttpResponse(status=204)
    with written_for(language_of(request), seller.country, seller.timezone):
        return takes_up(view)(request, *args, **kwargs)


def language_of(request: SellerRequest) -> str | None:
    """What was chosen in this browser, else for all of them, else what the browser asks for."""
    here = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if here in dict(settings.LANGUAGES):
        return here
    return request.seller.language or get_language()


def render_page(
    request: SellerRequest,
    template: str,
    context: Mapping[str, object],
    *,
    here: str,
    status: int = 200,
) -> HttpResponse:
    """Render inside `layouts/base.html`. `here` is the name of the navigation entry."""
    seller, in_sheet = request.seller, is_in_sheet(request)
    frame = {
        "brand": {
            "name": seller.platform_name,
            "color": seller.brand_color,
            "icon_url": None,
        },
        "person": {
            "name": seller.display_name or seller.email,
            "email": seller.email,
            "may_switch": seller.may_switch,
        },
        "testmode": not seller.livemode,
        "lang": language_tag(),
        "scheme": seller.color_scheme,
        "dir": text_direction(),
        "here": here,
        "section": section_of(here),
        "settings_tabs": settings_tabs,
        "languages": settings.LANGUAGES,
        "places": places_for(seller),
        "unread": 0 if in_sheet else _unread(seller),
        "revision": seller.revision,
        "notices": messages.get_messages(request),
        "in_sheet": in_sheet,
        "viewing": getattr(request, "viewing", None),
    }
    return render(request, template, {**frame, **context}, status=status)


def _unread(seller: Seller) -> int:
    return unread_count(seller.account_id, livemode=seller.livemode, now=seller.platform_now)


def is_in_sheet(request: HttpRequest) -> bool:
    """Whether the answer goes into the sheet over another page (`layouts/task.html`)."""
    return request.headers.get("HX-Target") == "sheet-body"


def leave_for(request: HttpRequest, address: str, notice: str = "") -> HttpResponse:
    """What a form answers when it is done: on to a page, with a sentence on top of it.

    From a sheet the whole page is left; elsewhere a plain 303.
    """
    if notice:
        messages.success(request, notice)
    if request.headers.get("HX-Request") == "true":
        response: HttpResponse = HttpResponseClientRedirect(address)
    else:
        response = HttpResponseRedirect(address, status=303)
    return response


def refusal_words(refusal: Refused) -> tuple[str | None, str]:
    """The field that a refusal is about (None: the whole form), and what to tell the seller."""
    return refusal.param, said(refusal)
