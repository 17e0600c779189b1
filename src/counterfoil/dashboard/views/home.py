from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from counterfoil.access import left_forms
from counterfoil.access.guard import SellerRequest
from counterfoil.dashboard.home import Asked, home_of
from counterfoil.dashboard.offer import is_offered
from counterfoil.dashboard.periods import CUSTOM, MORE, USUAL, period_words
from counterfoil.dashboard.shell import render_page, seller_page
from counterfoil.kit import clock


@require_safe
@seller_page
def home(request: SellerRequest) -> HttpResponse:
    """`/?currency=eur&period=3m`: the balance and the chart of one currency.

    `period=custom&from=2025-10-01&to=2025-10-31` draws days of one's own choice.
    """
    seller = request.seller
    if left_forms.claimed(
        request,
        session_id=seller.session_id,
        account_id=seller.account_id,
        now_wall=clock.wall_now(),
    ):
        return HttpResponseRedirect(reverse("left-form"), status=303)
    asked = Asked(*(request.GET.get(name, "") for name in ("currency", "period", "from", "to")))
    context = {
        "home": home_of(seller, asked),
        "second_step_offered": is_offered(request),
        "usual": USUAL,
        "more": MORE,
        "custom": CUSTOM,
        "period_words": period_words(),
    }
    return render_page(request, "home/index.html", context, here="home")
