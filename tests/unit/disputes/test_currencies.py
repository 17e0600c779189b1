"""Disputes of converted charges (reference money-movement §9), as an accountant would check them.

Lines read: whose books · type · gross · fee · net · currency · rate. P is the platform, in
dollars; C an account. One euro is 1.10 dollars, one dollar 0.80 pounds: test mode's own rates.
"""

from __future__ import annotations

import pytest

from counterfoil.kit.db import fetch_all
from counterfoil.platforms.settings import DisputeFees, PlatformSettings, Tariff
from tests.support.builders import World, table
from tests.unit.disputes.world import answer, decided, dispute_of, refund

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_hold")]

FREE = Tariff(basis_points=0, fixed=0, international_basis_points=0, conversion_basis_points=0)


@pytest.fixture
def world(db):
    """No fees but those of disputes: 15 dollars or 20 pounds, and 5 for countering."""
    fees = {"usd": DisputeFees(1500, 500), "gbp": DisputeFees(2000, 500)}
    return World(settings=PlatformSettings(tariffs={"default": FREE}, dispute_fees=fees))


def lines(world: World, **accounts: str) -> list[str]:
    return [
        f"{name} {row.type} {row.amount} {row.fee} {row.net} {row.currency}"
        f" {row.exchange_rate or '-'}"
        for name, account in accounts.items()
        for row in world.transactions(account)
        if row.type != "reserve_transaction"
    ]


def outside(world: World) -> dict[str, int]:
    """What network and exchange hold in each currency; what is zero is left out."""
    rows = fetch_all(
        "SELECT purpose, currency, SUM(amount) FROM ledger_balance WHERE owner = %s"
        " AND purpose IN ('card_network', 'fx') GROUP BY purpose, currency",
        [world.id],
    )
    return {f"{purpose} {currency}": int(total) for purpose, currency, total in rows if total}


def test_9_a_converted_charge_is_taken_back_at_its_own_rate(world):
    charge = world.charge(10_000, "eur")
    dispute = dispute_of(world, charge)

    assert lines(world, P=world.id) == table("""
        P  charge       11000     0   11000  usd  1.1
        P  adjustment  -11000  1500  -12500  usd  1.1
    """)
    assert (dispute["amount"], dispute["currency"]) == (10_000, "eur")
    assert outside(world) == {}


def test_9_what_is_won_comes_back_as_it_went(world):
    charge = world.charge(10_000, "eur")
    dispute = dispute_of(world, charge)
    before = outside(world)
    answer(world, dispute, "winning_evidence")

    assert lines(world, P=world.id) == table("""
        P  charge       11000     0   11000  usd  1.1
        P  adjustment  -11000  1500  -12500  usd  1.1
        P  adjustment       0   500    -500  usd  -
        P  adjustment   11000  -500   11500  usd  1.1
    """)
    assert before == {}
    assert outside(world) == {"card_network eur": -10_000, "fx eur": 10_000, "fx usd": -11_000}


def test_9_a_direct_charge_costs_the_fee_of_the_accounts_currency(world):
    briton = world.seller("GB")
    dispute_of(world, world.charge(10_000, "usd", on=briton))

    assert lines(world, C=briton) == table("""
        C  charge        8000     0    8000  gbp  0.8
        C  adjustment   -8000  2000  -10000  gbp  0.8
    """)


def test_9_a_platform_that_pays_fees_pays_them_in_that_currency(world):
    briton = world.paying_for("GB")
    dispute_of(world, world.charge(10_000, "usd", on=briton))

    assert lines(world, P=world.id, C=briton) == table("""
        P  stripe_fee   -2000     0   -2000  gbp  -
        C  charge        8000     0    8000  gbp  0.8
        C  adjustment   -8000     0   -8000  gbp  0.8
    """)


@pytest.mark.parametrize("parts", [(333, 333, 335), (1, 1000), (500, 501), (1, 1, 1, 998)])
def test_9_disputed_in_parts_the_parts_are_the_whole(world, parts):
    charge = world.charge(1001, "eur")
    assert charge.settled.amount == 1101
    for part in parts:
        dispute_of(world, charge, amount=part)

    taken = [row.amount for row in world.transactions(world.id) if row.type == "adjustment"]
    assert sum(taken) == -1101


def test_9_refunded_and_disputed_together_they_are_the_whole(world):
    charge = world.charge(1001, "eur")
    refund(world, charge, amount=333)
    first = dispute_of(world, charge, amount=334)
    dispute_of(world, charge)
    decided(world, first, "win")
    refund_free = dispute_of(world, charge)

    assert refund_free["amount"] == 334
    amounts = [row.amount for row in world.transactions(world.id) if row.type != "charge"]
    assert sum(amounts) == -1101


def test_9_an_inquiry_settles_when_it_escalates(world):
    inquiry = dispute_of(world, world.charge(10_000, "eur"), type="inquiry")
    decided(world, inquiry, "escalate")

    assert lines(world, P=world.id)[-1:] == table("P adjustment -11000 1500 -12500 usd 1.1")
