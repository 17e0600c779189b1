"""Cards in words: who issued them, what the bank checked, why it said no."""

from __future__ import annotations

from typing import Final

from babel import Locale

from counterfoil.wording.languages import active_locale
from counterfoil.wording.languages import gettext as _

_BRANDS: Final = {
    "amex": "American Express",
    "diners": "Diners Club",
    "discover": "Discover",
    "eftpos_au": "eftpos",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}


def brand_word(brand: str) -> str:
    return _BRANDS.get(brand, brand.capitalize())


def card_in_words(brand: str | None, last4: str | None) -> str:
    """`Visa ·· 4242`; empty for a payment without a card."""
    return f"{brand_word(brand)} ·· {last4}" if brand and last4 else ""


def funding_word(funding: str) -> str:
    words = {"credit": _("Credit card"), "debit": _("Debit card"), "prepaid": _("Prepaid card")}
    return words.get(funding, _("Card"))


def country_name(code: str) -> str:
    return str(Locale.parse(active_locale()).territories.get(code, code))


def check_word(result: str | None) -> str:
    """What the customer's bank said about something the customer typed."""
    words = {"pass": _("matches"), "fail": _("does not match"), "unavailable": _("not checked")}
    return words.get(result or "", _("not given"))


def decline_words(code: str | None, decline_code: str | None) -> str:
    """Why a payment failed, and what the customer can do about it."""
    words = {
        "insufficient_funds": _("The customer's card has not enough money."),
        "lost_card": _("The card was reported lost. The customer needs another one."),
        "stolen_card": _("The card was reported stolen. The customer needs another one."),
        "expired_card": _("The customer's card has expired."),
        "incorrect_cvc": _("The security code that the customer typed is wrong."),
        "incorrect_number": _("The card number that the customer typed is wrong."),
        "processing_error": _("The card network had a fault. The customer can try again."),
        "authentication_required": _(
            "The customer's bank wanted to ask the customer first, and nobody was there to answer."
        ),
        "card_velocity_exceeded": _("The customer has reached the limit of their card."),
        "withdrawal_count_limit_exceeded": _("The customer has reached the limit of their card."),
        "fraudulent": _("The customer's bank suspects fraud. Do not ask for this card again."),
        "highest_risk_level": _(
            "Blocked before the bank was asked: the risk of fraud was too high."
        ),
        "generic_decline": _("The customer's bank refused the card without giving a reason."),
        "card_declined": _("The customer's bank refused the card without giving a reason."),
    }
    known = (words.get(each or "") for each in (decline_code, code))
    return next(filter(None, known), _("The customer's bank refused the payment."))
