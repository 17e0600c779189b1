"""Disputes in a seller's words: what the bank claims, where the case stands, what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from django.utils.translation import ngettext

from counterfoil.disputes.rows import DisputeRow
from counterfoil.kit.clock import DAY
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _
from counterfoil.wording.money_text import money_text

TONES: Final = {
    "warning_needs_response": "caution",
    "warning_under_review": "accent",
    "warning_closed": "quiet",
    "needs_response": "negative",
    "under_review": "accent",
    "won": "positive",
    "lost": "negative",
}
URGENT_DAYS: Final = 3
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


def filter_words() -> list[tuple[str, str]]:
    """The choices above the list: key in the address, and word."""
    return [
        ("", _("All")),
        ("answer", _("To answer")),
        ("bank", _("With the bank")),
        ("closed", _("Closed")),
    ]


def meaning(status: str, reason: str) -> str:
    """What the bank says, and what it wants, in plain words."""
    if status.startswith("warning_"):
        first = _("The customer's bank asks about this payment. It has taken no money so far.")
    else:
        first = _("The customer told their bank that something is wrong with this payment.")
    claims = {
        "fraudulent": _("They say that they did not make it: show that they did."),
        "unrecognized": _("They do not recognise it: show what it was for."),
        "duplicate": _("They say that they paid twice: show that there were two orders."),
        "product_not_received": _("They say that nothing arrived: show when and where it did."),
        "product_unacceptable": _(
            "They say that it was damaged or not what you promised: show that it was as described."
        ),
        "subscription_canceled": _(
            "They say that they had canceled: show that they had not, or not in time."
        ),
        "credit_not_processed": _(
            "They say that you promised a refund: show that you gave it, or owed none."
        ),
        "noncompliant": _("A rule of the card network was broken, they say: show that it was not."),
    }
    return f"{first} {claims.get(reason, _('Show that the payment was right.'))}"


def what_next(row: DisputeRow, *, today: date, platform: str) -> str:
    """What happens next, and who must act."""
    if row.status in NEEDS_RESPONSE and row.due_by is not None:
        words = {"day": dates.long_day(dates.local(row.due_by).date(), today), "platform": platform}
        if row.status == "needs_response":
            return _("Answer until %(day)s, once. Without an answer it is lost.") % words
        return (
            _("Answer until %(day)s, or refund it. Otherwise the bank may take the money.") % words
        )
    sentences = {
        "under_review": _("The bank reads your evidence and decides, usually in 60 to 75 days."),
        "warning_under_review": _(
            "The bank reads your answer. After 120 days without a word from it the case is closed."
        ),
        "won": _("The bank decided for you. The money came back; there is nothing to do."),
        "lost": _("The bank decided for the customer. The money stays with them."),
        "warning_closed": _("The bank asked no further, and took no money."),
    }
    return sentences.get(row.status, "")


@dataclass(frozen=True, slots=True)
class Left:
    """How long one can still answer, in words; `urgent` when it is short."""

    word: str
    urgent: bool


def time_left(status: str, due_by: int | None, now: int) -> Left | None:
    """None where nothing is asked of the seller."""
    if status not in NEEDS_RESPONSE or due_by is None:
        return None
    seconds = due_by - now
    if seconds < 0:
        return Left(_("The time to answer is over"), urgent=True)
    days = (seconds + 1) // DAY
    if days == 0:
        hours = max(1, seconds // 3600)
        word = ngettext("%(count)d hour left", "%(count)d hours left", hours) % {"count": hours}
        return Left(word, urgent=True)
    word = ngettext("%(count)d day left", "%(count)d days left", days) % {"count": days}
    return Left(word, urgent=days < URGENT_DAYS)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened in a dispute, or will."""

    at: int
    word: str
    note: str = ""
    state: Literal["done", "now", "next", "bad"] = "done"


def history(row: DisputeRow, today: date) -> list[Step]:
    amount = {"amount": money_text(row.amount, row.currency)}
    inquiry = row.status.startswith("warning_")
    word = _("Bank asks about %(amount)s") if inquiry else _("Disputed: %(amount)s")
    steps = [Step(row.created, word % amount, state="bad")]
    if row.submitted_at is not None:
        steps.append(Step(row.submitted_at, _("Evidence sent to the bank")))
    if row.closed_at is not None:
        over = {
            "won": Step(row.closed_at, _("Dispute won"), _("The money is back.")),
            "lost": Step(row.closed_at, _("Dispute lost"), state="bad"),
        }
        steps.append(over.get(row.status, Step(row.closed_at, _("The bank asks no more"))))
    elif row.status in NEEDS_RESPONSE and row.due_by is not None:
        day = {"day": dates.long_day(dates.local(row.due_by).date(), today)}
        steps.append(Step(row.due_by, _("Answer until %(day)s") % day, state="next"))
    else:
        steps.append(Step(row.submitted_at or row.created, _("The bank decides"), state="now"))
    return steps
