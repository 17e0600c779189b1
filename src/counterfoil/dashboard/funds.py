"""What an account has in one currency, and the line of days on which more arrives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from counterfoil.dashboard.queries.balances import BalanceDay
from counterfoil.dashboard.stubs import Line, Reference, Stub
from counterfoil.kit.clock import utc_date
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _

CALENDAR_DAYS = 14


@dataclass(slots=True)
class Funds:
    """Minor units of one currency. `soon` holds what is pending, by UTC day."""

    currency: str
    available: int = 0
    soon: dict[date, int] = field(default_factory=dict)
    on_the_way: int = 0
    prefunding: int = 0  # the refunds and disputes balance
    reserved: int = 0

    @property
    def pending(self) -> int:
        return sum(self.soon.values())

    @property
    def total(self) -> int:
        """Available and pending; what left for the bank is not counted any more."""
        return self.available + self.pending

    @property
    def owes(self) -> bool:
        """Whether more is owed than there is, pending money included: nothing is paid out then
        (`payouts.policy.check_owes_nothing`)."""
        return self.total < 0

    @property
    def last_day(self) -> date | None:
        """The day by which everything pending is available."""
        return max(self.soon, default=None)

    @property
    def is_empty(self) -> bool:
        return not (
            self.available or self.soon or self.on_the_way or self.prefunding or self.reserved
        )


@dataclass(frozen=True, slots=True)
class CalendarDay:
    day: date
    weekday: str
    date_word: str
    amount: int | None
    is_today: bool
    is_weekend: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """Fourteen days from today, and what only comes after them."""

    days: list[CalendarDay]
    later: int | None


def funds_by_currency(rows: Iterable[BalanceDay], default_currency: str) -> dict[str, Funds]:
    """Every currency the account ever held, its own first; that one is there even when empty."""
    found: dict[str, Funds] = {default_currency: Funds(default_currency)}
    for row in rows:
        funds = found.setdefault(row.currency, Funds(row.currency))
        if row.purpose == "payments":
            _add_payments(funds, row)
        elif row.purpose == "in_transit":
            funds.on_the_way += row.amount
        elif row.purpose == "prefunding":
            funds.prefunding += row.amount
        elif row.purpose == "risk_reserved":
            funds.reserved += row.amount
    return found


def _add_payments(funds: Funds, row: BalanceDay) -> None:
    if row.available_on == 0:
        funds.available += row.amount
    elif row.amount:  # a day on which as much goes as comes is no news
        funds.soon[utc_date(row.available_on)] = row.amount


def money_calendar(funds: Funds, today: date) -> Calendar:
    amounts = defaultdict(int, funds.soon)
    horizon = today + timedelta(days=CALENDAR_DAYS)
    days = [today + timedelta(days=away) for away in range(CALENDAR_DAYS)]
    later = sum(amount for day, amount in funds.soon.items() if day >= horizon)
    return Calendar(
        [_calendar_day(day, amounts[day] or None, today) for day in days], later or None
    )


def _calendar_day(day: date, amount: int | None, today: date) -> CalendarDay:
    starts_month = day.day == 1
    return CalendarDay(
        day=day,
        weekday=_("Today") if day == today else dates.weekday(day),
        date_word=dates.day_and_month(day) if starts_month or day == today else str(day.day),
        amount=amount,
        is_today=day == today,
        is_weekend=day.weekday() >= 5,
    )


def balance_stub(funds: Funds, *, account_id: str, today: date) -> Stub:
    """The balance torn open: what is available, then each day that brings more."""
    lines = [Line(_("Available now"), funds.available)]
    for day, amount in sorted(funds.soon.items()):
        lines.append(Line(_("Today") if day == today else dates.short_day(day), amount))
    return Stub(
        currency=funds.currency,
        lines=tuple(lines),
        total_word=_("Your balance"),
        total=funds.total,
        why=tuple(_balance_reasons(funds)),
        references=(Reference(_("Account"), account_id),),
    )


def _balance_reasons(funds: Funds) -> list[str]:
    reasons = []
    if funds.available < 0:
        reasons.append(_("Refunds and fees took more than had become available."))
    if funds.soon:
        reasons.append(_("A payment becomes available once its bank days have passed."))
    if funds.on_the_way:
        reasons.append(_("Money on the way to your bank has left this balance."))
    return reasons or [_("Payments are added here, less their fees.")]
