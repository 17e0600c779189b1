from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from counterfoil.access.guard import SellerRequest
from counterfoil.dashboard import payout_words as words
from counterfoil.dashboard.once import form_key, key_of, once
from counterfoil.dashboard.operations.cancel_payout import cancel_payout
from counterfoil.dashboard.payouts import (
    FILTERS,
    LINES,
    arrival_day,
    by_month,
    can_be_canceled,
    filter_words,
    payout_stub,
    timeline,
)
from counterfoil.dashboard.queries.payouts import (
    PayoutDetail,
    date_changes,
    payout_detail,
    payout_lines,
)
from counterfoil.dashboard.queries.payouts import payouts as payouts_page
from counterfoil.dashboard.queries.transactions import transactions_by_id
from counterfoil.dashboard.refusals import said
from counterfoil.dashboard.rows import subject_of
from counterfoil.dashboard.searching import cursor_text, read_cursor
from counterfoil.dashboard.shell import leave_for, render_page, seller_page, seller_page_for
from counterfoil.explain.reading import reasons
from counterfoil.explain.why import Reader
from counterfoil.kit import clock
from counterfoil.kit.pages import Cursor, PageRequest
from counterfoil.kit.refused import Refused
from counterfoil.wording import dates
from counterfoil.wording.failures import failure_words
from counterfoil.wording.languages import gettext as _
from counterfoil.wording.money_text import money_text

ROWS = 50


@require_safe
@seller_page
def payouts(request: SellerRequest) -> HttpResponse:
    """`/payouts?state=coming&before={created}.{id}`: newest first, by month."""
    seller = request.seller
    state = request.GET.get("state", "")
    cursor = read_cursor(request.GET.get("before", ""))
    found = payouts_page(
        seller.account_id,
        livemode=seller.livemode,
        page=PageRequest(limit=ROWS, cursor=cursor),
        statuses=FILTERS.get(state, ()),
    )
    older = Cursor(found.rows[-1].created, found.rows[-1].id) if found.has_more else None
    context = {
        "months": by_month(found.rows, dates.local(seller.platform_now).date()),
        "state": state if state in FILTERS else "",
        "states": filter_words(),
        "is_first_page": cursor is None,
        "older": cursor_text(older) if older else None,
    }
    return render_page(request, "payouts/index.html", context, here="payouts")


@require_safe
@seller_page
def payout(request: SellerRequest, payout_id: str) -> HttpResponse:
    """`/payouts/po_…?after=49`: one payout, and its lines from after a position."""
    seller = request.seller
    found = _payout_of(request, payout_id)
    beyond = _position(request.GET.get("after", ""))
    page = payout_lines(found, beyond=beyond, limit=LINES)
    if not page.lines:
        raise Http404
    last = page.lines[-1].position
    changes = date_changes(seller.account_id, payout_id, livemode=seller.livemode)
    word, tone = words.state(found.listed.status)
    context = {
        "payout": found,
        "title": words.title(found.listed),
        "state": word,
        "tone": tone,
        "arrives": arrival_day(found.listed),
        "made_by": words.made_by(found, seller.platform_name),
        "came_back": words.came_back(found.failure_code),
        "reason": failure_words(found.failure_code),
        "steps": timeline(found, changes, now=seller.platform_now),
        "slip": payout_stub(
            found,
            page,
            platform=seller.platform_name,
            why=_why(request, found),
        ),
        "first": page.lines[0].position + 1,
        "last": last + 1,
        "earlier": None if beyond < 0 else max(beyond - LINES, -1),
        "later": last if last + 1 < found.line_count else None,
        "cancelable": can_be_canceled(found) and _may_cancel(request),
    }
    return render_page(request, "payouts/payout.html", context, here="payouts")


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("payouts:write", "manual_payouts")
def payout_cancellation(request: SellerRequest, payout_id: str) -> HttpResponse:
    """Asks first; then the money is in the balance again."""
    found = _payout_of(request, payout_id)
    if request.method == "POST":
        return _canceled(request, found)
    problem = "" if can_be_canceled(found) else _too_late()
    return _ask_to_cancel(request, found, problem, status=200)


def _why(request: SellerRequest, found: PayoutDetail) -> tuple[str, ...]:
    seller = request.seller
    today = dates.local(seller.platform_now).date()
    rows = transactions_by_id(
        [found.balance_transaction_id], seller.account_id, livemode=seller.livemode, limit=1
    )
    subjects = [subject_of(row) for row in rows]
    return tuple(
        sentence
        for why in reasons(subjects, Reader(seller.platform_name, today)).values()
        for sentence in why.sentences
    )


def _canceled(request: SellerRequest, found: PayoutDetail) -> HttpResponse:
    seller = request.seller

    def cancel() -> str:
        cancel_payout(seller=seller, payout_id=found.listed.id, now=seller.platform_now)
        return reverse("payout", args=[found.listed.id])

    try:
        address = once(seller, key_of(request), cancel, now_wall=clock.wall_now())
    except Refused as refusal:
        problem = said(refusal)
        if refusal.code == "status_transition_invalid":
            problem = _too_late()
        return _ask_to_cancel(request, found, problem, status=422)
    amount = money_text(found.listed.amount, found.listed.currency)
    notice = _("Canceled. %(amount)s is in your balance again.") % {"amount": amount}
    return leave_for(request, address, notice)


def _too_late() -> str:
    return _("This payout is being sent to your bank, or has ended. It cannot be canceled.")


def _ask_to_cancel(
    request: SellerRequest, found: PayoutDetail, problem: str, *, status: int
) -> HttpResponse:
    context = {"payout": found, "problem": problem, "form_key": form_key()}
    return render_page(request, "payouts/cancellation.html", context, here="payouts", status=status)


def _may_cancel(request: SellerRequest) -> bool:
    return request.seller.features.manual_payouts and request.seller.may("payouts:write")


def _payout_of(request: SellerRequest, payout_id: str) -> PayoutDetail:
    seller = request.seller
    found = payout_detail(seller.account_id, payout_id, livemode=seller.livemode)
    if found is None:
        raise Http404
    return found


def _position(text: str) -> int:
    """Where the page before ended; what is no position starts with the first line."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else -1
