"""The second step, offered on home to whoever has just signed in without one.

Only then: it goes away by itself, and for months once somebody says "not now" in this browser.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpResponse

from counterfoil.access.guard import SellerRequest
from counterfoil.access.stepup import is_fresh
from counterfoil.kit import clock
from counterfoil.kit.clock import DAY

_QUIET: Final = 90 * DAY


def is_offered(request: SellerRequest) -> bool:
    """Asks no database: the request knows all of it already."""
    seller = request.seller
    return (
        seller.second_factor == "encouraged"
        and not seller.has_factor
        and seller.may("account:write")
        and _cookie_name() not in request.COOKIES
        and is_fresh(seller, now_wall=clock.wall_now())
    )


def not_now(response: HttpResponse) -> None:
    """This browser is left alone for a while."""
    response.set_cookie(
        _cookie_name(),
        "later",
        max_age=_QUIET,
        path="/",
        secure=settings.TLS,
        httponly=True,
        samesite="Lax",
    )


def _cookie_name() -> str:
    return "__Host-second-step" if settings.TLS else "second-step"
