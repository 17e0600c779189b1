"""The earnings chart: net volume over a period, in buckets, beside the period before.

Net volume and its exclusions: reference express-dashboard §4.4. Days are those of the account's
own time zone, as the daily volumes hold them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from counterfoil.dashboard.queries.volume import DayNet
from counterfoil.kit.currencies import exponent
from counterfoil.wording import dates
from counterfoil.wording.languages import active_locale
from counterfoil.wording.languages import gettext as _
from counterfoil.wording.money_text import short_money

PERIODS: Final = ("7d", "4w", "3m", "12m")
DEFAULT_PERIOD: Final = "4w"
PLOT_HEIGHT: Final = 160  # of the drawing, in CSS pixels
_SMALLEST_BAR: Final = 2
# Tops of the scale: halves are round too, for the line in the middle.
_ROUND: Final = (1, 2, 3, 4, 5, 6, 8, 10)

_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """The buckets of a period (first and last day of each), and the period it is compared to."""

    buckets: list[tuple[date, date]]
    days: range
    days_before: range


@dataclass(frozen=True, slots=True)
class Bar:
    """One bucket: its words, its amount, and where its rectangle stands."""

    word: str
    tick: str  # below the bar; most have none
    net: int
    y: int
    height: int
    side: Literal["start", "middle", "end"]  # where its value has room


@dataclass(frozen=True, slots=True)
class Chart:
    currency: str
    period: str
    total: int
    before: int
    bars: list[Bar]
    zero_y: int
    scale: list[str]  # from the top down; `0` included only where it is the bottom

    @property
    def change(self) -> int | None:
        """Percent against the period before; None where that says nothing: there was next to
        nothing to compare with."""
        if self.before <= 0:
            return None
        percent = round(100 * (self.total - self.before) / self.before)
        return percent if abs(percent) < 1000 else None

    @property
    def is_empty(self) -> bool:
        return not any(bar.net for bar in self.bars)


def window(period: str, today: date) -> Window:
    """The days of a period, today included, and an equal stretch before it."""
    if period == "12m":
        return _months(12, today)
    length, size = {"7d": (7, 1), "4w": (28, 1), "3m": (91, 7)}[period]
    first = today - timedelta(days=length - 1)
    starts = [first + timedelta(days=at) for at in range(0, length, size)]
    buckets = [(start, start + timedelta(days=size - 1)) for start in starts]
    number = dates.day_number(first)
    return Window(buckets, range(number, number + length), range(number - length, number))


def _months(count: int, today: date) -> Window:
    """Calendar months up to today; before them the same days one year earlier."""
    firsts = [_months_back(today.replace(day=1), back) for back in reversed(range(count))]
    lasts = [*(first - _ONE_DAY for first in firsts[1:]), today]
    start, end = dates.day_number(firsts[0]), dates.day_number(today)
    before = dates.day_number(_months_back(firsts[0], count))
    return Window(
        list(zip(firsts, lasts, strict=True)),
        range(start, end + 1),
        range(before, before + end - start + 1),
    )


def _months_back(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def chart(
    of: Window, net_by_day: Iterable[DayNet], before: int, *, currency: str, period: str
) -> Chart:
    """Sum the days into buckets and place the bars."""
    nets = _sums(of, net_by_day)
    top, bottom = _scale(max(0, *nets), currency), _scale(max(0, *(-net for net in nets)), currency)
    span = (top + bottom) or 1
    zero_y = round(PLOT_HEIGHT * top / span) if top or bottom else PLOT_HEIGHT
    bars = []
    for at, ((first, last), net) in enumerate(zip(of.buckets, nets, strict=True)):
        height = max(_SMALLEST_BAR, round(PLOT_HEIGHT * abs(net) / span)) if net else 0
        bars.append(
            Bar(
                word=_bucket_word(first, last, period),
                tick=_tick(first, at, len(nets), period),
                net=net,
                y=zero_y if net < 0 else zero_y - height,
                height=height,
                side=_side(at, len(nets)),
            )
        )
    return Chart(currency, period, sum(nets), before, bars, zero_y, _labels(top, bottom, currency))


def _sums(of: Window, net_by_day: Iterable[DayNet]) -> list[int]:
    bucket_of = {}
    for at, (first, last) in enumerate(of.buckets):
        for number in range(dates.day_number(first), dates.day_number(last) + 1):
            bucket_of[number] = at
    sums = [0] * len(of.buckets)
    for day in net_by_day:
        sums[bucket_of[day.day]] += day.net
    return sums


def _scale(largest: int, currency: str) -> int:
    """The nearest round amount above, at least one unit of the currency; 0 for nothing."""
    if largest <= 0:
        return 0
    power = 10 ** exponent(currency)
    while power * 10 < largest:
        power *= 10
    return next(step * power for step in _ROUND if step * power >= largest)


def _labels(top: int, bottom: int, currency: str) -> list[str]:
    locale = active_locale()
    amounts = [top, -bottom] if bottom else [top, top // 2, 0]
    return [short_money(amount, currency, locale) for amount in amounts]


def _bucket_word(first: date, last: date, period: str) -> str:
    if period == "12m":
        return dates.month_and_year(first)
    if period == "3m":
        return f"{dates.day_and_month(first)} – {dates.day_and_month(last)}"
    return dates.short_day(first)


def _tick(first: date, at: int, count: int, period: str) -> str:
    """Words below the bars: every day of a week, each week of a month, each new month."""
    if period == "7d":
        return dates.weekday(first)
    if period == "4w":
        return dates.day_and_month(first) if (count - 1 - at) % 7 == 6 else ""
    if period == "3m":
        return dates.month(first) if first.day <= (10 if at == 0 else 7) else ""
    return dates.month(first) if (count - 1 - at) % 2 == 0 else ""


def _side(at: int, count: int) -> Literal["start", "middle", "end"]:
    if at < count / 3:
        return "start"
    return "end" if at >= count * 2 / 3 else "middle"


def period_words() -> dict[str, tuple[str, str]]:
    """For each period its short name, and what it is compared with."""
    return {
        "7d": (_("7 days"), _("the 7 days before")),
        "4w": (_("4 weeks"), _("the 4 weeks before")),
        "3m": (_("3 months"), _("the 3 months before")),
        "12m": (_("12 months"), _("the year before")),
    }
