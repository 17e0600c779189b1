"""The earnings chart: net volume over a period, in buckets, beside the period before.

Net volume and its exclusions: reference express-dashboard §4.4. Days are those of the account's
own time zone, as the daily volumes hold them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from counterfoil.dashboard.periods import HOUR, Grain, Window
from counterfoil.dashboard.queries.volume import SlotNet
from counterfoil.kit.currencies import exponent
from counterfoil.wording import dates
from counterfoil.wording.languages import active_locale
from counterfoil.wording.money_text import short_money

PLOT_HEIGHT: Final = 160  # of the drawing, in CSS pixels
_SMALLEST_BAR: Final = 2
# Tops of the scale: halves are round too, for the line in the middle.
_ROUND: Final = (1, 2, 3, 4, 5, 6, 8, 10)


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
    grain: Grain
    total: int
    before: int | None  # of the period it is compared with, if there is one
    bars: list[Bar]
    zero_y: int
    scale: list[str]  # from the top down; `0` included only where it is the bottom

    @property
    def change(self) -> int | None:
        """Percent against the period before; None where that says nothing: there was next to
        nothing to compare with."""
        if self.before is None or self.before <= 0:
            return None
        percent = round(100 * (self.total - self.before) / self.before)
        return percent if abs(percent) < 1000 else None

    @property
    def are_few(self) -> bool:
        """Whether each bar has room for a word of its own below it."""
        return len(self.bars) <= (7 if self.grain == "day" else 14) and self.grain != "week"

    @property
    def is_empty(self) -> bool:
        return not any(bar.net for bar in self.bars)


def chart(
    of: Window, net_by_slot: Iterable[SlotNet], before: int | None, *, currency: str
) -> Chart:
    """Sum the slots into buckets and place the bars."""
    nets = _sums(of, net_by_slot)
    top, bottom = _scale(max(0, *nets), currency), _scale(max(0, *(-net for net in nets)), currency)
    span = (top + bottom) or 1
    zero_y = round(PLOT_HEIGHT * top / span) if top or bottom else PLOT_HEIGHT
    bars = []
    for at, net in enumerate(nets):
        height = max(_SMALLEST_BAR, round(PLOT_HEIGHT * abs(net) / span)) if net else 0
        bars.append(
            Bar(
                word=_word(of, at),
                tick=_tick(of, at),
                net=net,
                y=zero_y if net < 0 else zero_y - height,
                height=height,
                side=_side(at, len(nets)),
            )
        )
    return Chart(
        currency, of.grain, sum(nets), before, bars, zero_y, _labels(top, bottom, currency)
    )


def _sums(of: Window, net_by_slot: Iterable[SlotNet]) -> list[int]:
    starts = [first for first, _ in of.buckets]
    sums = [0] * len(starts)
    for one in net_by_slot:
        sums[bisect_right(starts, one.slot) - 1] += one.net
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


def _word(of: Window, at: int) -> str:
    """What a bar stands for, in full."""
    first, last = of.buckets[at]
    if of.grain == "hour":
        return dates.clock_time(of.midnight + first * HOUR)
    start, end = dates.day_from_number(first), dates.day_from_number(last)
    if of.grain == "year":
        return str(start.year)
    if of.grain == "month":
        return dates.month_and_year(start)
    if of.grain == "week":
        return f"{dates.day_and_month(start)} – {dates.day_and_month(end)}"
    return dates.short_day(start)


def _tick(of: Window, at: int) -> str:
    """Words below the bars: as many as fit beside one another."""
    first, _last = of.buckets[at]
    count = len(of.buckets)
    if of.grain == "hour":
        return dates.clock_time(of.midnight + first * HOUR) if at % 6 == 0 else ""
    start = dates.day_from_number(first)
    from_end = count - 1 - at
    if of.grain == "year":
        return str(start.year)
    if of.grain == "month":
        return dates.month(start) if from_end % (2 if count <= 14 else 6) == 0 else ""
    if of.grain == "week":
        return dates.month(start) if start.day <= (10 if at == 0 else 7) else ""
    if count <= 7:
        return dates.weekday(start)
    return dates.day_and_month(start) if from_end % 7 == 6 or (count < 14 and at == 0) else ""


def _side(at: int, count: int) -> Literal["start", "middle", "end"]:
    if at < count / 3:
        return "start"
    return "end" if at >= count * 2 / 3 else "middle"
