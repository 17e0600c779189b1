"""The pages of payouts put together: the list by month, and one payout with all about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final, Literal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import ngettext

from counterfoil.dashboard import payout_words as words
from counterfoil.dashboard.labels import description
from counterfoil.dashboard.queries.payouts import (
    DateChange,
    LinesPage,
    ListedPayout,
    PayoutDetail,
    PayoutLine,
)
from counterfoil.dashboard.stubs import Line, Reference, Stub
from counterfoil.kit.clock import DAY, utc_date
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _
from counterfoil.wording.money_text import money_text

LINES: Final = 50  # of a payout, on one page

# What the list can be narrowed to: the word in the address, and the statuses it keeps.
FILTERS: Final = {
    "coming": ("pending", "in_transit"),
    "arrived": ("paid",),
    "returned": ("failed", "canceled"),
}


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """One line of the list."""

    id: str
    title: str
    made: str  # day and kind, where there is room for them
    note: str
    amount: int
    currency: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class Month:
    word: str
    rows: list[PayoutRow]


@dataclass(frozen=True, slots=True)
class Step:
    """One point of the timeline (components/timeline.html)."""

    word: str
    note: str
    state: Literal["done", "now", "next", "bad"]


def filter_words() -> list[tuple[str, str]]:
    return [
        ("", _("All")),
        ("coming", _("On the way")),
        ("arrived", _("Arrived")),
        ("returned", _("Came back")),
    ]


def by_month(rows: Sequence[ListedPayout], today: date) -> list[Month]:
    """As they come, newest first, by the month in which they were made."""

    def month(row: ListedPayout) -> date:
        return dates.available_date(row.created).replace(day=1)

    return [
        Month(dates.month_and_year(first), [_row(row, today) for row in of_month])
        for first, of_month in groupby(rows, key=month)
    ]


def _row(payout: ListedPayout, today: date) -> PayoutRow:
    word, tone = words.state(payout.status)
    return PayoutRow(
        id=payout.id,
        title=words.title(payout),
        made=_made(payout),
        note=_arrival(payout, today),
        amount=payout.amount,
        currency=payout.currency,
        state=word,
        tone=tone,
    )


def _made(payout: ListedPayout) -> str:
    made = dates.short_day(dates.available_date(payout.created))
    return f"{made} · {words.kind(payout)}"


def _arrival(payout: ListedPayout, today: date) -> str:
    day = {"day": dates.short_day(arrival_day(payout))}
    if payout.status == "paid":
        return _("arrived %(day)s") % day
    if payout.status not in ("pending", "in_transit"):
        return ""
    if payout.method == "instant":
        return _("arrives within 30 minutes")
    return (
        _("was expected %(day)s") if arrival_day(payout) < today else _("arrives %(day)s")
    ) % day


def arrival_day(payout: ListedPayout) -> date:
    """The bank day on which it arrives; the bank names it by date, in no time zone."""
    return utc_date(payout.arrival_date)


def can_be_canceled(payout: PayoutDetail) -> bool:
    """Whether nobody has begun to hand it over (`cancel_payout` decides again)."""
    return (
        payout.listed.status == "pending"
        and not payout.listed.automatic
        and not payout.attempts
        and not payout.in_batch
    )


# ---- One payout ----


def payout_stub(
    payout: PayoutDetail, page: LinesPage, *, platform: str, why: tuple[str, ...]
) -> Stub:
    """The lines of one page, and the sums of those on other pages: together the amount."""
    listed = payout.listed
    lines = [_line(payout, line, platform) for line in page.lines]
    first = page.lines[0].position if page.lines else payout.line_count
    last = page.lines[-1].position if page.lines else payout.line_count - 1
    if first:
        word = ngettext("%(count)s line before", "%(count)s lines before", first)
        lines.insert(0, Line(word % {"count": first}, page.before))
    if rest := payout.line_count - 1 - last:
        word = ngettext("%(count)s line after", "%(count)s lines after", rest)
        lines.append(Line(word % {"count": rest}, page.after))
    return Stub(
        currency=listed.currency,
        lines=tuple(lines),
        total_word=_("Paid out") if listed.amount > 0 else _("Collected"),
        total=listed.amount,
        why=why,
        references=(Reference(_("Payout"), listed.id),),
    )


def _line(payout: PayoutDetail, line: PayoutLine, platform: str) -> Line:
    row = line.transaction
    if row.id == payout.balance_transaction_id:
        return Line(_("Fee for the instant payout"), line.amount)
    notes = [dates.short_day(dates.local(row.created).date())]
    # What a reversal settles is the same rows with the sign turned.
    if abs(line.amount) != abs(row.net):
        whole = money_text(row.net, row.currency)
        notes.append(_("part of %(amount)s, the rest goes with another payout") % {"amount": whole})
    address = f"{reverse('transactions')}?{urlencode({'q': row.id})}"
    return Line(description(row, platform), line.amount, address, " · ".join(notes))


def timeline(payout: PayoutDetail, changes: Sequence[DateChange], *, now: int) -> list[Step]:
    """What happened to it and what comes, oldest first."""
    listed = payout.listed
    steps = [Step(_("Made"), _moment(listed.created), "done")]
    if payout.sent_at is not None:
        steps.append(Step(_("Sent to your bank"), _moment(payout.sent_at), "done"))
    elif listed.status == "pending":
        steps.append(Step(_("Sent to your bank"), _leaves(payout, now), "now"))
    steps += [_changed(change) for change in changes]
    if payout.paid_at is not None:
        steps.append(Step(_("Arrived"), _moment(payout.paid_at), "done"))
    elif listed.status in ("pending", "in_transit"):
        state: Literal["now", "next"] = "now" if listed.status == "in_transit" else "next"
        steps.append(Step(_("In your bank"), _expected(listed, now), state))
    if listed.status == "failed":
        steps.append(Step(_("Came back"), _moment(payout.ended_at or listed.created), "bad"))
    elif listed.status == "canceled":
        steps.append(Step(_("Canceled"), _moment(payout.ended_at or listed.created), "bad"))
    if payout.settled_by is not None:
        steps.append(Step(_("Paid out again"), "", "done"))
    return steps


def _changed(change: DateChange) -> Step:
    values = {
        "day": dates.short_day(utc_date(change.named)),
        "former": dates.short_day(utc_date(change.former)),
    }
    note = _("%(moment)s: expected %(day)s instead of %(former)s")
    return Step(
        _("The bank named another day"), note % {"moment": _moment(change.at), **values}, "done"
    )


def _leaves(payout: PayoutDetail, now: int) -> str:
    if payout.next_at is None or payout.next_at <= now:
        return _("at any moment")
    return _("at %(moment)s") % {"moment": _moment(payout.next_at)}


def _expected(payout: ListedPayout, now: int) -> str:
    if payout.method == "instant":
        return _("usually within 30 minutes")
    day = dates.short_day(arrival_day(payout))
    if arrival_day(payout) < dates.local(now).date():
        return _("was expected %(day)s; we ask your bank again") % {"day": day}
    return _("expected %(day)s") % {"day": day}


def _moment(at: int) -> str:
    """A day and a time of day; the start of a UTC day is that day, wherever one is."""
    day = dates.short_day(dates.available_date(at))
    return f"{day}, {dates.clock_time(at)}" if at % DAY else day
