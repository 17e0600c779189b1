"""Money that goes back: to cardholders, between a platform and its accounts, and fees."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

from counterfoil.explain import fees
from counterfoil.explain.queries import Origin
from counterfoil.explain.why import DecidedBy, Reader, Rule, Subject, Why, said
from counterfoil.wording.languages import gettext as _

NOT_DELIVERED: Final = {
    "charge_for_pending_refund_disputed": gettext_noop("the payment is disputed"),
    "declined": gettext_noop("the card's bank refused it"),
    "expired_or_canceled_card": gettext_noop("the card is no longer valid"),
    "insufficient_funds": gettext_noop("the balance lacked the money"),
    "lost_or_stolen_card": gettext_noop("the card was lost or stolen"),
    "merchant_request": gettext_noop("it was called back"),
}


def refund(subject: Subject, origin: Origin, reader: Reader) -> Why:
    """A refund of the owner's own charge: who asked for it, and which fees come back."""
    decider = decider_of(origin)
    sentences = [_by(decider, reader) % _words(subject, reader), *_part(origin)]
    if subject.created > origin.created:
        sentences.append(
            _("It was asked for on %(day)s and waited for money in your balance.")
            % {"day": reader.day(origin.created)}
        )
    kept = fees.total(origin.of_fees, "stripe_fee")
    rule: Rule = "processing_fee_not_returned" if kept else "refunded"
    sentences += fees.converted(subject, origin.amount, origin.currency)
    sentences += fees.kept_and_returned(subject, origin.of_fees, reader, processing=True)
    if subject.balance_type == "prefunding":
        sentences.append(_("It is paid from your refunds and disputes balance."))
    return Why("refund", rule, decider, tuple(sentences))


def payment_refund(subject: Subject, origin: Origin, reader: Reader) -> Why:
    """What a platform takes back of what it had sent."""
    words = _words(subject, reader)
    decider: DecidedBy = "platform"
    if origin.via == "refund" and origin.decided_by == "seller":
        decider = "seller"
        first = _("Refunded by you on %(day)s: %(platform)s takes back %(amount)s.") % words
    elif origin.via == "refund":
        first = (
            _("%(platform)s refunded the customer on %(day)s and takes back %(amount)s.") % words
        )
    else:
        first = _("%(platform)s took back %(amount)s on %(day)s.") % words
    sentences = [first]
    if origin.of_created is not None:
        sentences.append(
            _("It had sent you %(whole)s on %(paid)s.")
            % {
                "whole": said(origin.of_amount or 0, origin.of_currency or subject.currency),
                "paid": reader.day(origin.of_created),
            }
        )
    sentences += fees.converted(subject, origin.amount, origin.currency)
    sentences += fees.kept_and_returned(subject, origin.of_fees, reader, processing=False)
    return Why("transfer_reversal", "transfer_taken_back", decider, tuple(sentences))


def transfer_refund(subject: Subject, origin: Origin, reader: Reader) -> Why:
    """The platform's side of the same."""
    words = _words(subject, reader) | {"account": origin.party or ""}
    words["paid"] = reader.day(origin.of_created or origin.created)
    text = (
        _("With the refund of %(day)s you took back %(amount)s from %(account)s.")
        if origin.via == "refund"
        else _("You took back %(amount)s from %(account)s on %(day)s.")
    )
    sentences = (text % words, _("You had sent it on %(paid)s.") % words)
    decider: DecidedBy = "seller" if origin.decided_by == "seller" else "platform"
    return Why("transfer_reversal", "transfer_taken_back", decider, sentences)


def not_delivered(subject: Subject, origin: Origin, reader: Reader) -> Why:
    """A refund that failed or was called off: its money is back."""
    day = {"day": reader.day(origin.created)}
    again = _("%(amount)s is in your balance again.") % {
        "amount": said(subject.net, subject.currency)
    }
    if origin.status == "canceled":
        text = _("The refund of %(day)s was canceled.") % day
        return Why("refund", "refund_not_delivered", "unknown", (text, again))
    if reason := NOT_DELIVERED.get(origin.failure or ""):
        day["reason"] = _(reason)
        text = _("The refund of %(day)s did not reach the customer: %(reason)s.") % day
    else:
        text = _("The refund of %(day)s did not reach the customer.") % day
    return Why("refund", "refund_not_delivered", "bank", (text, again))


def fee_returned(subject: Subject, origin: Origin, reader: Reader) -> Why:
    """Part of an application fee, or all of it, going back to the account that paid it."""
    words = _words(subject, reader) | {
        "account": origin.party or "",
        "amount": said(origin.amount, origin.currency),
        "whole": said(origin.of_amount or 0, origin.of_currency or origin.currency),
    }
    all_of_it = origin.amount == origin.of_amount
    if reader.is_platform and all_of_it:
        text = _("You returned your fee of %(amount)s to %(account)s.") % words
    elif reader.is_platform:
        text = _("You returned %(amount)s of your fee of %(whole)s to %(account)s.") % words
    elif all_of_it:
        text = _("%(platform)s returns its fee of %(amount)s.") % words
    else:
        text = _("%(platform)s returns %(amount)s of its fee of %(whole)s.") % words
    rule: Rule = "instant_fee_returned" if origin.via == "payout" else "application_fee_returned"
    rate = fees.converted(subject, origin.amount, origin.currency)
    return Why("application_fee_refund", rule, "platform", (text, *rate))


def decider_of(origin: Origin) -> DecidedBy:
    if origin.decided_by == "seller":
        return "seller"
    return "platform" if origin.decided_by == "platform" else "unknown"


def _by(decider: DecidedBy, reader: Reader) -> str:
    if decider == ("platform" if reader.is_platform else "seller"):
        return _("Refunded by you on %(day)s.")
    if decider == "platform":
        return _("Refunded by %(platform)s on %(day)s.")
    if decider == "seller":
        return _("Refunded by the seller on %(day)s.")
    return _("Refunded on %(day)s.")


def _part(origin: Origin) -> list[str]:
    if origin.of_amount is None or origin.amount >= origin.of_amount:
        return []
    return [
        _("It is %(part)s of a payment of %(whole)s.")
        % {
            "part": said(origin.amount, origin.currency),
            "whole": said(origin.of_amount, origin.of_currency or origin.currency),
        }
    ]


def _words(subject: Subject, reader: Reader) -> dict[str, str]:
    return {
        "amount": said(subject.amount, subject.currency),
        "day": reader.day(subject.created),
        "platform": reader.platform,
    }
