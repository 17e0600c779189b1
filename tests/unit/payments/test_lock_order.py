"""Operations that hold several rows take them in one order: some wait, none in a circle.

PostgreSQL ends a circle by killing one of the two; the client would read of a busy server.
SQLite has a single writer and was never affected.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import pytest

from counterfoil.kit.refused import Refused
from counterfoil.payments.operations.refunds import create_refund
from counterfoil.payments.operations.reversals import create_fee_refund, create_reversal
from counterfoil.payments.refund_params import CreateFeeRefund, CreateRefund, CreateReversal
from counterfoil.payments.rows import ChargeRow
from tests.support.books import violations
from tests.support.builders import Balance, World
from tests.support.committed import in_threads


@pytest.fixture
def world(committed_database):
    world = World()
    world.fund(100_000)
    yield world
    assert violations(with_payments=True) == []


@pytest.fixture
def seller(world: World) -> str:
    seller = world.seller()
    world.transfer(20_000, to=seller)
    return seller


def refund(world: World, charge: ChargeRow, **more: Any) -> None:
    params = msgspec.convert({"charge": charge.id} | more, CreateRefund)
    create_refund(scope=charge.scope, params=params, now=world.now)


def give_back(world: World, charge: ChargeRow, amount: int) -> None:
    create_fee_refund(
        scope=world.scope,
        fee_id=charge.application_fee_id or "",
        params=CreateFeeRefund(amount=amount),
        now=world.now,
    )


def reverse(world: World, charge: ChargeRow, amount: int) -> None:
    create_reversal(
        scope=world.scope,
        transfer_id=charge.transfer_id or "",
        params=CreateReversal(amount=amount, refund_application_fee=True),
        now=world.now,
    )


def refusals(tasks: list[Callable[[], Any]]) -> list[str | None]:
    def attempt(task: Callable[[], Any]) -> str | None:
        try:
            task()
        except Refused as refusal:
            return refusal.code
        return None

    return [code for code in in_threads(*[partial(attempt, task) for task in tasks]) if code]


def test_refunds_that_reverse_transfers_and_instant_payouts_of_the_same_seller(world, seller):
    """Both hold the seller's funds and the platform's."""
    both = {"reverse_transfer": True, "refund_application_fee": True}
    charges = [world.charge(1000, to=seller, fee=100, source="tok_bypassPending") for _ in range(5)]
    tasks: list[Callable[[], Any]] = [partial(refund, world, charge, **both) for charge in charges]
    tasks += [partial(world.payout, 98, on=seller, method="instant") for _ in charges]

    assert refusals(tasks) == []
    assert world.balance(seller) == Balance(available=20_000 - 5 * 100)


def test_a_fee_given_back_on_its_own_while_its_direct_charge_is_refunded(world, seller):
    charge = world.charge(1000, on=seller, fee=100, source="tok_bypassPending")
    tasks: list[Callable[[], Any]] = [
        partial(refund, world, charge, amount=100, refund_application_fee=True) for _ in range(4)
    ]
    tasks += [partial(give_back, world, charge, 10) for _ in range(4)]

    assert refusals(tasks) == []
    assert world.fee_of(charge).amount_refunded == 80


def test_a_fee_given_back_on_its_own_while_its_transfer_is_reversed(world, seller):
    charge = world.charge(1000, to=seller, fee=100, source="tok_bypassPending")
    tasks: list[Callable[[], Any]] = [partial(reverse, world, charge, 100) for _ in range(4)]
    tasks += [partial(give_back, world, charge, 10) for _ in range(4)]

    assert refusals(tasks) == []
    assert world.fee_of(charge).amount_refunded == 80
