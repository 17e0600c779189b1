"""Pages for what went wrong: they say what to do next, and nothing about our inside."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from counterfoil.access import sessions
from counterfoil.access.guard import Seller, seller_of
from counterfoil.access.views.pages import render_entry
from counterfoil.kit import clock


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's name
    """404: somebody else's things and things that never were look alike."""
    return _branded(request, "errors/not_found.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's name
    return _branded(request, "errors/forbidden.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: in our own name, since nothing is asked of a database that may be what broke."""
    return render_entry(request, "errors/server_error.html", _home(request), status=500)


def _branded(request: HttpRequest, template: str, *, status: int) -> HttpResponse:
    """In the name of the marketplace that one is signed in to, if to any."""
    seller: Seller | None = getattr(request, "seller", None)
    if seller is None and not request.path_info.startswith("/console"):
        seller = seller_of(sessions.cookie_of(request), now_wall=clock.wall_now())
    if seller is None:
        return render_entry(request, template, _home(request), status=status)
    return render_entry(
        request,
        template,
        _home(request),
        platform_name=seller.platform_name,
        brand_color=seller.brand_color,
        testmode=not seller.livemode,
        status=status,
    )


def _home(request: HttpRequest) -> dict[str, str]:
    """Operators go back to their own room."""
    return {"home": "/console" if request.path_info.startswith("/console") else "/"}
