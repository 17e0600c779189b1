from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from counterfoil.access.guard import Seller, SellerRequest
from counterfoil.dashboard.labels import FILTERS, filter_word
from counterfoil.dashboard.queries.balances import balance_after, currencies_of
from counterfoil.dashboard.queries.transactions import (
    TransactionRow,
    objects_called,
    transactions_by_id,
)
from counterfoil.dashboard.queries.transactions import transactions as transactions_page
from counterfoil.dashboard.rows import balances_down, by_day
from counterfoil.dashboard.searching import (
    Search,
    cursor_text,
    filter_of,
    read_cursor,
    read_search,
)
from counterfoil.dashboard.shell import render_page, seller_page
from counterfoil.kit.pages import Cursor, PageRequest
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _

ROWS = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """What a search found, and where it goes on."""

    rows: list[TransactionRow]
    older: Cursor | None = None
    further: Cursor | None = None  # nothing more in the stretch looked at, but it is not the end


@require_safe
@seller_page
def transactions(request: SellerRequest) -> HttpResponse:
    """`/transactions?type=refunds&q=…&before={created}.{id}`: newest first, then ever older."""
    seller = request.seller
    now = seller.platform_now
    held = currencies_of(seller.account_id, livemode=seller.livemode)
    search = read_search(request.GET, currencies=held, default_currency=seller.default_currency)
    cursor = read_cursor(request.GET.get("before", ""))
    listed = _found(seller, search, cursor)
    groups = by_day(
        listed.rows,
        platform=seller.platform_name,
        now=now,
        today=dates.local(now).date(),
        after=_running(seller, listed.rows) if not search.is_anything else None,
    )
    context = {
        "groups": groups,
        "search": search,
        "kinds": [(key, filter_word(key)) for key in FILTERS],
        "currencies": _currencies({*held, seller.default_currency}),
        "amounts": search.amounts_in_words(search.currency or seller.default_currency),
        "is_first_page": cursor is None,
        "older": search.address(before=cursor_text(listed.older)) if listed.older else None,
        "further": search.address(before=cursor_text(listed.further)) if listed.further else None,
        "searched_to": listed.further and dates.local(listed.further.created).date(),
    }
    return render_page(request, "transactions/index.html", context, here="transactions")


def _currencies(held: set[str]) -> list[tuple[str, str]]:
    """What can be chosen from; nothing where there is no choice."""
    if len(held) == 1:
        return []
    return [("", _("All")), *((each, each.upper()) for each in sorted(held))]


def _found(seller: Seller, search: Search, cursor: Cursor | None) -> Listed:
    ids = [search.ident] if search.ident else []
    if search.query and not ids:
        ids = objects_called(search.query, seller.account_id, livemode=seller.livemode, limit=ROWS)
    if ids:
        return Listed(
            transactions_by_id(ids, seller.account_id, livemode=seller.livemode, limit=ROWS)
        )
    found = transactions_page(
        seller.account_id,
        livemode=seller.livemode,
        page=PageRequest(limit=ROWS, cursor=cursor),
        wanted=filter_of(
            search,
            now=seller.platform_now,
            default_currency=seller.default_currency,
            platform=seller.platform_name,
        ),
    )
    rows = list(found.page.rows)
    older = Cursor(rows[-1].created, rows[-1].id) if found.page.has_more else None
    return Listed(rows, older, found.searched_to)


def _running(seller: Seller, rows: list[TransactionRow]) -> dict[str, int]:
    """The balance after each row of a list from which nothing is left out."""
    newest: dict[str, int] = {}
    for row in rows:
        if row.currency not in newest:
            newest[row.currency] = balance_after(
                seller.account_id,
                livemode=seller.livemode,
                currency=row.currency,
                created=row.created,
                transaction_id=row.id,
            )
    return balances_down(rows, newest)
