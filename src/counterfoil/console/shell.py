"""What every page of the console has around it, and how its forms answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language

from counterfoil.access.operator_sessions import platforms_of
from counterfoil.access.operators import OperatorRequest, Right, operator_in, operator_who_may
from counterfoil.access.stepup import takes_up
from counterfoil.console.navigation import places_for
from counterfoil.wording.languages import language_tag, text_direction, written_for

View = Callable[..., HttpResponse]
ZONE = "Etc/UTC"  # a marketplace's sellers live anywhere; pages say so


def console_page(view: View) -> View:
    """A page for an operator, in their language; moments are UTC."""

    @operator_in
    @wraps(view)
    def page(request: OperatorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _written(view, request, *args, **kwargs)

    return page


def console_page_for(right: Right) -> Callable[[View], View]:
    """`console_page` for whoever holds `right`; 403 for others."""

    def decorate(view: View) -> View:
        @operator_who_may(right)
        @wraps(view)
        def page(request: OperatorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return _written(view, request, *args, **kwargs)

        return page

    return decorate


def _written(view: View, request: OperatorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    with written_for(get_language(), request.operator.country, ZONE):
        return takes_up(view)(request, *args, **kwargs)


def render_console(
    request: OperatorRequest,
    template: str,
    context: Mapping[str, object],
    *,
    here: str,
    status: int = 200,
) -> HttpResponse:
    """Render inside `console/room.html`. `here` is the name of the navigation entry."""
    operator = request.operator
    frame = {
        "brand": {
            "name": operator.platform_name,
            "color": operator.brand_color,
            "icon_url": None,
        },
        "operator": operator,
        "platforms": platforms_of(operator) if operator.platforms > 1 else [],
        "lang": language_tag(),
        "dir": text_direction(),
        "here": here,
        "languages": settings.LANGUAGES,
        "places": [] if operator.awaits else places_for(operator),
        "notices": messages.get_messages(request),
    }
    return render(request, template, {**frame, **context}, status=status)


def leave_for(request: HttpRequest, address: str, notice: str = "") -> HttpResponse:
    """What a form answers when it is done: on to a page, with a sentence on top of it."""
    if notice:
        messages.success(request, notice)
    return HttpResponseRedirect(address, status=303)


def refuse(request: HttpRequest, address: str, reason: str) -> HttpResponse:
    """What a small form answers when nothing was done: back, with the reason on top."""
    messages.error(request, reason)
    return HttpResponseRedirect(address, status=303)
