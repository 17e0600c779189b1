"""`/disputes`: what customers' banks ask about, what it costs, and the answer."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from counterfoil.access.guard import Seller, SellerRequest
from counterfoil.dashboard import compelling_form
from counterfoil.dashboard import dispute_words as words
from counterfoil.dashboard.evidence_form import checklist, given
from counterfoil.dashboard.once import form_key, key_of, once
from counterfoil.dashboard.operations.answer_dispute import accept_dispute, send_evidence
from counterfoil.dashboard.payment_page import dispute_stub, payer_name, payment_title
from counterfoil.dashboard.queries.disputes import STATES, DisputeCase, dispute_case
from counterfoil.dashboard.queries.disputes import disputes as disputes_page
from counterfoil.dashboard.refusals import said
from counterfoil.dashboard.searching import cursor_text, read_cursor
from counterfoil.dashboard.shell import leave_for, render_page, seller_page_for
from counterfoil.dashboard.visibility import may_answer_disputes, may_refund
from counterfoil.disputes.evidence import has_evidence
from counterfoil.disputes.wire import read_programs
from counterfoil.kit import clock
from counterfoil.kit.pages import Cursor, PageRequest
from counterfoil.kit.refused import Refused
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _

ROWS = 50


@require_safe
@seller_page_for("payments:read", feature="view_payments")
def disputes(request: SellerRequest) -> HttpResponse:
    """`/disputes?state=answer&before={created}.{id}`: newest first."""
    seller = request.seller
    state = request.GET.get("state", "")
    cursor = read_cursor(request.GET.get("before", ""))
    found = disputes_page(
        seller.account_id,
        livemode=seller.livemode,
        page=PageRequest(limit=ROWS, cursor=cursor),
        statuses=STATES.get(state, ()),
    )
    now = seller.platform_now
    older = Cursor(found.rows[-1].created, found.rows[-1].id) if found.has_more else None
    context = {
        "disputes": [(row, words.time_left(row.status, row.due_by, now)) for row in found.rows],
        "state": state if state in STATES else "",
        "states": words.filter_words(),
        "state_of": words.state,
        "reason": words.reason_word,
        "is_first_page": cursor is None,
        "older": cursor_text(older) if older else None,
    }
    return render_page(request, "disputes/index.html", context, here="disputes")


@require_safe
@seller_page_for("payments:read", feature="view_payments")
def dispute(request: SellerRequest, dispute_id: str) -> HttpResponse:
    """`/disputes/{id}`: what it is about, what it costs, and what can be done."""
    seller = request.seller
    case = found_case(seller, dispute_id)
    row, now = case.row, seller.platform_now
    today = dates.local(now).date()
    can_answer = may_answer(seller, case)
    context = {
        "case": case,
        "dispute": row,
        "state": words.state(row.status),
        "claim": words.reason_word(row.reason),
        "meaning": words.meaning(row.status, row.reason),
        "next": words.what_next(row, today=today, platform=seller.platform_name),
        "left": words.time_left(row.status, row.due_by, now),
        "due": _due(row.due_by, today),
        "title": payment_title(case.payment, seller.platform_name),
        "payer": payer_name(case.payment),
        "stub": dispute_stub(case.payment, row, platform=seller.platform_name, today=today),
        "steps": words.history(row, today),
        "wishes": checklist(case),
        "given": [*given(case), *compelling_form.given(case)],
        "has_draft": has_evidence(case.evidence) and row.submitted_at is None,
        "can_answer": can_answer,
        "can_refund": may_refund(case.payment.kind, seller.features)
        and seller.may("refunds:write")
        and row.status == "warning_needs_response"
        and case.payment.left > 0,
        "platform": seller.platform_name,
        "now": now,
    }
    return render_page(request, "disputes/dispute.html", context, here="disputes")


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("disputes:write", "manage_disputes")
def dispute_submission(request: SellerRequest, dispute_id: str) -> HttpResponse:
    """Asks before the one submission; then the evidence is with the bank."""
    seller = request.seller
    case = answerable(seller, dispute_id)
    if request.method != "POST":
        return _confirm(request, case, "")

    def act() -> str:
        send_evidence(
            seller=seller,
            case=case,
            accepts_fee=request.POST.get("accepts_fee") == "yes",
            now=seller.platform_now,
        )
        return reverse("dispute", args=[dispute_id])

    try:
        address = once(seller, key_of(request), act, now_wall=clock.wall_now())
    except Refused as refusal:
        return _confirm(request, case, refusal_words(refusal), status=422)
    return leave_for(request, address, _("Sent. The bank decides, usually within 60 to 75 days."))


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("disputes:write", "manage_disputes")
def dispute_acceptance(request: SellerRequest, dispute_id: str) -> HttpResponse:
    """Asks first; then it is lost, or an inquiry has ended."""
    seller = request.seller
    case = answerable(seller, dispute_id)
    if request.method != "POST":
        return _ask_to_accept(request, case, "")

    def act() -> str:
        accept_dispute(seller=seller, case=case, now=seller.platform_now)
        return reverse("dispute", args=[dispute_id])

    try:
        address = once(seller, key_of(request), act, now_wall=clock.wall_now())
    except Refused as refusal:
        return _ask_to_accept(request, case, refusal_words(refusal), status=422)
    return leave_for(request, address, _("Accepted. There is nothing more to do."))


def found_case(seller: Seller, dispute_id: str) -> DisputeCase:
    """The seller's dispute, or 404: nobody learns of anybody else's."""
    case = dispute_case(dispute_id, seller.account_id, livemode=seller.livemode)
    if case is None:
        raise Http404
    return case


def answerable(seller: Seller, dispute_id: str) -> DisputeCase:
    """One that the seller may answer, whether or not there is still time to."""
    case = found_case(seller, dispute_id)
    if not may_answer_disputes(case.payment.kind, seller.features):
        raise Http404
    return case


def may_answer(seller: Seller, case: DisputeCase) -> bool:
    """Whether the buttons are shown."""
    row = case.row
    in_time = row.due_by is None or seller.platform_now <= row.due_by
    return (
        may_answer_disputes(case.payment.kind, seller.features)
        and seller.may("disputes:write")
        and row.status in words.NEEDS_RESPONSE
        and in_time
    )


def refusal_words(refusal: Refused) -> str:
    if refusal.code == "status_transition_invalid":
        return _("This dispute takes no answer any more: it was answered, or the time is over.")
    if refusal.code == "parameter_missing":
        return _("There is nothing to send yet. Gather some evidence first.")
    if refusal.param and "fee_acknowledged" in refusal.param:
        return _("The card network takes a fee for this. Say that you accept it.")
    return said(refusal)


def _due(due_by: int | None, today: date) -> str:
    return dates.long_day(dates.local(due_by).date(), today) if due_by else ""


def _confirm(
    request: SellerRequest, case: DisputeCase, problem: str, *, status: int = 200
) -> HttpResponse:
    programs = read_programs(case.row.programs)
    context = {
        "dispute": case.row,
        "given": [*given(case), *compelling_form.given(case)],
        "missing": [
            *(wish.word for wish in checklist(case) if not wish.done),
            *(word for word, done in compelling_form.wishes(case) if not done),
        ],
        "costs_fee": any(name.endswith("_compliance") for name in programs),
        "problem": problem,
        "form_key": form_key(),
    }
    template = "disputes/submission.html"
    return render_page(request, template, context, here="disputes", status=status)


def _ask_to_accept(
    request: SellerRequest, case: DisputeCase, problem: str, *, status: int = 200
) -> HttpResponse:
    context = {"dispute": case.row, "problem": problem, "form_key": form_key()}
    template = "disputes/acceptance.html"
    return render_page(request, template, context, here="disputes", status=status)
