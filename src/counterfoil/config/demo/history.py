"""What customers did, as pure functions from a seller, a number and a moment to a plan.

The same seller, number and day give the same plan: all chance comes from a fixed seed, and all
moments hang on the day. Nothing lies in the future: what would is put whole weeks earlier.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal, TypeVar
from zoneinfo import ZoneInfo

from counterfoil.config.demo.seller import Flow, Seller
from counterfoil.config.demo.sellers import FIRST_NAMES, LAST_NAMES, SEED
from counterfoil.kit.clock import DAY, utc_date

Picked = TypeVar("Picked")

HOUR: Final = 3600

# "authorised" waits for its capture, "second_try" is paid after a first card was declined.
Outcome = Literal[
    "paid", "declined", "second_try", "captured_later", "authorised", "canceled", "abandoned"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One customer's payment. Amounts are minor units, `at` is UTC seconds."""

    at: int
    amount: int
    flow: Flow
    outcome: Outcome
    card: str  # the name behind pm_card_ and tok_
    declined_card: str
    order: int
    description: str | None
    customer: str
    email: str


_DECLINES: Final = {
    "visa_chargeDeclinedInsufficientFunds": 5,
    "visa_chargeDeclined": 4,
    "chargeDeclinedExpiredCard": 2,
    "chargeDeclinedIncorrectCvc": 2,
    "chargeDeclinedProcessingError": 1,
}
_CARDS: Final = {
    "US": {"visa": 38, "mastercard": 22, "visa_debit": 14, "amex": 12, "mastercard_debit": 6,
           "discover": 4, "ca": 2, "gb": 1, "de": 1},
    "GB": {"gb": 70, "gb_debit": 22, "ie": 3, "fr": 2, "visa": 3},
    "DE": {"de": 74, "at": 8, "nl": 5, "fr": 5, "ch": 4, "gb": 2, "visa": 2},
}  # fmt: skip
_OUTCOMES: Final[dict[Outcome, float]] = {
    "paid": 0.905,
    "second_try": 0.025,
    "declined": 0.02,
    "captured_later": 0.035,
    "canceled": 0.008,
    "abandoned": 0.007,
}
# Monday to Sunday, and by the hour of the seller's day.
_WEEKDAYS: Final = {
    "evenings": (0.8, 0.75, 0.8, 0.9, 1.1, 1.5, 1.45),
    "lessons": (1.2, 1.3, 1.3, 1.2, 0.6, 0.5, 0.7),
    "daytime": (0.9, 0.9, 1.0, 1.1, 1.2, 1.3, 0.8),
}
_HOURS: Final = {
    "evenings": (1, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 5, 6, 5, 4, 4, 5, 7, 10, 13, 14, 11, 6, 3),
    "lessons": (0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 4, 8, 12, 14, 13, 9, 4, 1, 0, 0),
    "daytime": (0, 0, 0, 0, 0, 1, 2, 5, 9, 12, 12, 10, 8, 8, 9, 9, 7, 6, 5, 4, 3, 2, 1, 0),
}
# From · to (month, day) · how many times the usual.
_SEASONS: Final = {
    "gifts": (((11, 12), (12, 20), 2.3), ((4, 28), (5, 11), 1.7), ((1, 4), (1, 31), 0.6)),
    "exams": (((4, 20), (6, 8), 1.7), ((11, 20), (12, 14), 1.5), ((7, 1), (8, 24), 0.45)),
    "summer": (((6, 1), (9, 6), 1.9), ((9, 20), (10, 18), 1.4), ((1, 1), (2, 20), 0.5)),
    "weddings": (((4, 25), (9, 20), 1.6), ((1, 6), (2, 14), 1.4)),
}
_GROWTH: Final = 1.8  # how many times its first day a shop sells on its last
_QUIET: Final = 0.13  # of all days have no customer


def plan(seller: Seller, *, count: int, joined: int, now: int) -> Sequence[Planned]:
    """`count` payments from `joined` to before `now`, in the order in which they happen."""
    if count == 0:
        return []
    chance = random.Random(f"{SEED}:{seller.key}")  # noqa: S311 - a repeatable demo
    moments = _moments(seller, chance, count=count, joined=joined, now=now)
    order = chance.randrange(1001, 1400)
    planned = []
    for at in moments:
        order += chance.choice((1, 1, 1, 2, 3))
        planned.append(_planned(seller, chance, at=at, order=order, now=now))
    return planned


def _moments(
    seller: Seller, chance: random.Random, *, count: int, joined: int, now: int
) -> Sequence[int]:
    zone = ZoneInfo(seller.timezone)
    first, last = utc_date(joined) + timedelta(days=1), utc_date(now)
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)] or [last]
    weights = _day_weights(seller, chance, days)
    hours = _HOURS[seller.rhythm]
    found = []
    for day in chance.choices(days, weights, k=count):
        clock = time(
            chance.choices(range(24), hours)[0], chance.randrange(60), chance.randrange(60)
        )
        at = int(datetime.combine(day, clock, zone).astimezone(UTC).timestamp())
        while at >= now:
            at -= 7 * DAY
        found.append(at if at > joined else joined + chance.randrange(1, max(2, now - joined)))
    return sorted(found)


def _day_weights(seller: Seller, chance: random.Random, days: Sequence[date]) -> Sequence[float]:
    away = chance.randrange(len(days))  # a week off
    weights = []
    for index, day in enumerate(days):
        weight = _WEEKDAYS[seller.rhythm][day.weekday()] * _season(seller.season, day)
        weight *= 1 + (_GROWTH - 1) * index / len(days)
        weight *= chance.choice((0.6, 0.8, 1.0, 1.0, 1.2, 1.5))
        if chance.random() < _QUIET or away <= index < away + 7:
            weight *= 0.02
        weights.append(weight)
    return weights


def _season(name: str, day: date) -> float:
    for start, end, factor in _SEASONS[name]:
        if start <= (day.month, day.day) <= end:
            return factor
    return 1.0


def _planned(seller: Seller, chance: random.Random, *, at: int, order: int, now: int) -> Planned:
    good = chance.choice(seller.goods)
    price = chance.randrange(good.least, good.most + 1, good.step)
    pieces = chance.choices((1, 2, 3), (8, 2, 1))[0] if price < 5000 else 1
    first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
    outcome = _pick(chance, _OUTCOMES)
    if now - at < 4 * DAY and chance.random() < 0.12:
        outcome = "authorised"
    flow = _pick(chance, seller.flows)
    if flow is Flow.OUT_OF_BALANCE:
        outcome = "paid"  # its transfer needs the money at once
    word = f"{seller.order_word} #{order}"
    described = f"{word} · {good.name}" if pieces == 1 else f"{word} · {pieces} × {good.name}"
    return Planned(
        at=at,
        amount=price * pieces + seller.postage,
        flow=flow,
        outcome=outcome,
        card=_pick(chance, _CARDS[seller.country]),
        declined_card=_pick(chance, _DECLINES),
        order=order,
        description=described if chance.random() < 0.6 else None,
        customer=f"{first} {last}",
        email=f"{first}.{last}@example.com".lower(),
    )


def _pick(chance: random.Random, weighted: Mapping[Picked, float]) -> Picked:
    return chance.choices(list(weighted), list(weighted.values()))[0]
