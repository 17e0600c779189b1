from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from counterfoil.access.guard import Seller, SellerRequest
from counterfoil.dashboard.activity import GROUPS, Item, group_words, items
from counterfoil.dashboard.queries.activity import mark_read, news, read_up_to
from counterfoil.dashboard.searching import cursor_text, read_cursor
from counterfoil.dashboard.shell import leave_for, render_page, seller_page
from counterfoil.dashboard.upcoming import upcoming
from counterfoil.kit.pages import Cursor, PageRequest
from counterfoil.wording import dates

ROWS = 30


@require_safe
@seller_page
def activity(request: SellerRequest) -> HttpResponse:
    """`/activity?about=payouts&before={created}.{id}`: what happened, newest first."""
    seller = request.seller
    about = request.GET.get("about", "")
    about = about if about in GROUPS else ""
    cursor = read_cursor(request.GET.get("before", ""))
    page = news(
        seller.account_id,
        livemode=seller.livemode,
        page=PageRequest(limit=ROWS, cursor=cursor),
        types=GROUPS[about] if about else (),
    )
    read_to = read_up_to(seller.account_id, livemode=seller.livemode, now=seller.platform_now)
    newest = None
    if page.rows and not about and cursor is None:
        newest = Cursor(page.rows[0].created, page.rows[0].id)
    last = page.rows[-1] if page.rows and page.has_more else None
    context = {
        "days": by_day(
            items(
                page.rows,
                platform=seller.platform_name,
                today=_today(seller),
                read_to=read_to,
                sees_payments=seller.features.view_payments,
            ),
            _today(seller),
        ),
        "upcoming": upcoming(seller, now=seller.platform_now)
        if cursor is None and about in ("", "payouts")
        else [],
        "about": about,
        "groups": group_words(),
        "is_first_page": cursor is None,
        "older": cursor_text(Cursor(last.created, last.id)) if last else None,
        "unread_to": _unread_to(newest, read_to),
    }
    return render_page(request, "activity/index.html", context, here="activity")


@require_POST
@seller_page
def activity_read(request: SellerRequest) -> HttpResponse:
    """Everything up to what the page showed has been read."""
    seller = request.seller
    if newest := read_cursor(request.POST.get("up_to", "")):
        mark_read(seller.account_id, livemode=seller.livemode, newest=newest)
    return leave_for(request, "/activity")


def by_day(listed: list[Item], today: date) -> list[tuple[date, str, list[Item]]]:
    """Days of the account's own calendar, newest first, each with its word and its items."""
    days: list[tuple[date, str, list[Item]]] = []
    for item in listed:
        day = dates.local(item.created).date()
        if not days or days[-1][0] != day:
            days.append((day, dates.near_day(day, today), []))
        days[-1][2].append(item)
    return days


def _unread_to(newest: Cursor | None, read_to: Cursor) -> str:
    if newest is None or (newest.created, newest.id) <= (read_to.created, read_to.id):
        return ""
    return cursor_text(newest)


def _today(seller: Seller) -> date:
    return dates.local(seller.platform_now).date()
