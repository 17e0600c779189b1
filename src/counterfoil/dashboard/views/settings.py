"""`/settings`: everything about one's account on one page; login links lead here by `#/account`."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from counterfoil.access.guard import SellerRequest
from counterfoil.dashboard.settings_places import country_words, parts_of_settings
from counterfoil.dashboard.shell import render_page, seller_page
from counterfoil.dashboard.views.business import editable
from counterfoil.platforms.queries import platform_facts


@require_safe
@seller_page
def settings(request: SellerRequest) -> HttpResponse:
    seller = request.seller
    context = {"parts": parts_of_settings(seller, editable(seller))}
    return render_page(request, "settings/index.html", context, here="settings")


@require_safe
@seller_page
def marketplace(request: SellerRequest) -> HttpResponse:
    """Who the platform is, how to reach it, and what it sees."""
    seller = request.seller
    facts = platform_facts(seller.platform_id, livemode=seller.livemode)
    context = {
        "support": {name: facts.settings.support.get(name) for name in ("email", "phone", "url")},
        "country": country_words(facts.country),
        "account_id": seller.account_id,
    }
    return render_page(request, "settings/marketplace.html", context, here="settings")
