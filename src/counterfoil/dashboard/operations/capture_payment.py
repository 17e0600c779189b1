"""Collecting money that a customer's bank holds for the seller, or letting it go."""

from __future__ import annotations

from dataclasses import replace

from counterfoil.access.guard import Seller
from counterfoil.audit.operations import record_decision
from counterfoil.dashboard.operations import check_may, platform_of, scope_of
from counterfoil.dashboard.queries.payment import Payment
from counterfoil.dashboard.visibility import may_capture
from counterfoil.kit.db import unit_of_work
from counterfoil.kit.refused import Forbidden, InvalidRequest
from counterfoil.payments.operations.charges import capture_charge
from counterfoil.payments.operations.intents import cancel_payment_intent, capture_payment_intent
from counterfoil.payments.params import CancelIntent, CaptureCharge, CaptureIntent


def capture_payment(*, seller: Seller, payment: Payment, amount: int, now: int) -> None:
    """Take all or part of what was authorised; the rest is let go.

    `now` is the platform's clock, UTC seconds. Raises Forbidden and InvalidRequest.
    """
    _check(seller, payment)
    caller = replace(platform_of(seller), account_id=payment.scope.account_id)
    with unit_of_work():
        if payment.intent is not None:
            capture_payment_intent(
                platform=caller,
                scope=payment.scope,
                intent_id=payment.intent.id,
                params=CaptureIntent(amount_to_capture=amount),
                now=now,
            )
        else:
            capture_charge(
                platform=caller,
                scope=payment.scope,
                charge_id=payment.id,
                params=CaptureCharge(amount=amount),
                now=now,
            )
        record_decision(
            "payment.captured",
            scope=scope_of(seller),
            object_id=payment.id,
            after={"amount": amount, "currency": payment.currency},
        )


def let_payment_go(*, seller: Seller, payment: Payment, now: int) -> None:
    """Release what the bank holds: the customer is not charged. Raises Forbidden, and
    InvalidRequest when there is nothing (any more) to release."""
    _check(seller, payment)
    if payment.intent is None:
        raise InvalidRequest("Only a payment intent can be canceled.", code="cannot_let_go")
    with unit_of_work():
        cancel_payment_intent(
            scope=payment.scope,
            intent_id=payment.intent.id,
            params=CancelIntent(cancellation_reason="requested_by_customer"),
            now=now,
        )
        record_decision("payment.released", scope=scope_of(seller), object_id=payment.id)


def _check(seller: Seller, payment: Payment) -> None:
    check_may(seller, "payments:write", "capture_payments")
    if not may_capture(payment.kind, seller.features):
        raise Forbidden("This payment is the platform's to collect.", code="not_allowed")
