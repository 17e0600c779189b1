"""What happened, in the seller's words (express-dashboard §4.5, look "Words").

One function a kind of event; each answers what to say, or None when there is nothing to tell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from django.utils.translation import gettext_noop

from counterfoil.dashboard.queries.activity import News
from counterfoil.kit.clock import utc_date
from counterfoil.kit.pages import Cursor
from counterfoil.wording import dates
from counterfoil.wording.failures import failure_words
from counterfoil.wording.languages import gettext as _
from counterfoil.wording.money_text import money_text

Tone = Literal["positive", "caution", "negative", "quiet"]

# The filters of the page: their key in the address, and the events they keep.
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "payouts": ("payout.canceled", "payout.created", "payout.failed", "payout.paid"),
    "refunds": ("charge.refunded", "refund.created", "refund.failed"),
    "disputes": (
        "charge.dispute.closed",
        "charge.dispute.created",
        "charge.dispute.updated",
        "radar.early_fraud_warning.created",
    ),
    "account": (
        "account.external_account.created",
        "account.external_account.deleted",
        "account.external_account.updated",
        "account.updated",
        "balance_settings.updated",
        "topup.failed",
        "topup.reversed",
        "topup.succeeded",
    ),
}


_PAYMENTS: Final = ("/payments/", "/disputes/")
_PAYOUTS: Final = "/settings/payouts"


@dataclass(frozen=True, slots=True)
class Said:
    """What one event is in words, and the page it leads to."""

    sign: str
    title: str
    note: str = ""
    tone: Tone = "quiet"
    href: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the page: an event that was told."""

    id: str
    said: Said
    href: str
    created: int
    day: str  # or the time, of today
    time: str
    is_new: bool


def items(
    rows: Sequence[News],
    *,
    platform: str,
    today: date,
    read_to: Cursor,
    sees_payments: bool,
) -> list[Item]:
    """Those of the events that say something, newest first as they come.

    Payments and disputes have a page only where the platform shows payments.
    """
    told = ((row, said_of(row, platform)) for row in rows)
    return [
        Item(
            id=row.id,
            said=said,
            href=said.href if sees_payments or not said.href.startswith(_PAYMENTS) else "",
            created=row.created,
            day=_when(row.created, today),
            time=dates.clock_time(row.created),
            is_new=(row.created, row.id) > (read_to.created, read_to.id),
        )
        for row, said in told
        if said is not None
    ]


def group_words() -> dict[str, str]:
    return {
        "payouts": _("Payouts"),
        "refunds": _("Refunds"),
        "disputes": _("Disputes"),
        "account": _("Account"),
    }


def said_of(news: News, platform: str) -> Said | None:
    """The event in words."""
    return _SAYS[news.type](news, platform)


def _when(moment: int, today: date) -> str:
    day = dates.local(moment).date()
    if day == today:
        return dates.clock_time(moment)
    return dates.short_day(day) if day.year == today.year else dates.long_day(day, today)


def _amount(shown: dict[str, Any], name: str = "amount") -> str:
    return money_text(abs(shown[name]), shown["currency"])


def _payout_created(news: News, _platform: str) -> Said:
    shown, day = news.object, dates.short_day(utc_date(news.object["arrival_date"]))
    if shown["amount"] < 0:
        title = _("%(amount)s is taken from your bank") % {"amount": _amount(shown)}
    else:
        title = _("%(amount)s is on the way to your bank") % {"amount": _amount(shown)}
    note = _("Expected on %(day)s.") % {"day": day}
    return Said("bank", title, note, href=f"/payouts/{news.object_id}")


def _payout_paid(news: News, _platform: str) -> Said:
    shown = news.object
    if shown["amount"] < 0:
        title = _("%(amount)s was taken from your bank") % {"amount": _amount(shown)}
    else:
        title = _("%(amount)s has arrived at your bank") % {"amount": _amount(shown)}
    return Said("check", title, tone="positive", href=f"/payouts/{news.object_id}")


def _payout_failed(news: News, _platform: str) -> Said:
    title = _("Payout of %(amount)s was returned") % {"amount": _amount(news.object)}
    note = failure_words(news.object["failure_code"])
    return Said("alert", title, note, "negative", f"/payouts/{news.object_id}")


def _payout_canceled(news: News, _platform: str) -> Said:
    title = _("Payout of %(amount)s was canceled") % {"amount": _amount(news.object)}
    note = _("The money is back in your balance.")
    return Said("cross", title, note, href=f"/payouts/{news.object_id}")


def _refund_created(news: News, _platform: str) -> Said:
    shown = news.object
    title = _("%(amount)s refunded to a customer") % {"amount": _amount(shown)}
    note = ""
    if shown.get("pending_reason") == "insufficient_funds":
        note = _("It is sent as soon as your balance allows.")
    return Said("undo", title, note, href=f"/payments/{shown['charge']}")


def _refund_failed(news: News, _platform: str) -> Said:
    title = _("Refund of %(amount)s failed") % {"amount": _amount(news.object)}
    note = _("The money is back in your balance.")
    return Said("alert", title, note, "caution", f"/payments/{news.object['charge']}")


def _charge_refunded(news: News, platform: str) -> Said | None:
    """Refunds of one's own payments are told by themselves; this is money the platform took."""
    shown = news.object
    if not shown.get("source_transfer"):
        return None
    words = {"platform": platform, "amount": _amount(shown, "amount_refunded")}
    if shown["amount_refunded"] == shown["amount"]:
        title = _("%(platform)s took back a payment of %(amount)s") % words
        return Said("undo", title, href=f"/payments/{news.object_id}")
    title = _("%(platform)s took back part of a payment") % words
    words["all"] = _amount(shown)
    note = _("%(amount)s of %(all)s so far.") % words
    return Said("undo", title, note, href=f"/payments/{news.object_id}")


def _dispute_created(news: News, _platform: str) -> Said:
    shown, amount = news.object, {"amount": _amount(news.object)}
    if shown["status"].startswith("warning"):
        title = _("A bank asks about a payment of %(amount)s") % amount
    else:
        title = _("A customer disputes %(amount)s") % amount
    due = shown["evidence_details"]["due_by"]
    note = ""
    if due:
        note = _("Answer by %(day)s.") % {"day": dates.short_day(dates.local(due).date())}
    return Said("shield", title, note, "caution", f"/disputes/{news.object_id}")


def _dispute_updated(news: News, _platform: str) -> Said | None:
    """Told once: when the evidence leaves."""
    shown = news.object
    if "status" not in news.previous or not shown["status"].endswith("under_review"):
        return None
    title = _("Your answer to a dispute of %(amount)s was sent") % {"amount": _amount(shown)}
    note = _("The customer's bank decides, usually within 75 days.")
    return Said("shield", title, note, href=f"/disputes/{news.object_id}")


def _dispute_closed(news: News, _platform: str) -> Said:
    shown, amount = news.object, {"amount": _amount(news.object)}
    tone: Tone = "negative" if shown["status"] == "lost" else "positive"
    if shown["status"] == "won":
        title = _("Dispute won: %(amount)s is back") % amount
    elif shown["status"] == "lost":
        title = _("Dispute lost: %(amount)s stays with the customer") % amount
    else:
        title = _("Question about %(amount)s is closed") % amount
    return Said("shield", title, tone=tone, href=f"/disputes/{news.object_id}")


def _fraud_warning(news: News, _platform: str) -> Said:
    title = _("A bank warns that a payment may be fraud")
    note = _("A refund now avoids a dispute and its fee.")
    return Said("alert", title, note, "caution", f"/payments/{news.object['charge']}")


def _external_account(words: str) -> Callable[[News, str], Said]:
    def said(news: News, _platform: str) -> Said:
        title = _(words) % {"last4": news.object["last4"]}
        if news.object.get("status") == "errored" and news.type.endswith("updated"):
            title = _("Account ·· %(last4)s cannot receive payouts") % news.object
            return Said("alert", title, _("Add another, or correct it."), "negative", _PAYOUTS)
        return Said("bank", title, href=_PAYOUTS)

    return said


def _settings_changed(_news: News, _platform: str) -> Said:
    return Said("calendar", _("Your payout settings were changed"), href=_PAYOUTS)


def _account_updated(news: News, _platform: str) -> Said | None:
    shown, before = news.object, news.previous
    for name, paused, resumed in (
        ("payouts_enabled", _("Payouts are paused"), _("Payouts are possible now")),
        ("charges_enabled", _("Payments are paused"), _("Payments are possible now")),
    ):
        if name in before and before[name] != shown[name]:
            if shown[name]:
                return Said("check", resumed, tone="positive")
            return Said("alert", paused, tone="negative")
    due = shown.get("requirements", {}).get("currently_due", [])
    was_due = before.get("requirements", {}).get("currently_due")
    if was_due is not None and set(due) - set(was_due):
        return Said("alert", _("Something is needed from you"), tone="caution")
    if was_due and not due:
        return Said("check", _("Nothing more is needed from you"), tone="positive")
    if before.keys() & _DETAILS:
        return Said("person", _("Your account details were changed"))
    return None


_DETAILS: Final = {"business_profile", "company", "email", "individual", "settings"}


def _topup(words: str, tone: Tone) -> Callable[[News, str], Said]:
    def said(news: News, _platform: str) -> Said:
        return Said("plus", _(words) % {"amount": _amount(news.object)}, tone=tone)

    return said


_SAYS: Final[dict[str, Callable[[News, str], Said | None]]] = {
    "account.external_account.created": _external_account(
        gettext_noop("Account ·· %(last4)s was added for payouts")
    ),
    "account.external_account.deleted": _external_account(
        gettext_noop("Account ·· %(last4)s was removed")
    ),
    "account.external_account.updated": _external_account(
        gettext_noop("Account ·· %(last4)s was changed")
    ),
    "account.updated": _account_updated,
    "balance_settings.updated": _settings_changed,
    "charge.dispute.closed": _dispute_closed,
    "charge.dispute.created": _dispute_created,
    "charge.dispute.updated": _dispute_updated,
    "charge.refunded": _charge_refunded,
    "payout.canceled": _payout_canceled,
    "payout.created": _payout_created,
    "payout.failed": _payout_failed,
    "payout.paid": _payout_paid,
    "radar.early_fraud_warning.created": _fraud_warning,
    "refund.created": _refund_created,
    "refund.failed": _refund_failed,
    "topup.failed": _topup(gettext_noop("%(amount)s could not be added"), "negative"),
    "topup.reversed": _topup(gettext_noop("%(amount)s that was added was taken back"), "negative"),
    "topup.succeeded": _topup(
        gettext_noop("%(amount)s was added for refunds and disputes"), "positive"
    ),
}
