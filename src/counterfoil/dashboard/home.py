"""The home page put together: a few round trips, then plain values for the template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from counterfoil.dashboard import earnings, requirements
from counterfoil.dashboard.activity import Item, items
from counterfoil.dashboard.balance import BalanceView, balance_view
from counterfoil.dashboard.earnings import Chart
from counterfoil.dashboard.funds import (
    Calendar,
    Funds,
    balance_stub,
    funds_by_currency,
    money_calendar,
)
from counterfoil.dashboard.periods import CUSTOM, DEFAULT, PERIODS, window
from counterfoil.dashboard.queries.activity import news, read_up_to
from counterfoil.dashboard.queries.balances import balances
from counterfoil.dashboard.queries.transactions import transactions
from counterfoil.dashboard.queries.volume import first_day, net_by_hour, net_volume
from counterfoil.dashboard.rows import DayGroup, by_day
from counterfoil.dashboard.stubs import Stub
from counterfoil.dashboard.typed import Mistyped, typed_date
from counterfoil.kit.pages import PageRequest
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _

if TYPE_CHECKING:
    from counterfoil.access.guard import Seller

RECENT_ROWS = 20
NEWS = 6


EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The period that is drawn, and the days as they were typed for a custom one."""

    period: str
    since: date | None = None
    until: date | None = None
    typed: tuple[str, str] = ("", "")
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    today: date
    currencies: list[Funds]  # the account's own first
    funds: Funds  # of the currency chosen
    balance: Stub
    payouts: BalanceView
    calendar: Calendar
    chosen: Chosen
    chart: Chart
    requirements: requirements.Asked | None  # what the seller has to give
    news: list[Item]
    recent: list[DayGroup]
    more_rows: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page's address asks for, as it stands there."""

    currency: str = ""
    period: str = ""
    since: str = ""
    until: str = ""


def home_of(seller: Seller, asked: Asked) -> Home:
    """Everything the page shows. A currency or period that is not offered means the usual one.

    Call it inside `written_for`: days and amounts become words here.
    """
    now = seller.platform_now
    today = dates.local(now).date()
    by_currency = funds_by_currency(
        balances(seller.account_id, livemode=seller.livemode, now=now), seller.default_currency
    )
    funds = by_currency.get(asked.currency, by_currency[seller.default_currency])
    recent = transactions(
        seller.account_id, livemode=seller.livemode, page=PageRequest(limit=RECENT_ROWS)
    ).page
    chosen = chosen_period(asked, today)
    payouts = balance_view(seller, funds, now=now)
    return Home(
        today=today,
        currencies=list(by_currency.values()),
        funds=funds,
        balance=balance_stub(funds, account_id=seller.account_id, today=today),
        payouts=payouts,
        calendar=money_calendar(funds, today),
        chosen=chosen,
        chart=_chart(seller, chosen, currency=funds.currency, today=today),
        requirements=requirements.tasks_of(
            seller, payouts.requirements, payouts.future_requirements
        ),
        news=_news(seller, today),
        recent=by_day(recent.rows, platform=seller.platform_name, now=now, today=today),
        more_rows=recent.has_more,
    )


def _news(seller: Seller, today: date) -> list[Item]:
    page = PageRequest(limit=NEWS)
    return items(
        news(seller.account_id, livemode=seller.livemode, page=page).rows,
        platform=seller.platform_name,
        today=today,
        read_to=read_up_to(seller.account_id, livemode=seller.livemode, now=seller.platform_now),
        sees_payments=seller.features.view_payments,
    )


def chosen_period(asked: Asked, today: date) -> Chosen:
    """The period of the chart; with what is wrong with the days, when they cannot be drawn."""
    if asked.period != CUSTOM:
        return Chosen(asked.period if asked.period in PERIODS else DEFAULT)
    try:
        since, until = typed_date(asked.since), typed_date(asked.until) or today
    except Mistyped as mistyped:
        return Chosen(DEFAULT, typed=(asked.since, asked.until), problem=str(mistyped))
    problem = ""
    if since is None:
        problem = _("Choose the day to begin with.")
    elif since > until:
        problem = _("The first day is after the last.")
    elif until > today:
        problem = _("This day has not come yet.")
    elif since < EARLIEST:
        problem = _("There was nothing here so long ago.")
    if problem:
        return Chosen(DEFAULT, typed=(asked.since, asked.until), problem=problem)
    return Chosen(CUSTOM, since, until, (asked.since, asked.until))


def _chart(seller: Seller, chosen: Chosen, *, currency: str, today: date) -> Chart:
    account, livemode = seller.account_id, seller.livemode
    first = None
    if chosen.period == "all":
        number = first_day(account, livemode=livemode, currency=currency)
        first = None if number is None else dates.day_from_number(number)
    of = window(chosen.period, today, first=first, since=chosen.since, until=chosen.until)
    before = of.days_before
    days = of.slots if of.grain != "hour" else dates.number_range(today, today)
    nets, earlier = net_volume(
        account, livemode=livemode, currency=currency, days=days, days_before=before
    )
    if of.grain == "hour":
        nets = net_by_hour(
            account, livemode=livemode, currency=currency, midnight=of.midnight, hours=of.slots
        )
    return earnings.chart(of, nets, earlier if before else None, currency=currency)
