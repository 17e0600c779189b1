"""What a fee is for, and whether one that was paid before comes back."""

from __future__ import annotations

from collections.abc import Sequence

from counterfoil.explain.why import Reader, Subject, said
from counterfoil.ledger.wire import FeeDetailWire
from counterfoil.wording.languages import gettext as _
from counterfoil.wording.money_text import rate_text


def taken(subject: Subject, reader: Reader) -> list[str]:
    """A sentence for each fee of a payment."""
    return [_taken(fee, reader) for fee in subject.fees if fee.amount > 0]


def _taken(fee: FeeDetailWire, reader: Reader) -> str:
    amount = {"amount": said(fee.amount, fee.currency), "platform": reader.platform}
    if fee.type == "application_fee":
        return _("%(platform)s keeps a fee of %(amount)s.") % amount
    if fee.type == "tax":
        return _("The tax on fees is %(amount)s.") % amount
    if fee.type == "withheld_tax":
        return _("%(amount)s is withheld as tax.") % amount
    if fee.type == "payment_method_passthrough_fee":
        return _("The card network charges %(amount)s.") % amount
    if fee.description == "Currency conversion fee":
        return _("Converting the currency costs %(amount)s.") % amount
    return _("The processing fee is %(amount)s.") % amount


def kept_and_returned(
    subject: Subject, paid: Sequence[FeeDetailWire], reader: Reader, *, processing: bool
) -> list[str]:
    """What becomes of the fees of a payment that goes back, in whole or in part.

    `paid` are the fees of that payment; `processing` says whether its card fee is worth a word.
    """
    sentences = []
    if processing and (kept := total(paid, "stripe_fee")):
        sentences.append(
            _("The processing fee of %(amount)s is not returned.")
            % {"amount": said(kept, paid[0].currency)}
        )
    charged, back = total(paid, "application_fee"), -total(subject.fees, "application_fee")
    words = {
        "platform": reader.platform,
        "amount": said(back or charged, subject.currency),
        "whole": said(charged, subject.currency),
    }
    if 0 < back < charged:
        sentences.append(_("%(platform)s returns %(amount)s of its fee of %(whole)s.") % words)
    elif back > 0:
        sentences.append(_("%(platform)s returns its fee of %(amount)s.") % words)
    elif charged > 0:
        sentences.append(_("%(platform)s keeps its fee of %(amount)s.") % words)
    return sentences


def total(fees: Sequence[FeeDetailWire], kind: str) -> int:
    return sum(fee.amount for fee in fees if fee.type == kind)


def converted(subject: Subject, amount: int, currency: str) -> list[str]:
    """At which rate another currency became this one; nothing when it is the same."""
    if subject.exchange_rate is None or currency == subject.currency:
        return []
    return [
        _("%(amount)s is converted at a rate of %(rate)s.")
        % {"amount": said(amount, currency), "rate": rate_text(subject.exchange_rate)}
    ]
