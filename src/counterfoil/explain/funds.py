"""Money that is added, moved between balances, held back or written off."""

from __future__ import annotations

from counterfoil.explain.queries import Origin
from counterfoil.explain.why import Reader, Subject, Why, said
from counterfoil.wording.languages import gettext as _


def top_up(subject: Subject, origin: Origin, reader: Reader) -> Why:
    words = {
        "amount": said(subject.amount, subject.currency),
        "day": reader.day(origin.created),
        "last4": origin.party or "",
    }
    if origin.via == "stripe":
        text = _("Your balance was below zero, so your bank account was debited on %(day)s.")
        sentences = [text % words, _("%(amount)s came from the account ending %(last4)s.") % words]
        return Why("top_up", "debit_negative_balance", "rule", tuple(sentences))
    if reader.is_platform:
        text = _("You added %(amount)s to your balance on %(day)s.")
        return Why("top_up", "funds_added", "platform", (text % words,))
    text = _("You added %(amount)s to your refunds and disputes balance on %(day)s.")
    return Why("top_up", "funds_added", "seller", (text % words,))


def top_up_reversal(subject: Subject, origin: Origin, reader: Reader) -> Why:
    words = {"amount": said(subject.amount, subject.currency), "day": reader.day(origin.created)}
    text = _("The bank took back the %(amount)s that were added on %(day)s.")
    return Why("top_up", "bank_took_back", "bank", (text % words,))


def withdrawal(subject: Subject, reader: Reader) -> Why:
    """Two rows that cancel out: from the refunds and disputes balance to the other."""
    words = {"amount": said(subject.amount, subject.currency), "day": reader.day(subject.created)}
    text = _("%(amount)s moved from your refunds and disputes balance on %(day)s.") % words
    payable = _("It can be paid out now.")
    return Why("withdrawal", "transfer", "unknown", (text, payable))


def reserve(subject: Subject, _reader: Reader) -> Why:
    """The platform's money, held for what its accounts owe; or held back from an account."""
    words = {"amount": said(subject.amount, subject.currency)}
    of_an_account = subject.type == "reserve_transaction"
    if subject.amount < 0:
        if of_an_account:
            text = _("%(amount)s is held because an account of yours is below zero.")
        else:
            text = _("%(amount)s is held back from your balance as a reserve.")
        return Why("reserve", "reserve_held", "rule", (text % words,))
    if of_an_account:
        text = _("%(amount)s is free again: an account of yours owes less.")
    else:
        text = _("%(amount)s of the reserve is free again.")
    return Why("reserve", "reserve_released", "rule", (text % words,))


def collection(subject: Subject, reader: Reader) -> Why:
    words = {"amount": said(subject.amount, subject.currency)}
    if reader.is_platform and subject.amount < 0:
        text = _("An account of yours was below zero for 180 days: its %(amount)s is your loss.")
    else:
        text = _("Your balance was below zero for 180 days. The missing %(amount)s is written off.")
    return Why("collection", "below_zero_180_days", "rule", (text % words,))
