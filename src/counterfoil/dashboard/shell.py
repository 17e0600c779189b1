"""What every signed-in page has around it, and the language it is written in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from counterfoil.access.guard import SellerRequest, signed_in
from counterfoil.dashboard.languages import language_tag, text_direction, written_for


def seller_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for a signed-in seller, written in their language, country and time zone."""

    @signed_in
    @wraps(view)
    def page(request: SellerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        seller = request.seller
        with written_for(seller.locale, seller.country, seller.timezone):
            return view(request, *args, **kwargs)

    return page


def render_page(
    request: SellerRequest, template: str, context: Mapping[str, object], *, here: str
) -> HttpResponse:
    """Render inside `layouts/base.html`. `here` is the name of the navigation entry."""
    seller = request.seller
    frame = {
        "brand": {
            "name": seller.platform_name,
            "color": seller.brand_color,
            "icon_url": None,
        },
        "person": {"name": seller.display_name or seller.email, "email": seller.email},
        "testmode": not seller.livemode,
        "lang": language_tag(),
        "dir": text_direction(),
        "here": here,
    }
    return render(request, template, {**frame, **context})
