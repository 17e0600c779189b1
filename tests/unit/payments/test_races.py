"""Two requests for the same money at the same moment, in transactions that really commit."""

from __future__ import annotations

from functools import partial

import pytest

from counterfoil.kit.refused import BalanceInsufficient, InvalidRequest
from tests.support.books import violations
from tests.support.builders import Balance, World
from tests.support.committed import in_threads


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


def test_transfers_racing_for_one_balance_never_overdraw_it(world):
    account = world.seller()
    world.fund(10_000)  # 9680 of it
    tasks = [partial(attempt, world.transfer, 3000, to=account) for _ in range(6)]
    outcomes = in_threads(*tasks)

    assert sorted(outcomes, key=str) == [None] * 3 + ["balance_insufficient"] * 3
    assert world.balance() == Balance(available=680)
    assert world.balance(account) == Balance(available=9000)
    assert violations(with_payments=True) == []


def test_transfers_racing_for_one_charge_never_exceed_it(world):
    account = world.seller()
    charge = world.charge(10_000)
    tasks = [
        partial(attempt, world.transfer, 4000, to=account, source_transaction=charge.id)
        for _ in range(5)
    ]
    outcomes = in_threads(*tasks)

    assert sorted(outcomes, key=str) == [None] * 2 + ["charge_exceeds_source_limit"] * 3
    assert world.balance(account) == Balance(pending=8000)
    assert violations(with_payments=True) == []


def test_a_charge_is_captured_once_however_often_one_tries(world):
    account = world.seller()
    charge = world.charge(1000, to=account, fee=100, capture=False)
    outcomes = in_threads(*[partial(attempt, world.capture_charge, charge) for _ in range(5)])

    assert sorted(outcomes, key=str) == [None] + ["charge_already_captured"] * 4
    assert world.balance(account) == Balance(pending=900)
    assert violations(with_payments=True) == []


def test_an_intent_is_paid_once_however_often_one_confirms(world):
    intent = world.intent(1000, payment_method="pm_card_visa")
    outcomes = in_threads(*[partial(attempt, world.confirm, intent) for _ in range(5)])

    assert sorted(outcomes, key=str) == [None] + ["payment_intent_unexpected_state"] * 4
    assert world.balance() == Balance(pending=941)
    assert violations(with_payments=True) == []


def test_an_intent_is_either_captured_or_canceled(world):
    intent = world.intent(
        1000, payment_method="pm_card_visa", confirm=True, capture_method="manual"
    )
    outcomes = in_threads(
        partial(attempt, world.capture, intent), partial(attempt, world.cancel, intent)
    )

    assert sorted(outcomes, key=str) == [None, "payment_intent_unexpected_state"]
    assert violations(with_payments=True) == []


def test_payments_of_many_accounts_at_once_all_arrive(world):
    """Destination charges all touch the platform's balance; none waits for another for ever."""
    accounts = [world.seller() for _ in range(4)]
    tasks = [partial(attempt, world.charge, 1000, to=account, fee=123) for account in accounts * 3]

    assert in_threads(*tasks) == [None] * 12
    assert world.balance() == Balance(pending=12 * 64)
    assert [world.balance(account) for account in accounts] == [Balance(pending=3 * 877)] * 4
    assert violations(with_payments=True) == []
