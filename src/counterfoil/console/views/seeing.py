"""`/console/see/{account}/…`: a seller's own pages, for an operator who changes nothing."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_POST

from counterfoil.access.guard import SellerRequest, seller_seen
from counterfoil.access.operators import OperatorRequest, operator_who_may
from counterfoil.access.seeing import (
    Viewing,
    begin_viewing,
    end_viewing,
    viewing_ends_at,
)
from counterfoil.access.views.pages import render_entry
from counterfoil.accounts.models import Account
from counterfoil.console.finding import account_of, scope_of
from counterfoil.console.shell import console_page_for
from counterfoil.kit import clock
from counterfoil.kit.addresses_below import addresses_below
from counterfoil.kit.db import WriteRefused, reading_only


@require_POST
@console_page_for("sellers:see")
def seeing(request: OperatorRequest, account_id: str) -> HttpResponse:
    """Begin, on record; or `leave`."""
    account = account_of(request.operator, account_id)
    if "leave" in request.POST:
        end_viewing(request.operator, account.id)
        return HttpResponseRedirect(reverse("console-account", args=[account.id]), status=303)
    begin_viewing(request.operator, scope_of(account), now_wall=clock.wall_now())
    return HttpResponseRedirect(reverse("console-see", args=[account.id]), status=303)


@operator_who_may("sellers:see")
def see(request: OperatorRequest, account_id: str, path: str) -> HttpResponse:
    """One page as the seller sees it. Anything but reading is refused, whatever it is."""
    operator, now_wall = request.operator, clock.wall_now()
    account = account_of(operator, account_id)
    ends_at = viewing_ends_at(operator, account.id, now_wall=now_wall)
    if ends_at is None:
        return HttpResponseRedirect(reverse("console-account", args=[account.id]), status=303)
    if request.method not in ("GET", "HEAD"):
        return _refused(request, account)
    leave = reverse("console-seeing", args=[account.id])
    below = reverse("console-see", args=[account.id])
    viewing = Viewing(operator.email, ends_at, leave)
    try:
        with reading_only(), addresses_below(below):
            return _as_the_seller(request, account, path, viewing)
    except WriteRefused:  # a page that would begin something
        return _refused(request, account)


def _as_the_seller(
    request: OperatorRequest, account: Account, path: str, viewing: Viewing
) -> HttpResponse:
    try:
        match = resolve(f"/{path}", urlconf=settings.SELLER_PAGES)
    except Resolver404 as missing:
        raise Http404 from missing
    seller = seller_seen(account.id, platform_id=account.platform_id, livemode=account.livemode)
    if seller is None:
        raise Http404
    seen = cast(SellerRequest, request)
    seen.seller, seen.viewing = seller, viewing
    answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return answer


def _refused(request: OperatorRequest, account: Account) -> HttpResponse:
    context = {
        "name": account.display_name or account.email or account.id,
        "back": reverse("console-see", args=[account.id]),
    }
    return render_entry(
        request,
        "console/seeing_only.html",
        context,
        platform_name=request.operator.platform_name,
        brand_color=request.operator.brand_color,
        status=403,
    )
