"""`/payments`: what customers paid, and the page of each payment."""

from __future__ import annotations

from itertools import groupby

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from counterfoil.access.guard import Seller, SellerRequest
from counterfoil.dashboard import dispute_words
from counterfoil.dashboard.cards import (
    brand_word,
    card_in_words,
    check_word,
    country_name,
    funding_word,
)
from counterfoil.dashboard.payment_page import (
    breakdown,
    history,
    payer_email,
    payer_name,
    payment_state,
    payment_title,
)
from counterfoil.dashboard.payment_searching import (
    PaymentSearch,
    payment_filter_of,
    read_payment_search,
)
from counterfoil.dashboard.payment_states import FILTERS, SIGNS, TONES, state_word
from counterfoil.dashboard.queries.payment import Payment, payment_by_id
from counterfoil.dashboard.queries.payments import (
    Found,
    PaymentRow,
    ids_behind,
    methods_of,
    payments_by_id,
)
from counterfoil.dashboard.queries.payments import payments as payments_page
from counterfoil.dashboard.refund_words import (
    refund_note,
    refund_reason_word,
    refund_state,
    refund_state_words,
)
from counterfoil.dashboard.searching import cursor_text, read_cursor
from counterfoil.dashboard.shell import render_page, seller_page_for
from counterfoil.dashboard.visibility import may_capture, may_refund
from counterfoil.kit.pages import Cursor, Page, PageRequest
from counterfoil.payments.details import read_metadata
from counterfoil.payments.refund_policy import can_be_canceled
from counterfoil.wording import dates

ROWS = 50


@require_safe
@seller_page_for("payments:read", feature="view_payments")
def payments(request: SellerRequest) -> HttpResponse:
    """`/payments?status=failed&q=…&before={created}.{id}`: newest first, then ever older."""
    seller = request.seller
    methods = methods_of(seller.account_id, livemode=seller.livemode)
    search = read_payment_search(
        request.GET, methods=methods, default_currency=seller.default_currency
    )
    cursor = read_cursor(request.GET.get("before", ""))
    found = _found(seller, search, cursor)
    rows = found.page.rows
    today = dates.local(seller.platform_now).date()
    older = Cursor(rows[-1].created, rows[-1].id) if found.page.has_more else None
    context = {
        "days": [
            (day, dates.near_day(day, today), list(of_day))
            for day, of_day in groupby(rows, key=lambda row: dates.local(row.created).date())
        ],
        "search": search,
        "states": [(state, state_word(state)) for state in FILTERS],
        "methods": [(method, brand_word(method)) for method in methods],
        "amounts": search.amounts_in_words(seller.default_currency),
        "is_first_page": cursor is None,
        "older": search.address(before=cursor_text(older)) if older else None,
        "further": search.address(before=cursor_text(found.searched_to))
        if found.searched_to
        else None,
        "searched_to": found.searched_to and dates.local(found.searched_to.created).date(),
        "state_word": state_word,
        "tones": TONES,
        "signs": SIGNS,
        "card": card_in_words,
        "clock": dates.clock_time,
        "platform": seller.platform_name,
    }
    return render_page(request, "payments/index.html", context, here="payments")


@require_safe
@seller_page_for("payments:read", feature="view_payments")
def payment(request: SellerRequest, payment_id: str) -> HttpResponse:
    """`/payments/{id}`; by the id of an intent it leads to its charge."""
    seller = request.seller
    found = found_payment(seller, payment_id)
    if found.id != payment_id:
        return HttpResponseRedirect(f"/payments/{found.id}")
    now = seller.platform_now
    today = dates.local(now).date()
    state = payment_state(found)
    context = {
        "payment": found,
        "title": payment_title(found, seller.platform_name),
        "state": (state_word(state), TONES[state], SIGNS.get(state)),
        "moment": dates.long_day(dates.local(found.created).date(), today),
        "clock": dates.clock_time(found.created),
        "stub": breakdown(found, platform=seller.platform_name, today=today),
        "steps": history(found, now=now, today=today),
        "payer": (payer_name(found), payer_email(found)),
        "card": card_in_words,
        "funding": funding_word,
        "check": check_word,
        "country": country_name,
        "payout_day": lambda payout: dates.short_day(dates.available_date(payout.arrival_date)),
        "refund_reason": refund_reason_word,
        "refund_state": refund_state,
        "refund_note": refund_note,
        "dispute_state": dispute_words.state,
        "dispute_word": dispute_words.reason_word,
        "metadata": [
            (key.replace("_", " ").capitalize(), text)
            for key, text in sorted(read_metadata(found.metadata).items())
        ],
        "refund_words": refund_state_words,
        "can_refund": _may_refund(seller, found) and is_refundable(found),
        "can_cancel_refund": lambda refund: (
            _may_refund(seller, found) and can_be_canceled(refund, now=now)
        ),
        "can_capture": state == "uncaptured"
        and may_capture(found.kind, seller.features)
        and seller.may("payments:write"),
        "platform": seller.platform_name,
        "now": now,
    }
    return render_page(request, "payments/payment.html", context, here="payments")


def found_payment(seller: Seller, payment_id: str) -> Payment:
    """The seller's payment, or 404: nobody learns of anybody else's."""
    found = payment_by_id(payment_id, seller.account_id, livemode=seller.livemode)
    if found is None:
        raise Http404
    return found


def is_refundable(found: Payment) -> bool:
    charge = found.charge
    return charge is not None and found.left > 0 and not charge.disputed


def _may_refund(seller: Seller, found: Payment) -> bool:
    return may_refund(found.kind, seller.features) and seller.may("refunds:write")


def _found(seller: Seller, search: PaymentSearch, cursor: Cursor | None) -> Found:
    if search.ident is not None:
        rows: list[PaymentRow] = payments_by_id(
            ids_behind(search.ident), seller.account_id, livemode=seller.livemode
        )
        return Found(Page(rows, has_more=False), None)
    return payments_page(
        seller.account_id,
        livemode=seller.livemode,
        page=PageRequest(limit=ROWS, cursor=cursor),
        wanted=payment_filter_of(
            search, default_currency=seller.default_currency, platform=seller.platform_name
        ),
    )
