"""The audit log in plain words: what was done, by whom, from where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final

from django.utils.translation import gettext_noop

from counterfoil.audit.queries import RecordRow
from counterfoil.kit.devices import Device
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _
from counterfoil.wording.money_text import money_text

WORDS: Final = {
    "account.asked": gettext_noop("The marketplace asked for more details"),
    "account.closed": gettext_noop("The account was closed"),
    "account.deleted": gettext_noop("The account was deleted"),
    "account.rejected": gettext_noop("The account was rejected"),
    "account.seen": gettext_noop("The marketplace looked at this dashboard"),
    "account.unrejected": gettext_noop("The account was accepted again"),
    "account.verified": gettext_noop("The account was verified"),
    "account_link.created": gettext_noop("A link to a form about the account was made"),
    "account_link.opened": gettext_noop("A form about the account was opened"),
    "account_session.created": gettext_noop("A part of the dashboard was shown on another site"),
    "alarm.raised": gettext_noop("Somebody said: this was not me"),
    "bank_account.added": gettext_noop("A bank account or card was added"),
    "bank_account.changed": gettext_noop("A bank account or card was changed"),
    "bank_account.removed": gettext_noop("A bank account or card was removed"),
    "code.refused": gettext_noop("A wrong code was typed"),
    "contact.changed": gettext_noop("The phone or e-mail address was changed"),
    "data.asked": gettext_noop("A copy of everything was asked for"),
    "details.given": gettext_noop("Details of the account were given"),
    "dispute.accepted": gettext_noop("A dispute was accepted"),
    "dispute.answered": gettext_noop("Evidence was sent for a dispute"),
    "factor.added": gettext_noop("A second step for signing in was added"),
    "factor.refused": gettext_noop("A second step did not fit"),
    "factor.removed": gettext_noop("A second step for signing in was removed"),
    "factors.taken": gettext_noop("The second step was taken away, to let you in again"),
    "identity.confirmed": gettext_noop("It was confirmed who is there"),
    "login_link.created": gettext_noop("A login link was made"),
    "operator.added": gettext_noop("Somebody was let into the console"),
    "operator.removed": gettext_noop("Somebody was taken out of the console"),
    "payment.captured": gettext_noop("A payment was collected"),
    "payment.released": gettext_noop("A payment was let go"),
    "payout.canceled": gettext_noop("A payout was canceled"),
    "payout.created": gettext_noop("A payout was asked for"),
    "payout_settings.changed": gettext_noop("The payout settings were changed"),
    "phone.replaced": gettext_noop("The phone number for codes was replaced"),
    "prefunding.withdrawn": gettext_noop("Money for refunds was moved back"),
    "recovery_code.used": gettext_noop("A recovery code was used"),
    "recovery_codes.made": gettext_noop("New recovery codes were made"),
    "refund.canceled": gettext_noop("A refund was canceled"),
    "refund.created": gettext_noop("A refund was made"),
    "session.ended": gettext_noop("Signed out"),
    "session.started": gettext_noop("Signed in"),
    "timezone.changed": gettext_noop("The time zone was changed"),
    "topup.created": gettext_noop("Money for refunds was added"),
}
# A test holds that no action lacks words; but a record outlives the code that wrote it.
_OTHERWISE: Final = gettext_noop("Something was changed")
# What asks for attention when it was not you.
_CAUTION: Final = frozenset(
    {"alarm.raised", "code.refused", "factor.refused", "factors.taken", "recovery_code.used"}
)


@dataclass(frozen=True, slots=True)
class Item:
    """One record, ready for the page."""

    id: str
    word: str
    who: str
    time: str
    caution: bool
    detail: str = ""  # how much, which account, how it was checked


def items_by_day(
    rows: Sequence[RecordRow],
    *,
    session_id: str,
    platform: str,
    today: date,
    operators: Mapping[str, str] | None = None,
) -> list[tuple[date, str, list[Item]]]:
    """Day by day; `session_id` is the reader's own session.

    `operators` are the addresses of a marketplace's staff by their ids, for the marketplace itself;
    a seller reads that it was the staff.
    """
    days = groupby(rows, key=lambda row: dates.local(row.created).date())
    return [
        (
            day,
            dates.near_day(day, today),
            [_item(row, _who(row, session_id, platform, operators or {})) for row in group],
        )
        for day, group in days
    ]


def device_words(device: Device) -> str:
    """`Firefox on Linux`, as far as it is known."""
    if device.browser and device.system:
        words = _("%(browser)s on %(system)s")
        return words % {"browser": device.browser, "system": device.system}
    return device.browser or device.system or _("An unknown device")


def _item(row: RecordRow, who: Sequence[str]) -> Item:
    return Item(
        id=row.id,
        word=_(WORDS.get(row.action, _OTHERWISE)),
        who=" · ".join(who),
        time=dates.clock_time(row.created),
        caution=row.action in _CAUTION,
        detail=_detail(row.after),
    )


def _detail(after: Mapping[str, Any]) -> str:
    amount, currency = after.get("amount"), after.get("currency")
    if isinstance(amount, int) and isinstance(currency, str):
        return money_text(amount, currency)
    if last4 := after.get("last4"):
        return f"·· {last4}"
    return str(after.get("checked", ""))


def _who(row: RecordRow, session_id: str, platform: str, operators: Mapping[str, str]) -> list[str]:
    if row.actor == "platform":
        return [platform]
    if row.actor == "operator" and (address := operators.get(row.actor_id or "")):
        return [address, device_words(Device(row.browser, row.system))]
    if row.actor == "operator":
        return [_("%(platform)s's staff") % {"platform": platform}]
    if row.actor == "schedule":
        return [_("Done by itself")]
    words = [device_words(Device(row.browser, row.system))]
    if row.actor == "seller" and row.actor_id == session_id:
        words.append(_("this browser"))
    if row.network:
        words.append(_("network %(network)s") % {"network": row.network})
    return words
