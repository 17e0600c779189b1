"""A window inside an app: nothing is asked and nothing is sent there; it leads to the browser."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse

from counterfoil.access.browsers import app_of, system_of
from counterfoil.access.queries import Entry
from counterfoil.access.views.pages import render_entry

View = Callable[..., HttpResponse]


def in_real_browsers(view: View) -> View:
    """The view, or the page that hands over: for pages of no marketplace in particular."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        handed_over = hand_over(request)
        return view(request, *args, **kwargs) if handed_over is None else handed_over

    return checked


def hand_over(request: HttpRequest, entry: Entry | None = None) -> HttpResponse | None:
    """The page that leads a window inside an app to the browser; None in a browser.

    The link stays as it was, so it opens there.
    """
    user_agent = request.headers.get("User-Agent", "")
    app = app_of(user_agent)
    if app is None:
        return None
    address = request.build_absolute_uri(request.path.removesuffix("/code"))
    context = {"app": app, "address": address, "open_in": _opener(user_agent, address)}
    status = 200 if request.method in ("GET", "HEAD") else 403
    if entry is None:
        return render_entry(request, "access/hand_over.html", context, status=status)
    return render_entry(
        request,
        "access/hand_over.html",
        context,
        platform_name=entry.platform_name,
        brand_color=entry.brand_color,
        testmode=not entry.livemode,
        status=status,
    )


def _opener(user_agent: str, address: str) -> str | None:
    """An address that makes the system open the browser, where there is one.

    Android's loses a fragment (`#/account`): what follows `#` is its own there.
    """
    parts = urlsplit(address)
    system = system_of(user_agent)
    if system == "android":
        return (
            f"intent://{parts.netloc}{parts.path}#Intent;scheme={parts.scheme};"
            "action=android.intent.action.VIEW;"
            "category=android.intent.category.BROWSABLE;end"
        )
    if system == "ios":
        return f"x-safari-{parts.scheme}://{parts.netloc}{parts.path}"
    return None
