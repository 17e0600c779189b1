"""What the pages of the way in have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from counterfoil.access.browsers import is_old
from counterfoil.kit import clock
from counterfoil.kit.clock import utc_date

View = Callable[..., HttpResponse]

OURSELVES = "Counterfoil"  # the name on a page that belongs to no platform yet


def kept_private(view: View) -> View:
    """Whatever the view answers: stored by nobody, and no other site learns its address."""

    @wraps(view)
    def private(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return private


def render_entry(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    *,
    platform_name: str = OURSELVES,
    brand_color: str | None = None,
    testmode: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Render inside `layouts/entry.html`, with a platform's brand or our own."""
    frame = {
        "brand": {"name": platform_name, "color": brand_color, "icon_url": None},
        "testmode": testmode,
        "lang": translation.get_language(),
        "dir": "rtl" if translation.get_language_bidi() else "ltr",
        "development": settings.DEVELOPMENT,
        "old_browser": is_old(
            request.headers.get("User-Agent", ""), today=utc_date(clock.wall_now())
        ),
    }
    return render(request, template, {**frame, **context}, status=status)
