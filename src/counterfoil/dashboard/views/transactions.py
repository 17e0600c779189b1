from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from counterfoil.access.guard import SellerRequest
from counterfoil.dashboard import dates
from counterfoil.dashboard.labels import FILTERS, filter_word
from counterfoil.dashboard.queries.transactions import transactions as transactions_page
from counterfoil.dashboard.rows import by_day
from counterfoil.dashboard.shell import render_page, seller_page
from counterfoil.kit.pages import Cursor, PageRequest

ROWS = 50


@require_safe
@seller_page
def transactions(request: SellerRequest) -> HttpResponse:
    """`/transactions?type=refunds&before={created}.{id}`: newest first, then ever older."""
    seller = request.seller
    now = seller.platform_now
    kind = request.GET.get("type")
    kind = kind if kind in FILTERS else None
    cursor = _cursor(request.GET.get("before", ""))
    page = transactions_page(
        seller.account_id,
        livemode=seller.livemode,
        page=PageRequest(limit=ROWS, cursor=cursor),
        types=FILTERS[kind] if kind else (),
    )
    groups = by_day(
        page.rows,
        platform=seller.platform_name,
        now=now,
        today=dates.local(now).date(),
    )
    last = page.rows[-1] if page.rows else None
    context = {
        "groups": groups,
        "kind": kind,
        "filters": [(key, filter_word(key)) for key in (None, *FILTERS)],
        "is_first_page": cursor is None,
        "older": f"{last.created}.{last.id}" if last and page.has_more else None,
    }
    return render_page(request, "transactions/index.html", context, here="transactions")


def _cursor(text: str) -> Cursor | None:
    """Where the page before ended; what is no cursor starts at the newest."""
    created, _, ident = text.partition(".")
    if not (created.isascii() and created.isdigit() and len(created) <= 12 and ident):
        return None
    return Cursor(int(created), ident)
