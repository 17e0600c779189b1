"""Payments that a cardholder's bank takes back, and sometimes returns."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

from counterfoil.explain import fees
from counterfoil.explain.queries import DisputeOrigin
from counterfoil.explain.why import Reader, Rule, Subject, Why, said
from counterfoil.wording.languages import gettext as _

REASONS: Final = {
    "bank_cannot_process": gettext_noop("the bank could not process the payment"),
    "check_returned": gettext_noop("the check was returned"),
    "credit_not_processed": gettext_noop("a refund did not arrive"),
    "customer_initiated": gettext_noop("the customer asked for the money back"),
    "debit_not_authorized": gettext_noop("the debit was not allowed"),
    "duplicate": gettext_noop("the customer was charged twice"),
    "fraudulent": gettext_noop("the cardholder did not make this payment"),
    "incorrect_account_details": gettext_noop("the account details were wrong"),
    "insufficient_funds": gettext_noop("the account lacked the money"),
    "noncompliant": gettext_noop("a rule of the card network was not followed"),
    "product_not_received": gettext_noop("nothing was received"),
    "product_unacceptable": gettext_noop("what was received was not as described"),
    "subscription_canceled": gettext_noop("the subscription was canceled"),
    "unrecognized": gettext_noop("the cardholder does not recognise the payment"),
}


def withdrawn(subject: Subject, origin: DisputeOrigin, reader: Reader) -> Why:
    """A chargeback, with its fee; or the fee for answering it, which is a row without amount."""
    if subject.amount == 0:
        return answering(subject, origin, reader)
    words = _words(subject, origin, reader)
    reason = REASONS.get(origin.reason)
    if reason:
        words["reason"] = _(reason)
        first = _("The cardholder disputes your payment of %(paid)s: %(reason)s.") % words
    else:
        first = _("The cardholder disputes your payment of %(paid)s.") % words
    sentences = [first, _("The bank took %(amount)s back on %(day)s.") % words]
    sentences += fees.converted(subject, origin.amount, origin.currency)
    if fee := fees.total(subject.fees, "stripe_fee"):
        sentences.append(
            _("The dispute costs %(fee)s, whatever its outcome.")
            % {"fee": said(fee, subject.currency)}
        )
    sentences += _outcome(origin, reader)
    if subject.balance_type == "prefunding":
        sentences.append(_("It is paid from your refunds and disputes balance."))
    return Why("dispute", "dispute_withdrawal", "cardholder", tuple(sentences))


def answering(subject: Subject, origin: DisputeOrigin, reader: Reader) -> Why:
    fee = {"fee": said(subject.net, subject.currency), "day": reader.day(subject.created)}
    sentences = [_("You answered the dispute on %(day)s. That costs %(fee)s.") % fee]
    if origin.status == "won":
        sentences.append(_("You won, and it came back."))
    elif origin.status != "lost":
        sentences.append(_("You get it back if you win."))
    return Why("dispute", "dispute_answer_fee", "seller", tuple(sentences))


def reinstated(subject: Subject, origin: DisputeOrigin, reader: Reader) -> Why:
    """A dispute that was won: the amount, the fee for answering, or both, come back."""
    words = _words(subject, origin, reader)
    first = _("You won the dispute about your payment of %(paid)s.") % words
    sentences = [first]
    if subject.amount:
        sentences.append(_("The bank returned %(amount)s on %(day)s.") % words)
        sentences += fees.converted(subject, origin.amount, origin.currency)
    back = -fees.total(subject.fees, "stripe_fee")
    if back:
        sentences.append(
            _("The fee of %(fee)s for answering is returned.")
            % {"fee": said(back, subject.currency)}
        )
    if subject.amount and origin.received_fee:
        sentences.append(
            _("The fee of %(fee)s for the dispute is not returned.")
            % {"fee": said(origin.received_fee, subject.currency)}
        )
    rule: Rule = "dispute_fee_returned" if back else "dispute_fee_kept"
    return Why("dispute", rule, "bank", tuple(sentences))


def fee_paid(subject: Subject, origin: DisputeOrigin, reader: Reader) -> Why:
    """The platform's own row, where it pays what its account's dispute costs."""
    words = {
        "fee": said(subject.net, subject.currency),
        "paid": reader.day(origin.of_created),
    }
    if subject.net > 0:
        text = _("The fee of %(fee)s for answering a dispute is returned: the seller won it.")
    else:
        text = _("You pay the fee of %(fee)s for a seller's dispute about a payment of %(paid)s.")
    return Why("dispute", "platform_pays_fee", "rule", (text % words,))


def _outcome(origin: DisputeOrigin, reader: Reader) -> list[str]:
    if origin.status == "won":
        return [_("You won it, and the amount came back.")]
    if origin.status == "lost":
        if origin.submission_count:
            return [_("The bank decided for the cardholder.")]
        if origin.closed_at and origin.due_by and origin.closed_at >= origin.due_by:
            return [_("It was not answered in time, and the cardholder keeps the money.")]
        return [_("It is closed, and the cardholder keeps the money.")]
    if origin.status == "needs_response" and origin.due_by:
        return [_("Answer it by %(day)s to get it back.") % {"day": reader.day(origin.due_by)}]
    return [_("The bank is looking at your answer.")]


def _words(subject: Subject, origin: DisputeOrigin, reader: Reader) -> dict[str, str]:
    return {
        "amount": said(subject.amount, subject.currency),
        "day": reader.day(subject.created),
        "paid": reader.day(origin.of_created),
    }
