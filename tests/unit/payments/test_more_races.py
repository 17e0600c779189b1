"""Top-ups, withdrawals, account debits and recovery at once, in transactions that commit."""

from __future__ import annotations

from functools import partial

import pytest

from counterfoil.kit.refused import BalanceInsufficient, InvalidRequest
from counterfoil.payments import due
from counterfoil.payments.operations.prefunding import withdraw_prefunding
from counterfoil.payments.operations.topups import cancel_topup, settle_topup
from counterfoil.payments.topup_params import WithdrawPrefunding
from tests.support.books import violations
from tests.support.builders import Balance, World, utc
from tests.support.committed import in_threads
from tests.unit.payments.owing import change, reserved

ANSWER = utc(2025, 11, 10)


@pytest.fixture
def world(committed_database):
    return World()


def attempt(verb, *arguments, **more):
    """What became of it: None, or the code of the refusal."""
    try:
        verb(*arguments, **more)
    except (BalanceInsufficient, InvalidRequest) as refusal:
        return refusal.code
    return None


def test_a_top_up_is_confirmed_or_canceled_once(world):
    topup = world.top_up(5000)
    acts = [(settle_topup if turn % 2 else cancel_topup) for turn in range(6)]
    outcomes = in_threads(
        *[
            partial(attempt, act, topup_id=topup.id, scope=world.scope, now=world.now)
            for act in acts
        ]
    )

    assert sorted(outcomes, key=str) == [None] + ["status_transition_invalid"] * 5
    assert world.balance() in (Balance(), Balance(available=5000))
    assert violations(with_payments=True) == []


def test_workers_racing_for_one_moment_bring_the_money_once(world):
    world.top_up(5000)
    in_threads(*[partial(due.run_due, world.id, False, ANSWER) for _ in range(4)])

    assert world.balance(now=ANSWER) == Balance(available=5000)
    assert violations(with_payments=True) == []


def test_withdrawals_never_take_more_than_is_there(world):
    seller = world.seller()
    topup = world.top_up(5000, on=seller)
    scope = world.on(seller).scope
    settle_topup(topup_id=topup.id, scope=scope, now=world.now)
    params = WithdrawPrefunding(amount=2000, currency="usd")
    outcomes = in_threads(
        *[
            partial(attempt, withdraw_prefunding, scope=scope, params=params, now=world.now)
            for _ in range(5)
        ]
    )

    assert sorted(outcomes, key=str) == [None] * 2 + ["balance_insufficient"] * 3
    assert world.balance(seller) == Balance(available=4000)
    assert violations(with_payments=True) == []


def test_debits_and_reversals_of_one_account_never_overdraw_it(world):
    seller = world.seller()
    world.fund(20_000)
    world.transfer(10_000, to=seller)
    outcomes = in_threads(*[partial(attempt, world.charge, 3000, source=seller) for _ in range(6)])

    assert sorted(outcomes, key=str) == [None] * 3 + ["balance_insufficient"] * 3
    assert world.balance(seller) == Balance(available=1000)
    assert violations(with_payments=True) == []


def test_a_debt_is_debited_once_and_written_off_once_however_many_workers_there_are(world):
    seller, poor = world.seller(), world.newcomer()
    change(world, (seller, -1000), (poor, -2000))
    tuesday = utc(2025, 11, 4)
    in_threads(*[partial(due.run_due, world.id, False, tuesday) for _ in range(4)])
    in_threads(*[partial(due.run_due, world.id, False, utc(2025, 11, 13)) for _ in range(4)])
    assert world.rows(C=seller)[1:] == ["C topup 1000 0 1000 tu_"]
    assert reserved(world) == 2000 + 1000  # kept for three business days

    world.now += 180 * 86_400
    in_threads(*[partial(due.run_due, world.id, False, world.now) for _ in range(4)])
    assert world.rows(C=poor)[1:] == ["C connect_collection_transfer 2000 0 2000 -"]
    assert reserved(world) == 0
    assert violations(with_payments=True) == []


def test_payments_and_debts_of_one_seller_at_once(world):
    """Charges, refunds by netting and losses of the same account, from many clients."""
    seller = world.seller()

    def client(turn: int) -> None:
        if turn % 3 == 0:
            change(world, (seller, -700))
        elif turn % 3 == 1:
            world.charge(1000, on=seller, fee=100)
        else:
            world.charge(1000, to=seller, fee=100)

    in_threads(*[partial(client, turn) for turn in range(12)])

    earned = 4 * (1000 - 59 - 100) + 4 * 900 - 4 * 700
    balance = world.balance(seller)
    assert balance.available + balance.pending == earned
    assert reserved(world) == 0
    assert violations(with_payments=True) == []
