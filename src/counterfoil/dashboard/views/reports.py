from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from counterfoil.access.guard import SellerRequest
from counterfoil.dashboard import payout_words
from counterfoil.dashboard.queries.balances import currencies_of
from counterfoil.dashboard.queries.reports import has_automatic_payouts, reconciled
from counterfoil.dashboard.reports import months, read_stretch, summary, summary_stub
from counterfoil.dashboard.shell import render_page, seller_page
from counterfoil.kit.clock import utc_date
from counterfoil.wording import dates

MOST_PAYOUTS = 100


@require_safe
@seller_page
def reports(request: SellerRequest) -> HttpResponse:
    """`/reports?from=2025-10-01&to=2025-10-31&currency=eur`: the balance from day to day."""
    seller = request.seller
    today = dates.local(seller.platform_now).date()
    stretch = read_stretch(request.GET, today)
    held = sorted(
        {*currencies_of(seller.account_id, livemode=seller.livemode), seller.default_currency}
    )
    currency = request.GET.get("currency", "")
    currency = currency if currency in held else seller.default_currency
    found = summary(seller.account_id, livemode=seller.livemode, currency=currency, stretch=stretch)
    context = {
        "tab": "summary",
        "has_payouts": has_automatic_payouts(seller.account_id, livemode=seller.livemode),
        "stretch": stretch,
        "months": [(one, dates.month_and_year(one.first)) for one in months(today)],
        "currencies": held,
        "currency": currency,
        "summary": found,
        "stub": summary_stub(found, stretch),
    }
    return render_page(request, "reports/index.html", context, here="reports")


@require_safe
@seller_page
def reconciliation(request: SellerRequest) -> HttpResponse:
    """`/reports/payouts?from=…&to=…`: automatic payouts, and what each of them settled."""
    seller = request.seller
    today = dates.local(seller.platform_now).date()
    stretch = read_stretch(request.GET, today)
    found = reconciled(
        seller.account_id,
        livemode=seller.livemode,
        start=stretch.start,
        end=stretch.end,
        limit=MOST_PAYOUTS + 1,
    )
    totals: dict[str, int] = {}
    for row in found[:MOST_PAYOUTS]:
        totals[row.currency] = totals.get(row.currency, 0) + row.amount
    context = {
        "tab": "payouts",
        "has_payouts": True,
        "stretch": stretch,
        "months": [(one, dates.month_and_year(one.first)) for one in months(today)],
        "rows": [
            (row, utc_date(row.arrival_date), payout_words.state(row.status))
            for row in found[:MOST_PAYOUTS]
        ],
        "is_cut": len(found) > MOST_PAYOUTS,
        "limit": MOST_PAYOUTS,
        "totals": totals,
    }
    return render_page(request, "reports/payouts.html", context, here="reports")
