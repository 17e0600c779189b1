"""`/settings/closing`: leaving the marketplace, or what has to be settled first."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from counterfoil.access import sessions
from counterfoil.access.guard import SellerRequest
from counterfoil.access.stepup import ask_first
from counterfoil.access.views.pages import render_entry
from counterfoil.dashboard.closing import obstacles
from counterfoil.dashboard.operations.close_account import FEATURE, close_account
from counterfoil.dashboard.refusals import said
from counterfoil.dashboard.shell import render_page, seller_page_for
from counterfoil.kit.refused import Refused
from counterfoil.wording.languages import gettext as _


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("account:write", FEATURE)
def closing(request: SellerRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    seller = request.seller
    if obstacles(seller, now=seller.platform_now):
        return _page(request, status=422)
    if request.POST.get("sure") != "yes":
        return _page(request, error=_("Say that you know what follows."), status=422)
    if (asked := ask_first(request, "closing", back="closing")) is not None:
        return asked
    try:
        close_account(seller=seller, now=seller.platform_now)
    except Refused as refusal:
        return _page(request, problem=said(refusal), status=422)
    return _closed(request)


def _page(
    request: SellerRequest, *, error: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    seller = request.seller
    context = {
        "obstacles": obstacles(seller, now=seller.platform_now),
        "error": error,
        "problem": problem,
    }
    return render_page(request, "settings/closing.html", context, here="settings", status=status)


def _closed(request: SellerRequest) -> HttpResponse:
    """The last page, in answer to the form: nobody is signed in any more who could be led on."""
    seller = request.seller
    response = render_entry(
        request,
        "settings/closed.html",
        {"platform": seller.platform_name, "back": seller.return_url},
        platform_name=seller.platform_name,
        brand_color=seller.brand_color,
        testmode=not seller.livemode,
    )
    sessions.drop_cookie(response)
    return response
