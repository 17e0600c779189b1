from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from counterfoil.access.guard import SellerRequest
from counterfoil.dashboard.earnings import PERIODS, period_words
from counterfoil.dashboard.home import home_of
from counterfoil.dashboard.shell import render_page, seller_page


@require_safe
@seller_page
def home(request: SellerRequest) -> HttpResponse:
    """`/?currency=eur&period=3m`: the balance and the chart of one currency."""
    page = home_of(
        request.seller,
        currency=request.GET.get("currency"),
        period=request.GET.get("period"),
    )
    context = {"home": page, "periods": PERIODS, "period_words": period_words()}
    return render_page(request, "home/index.html", context, here="home")
