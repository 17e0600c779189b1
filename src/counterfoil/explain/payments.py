"""Money that comes in, and what a platform passes on, earns and pays for it."""

from __future__ import annotations

from counterfoil.explain import fees
from counterfoil.explain.queries import Origin
from counterfoil.explain.why import Reader, Rule, Subject, Why, said
from counterfoil.wording.languages import gettext as _


def charge(subject: Subject, origin: Origin, reader: Reader) -> Why:
    """A customer's card payment to its owner."""
    paid = _("A customer paid you %(amount)s by card on %(day)s.") % _words(origin, reader)
    return Why(
        "charge",
        "platform_charge" if reader.is_platform else "direct_charge",
        "cardholder",
        (paid, *_rest(subject, origin, reader)),
    )


_WAYS: dict[str | None, Rule] = {
    "destination": "destination_charge",
    "source": "source_transaction",
}


def payment(subject: Subject, origin: Origin, reader: Reader) -> Why:
    """What a transfer brought."""
    words = _words(origin, reader)
    if origin.via == "debit":
        first = _("You took %(amount)s from %(account)s on %(day)s.") % words
        return Why(
            "account_debit", "transfer", "platform", (first, *_rest(subject, origin, reader))
        )
    if origin.of_created is None:
        first = _("%(platform)s sent you %(amount)s on %(day)s.") % words
    else:
        words["paid"] = reader.day(origin.of_created)
        first = (
            _("A customer paid %(platform)s on %(paid)s, and %(amount)s of it is for you.") % words
        )
    rule = _WAYS.get(origin.via, "transfer")
    return Why("payment", rule, "platform", (first, *_rest(subject, origin, reader)))


def _rest(subject: Subject, origin: Origin, reader: Reader) -> list[str]:
    return [
        *fees.converted(subject, origin.amount, origin.currency),
        *fees.taken(subject, reader),
    ]


def transfer(_subject: Subject, origin: Origin, reader: Reader) -> Why:
    """Money that leaves: to an account, or, on the account's side of a debit, to its platform."""
    words = _words(origin, reader)
    if origin.via == "debit":
        sentences = [_("%(platform)s took %(amount)s from your balance on %(day)s.") % words]
        if origin.note:
            sentences.append(_("The reason it gives: %(note)s") % {"note": origin.note})
        return Why("account_debit", "transfer", "platform", tuple(sentences))
    sentences = [_("You sent %(amount)s to %(account)s on %(day)s.") % words]
    if origin.of_created is not None and origin.of_amount and origin.of_currency:
        words["whole"] = said(origin.of_amount, origin.of_currency)
        words["paid"] = reader.day(origin.of_created)
        sentences.append(_("It is part of a payment of %(whole)s made on %(paid)s.") % words)
    return Why("transfer", _WAYS.get(origin.via, "transfer"), "platform", tuple(sentences))


def application_fee(subject: Subject, origin: Origin, reader: Reader) -> Why:
    """What a platform earns."""
    words = _words(origin, reader)
    if origin.via == "payout":
        first = _("%(account)s pays you %(amount)s for an instant payout.") % words
        rule: Rule = "instant_fee"
    else:
        first = _("You keep %(amount)s of a payment to %(account)s.") % words
        rule = "application_fee_kept"
    rate = fees.converted(subject, origin.amount, origin.currency)
    return Why("application_fee", rule, "platform", (first, *rate))


def processing_paid(subject: Subject, origin: Origin, reader: Reader) -> Why:
    """The fee of an account's charge, which its platform has taken upon itself."""
    words = _words(origin, reader) | {"fee": said(subject.net, subject.currency)}
    text = _("You pay the processing fee of %(fee)s for a payment of %(amount)s on %(day)s.")
    return Why("fee", "platform_pays_fee", "platform", (text % words,))


def _words(origin: Origin, reader: Reader) -> dict[str, str]:
    return {
        "amount": said(origin.amount, origin.currency),
        "day": reader.day(origin.created),
        "platform": reader.platform,
        "account": origin.party or "",
    }
