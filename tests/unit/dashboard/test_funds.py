from __future__ import annotations

from datetime import date

import pytest

from counterfoil.dashboard.funds import balance_stub, funds_by_currency, money_calendar
from counterfoil.dashboard.queries.balances import BalanceDay
from counterfoil.kit.clock import date_start

TODAY = date(2025, 11, 22)
MONDAY, LATE = date(2025, 11, 24), date(2025, 12, 20)

pytestmark = pytest.mark.usefixtures("english")


def row(amount: int, day: date | None = None, *, purpose: str = "payments", currency: str = "usd"):
    return BalanceDay(currency, purpose, date_start(day) if day else 0, amount)


def dollars(*rows: BalanceDay):
    return funds_by_currency(rows, "usd")["usd"]


def test_a_new_account_has_an_empty_balance_in_its_own_currency():
    assert dollars().is_empty
    assert dollars().total == 0


def test_the_own_currency_comes_first():
    found = funds_by_currency([row(1, currency="eur"), row(2, currency="usd")], "usd")

    assert list(found) == ["usd", "eur"]


def test_each_purpose_is_told_apart():
    funds = dollars(
        row(100),
        row(30, MONDAY),
        row(50, purpose="in_transit"),
        row(7, purpose="prefunding"),
        row(3, purpose="risk_reserved"),
    )

    assert (funds.available, funds.pending, funds.total) == (100, 30, 130)
    assert (funds.on_the_way, funds.prefunding, funds.reserved) == (50, 7, 3)
    assert funds.last_day == MONDAY


def test_a_day_on_which_as_much_goes_as_comes_is_no_news():
    assert dollars(row(0, MONDAY)).soon == {}


def test_the_balance_is_the_sum_of_its_stub():
    stub = balance_stub(dollars(row(-40), row(30, MONDAY)), account_id="acct_1", today=TODAY)

    assert stub.adds_up
    assert stub.total == -10
    assert [(line.word, line.amount) for line in stub.lines] == [
        ("Available now", -40),
        ("Mon, Nov 24", 30),
    ]


def test_the_calendar_shows_fourteen_days_and_says_what_comes_after():
    calendar = money_calendar(dollars(row(30, MONDAY), row(8, LATE)), TODAY)

    assert [day.day for day in calendar.days if day.amount] == [MONDAY]
    assert len(calendar.days) == 14
    assert calendar.days[0].is_today
    assert calendar.later == 8


def test_a_calendar_without_later_days_has_no_later():
    assert money_calendar(dollars(row(30, MONDAY)), TODAY).later is None
