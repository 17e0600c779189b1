"""`/settings`: who one is here, and how one signs in. Login links lead here by `#/account`."""

from __future__ import annotations

from babel import Locale
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from counterfoil.access.guard import SellerRequest
from counterfoil.access.policy import masked
from counterfoil.dashboard.queries.profile import sign_in_phone
from counterfoil.dashboard.shell import render_page, seller_page
from counterfoil.wording.languages import active_locale


@require_safe
@seller_page
def settings(request: SellerRequest) -> HttpResponse:
    seller = request.seller
    phone = sign_in_phone(seller.account_id)
    context = {
        "name": seller.display_name,
        "country": Locale.parse(active_locale()).territories.get(seller.country, seller.country),
        "timezone": seller.timezone.replace("_", " "),
        "email": seller.email,
        "phone": masked("sms", phone) if phone else None,
    }
    return render_page(request, "settings/index.html", context, here="settings")
