"""The home page put together: three round trips, then plain values for the template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from counterfoil.dashboard import earnings
from counterfoil.dashboard.earnings import Chart
from counterfoil.dashboard.funds import (
    Calendar,
    Funds,
    balance_stub,
    funds_by_currency,
    money_calendar,
)
from counterfoil.dashboard.queries.balances import balances
from counterfoil.dashboard.queries.transactions import transactions
from counterfoil.dashboard.queries.volume import net_volume
from counterfoil.dashboard.rows import DayGroup, by_day
from counterfoil.dashboard.stubs import Stub
from counterfoil.kit.pages import PageRequest
from counterfoil.wording import dates

if TYPE_CHECKING:
    from counterfoil.access.guard import Seller

RECENT_ROWS = 20


@dataclass(frozen=True, slots=True)
class Home:
    today: date
    currencies: list[Funds]  # the account's own first
    funds: Funds  # of the currency chosen
    balance: Stub
    calendar: Calendar
    chart: Chart
    recent: list[DayGroup]
    more_rows: bool


def home_of(seller: Seller, *, currency: str | None, period: str | None) -> Home:
    """Everything the page shows. A currency or period that is not offered means the usual one.

    Call it inside `written_for`: days and amounts become words here.
    """
    now = seller.platform_now
    today = dates.local(now).date()
    by_currency = funds_by_currency(
        balances(seller.account_id, livemode=seller.livemode, now=now),
        seller.default_currency,
    )
    funds = by_currency.get(
        currency or seller.default_currency, by_currency[seller.default_currency]
    )
    recent = transactions(
        seller.account_id, livemode=seller.livemode, page=PageRequest(limit=RECENT_ROWS)
    ).page
    return Home(
        today=today,
        currencies=list(by_currency.values()),
        funds=funds,
        balance=balance_stub(funds, account_id=seller.account_id, today=today),
        calendar=money_calendar(funds, today),
        chart=_chart(seller, currency=funds.currency, period=period, today=today),
        recent=by_day(recent.rows, platform=seller.platform_name, now=now, today=today),
        more_rows=recent.has_more,
    )


def _chart(seller: Seller, *, currency: str, period: str | None, today: date) -> Chart:
    chosen = period if period in earnings.PERIODS else earnings.DEFAULT_PERIOD
    window = earnings.window(chosen, today)
    net_by_day, before = net_volume(
        seller.account_id,
        livemode=seller.livemode,
        currency=currency,
        days=window.days,
        days_before=window.days_before,
    )
    return earnings.chart(window, net_by_day, before, currency=currency, period=chosen)
