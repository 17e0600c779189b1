"""Balances by the day on which money becomes available, in spread and in folded rows."""

from __future__ import annotations

import pytest

from counterfoil.kit.db import fetch_all, fetch_one
from counterfoil.kit.scope import Scope
from counterfoil.ledger import sealing
from counterfoil.ledger.models import Purpose
from counterfoil.ledger.operations import SPREAD
from counterfoil.ledger.queries import BalanceRow, available_balance, balances
from counterfoil.ledger.sealing import fold_balances
from tests.support.books import (
    DAY,
    LATER,
    NOW,
    OTHER,
    PLATFORM,
    SELLER,
    TODAY,
    broken,
    charge,
    payout,
    post,
    transfer,
)

pytestmark = pytest.mark.django_db


def payments(owner: str = SELLER, *, now: int = NOW, livemode: bool = False) -> tuple[int, int]:
    """(available, pending) in usd."""
    rows = balances(Scope(PLATFORM, owner, livemode), now=now)
    (row,) = (one for one in rows if (one.currency, one.purpose) == ("usd", "payments"))
    return row.available, row.pending


def test_nobody_without_postings_has_a_balance():
    assert balances(Scope(PLATFORM, SELLER, False), now=NOW) == []
    assert available_balance(owner=SELLER, livemode=False, currency="usd", now=NOW) == 0


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NOW, (0, 941)),
        (LATER - 1, (0, 941)),
        (LATER, (941, 0)),
        (LATER + 900 * DAY, (941, 0)),
    ],
)
def test_money_is_pending_until_its_day_begins_and_available_from_then_on(now, expected):
    post(charge("1"))

    assert payments(now=now) == expected


def test_what_is_available_at_once_is_available_within_the_same_second():
    post(charge("1", available_on=NOW))

    assert payments(now=NOW) == (941, 0)


def test_two_days_are_two_parts_of_what_is_pending():
    post(charge("1"), charge("2", available_on=LATER + DAY))

    assert payments(now=NOW) == (0, 1882)
    assert payments(now=LATER) == (941, 941)


def test_a_balance_may_go_below_zero():
    post(payout("1", amount=300))

    assert payments() == (-300, 0)
    assert available_balance(owner=SELLER, livemode=False, currency="usd", now=NOW) == -300


def test_each_currency_and_purpose_stands_for_itself():
    post(charge("1"), charge("2", currency="eur"), payout("1"))

    assert balances(Scope(PLATFORM, SELLER, False), now=NOW) == [
        BalanceRow("eur", "payments", 0, 941),
        BalanceRow("usd", "in_transit", 300, 0),
        BalanceRow("usd", "payments", -300, 941),
    ]
    in_transit = available_balance(
        owner=SELLER, livemode=False, currency="usd", now=NOW, purpose=Purpose.IN_TRANSIT
    )
    assert in_transit == 300


def test_modes_and_owners_never_mix():
    post(charge("1"))
    post(charge("1", amount=2000), livemode=True)
    post(charge("2", OTHER, amount=3000))

    assert payments() == (0, 941)
    assert payments(livemode=True) == (0, 1941)
    assert payments(OTHER) == (0, 2941)


def test_the_platforms_balance_is_spread_over_rows_that_sum():
    for n in range(100):
        post(charge(str(n), PLATFORM))

    rows = fetch_all(
        "SELECT spread FROM ledger_balance WHERE owner = %s AND purpose = 'payments'", [PLATFORM]
    )
    # 100 entries at random over 16 rows: fewer than 4 of them does not happen.
    assert 4 <= len(rows) <= SPREAD
    assert payments(PLATFORM) == (0, 94_100)


def test_a_seller_has_one_row_per_day():
    for n in range(20):
        post(charge(str(n)))

    assert fetch_one("SELECT COUNT(*) FROM ledger_balance WHERE owner = %s", [SELLER]) == (1,)


def test_folding_keeps_every_balance_and_leaves_one_row_of_the_past():
    for days in range(10):
        post(charge(f"s{days}", available_on=TODAY + days * DAY))
        post(charge(f"p{days}", PLATFORM, available_on=TODAY + days * DAY))
    post(transfer("1"), payout("1"))
    now = TODAY + 7 * DAY + 3600
    before = {owner: payments(owner, now=now) for owner in (SELLER, PLATFORM)}

    assert fold_balances(now) > 0

    assert {owner: payments(owner, now=now) for owner in (SELLER, PLATFORM)} == before
    days = fetch_all(
        "SELECT available_on FROM ledger_balance"
        " WHERE owner = %s AND purpose = 'payments' ORDER BY available_on",
        [SELLER],
    )
    # Two days of grace stay as they are, and so does what is still to come.
    assert [day for (day,) in days] == [0, *(TODAY + day * DAY for day in (5, 6, 7, 8, 9))]
    assert broken(now=now) == set()


def test_folding_again_adds_to_what_was_folded():
    post(charge("1", available_on=TODAY))
    fold_balances(NOW + 10 * DAY)
    post(charge("2", available_on=TODAY + 9 * DAY), at=NOW + 9 * DAY)
    fold_balances(NOW + 20 * DAY)

    assert payments(now=NOW + 20 * DAY) == (1882, 0)
    assert fold_balances(NOW + 20 * DAY) == 0
    assert broken(now=NOW + 20 * DAY) == set()


def test_thousands_of_sellers_fold_at_once():
    """More rows than one statement takes parameters for, on SQLite."""
    sellers = [f"acct_{n:05}" for n in range(5000)]
    for start in range(0, len(sellers), 500):
        post(
            *(charge(one, one) for one in sellers[start : start + 500]),
            **dict.fromkeys(sellers, "Etc/UTC"),
        )

    assert fold_balances(NOW + 30 * DAY) >= len(sellers)
    assert payments(sellers[4999], now=NOW + 30 * DAY) == (941, 0)


def test_a_worker_folds_at_most_every_ten_minutes(monkeypatch):
    monkeypatch.setattr(sealing, "_next_fold", 0)
    post(charge("1", available_on=TODAY))
    now = NOW + 10 * DAY

    assert sealing.fold_when_due(now) > 0
    post(charge("2", available_on=TODAY))
    assert sealing.fold_when_due(now + 599) == 0
    assert sealing.fold_when_due(now + 600) > 0


def test_what_somebody_took_after_midnight_is_gone_for_whoever_began_before():
    post(charge("1", available_on=NOW))
    post(payout("1", amount=900, on=LATER), at=LATER)

    left = available_balance(owner=SELLER, livemode=False, currency="usd", now=LATER - 1)

    assert left == 41
