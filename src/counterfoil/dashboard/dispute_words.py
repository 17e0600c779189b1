"""Disputes in a seller's words: what the bank claims, where the case stands, what it costs."""

from __future__ import annotations

from typing import Final

from counterfoil.wording.languages import gettext as _

TONES: Final = {
    "warning_needs_response": "caution",
    "warning_under_review": "accent",
    "warning_closed": "quiet",
    "needs_response": "negative",
    "under_review": "accent",
    "won": "positive",
    "lost": "negative",
}
NEEDS_RESPONSE: Final = frozenset({"warning_needs_response", "needs_response"})


def state(status: str) -> tuple[str, str]:
    """The word for a badge, and its tone."""
    words = {
        "warning_needs_response": _("Answer needed"),
        "warning_under_review": _("With the bank"),
        "warning_closed": _("Closed"),
        "needs_response": _("Answer needed"),
        "under_review": _("With the bank"),
        "won": _("Won"),
        "lost": _("Lost"),
    }
    return words.get(status, status), TONES.get(status, "quiet")


def reason_word(reason: str) -> str:
    """What the customer told their bank, in a few words."""
    words = {
        "fraudulent": _("“I did not pay this”"),
        "unrecognized": _("“I do not recognise this”"),
        "duplicate": _("“I was charged twice”"),
        "product_not_received": _("“I did not receive it”"),
        "product_unacceptable": _("“It is not what was promised”"),
        "subscription_canceled": _("“I had canceled it”"),
        "credit_not_processed": _("“I was promised a refund”"),
        "noncompliant": _("The card network's rules were broken"),
    }
    return words.get(reason, _("Questioned by the customer's bank"))
