"""Reports: a balance from one day to another, and automatic payouts with what they settled.

Days are those of the account's own calendar (reference express-dashboard §8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from counterfoil.dashboard.queries.reports import Moved, balance_at, moved
from counterfoil.dashboard.searching import Asked
from counterfoil.dashboard.stubs import Line, Reference, Stub
from counterfoil.dashboard.typed import Mistyped, typed_date
from counterfoil.wording import dates
from counterfoil.wording.languages import active_zone
from counterfoil.wording.languages import gettext as _

_ONE_DAY: Final = timedelta(days=1)
EARLIEST: Final = date(2000, 1, 1)

# Lines of the summary, in order: their key, and the reporting categories they hold.
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "payments": ("charge", "payment"),
    "refunds": ("refund", "refund_failure", "partial_capture_reversal"),
    "disputes": ("dispute", "dispute_reversal"),
    "platform": (
        "fee",
        "platform_earning",
        "platform_earning_refund",
        "transfer",
        "transfer_reversal",
    ),
    "added": ("topup", "topup_reversal"),
    "reserves": (
        "connect_collection_transfer",
        "connect_reserved_funds",
        "payout_minimum_balance_hold",
        "payout_minimum_balance_release",
        "risk_reserved_funds",
    ),
    "payouts": ("payout", "payout_reversal"),
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days that are reported, both included, and the moments where they begin and end."""

    first: date
    last: date
    typed: tuple[str, str] = ("", "")
    problem: str = ""

    @property
    def in_words(self) -> str:
        """`October 2026` when it is a whole month."""
        if self.first == self.last:
            return dates.long_day(self.first)
        if self.first.day == 1 and self.last == month_end(self.first):
            return dates.month_and_year(self.first)
        words = {"first": dates.long_day(self.first), "last": dates.long_day(self.last)}
        return _("%(first)s to %(last)s") % words

    @property
    def start(self) -> int:
        return _midnight(self.first)

    @property
    def end(self) -> int:
        return _midnight(self.last + _ONE_DAY)

    @property
    def query(self) -> str:
        """The part of an address that asks for these days."""
        return f"from={self.first.isoformat()}&to={self.last.isoformat()}"


@dataclass(frozen=True, slots=True)
class SummaryLine:
    key: str
    word: str
    count: int
    gross: int
    fee: int
    net: int


@dataclass(frozen=True, slots=True)
class Summary:
    """One currency: what was there, what came and went, what is there after."""

    currency: str
    opening: int
    lines: list[SummaryLine]
    closing: int

    @property
    def adds_up(self) -> bool:
        return self.opening + sum(line.net for line in self.lines) == self.closing


def read_stretch(asked: Asked, today: date) -> Stretch:
    """`from` and `to` of the address; this month where there are none or they cannot be read."""
    typed = (asked.get("from", "").strip(), asked.get("to", "").strip())
    month = Stretch(today.replace(day=1), today)
    if typed == ("", ""):
        return month
    try:
        first, last = typed_date(typed[0]), typed_date(typed[1]) or today
    except Mistyped as mistyped:
        return Stretch(month.first, month.last, typed, str(mistyped))
    problem = ""
    if first is None:
        problem = _("Choose the day to begin with.")
    elif first > last:
        problem = _("The first day is after the last.")
    elif first > today:
        problem = _("This day has not come yet.")
    elif first < EARLIEST:
        problem = _("There was nothing here so long ago.")
    if problem or first is None:
        return Stretch(month.first, month.last, typed, problem)
    return Stretch(first, min(last, today), typed)


def month_end(day: date) -> date:
    """The last day of its month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - _ONE_DAY


def months(today: date, count: int = 3) -> list[Stretch]:
    """This month so far and the whole ones before it, newest first."""
    found = [Stretch(today.replace(day=1), today)]
    while len(found) < count:
        last = found[-1].first - _ONE_DAY
        found.append(Stretch(last.replace(day=1), last))
    return found


def summary(account_id: str, *, livemode: bool, currency: str, stretch: Stretch) -> Summary:
    """Opening balance, each group that moved, closing balance; the two ends are read apart from
    what lies between, so that the sum is a check."""
    whose = {"account_id": account_id, "currency": currency}
    rows = moved(**whose, livemode=livemode, start=stretch.start, end=stretch.end)
    return Summary(
        currency=currency,
        opening=balance_at(**whose, livemode=livemode, moment=stretch.start),
        lines=_grouped(rows),
        closing=balance_at(**whose, livemode=livemode, moment=stretch.end),
    )


def summary_stub(of: Summary, stretch: Stretch) -> Stub:
    """The summary as a stub: opening, what moved, closing."""
    first, last = dates.long_day(stretch.first), dates.long_day(stretch.last)
    return Stub(
        currency=of.currency,
        lines=(
            Line(_("Balance before %(day)s") % {"day": first}, of.opening),
            *(Line(line.word, line.net) for line in of.lines),
        ),
        total_word=_("Balance after %(day)s") % {"day": last},
        total=of.closing,
        why=(
            _("Available and pending together; money in a payout has left the balance."),
            _("Amounts are after fees. Days are those of your own time zone."),
        ),
        references=(Reference(_("Days"), f"{stretch.first} – {stretch.last}"),),
    )


def group_words() -> dict[str, str]:
    return {
        "payments": _("Payments"),
        "refunds": _("Refunds"),
        "disputes": _("Disputes"),
        "platform": _("Fees and debits"),
        "added": _("Added funds"),
        "reserves": _("Reserves"),
        "payouts": _("Payouts"),
        "other": _("Other"),
    }


def _grouped(rows: Sequence[Moved]) -> list[SummaryLine]:
    group_of = {category: key for key, group in GROUPS.items() for category in group}
    sums: dict[str, list[int]] = {}
    for row in rows:
        total = sums.setdefault(group_of.get(row.category, "other"), [0] * 4)
        for place, value in enumerate((row.count, row.gross, row.fee, row.net)):
            total[place] += value
    words = group_words()
    return [SummaryLine(key, words[key], *sums[key]) for key in words if key in sums]


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), active_zone()).timestamp())
