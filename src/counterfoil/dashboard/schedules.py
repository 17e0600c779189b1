"""A payout schedule in words, and what its next runs bring: one place, with the engine's rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from babel.lists import format_list
from django.utils.translation import ngettext

from counterfoil.accounts.payout_schedule import WEEKDAYS, next_run
from counterfoil.accounts.profile import Schedule
from counterfoil.dashboard.funds import Funds
from counterfoil.dashboard.queries.payout_terms import Terms
from counterfoil.dashboard.stubs import Line, Stub
from counterfoil.kit.clock import date_start, utc_date
from counterfoil.payouts import arrival
from counterfoil.payouts.policy import left_behind
from counterfoil.wording import dates
from counterfoil.wording.languages import active_locale
from counterfoil.wording.languages import gettext as _

_MOST_RUNS: Final = 60  # looked ahead for the first that pays something
_A_MONDAY: Final = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Run:
    """A day on which the schedule runs, and the bank day on which its payout arrives."""

    on: date
    arrives: date


@dataclass(frozen=True, slots=True)
class NextPayout:
    """What the next run that pays something will send, if nothing happens until then.

    `amount` 0: nothing that we know of will be there to be sent.
    """

    run: Run
    amount: int
    slip: Stub | None


def words(schedule: Schedule) -> str:
    """`Every week on Monday and Thursday`."""
    if schedule.interval == "manual":
        return _("By hand: you ask for each payout")
    if schedule.interval == "weekly":
        days = schedule.weekly_payout_days or [schedule.weekly_anchor or WEEKDAYS[0]]
        names = [weekday_name(WEEKDAYS.index(name)) for name in sorted(days, key=WEEKDAYS.index)]
        return _("Every week on %(days)s") % {"days": listed(names)}
    if schedule.interval == "monthly":
        numbers = sorted(schedule.monthly_payout_days or [schedule.monthly_anchor or 1])
        text = ngettext("Every month on day %(days)s", "Every month on days %(days)s", len(numbers))
        return text % {"days": listed([str(number) for number in numbers])}
    return _("Every business day")


def weekday_name(number: int) -> str:
    """0 is Monday."""
    return dates.weekday_in_full(_A_MONDAY + timedelta(days=number))


def listed(items: Sequence[str]) -> str:
    """`a, b and c`."""
    text: str = format_list(items, locale=active_locale())
    return text


def next_runs(
    schedule: Schedule, *, country: str, bank_country: str, now: int, count: int
) -> list[Run]:
    """The next runs, holidays skipped; none where payouts are made by hand."""
    runs: list[Run] = []
    moment = next_run(schedule, country=country, after=now)
    while moment is not None and len(runs) < count:
        runs.append(_run(moment, bank_country))
        moment = next_run(schedule, country=country, after=moment)
    return runs


def next_payout(terms: Terms, funds: Funds, *, now: int) -> NextPayout | None:
    """The next payout by schedule; None where nothing runs, there is nowhere to send it, or all of
    it is owed."""
    target = terms.default(funds.currency)
    moment = terms.next_run
    if moment is None or target is None or funds.owes:
        return None
    moment = first = max(moment, now)  # one that is due is done by now
    for _attempt in range(_MOST_RUNS):
        amount, slip = _sent(terms, funds, moment)
        if amount > 0:
            return NextPayout(_run(moment, target.country), amount, slip)
        if all(date_start(day) <= moment for day in funds.soon):
            break  # nothing more is on its way into the balance
        following = next_run(terms.schedule, country=terms.country, after=moment)
        if following is None:
            break
        moment = following
    return NextPayout(_run(first, target.country), 0, None)


def _sent(terms: Terms, funds: Funds, moment: int) -> tuple[int, Stub | None]:
    """What a run at this moment sends, and how it comes about."""
    added = [
        (day, amount) for day, amount in sorted(funds.soon.items()) if date_start(day) <= moment
    ]
    whole = funds.available + sum(amount for _day, amount in added)
    kept = left_behind(
        whole,
        currency=funds.currency,
        minimum_balance=terms.minimum_balances.get(funds.currency, 0),
    )
    amount = whole - kept
    if amount <= 0:
        return 0, None
    lines = [Line(_("Available now"), funds.available)] if funds.available else []
    lines += [
        Line(_("Available %(day)s") % {"day": dates.short_day(day)}, amount_of)
        for day, amount_of in added
    ]
    if kept:
        lines.append(Line(_("Stays in your balance"), -kept))
    why = (
        _("This is what is known now. Payments and refunds until then change it."),
        _("The schedule runs at the start of the day, and skips days on which banks are closed."),
    )
    return amount, Stub(funds.currency, tuple(lines), _("Will be sent"), amount, why, ())


def _run(moment: int, bank_country: str) -> Run:
    timing = arrival.automatic(moment, country=bank_country)
    return Run(utc_date(moment), utc_date(timing.arrival_date))
