"""What a payout is called, where it stands and why it came back, in the seller's words."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

from counterfoil.dashboard.queries.payouts import Destination, ListedPayout, PayoutDetail
from counterfoil.explain.payouts import FAILURES
from counterfoil.wording.languages import gettext as _

# Status: its word, and the tone it is shown in (components/status.html).
_STATES: Final = {
    "pending": (gettext_noop("Getting ready"), "quiet"),
    "in_transit": (gettext_noop("On the way"), "accent"),
    "paid": (gettext_noop("Arrived"), "positive"),
    "failed": (gettext_noop("Came back"), "negative"),
    "canceled": (gettext_noop("Canceled"), "quiet"),
}


def state(status: str) -> tuple[str, str]:
    """The word for a status, and its tone."""
    word, tone = _STATES[status]
    return _(word), tone


def title(payout: ListedPayout) -> str:
    """What a list calls it: where the money went."""
    if payout.amount < 0:
        return _("Collected from %(destination)s") % {"destination": to(payout.destination)}
    return _("To %(destination)s") % {"destination": to(payout.destination)}


def to(destination: Destination | None) -> str:
    """Where a payout goes."""
    if destination is None:
        return _("your bank")
    return place(destination.object, destination.name, destination.last4)


def place(kind_: str, name: str | None, last4: str) -> str:
    """`Example Bank ·· 4242`; a bank that we know no name of is "bank account"."""
    if name is None:
        name = _("debit card") if kind_ == "card" else _("bank account")
    return f"{name} \N{MIDDLE DOT}\N{MIDDLE DOT}\N{NO-BREAK SPACE}{last4}"


def kind(payout: ListedPayout) -> str:
    """Standard or instant, and how it came about."""
    if payout.method == "instant":
        return _("Instant")
    return _("Automatic") if payout.automatic else _("By hand")


def made_by(payout: PayoutDetail, platform: str) -> str:
    """Who or what decided that it be made."""
    schedules = {
        "daily": _("Your daily schedule"),
        "weekly": _("Your weekly schedule"),
        "monthly": _("Your monthly schedule"),
    }
    if payout.listed.automatic:
        return schedules.get(payout.schedule or "", _("Your schedule"))
    if payout.decided_by == "seller":
        return _("You")
    return platform


def came_back(code: str | None) -> str:
    """Why a bank did not keep a payout; what to do about it is `wording.failures`' to say."""
    why = _(FAILURES.get(code or "", FAILURES["could_not_process"]))
    return _("Your bank sent it back: %(reason)s") % {"reason": why}
