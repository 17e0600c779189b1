"""What the page of one payment says: its state, what happened, what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from counterfoil.dashboard import dispute_words
from counterfoil.dashboard.cards import card_in_words, decline_words
from counterfoil.dashboard.labels import description, fee_word
from counterfoil.dashboard.payment_states import State as PaymentState
from counterfoil.dashboard.payment_states import StateFacts, state_of
from counterfoil.dashboard.queries.payment import CarriedBy, Payment
from counterfoil.dashboard.queries.transactions import FeeDetail, TransactionRow
from counterfoil.dashboard.refund_words import refund_state_words
from counterfoil.dashboard.rows import subject_of
from counterfoil.dashboard.stubs import Line, Reference, Stub
from counterfoil.dashboard.visibility import Kind
from counterfoil.disputes.rows import DisputeRow
from counterfoil.explain.reading import reasons
from counterfoil.explain.why import Reader
from counterfoil.payments.details import read_charge_details
from counterfoil.payments.rows import ChargeRow, RefundRow
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _
from counterfoil.wording.money_text import money_text


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened, or will."""

    at: int
    word: str
    note: str = ""
    state: Literal["done", "now", "next", "bad"] = "done"


def payment_state(payment: Payment) -> PaymentState:
    charge, intent = payment.charge, payment.intent
    if charge is None:
        return state_of(
            StateFacts(charge_status=None, intent_status=intent.status if intent else None)
        )
    outcome = payment.details.outcome
    return state_of(
        StateFacts(
            charge_status=charge.status,
            intent_status=intent.status if intent else None,
            captured=charge.captured,
            amount_captured=charge.amount_captured,
            amount_refunded=charge.amount_refunded,
            blocked=outcome is not None and outcome.type == "blocked",
            refund_pending=any(refund.status == "pending" for refund in payment.refunds),
            disputed=payment.open_dispute is not None,
            warned=payment.warned,
        )
    )


def payment_title(payment: Payment, platform: str) -> str:
    """What was bought, or where the money comes from."""
    if payment.description:
        return payment.description
    if payment.sight.whole_amount:
        return _("Payment")
    return _("Payment from %(platform)s") % {"platform": platform}


def payer_name(payment: Payment) -> str:
    payer, customer = payment.details.billing_details, payment.customer
    return payer.name or (customer.name if customer else None) or ""


def payer_email(payment: Payment) -> str:
    payer, customer = payment.details.billing_details, payment.customer
    known = payer.email or (customer.email if customer else None)
    return known or payment.details.receipt_email or ""


# ---- What it came to ----


def breakdown(payment: Payment, *, platform: str, today: date) -> Stub | None:
    """All that the payment did to the seller's balance; None while it did nothing."""
    rows = [row for row in payment.transactions if row.currency == payment.transactions[0].currency]
    if not rows:
        return None
    first = rows[0]
    lines: dict[str, int] = {}
    for word, amount in _kept_by_platform(payment, first, platform):
        lines[word] = lines.get(word, 0) + amount
    for row in rows:
        for word, amount in _parts(row, payment, platform):
            lines[word] = lines.get(word, 0) + amount
    references = [Reference(_("Payment"), payment.id), Reference(_("Transaction"), first.id)]
    return Stub(
        currency=first.currency,
        lines=tuple(Line(word, amount) for word, amount in lines.items()),
        total_word=_("You keep"),
        total=sum(row.net for row in rows),
        why=_why(rows, Reader(platform, today)),
        references=tuple(references),
    )


def dispute_stub(
    payment: Payment, dispute: DisputeRow, *, platform: str, today: date
) -> Stub | None:
    """All that one dispute did to the seller's balance; None when it did nothing."""
    rows = [row for row in payment.transactions if row.source_id == dispute.id]
    if not rows:
        return None
    lines: dict[str, int] = {}
    for row in rows:
        for word, amount in _parts(row, payment, platform):
            lines[word] = lines.get(word, 0) + amount
    total = sum(row.net for row in rows)
    return Stub(
        currency=rows[0].currency,
        lines=tuple(Line(word, amount) for word, amount in lines.items()),
        total_word=_("It cost you") if total <= 0 else _("It brought you"),
        total=total,
        why=_why(rows, Reader(platform, today)),
        references=(
            Reference(_("Dispute"), dispute.id),
            Reference(_("Transaction"), rows[0].id),
        ),
    )


def _why(rows: list[TransactionRow], reader: Reader) -> tuple[str, ...]:
    """What stands under each of the rows, once."""
    found = reasons([subject_of(row) for row in rows], reader)
    sentences = [sentence for row in rows for sentence in found[row.id].sentences]
    return tuple(dict.fromkeys(sentences))


def _kept_by_platform(
    payment: Payment, first: TransactionRow, platform: str
) -> list[tuple[str, int]]:
    """The whole of a charge on the seller's behalf, less what was not passed on."""
    charge = payment.charge
    if payment.kind is not Kind.ON_BEHALF_OF or charge is None:
        return []
    if charge.currency != first.currency or charge.amount_captured == first.amount:
        return []
    kept = charge.amount_captured - first.amount
    return [(_("Payment"), kept), (_("Kept by %(platform)s") % {"platform": platform}, -kept)]


def _parts(row: TransactionRow, payment: Payment, platform: str) -> list[tuple[str, int]]:
    parts = [(_gross_word(row, payment, platform), row.amount)] if row.amount else []
    return parts + [(_fee_word(row, fee, platform), -fee.amount) for fee in row.fee_details]


def _gross_word(row: TransactionRow, payment: Payment, platform: str) -> str:
    if row.type in {"charge", "payment"}:
        return _("Payment")
    if row.type in {"refund", "payment_refund"} and payment.sight.history:
        return _("Refunded")
    if row.type == "refund_failure":
        return _("Refund that came back")
    if row.reporting_category == "dispute":
        return _("Disputed")
    if row.reporting_category == "dispute_reversal":
        return _("Dispute won, returned")
    if row.reporting_category == "fee":
        return _("%(platform)s fee, returned") % {"platform": platform}
    return description(row, platform)


def _fee_word(row: TransactionRow, fee: FeeDetail, platform: str) -> str:
    if row.type == "adjustment" and fee.type == "stripe_fee":
        return _("Dispute fee, returned") if fee.amount < 0 else _("Dispute fee")
    return fee_word(fee, platform)


# ---- What happened ----


def history(payment: Payment, *, now: int, today: date) -> list[Step]:
    """Everything in the order of time, and what comes."""
    steps = [*_payment_steps(payment, now=now)]
    for refund in payment.refunds:
        steps += _refund_steps(refund)
    for dispute in payment.disputes:
        steps += _dispute_steps(dispute, today)
    if payment.charge is not None:
        steps += [_payout_step(payout, today) for payout in payment.payouts]
        steps += _available_step(payment, now=now, today=today)
    return sorted(steps, key=lambda step: step.at)


def _payment_steps(payment: Payment, *, now: int) -> list[Step]:
    steps = []
    intent, charge = payment.intent, payment.charge
    if intent is not None:
        steps.append(Step(intent.created, _("Started")))
    for attempt in payment.attempts:
        if attempt.status == "failed":
            steps.append(_failed_step(attempt))
    if charge is None:
        if intent is not None and intent.status == "canceled":
            steps.append(Step(intent.canceled_at or now, _("Canceled"), state="bad"))
        elif intent is not None:
            steps.append(Step(now, _("Waiting for the customer to pay"), state="now"))
        return steps
    if charge.status == "failed":
        return [*steps, _failed_step(charge)]
    captured_at = payment.transactions[0].created if payment.transactions else charge.created
    if not charge.captured or captured_at > charge.created:
        amount = {"amount": money_text(charge.amount, charge.currency)}
        note = _("The customer's bank holds %(amount)s.") % amount
        steps.append(Step(charge.created, _("Authorised"), note))
    if charge.captured:
        steps.append(Step(captured_at, _("Succeeded")))
    elif intent is not None and intent.status == "canceled":
        note = _("The customer was not charged.")
        steps.append(Step(intent.canceled_at or charge.created, _("Canceled"), note, "bad"))
    else:
        note = _("Collect it within a week, or the bank lets it go.")
        steps.append(Step(now, _("Not collected yet"), note, "now"))
    return steps


def _failed_step(charge: ChargeRow) -> Step:
    details = read_charge_details(charge.details)
    reason = details.outcome.reason if details.outcome else None
    words = decline_words(charge.failure_code, reason)
    card = card_in_words(details.card.brand, details.card.last4) if details.card else ""
    blocked = details.outcome is not None and details.outcome.type == "blocked"
    word = _("Blocked") if blocked else _("Failed")
    return Step(charge.created, word, f"{card}: {words}" if card else words, "bad")


def _refund_steps(refund: RefundRow) -> list[Step]:
    amount = {"amount": money_text(refund.amount, refund.currency)}
    note = refund_state_words(refund)
    if refund.status == "failed":
        return [Step(refund.created, _("Refund of %(amount)s failed") % amount, note, "bad")]
    if refund.status == "canceled":
        return [Step(refund.created, _("Refund of %(amount)s canceled") % amount, note, "bad")]
    if refund.status == "pending":
        return [Step(refund.created, _("Refund of %(amount)s") % amount, note, "now")]
    return [Step(refund.created, _("Refunded %(amount)s") % amount, note)]


def _dispute_steps(dispute: DisputeRow, today: date) -> list[Step]:
    return [
        Step(step.at, step.word, step.note, step.state)
        for step in dispute_words.history(dispute, today)
        if step.state != "now"  # the payment itself waits for nothing
    ]


def _payout_step(payout: CarriedBy, today: date) -> Step:
    day = {"day": dates.long_day(dates.available_date(payout.arrival_date), today)}
    if payout.status == "paid":
        return Step(payout.paid_at or payout.arrival_date, _("Paid out to your bank"))
    if payout.status in ("failed", "canceled"):
        return Step(payout.arrival_date, _("Payout did not reach your bank"), state="bad")
    note = _("Expected %(day)s") % day
    return Step(payout.arrival_date, _("On the way to your bank"), note, "next")


def _available_step(payment: Payment, *, now: int, today: date) -> list[Step]:
    rows = payment.transactions
    if not rows or payment.payouts or rows[0].available_on <= now or sum(r.net for r in rows) <= 0:
        return []
    day = dates.long_day(dates.available_date(rows[0].available_on), today)
    return [Step(rows[0].available_on, _("Available"), day, "next")]
