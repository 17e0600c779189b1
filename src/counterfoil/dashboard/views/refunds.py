"""Giving money back: `/payments/{id}/refund`, and taking a refund back."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from counterfoil.access.guard import SellerRequest
from counterfoil.access.stepup import ask_first
from counterfoil.dashboard.once import form_key, key_of, once
from counterfoil.dashboard.operations.refund_payment import (
    REASONS,
    Reason,
    Wanted,
    cancel_refund,
    is_large,
    look_at_refund,
    refund_payment,
)
from counterfoil.dashboard.queries.payment import Payment
from counterfoil.dashboard.refund_preview import refund_stub
from counterfoil.dashboard.refusals import said
from counterfoil.dashboard.shell import leave_for, render_page, seller_page_for
from counterfoil.dashboard.stubs import Stub
from counterfoil.dashboard.typed import Mistyped, amount_for_field, typed_amount
from counterfoil.dashboard.views.payments import found_payment
from counterfoil.dashboard.visibility import may_refund
from counterfoil.kit import clock
from counterfoil.kit.db import fetch_one
from counterfoil.kit.refused import Refused
from counterfoil.payments.refund_policy import can_be_canceled
from counterfoil.payments.rows import RefundRow
from counterfoil.wording.languages import gettext as _
from counterfoil.wording.money_text import money_text

LONGEST_NOTE = 500  # what a metadata value holds


@dataclass(slots=True)
class Typed:
    """The form as it was typed; `errors` by field, "" for the whole of it."""

    amount: str
    reason: str = "requested_by_customer"
    note: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("refunds:write", "issue_refunds")
def refund(request: SellerRequest, payment_id: str) -> HttpResponse:
    """The form with its preview; sent, the refund. A button without script only looks."""
    payment = _refundable(request, payment_id)
    if request.method != "POST":
        typed = Typed(amount_for_field(payment.left, payment.currency))
        return _form(request, payment, typed)
    typed = Typed(
        request.POST.get("amount", ""),
        request.POST.get("reason", ""),
        " ".join(request.POST.get("note", "").split()),
    )
    wanted = _read(typed, payment)
    if wanted is None or "look" in request.POST:
        return _form(request, payment, typed, status=422 if wanted is None else 200)
    if (
        is_large(seller=request.seller, payment=payment, wanted=wanted)
        and (asked := ask_first(request, "refund", back="payments")) is not None
    ):
        return asked
    return _refunded(request, payment, typed, wanted)


@require_safe
@seller_page_for("refunds:write", "issue_refunds")
def refund_preview(request: SellerRequest, payment_id: str) -> HttpResponse:
    """What the amount that stands in the form would do; a fragment of that page."""
    payment = _refundable(request, payment_id)
    typed = Typed(request.GET.get("amount", ""))
    context = {"stub": _preview(request, payment, typed), "errors": typed.errors}
    return render_page(request, "payments/_refund_preview.html", context, here="payments")


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("refunds:write", "issue_refunds")
def refund_cancellation(request: SellerRequest, refund_id: str) -> HttpResponse:
    """Asks first; then the customer gets nothing and the money is back."""
    payment, row = _refund_of(request, refund_id)
    now = request.seller.platform_now
    if request.method != "POST":
        problem = "" if can_be_canceled(row, now=now) else _too_late()
        return _ask_to_cancel(request, payment, row, problem, status=200)

    def cancel() -> str:
        cancel_refund(seller=request.seller, payment=payment, refund_id=row.id, now=now)
        return reverse("payment", args=[payment.id])

    try:
        address = once(request.seller, key_of(request), cancel, now_wall=clock.wall_now())
    except Refused as refusal:
        late = refusal.code == "status_transition_invalid"
        problem = _too_late() if late else said(refusal)
        return _ask_to_cancel(request, payment, row, problem, status=422)
    words = _("The refund is canceled. %(amount)s stays with you.")
    notice = words % {"amount": money_text(row.amount, row.currency)}
    return leave_for(request, address, notice)


def _refunded(
    request: SellerRequest, payment: Payment, typed: Typed, wanted: Wanted
) -> HttpResponse:
    seller = request.seller

    def act() -> str:
        refund_payment(seller=seller, payment=payment, wanted=wanted, now=seller.platform_now)
        return reverse("payment", args=[payment.id])

    try:
        address = once(seller, key_of(request), act, now_wall=clock.wall_now())
    except Refused as refusal:
        # Somebody may have been faster: what is left is read again.
        payment = found_payment(seller, payment.id)
        typed.errors.update(_refusal(refusal, payment))
        return _form(request, payment, typed, status=422)
    words = _("%(amount)s goes back to the customer.")
    notice = words % {"amount": money_text(wanted.amount, payment.currency)}
    return leave_for(request, address, notice)


def _read(typed: Typed, payment: Payment) -> Wanted | None:
    """What was typed, or None with what is wrong noted beside it."""
    amount = 0
    try:
        amount = typed_amount(typed.amount, payment.currency)
    except Mistyped as error:
        typed.errors["amount"] = str(error)
    else:
        if amount <= 0:
            typed.errors["amount"] = _("Write an amount above zero.")
        elif amount > payment.left and payment.left:
            typed.errors["amount"] = _at_most(payment)
    reason: Reason | None = next((one for one in REASONS if one == typed.reason), None)
    if reason is None:
        typed.errors["reason"] = _("Choose a reason.")
    elif reason == "other" and not typed.note:
        typed.errors["note"] = _("Write why, for your own records.")
    if len(typed.note) > LONGEST_NOTE:
        typed.errors["note"] = _("At most 500 characters.")
    if typed.errors or reason is None:
        return None
    return Wanted(amount=amount, reason=reason, note=typed.note)


def _form(
    request: SellerRequest, payment: Payment, typed: Typed, *, status: int = 200
) -> HttpResponse:
    stub = None if payment.left == 0 else _preview(request, payment, typed)
    context = {
        "payment": payment,
        "typed": typed,
        "stub": stub,
        "errors": typed.errors,
        "reasons": _reason_words(),
        "longest_note": LONGEST_NOTE,
        "form_key": form_key(),
    }
    return render_page(request, "payments/refund.html", context, here="payments", status=status)


def _preview(request: SellerRequest, payment: Payment, typed: Typed) -> Stub | None:
    """The stub of what stands in the form; None, and the reason noted, when it cannot be."""
    seller = request.seller
    try:
        amount = typed_amount(typed.amount, payment.currency)
        if not 0 < amount <= payment.left:
            if amount > payment.left:
                typed.errors.setdefault("amount", _at_most(payment))
            return None
        preview = look_at_refund(
            seller=seller,
            payment=payment,
            wanted=Wanted(amount=amount),
            now=seller.platform_now,
        )
    except Mistyped as error:
        typed.errors.setdefault("amount", str(error))
        return None
    except Refused as refusal:
        typed.errors = _refusal(refusal, payment) | typed.errors
        return None
    return refund_stub(preview, payment, amount=amount, platform=seller.platform_name)


def _refusal(refusal: Refused, payment: Payment) -> dict[str, str]:
    if refusal.code == "amount_too_large":
        return {"amount": _at_most(payment)}
    if refusal.code == "balance_insufficient":
        return {
            "": _(
                "Your available balance is smaller than what this refund takes back from you."
                " Refund less, or wait until more is available."
            )
        }
    return {"": said(refusal)}


def _at_most(payment: Payment) -> str:
    return _("At most %(amount)s of this payment can be refunded.") % {
        "amount": money_text(payment.left, payment.currency)
    }


def _reason_words() -> list[tuple[str, str, str]]:
    """Value, word, note."""
    return [
        ("requested_by_customer", _("The customer asked for it"), ""),
        ("duplicate", _("Charged twice"), ""),
        ("fraudulent", _("Fraudulent"), _("The card's owner did not pay this.")),
        ("other", _("Another reason"), _("Then write it down below.")),
    ]


def _refundable(request: SellerRequest, payment_id: str) -> Payment:
    payment = found_payment(request.seller, payment_id)
    if payment.charge is None or not may_refund(payment.kind, request.seller.features):
        raise Http404
    return payment


def _refund_of(request: SellerRequest, refund_id: str) -> tuple[Payment, RefundRow]:
    row = fetch_one("SELECT charge_id FROM payments_refund WHERE id = %s", [refund_id])
    if row is None:
        raise Http404
    payment = _refundable(request, row[0])
    found = next((one for one in payment.refunds if one.id == refund_id), None)
    if found is None:
        raise Http404
    return payment, found


def _ask_to_cancel(
    request: SellerRequest, payment: Payment, row: RefundRow, problem: str, *, status: int
) -> HttpResponse:
    context = {"payment": payment, "refund": row, "problem": problem, "form_key": form_key()}
    template = "payments/refund_cancellation.html"
    return render_page(request, template, context, here="payments", status=status)


def _too_late() -> str:
    return _("This refund is with the card network already. It cannot be canceled any more.")
