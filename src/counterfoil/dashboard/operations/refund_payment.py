"""Giving a customer their money back, and looking at what that would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from counterfoil.access.guard import Seller
from counterfoil.audit.operations import record_decision
from counterfoil.dashboard.operations import check_may, platform_of, scope_of
from counterfoil.dashboard.queries.payment import Payment
from counterfoil.dashboard.refund_words import NOTE
from counterfoil.dashboard.visibility import Kind, may_refund
from counterfoil.kit.db import unit_of_work
from counterfoil.kit.refused import Forbidden, ResourceMissing
from counterfoil.payments.operations import refunds
from counterfoil.payments.operations.refunds import RefundPreview
from counterfoil.payments.refund_params import CreateRefund
from counterfoil.payments.rows import RefundRow

Reason = Literal["requested_by_customer", "duplicate", "fraudulent", "other"]
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be given back, in minor units of the payment's currency, and why."""

    amount: int
    reason: Reason = "requested_by_customer"
    note: str = ""


def refund_payment(*, seller: Seller, payment: Payment, wanted: Wanted, now: int) -> RefundRow:
    """Refund all or part of a payment. `now` is the platform's clock, UTC seconds.

    Raises Forbidden, and what `payments.operations.refunds.create_refund` raises.
    """
    _check(seller, payment)
    with unit_of_work():
        row = refunds.create_refund(scope=payment.scope, params=_params(payment, wanted), now=now)
        record_decision(
            "refund.created",
            scope=scope_of(seller),  # a payment may be the platform's, the decision is theirs
            object_id=row.id,
            after={"amount": row.amount, "currency": row.currency, "reason": wanted.reason},
        )
    return row


def is_large(*, seller: Seller, payment: Payment, wanted: Wanted) -> bool:
    """Whether so much goes back, what went back of this payment before counted along, that the
    seller shows once more who they are."""
    assert payment.charge is not None, "only a charge can be refunded"
    settings = platform_of(seller).settings
    total = payment.charge.amount_refunded + wanted.amount
    return total >= settings.large_refund_in(payment.currency)


def look_at_refund(*, seller: Seller, payment: Payment, wanted: Wanted, now: int) -> RefundPreview:
    """What `refund_payment` would do now; nothing is written."""
    _check(seller, payment)
    return refunds.preview_refund(scope=payment.scope, params=_params(payment, wanted), now=now)


def cancel_refund(*, seller: Seller, payment: Payment, refund_id: str, now: int) -> RefundRow:
    """Take a refund of this payment back. Raises InvalidRequest once it is too late."""
    _check(seller, payment)
    if refund_id not in {refund.id for refund in payment.refunds}:
        raise ResourceMissing("refund", refund_id)
    with unit_of_work():
        row = refunds.cancel_refund(refund_id=refund_id, scope=payment.scope, now=now)
        record_decision("refund.canceled", scope=scope_of(seller), object_id=row.id)
    return row


def _check(seller: Seller, payment: Payment) -> None:
    check_may(seller, "refunds:write", "issue_refunds")
    if not may_refund(payment.kind, seller.features):
        raise Forbidden("This payment is the platform's to refund.", code="not_allowed")


def _params(payment: Payment, wanted: Wanted) -> CreateRefund:
    """On behalf of the seller the platform pays, and takes it back from what it passed on."""
    assert payment.charge is not None, "only a charge can be refunded"
    return CreateRefund(
        charge=payment.charge.id,
        amount=wanted.amount,
        reason=None if wanted.reason == "other" else wanted.reason,
        metadata={NOTE: wanted.note} if wanted.note else None,
        reverse_transfer=payment.kind is Kind.ON_BEHALF_OF,
    )
