"""How accounts and payouts stand, in an operator's words, with the tone of each."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

from counterfoil.wording.languages import gettext as _

_STANDINGS: Final = {
    "enabled": (gettext_noop("Enabled"), "positive"),
    "pending": (gettext_noop("Being verified"), "accent"),
    "restricted_soon": (gettext_noop("Restricted soon"), "caution"),
    "restricted": (gettext_noop("Restricted"), "negative"),
    "incomplete": (gettext_noop("Onboarding"), "quiet"),
    "rejected": (gettext_noop("Rejected"), "negative"),
}
_PAYOUTS: Final = {
    "pending": (gettext_noop("Pending"), "quiet"),
    "in_transit": (gettext_noop("In transit"), "accent"),
    "paid": (gettext_noop("Paid"), "positive"),
    "failed": (gettext_noop("Failed"), "negative"),
    "canceled": (gettext_noop("Canceled"), "quiet"),
}


def standing_words(standing: str) -> tuple[str, str]:
    """The word for how an account stands, and its tone."""
    word, tone = _STANDINGS[standing]
    return _(word), tone


def standings() -> list[tuple[str, str]]:
    """What the list is filtered by: nothing first, then each with its word."""
    return [("", _("All")), *((key, _(word)) for key, (word, _tone) in _STANDINGS.items())]


def payout_words(status: str) -> tuple[str, str]:
    word, tone = _PAYOUTS[status]
    return _(word), tone
