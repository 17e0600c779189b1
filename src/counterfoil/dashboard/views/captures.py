"""Money that a customer's bank holds: `/payments/{id}/capture` and `…/cancellation`."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from counterfoil.access.guard import SellerRequest
from counterfoil.dashboard.once import form_key, key_of, once
from counterfoil.dashboard.operations.capture_payment import capture_payment, let_payment_go
from counterfoil.dashboard.queries.payment import Payment
from counterfoil.dashboard.refusals import said
from counterfoil.dashboard.shell import leave_for, render_page, seller_page_for
from counterfoil.dashboard.typed import Mistyped, amount_for_field, typed_amount
from counterfoil.dashboard.views.payments import found_payment
from counterfoil.dashboard.visibility import may_capture
from counterfoil.kit import clock
from counterfoil.kit.refused import Refused
from counterfoil.wording.languages import gettext as _
from counterfoil.wording.money_text import money_text


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("payments:write", "capture_payments")
def payment_capture(request: SellerRequest, payment_id: str) -> HttpResponse:
    """Collect all or part of what is held."""
    payment = _held(request, payment_id)
    if request.method != "POST":
        typed = amount_for_field(payment.amount, payment.currency)
        return _collect(request, payment, typed, {})
    typed, errors, amount = request.POST.get("amount", ""), dict[str, str](), 0
    try:
        amount = typed_amount(typed, payment.currency)
    except Mistyped as error:
        errors["amount"] = str(error)
    else:
        if not 0 < amount <= payment.amount:
            errors["amount"] = _("Between nothing and %(amount)s.") % {
                "amount": money_text(payment.amount, payment.currency)
            }
    if errors:
        return _collect(request, payment, typed, errors, status=422)

    def act() -> None:
        now = request.seller.platform_now
        capture_payment(seller=request.seller, payment=payment, amount=amount, now=now)

    if problem := _done(request, payment, act):
        return _collect(request, payment, typed, {"": problem}, status=422)
    words = _("%(amount)s collected.") % {"amount": money_text(amount, payment.currency)}
    return leave_for(request, reverse("payment", args=[payment.id]), words)


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("payments:write", "capture_payments")
def payment_cancellation(request: SellerRequest, payment_id: str) -> HttpResponse:
    """Asks first; then the customer is not charged."""
    payment = _held(request, payment_id)
    if request.method != "POST":
        return _ask(request, payment, "")

    def act() -> None:
        now = request.seller.platform_now
        let_payment_go(seller=request.seller, payment=payment, now=now)

    if problem := _done(request, payment, act):
        return _ask(request, payment, problem, status=422)
    words = _("Let go. The customer is not charged.")
    return leave_for(request, reverse("payment", args=[payment.id]), words)


def _done(request: SellerRequest, payment: Payment, act: Callable[[], None]) -> str:
    """Do it once. What is wrong, or nothing."""

    def verb() -> str:
        act()
        return reverse("payment", args=[payment.id])

    try:
        once(request.seller, key_of(request), verb, now_wall=clock.wall_now())
    except Refused as refusal:
        if refusal.code in ("payment_intent_unexpected_state", "charge_already_captured"):
            return _("This payment has been collected or let go already.")
        return said(refusal)
    return ""


def _held(request: SellerRequest, payment_id: str) -> Payment:
    payment = found_payment(request.seller, payment_id)
    if payment.charge is None or not may_capture(payment.kind, request.seller.features):
        raise Http404
    return payment


def _collect(
    request: SellerRequest,
    payment: Payment,
    typed: str,
    errors: dict[str, str],
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"payment": payment, "typed": typed, "errors": errors, "form_key": form_key()}
    return render_page(request, "payments/capture.html", context, here="payments", status=status)


def _ask(
    request: SellerRequest, payment: Payment, problem: str, *, status: int = 200
) -> HttpResponse:
    context = {"payment": payment, "problem": problem, "form_key": form_key()}
    template = "payments/cancellation.html"
    return render_page(request, template, context, here="payments", status=status)
