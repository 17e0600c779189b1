"""What a plan knows while it is drawn: who there is, and what probably exists by now.

It knows only what was asked for, never what was answered: a charge that was declined is still
counted as one here, and steps about it are passed over when the plan is lived through.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from counterfoil.config.simulate.faults import API_POINTS, PAYOUT_POINTS
from counterfoil.config.simulate.steps import Listed, Ref, Step, Target

Thing = TypeVar("Thing")

_REMEMBERED: Final = 40  # of each kind: what is drawn on is mostly young
_FAULTY: Final = 0.16  # of the requests
_WITH_METADATA: Final = ("charges", "payment_intents", "payouts", "refunds", "topups", "transfers")


@dataclass(frozen=True, slots=True)
class Seller:
    ref: Ref
    platform: int
    country: str
    currency: str
    livemode: bool


@dataclass(frozen=True, slots=True)
class Payment:
    """A charge, by itself or of an intent: `intent` is None for the former."""

    charge: Ref
    intent: Ref | None
    platform: int
    on: Ref | None  # the account it is a direct charge of
    to: Seller | None
    fee: bool
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Item:
    """Anything else that later steps may be about."""

    ref: Ref
    platform: int
    on: Ref | None = None
    amount: int = 0
    currency: str = "usd"
    livemode: bool = False
    seller: Seller | None = None


@dataclass(slots=True)
class Draft:
    chance: random.Random
    number: int = 0
    platforms: list[tuple[int, str]] = field(default_factory=list)  # step, currency
    sellers: list[Seller] = field(default_factory=list)
    live_sellers: list[Seller] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    uncaptured: list[Payment] = field(default_factory=list)
    unconfirmed: list[Payment] = field(default_factory=list)
    unauthenticated: list[Payment] = field(default_factory=list)
    transfers: list[Item] = field(default_factory=list)
    refunds: list[Item] = field(default_factory=list)
    topups: list[Item] = field(default_factory=list)
    live_topups: list[Item] = field(default_factory=list)
    payouts: list[Item] = field(default_factory=list)
    customers: list[Item] = field(default_factory=list)
    paused: list[Seller] = field(default_factory=list)

    def step(
        self,
        verb: str,
        platform: int,
        path: str = "",
        *targets: Target,
        params: Mapping[str, Any] | None = None,
        on: Target | None = None,
        method: str = "POST",
        livemode: bool = False,
        fault: str | None = None,
    ) -> Step:
        """The next step; requests that write meet a fault now and then."""
        self.number += 1
        if fault is None:
            fault = self._fault(path) if method == "POST" and path else ""
        given = {name: value for name, value in (params or {}).items() if value is not None}
        seconds = self.chance.choice((0, 0, 1, 7, 60, 600))
        return Step(
            self.number, verb, platform, path, targets, given, on, method, livemode, fault, seconds
        )

    def next(self) -> int:
        """The number that the next step will have."""
        return self.number + 1

    def pick(self, things: Sequence[Thing]) -> Thing | None:
        return self.chance.choice(things) if things else None

    def take(self, things: list[Thing]) -> Thing | None:
        """One that is then no longer there to be drawn."""
        return things.pop(self.chance.randrange(len(things))) if things else None

    def keep(self, things: list[Thing], thing: Thing) -> None:
        things.append(thing)
        if len(things) > _REMEMBERED:
            things.pop(self.chance.randrange(len(things) // 2))

    def listed(self, path: str, *, of: Ref | None = None, among: int = 20) -> Listed:
        return Listed(path, self.chance.randrange(1_000_000), of=of, among=among)

    def often(self, share: float) -> bool:
        return self.chance.random() < share

    def amount(self, currency: str) -> int:
        """Mostly small, sometimes a cent away from a limit."""
        if self.often(0.1):
            return self.chance.choice((1, 49, 50, 51, 99, 100, 101, 333, 99_999, 1_000_000))
        cents = int(10 ** self.chance.uniform(2, 5.2))
        return max(60, cents) if currency == "jpy" else cents

    def part(self, amount: int) -> int | None:
        """All of it (None), a part, or now and then more than there is."""
        kind = self.chance.random()
        if kind < 0.35:
            return None
        if kind < 0.4:
            return amount + self.chance.choice((1, 100, amount))
        return max(1, int(amount * self.chance.random()))

    def _fault(self, path: str) -> str:
        if not self.often(_FAULTY):
            return ""
        if path == "test_helpers/clock/advance":
            return f"crash:{self.chance.choice((*PAYOUT_POINTS, 'api.before_answer'))}"
        kind = self.chance.random()
        if kind < 0.35:
            return "again"
        if kind < 0.45 and path in _WITH_METADATA:
            return "other"
        points = (*API_POINTS, *PAYOUT_POINTS[:2]) if path == "payouts" else API_POINTS
        return f"crash:{self.chance.choice(points)}"
