from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from counterfoil.access.guard import SellerRequest
from counterfoil.dashboard.home import Asked, home_of
from counterfoil.dashboard.periods import CUSTOM, MORE, USUAL, period_words
from counterfoil.dashboard.shell import render_page, seller_page


@require_safe
@seller_page
def home(request: SellerRequest) -> HttpResponse:
    """`/?currency=eur&period=3m`: the balance and the chart of one currency.

    `period=custom&from=2025-10-01&to=2025-10-31` draws days of one's own choice.
    """
    asked = Asked(*(request.GET.get(name, "") for name in ("currency", "period", "from", "to")))
    context = {
        "home": home_of(request.seller, asked),
        "usual": USUAL,
        "more": MORE,
        "custom": CUSTOM,
        "period_words": period_words(),
    }
    return render_page(request, "home/index.html", context, here="home")
