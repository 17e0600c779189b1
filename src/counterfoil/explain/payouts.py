"""Money on its way to the bank, and back from it."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

from counterfoil.explain import fees
from counterfoil.explain.queries import PayoutOrigin
from counterfoil.explain.why import DecidedBy, Reader, Rule, Subject, Why, said
from counterfoil.wording.languages import gettext as _

# After "The bank sent it back:".
FAILURES: Final = {
    "account_closed": gettext_noop("the account is closed"),
    "account_frozen": gettext_noop("the account is frozen"),
    "bank_account_restricted": gettext_noop("the account does not take payouts of this kind"),
    "bank_ownership_changed": gettext_noop("the account has moved to another bank"),
    "could_not_process": gettext_noop("it could not process the payout"),
    "debit_not_authorized": gettext_noop("the account does not allow debits"),
    "declined": gettext_noop("it declined the payout"),
    "exceeds_count_limit": gettext_noop("the card has received as many payouts as it may"),
    "incorrect_account_holder_address": gettext_noop("the address is not the account holder's"),
    "incorrect_account_holder_details": gettext_noop("the details are not the account holder's"),
    "incorrect_account_holder_name": gettext_noop("the name is not the account holder's"),
    "incorrect_account_holder_tax_id": gettext_noop("the tax id is not the account holder's"),
    "incorrect_account_type": gettext_noop("the account is of another type than the one given"),
    "insufficient_funds": gettext_noop("the account lacks the money for this debit"),
    "invalid_account_number": gettext_noop("the account number is not valid"),
    "invalid_account_number_length": gettext_noop("the account number has too many or few digits"),
    "invalid_card": gettext_noop("the card is not valid"),
    "invalid_currency": gettext_noop("the account does not take this currency"),
    "issuer_unavailable": gettext_noop("the card's bank could not be reached"),
    "no_account": gettext_noop("there is no such account"),
    "unsupported_card": gettext_noop("the card does not take payouts"),
}
_BY_SCHEDULE: Final = {
    "daily": gettext_noop("Sent on %(day)s to %(place)s by your daily schedule."),
    "weekly": gettext_noop("Sent on %(day)s to %(place)s by your weekly schedule."),
    "monthly": gettext_noop("Sent on %(day)s to %(place)s by your monthly schedule."),
}


def sent(subject: Subject, origin: PayoutOrigin, reader: Reader) -> Why:
    words = {
        "amount": said(origin.amount, origin.currency),
        "day": reader.utc_day(origin.created),
        "place": _place(origin),
        "platform": reader.platform,
    }
    decider = _decider(origin)
    rule: Rule = "payout_schedule" if origin.automatic else "payout_by_hand"
    if origin.original_created is not None:
        words["original"] = reader.utc_day(origin.original_created)
        first = _("The payout of %(original)s is reversed: %(amount)s comes back.") % words
        rule = "payout_reversed"
    elif origin.automatic:
        known = _BY_SCHEDULE.get(origin.schedule or "")
        text = _(known) if known else _("Sent on %(day)s to %(place)s by your payout schedule.")
        first = text % words
    elif decider == "seller":
        first = _("Sent on %(day)s to %(place)s because you asked for it.") % words
    elif decider == "platform":
        first = _("Sent on %(day)s to %(place)s because %(platform)s asked for it.") % words
    else:
        first = _("Sent on %(day)s to %(place)s.") % words
    sentences = [first]
    if fee := fees.total(subject.fees, "application_fee"):
        rule = "instant_fee"
        words["fee"] = said(fee, subject.currency)
        sentences.append(_("An instant payout costs %(fee)s, which %(platform)s keeps.") % words)
    return Why("payout", rule, decider, (*sentences, _state(origin, reader)))


def came_back(subject: Subject, origin: PayoutOrigin, reader: Reader) -> Why:
    """A payout that the bank refused, or that was canceled before it left."""
    words = {"day": reader.utc_day(origin.created), "amount": said(subject.net, subject.currency)}
    canceled = subject.type == "payout_cancel"
    if canceled:
        first = _("The payout of %(day)s was canceled before it left.") % words
    else:
        words["reason"] = _(FAILURES.get(origin.failure_code or "", FAILURES["could_not_process"]))
        first = _("The bank sent the payout of %(day)s back: %(reason)s.") % words
    sentences = [first]
    if subject.net > 0:
        sentences.append(_("%(amount)s is in your balance again.") % words)
    else:
        sentences.append(_("%(amount)s leaves your balance again.") % words)
    if fee := -fees.total(subject.fees, "application_fee"):
        sentences.append(
            _("The fee of %(fee)s for the instant payout is returned.")
            % {"fee": said(fee, subject.currency)}
        )
    if not canceled and origin.original_created is None:
        sentences.append(
            _("Update this card or add another, and the next payout sends it.")
            if origin.bank == "card"
            else _("Update this bank account or add another, and the next payout sends it.")
        )
    decider: DecidedBy = "unknown" if canceled else "bank"
    rule: Rule = "payout_canceled" if canceled else "payout_failed"
    return Why("payout", rule, decider, tuple(sentences))


def minimum_balance(subject: Subject, _origin: PayoutOrigin, _reader: Reader) -> Why:
    words = {"amount": said(subject.amount, subject.currency)}
    if subject.amount < 0:
        text = _("%(amount)s stays in your balance, as your payout settings ask.") % words
        return Why("minimum_balance", "minimum_balance_kept", "schedule", (text,))
    text = _("%(amount)s stayed in your balance and can be paid out next time.") % words
    return Why("minimum_balance", "minimum_balance_released", "schedule", (text,))


def provider_paid(subject: Subject, origin: PayoutOrigin, reader: Reader) -> Why:
    """The platform's own row: what an instant payout costs it."""
    words = {"fee": said(subject.net, subject.currency), "day": reader.utc_day(origin.created)}
    if subject.net > 0:
        text = _("What the instant payout of %(day)s cost you, %(fee)s, is returned.") % words
    else:
        text = _("You pay %(fee)s for an instant payout of %(day)s.") % words
    return Why("fee", "platform_pays_fee", "rule", (text,))


def _decider(origin: PayoutOrigin) -> DecidedBy:
    if origin.automatic:
        return "schedule"
    if origin.decided_by == "seller":
        return "seller"
    return "platform" if origin.decided_by == "platform" else "unknown"


def _place(origin: PayoutOrigin) -> str:
    if origin.bank == "card":
        return _("your card ending %(last4)s") % {"last4": origin.last4}
    return _("your bank account ending %(last4)s") % {"last4": origin.last4}


def _state(origin: PayoutOrigin, reader: Reader) -> str:
    day = {"day": reader.utc_day(origin.arrival_date)}
    if origin.status == "paid":
        return _("It arrived on %(day)s.") % day
    if origin.status == "failed":
        return _("The bank sent it back.")
    if origin.status == "canceled":
        return _("It was canceled before it left.")
    return _("It should arrive on %(day)s.") % day
