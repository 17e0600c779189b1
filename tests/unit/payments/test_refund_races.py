"""Refunds at the same moment as whatever else takes the same money, with real commits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import pytest

from counterfoil.kit.refused import Refused
from counterfoil.payments.operations.refunds import (
    cancel_refund,
    create_refund,
    fail_refund,
    run_pending_refunds,
)
from counterfoil.payments.operations.reversals import create_reversal
from counterfoil.payments.refund_params import CreateRefund, CreateReversal
from counterfoil.payments.rows import ChargeRow, RefundRow, TransferRow
from tests.support.books import violations
from tests.support.builders import Balance, World
from tests.support.committed import in_threads


@pytest.fixture
def world(committed_database):
    world = World()
    yield world
    assert violations(with_payments=True) == []


def outcomes(*tasks: Callable[[], Any]) -> Counter[str | None]:
    """How often each thing became of them: None when done, or the code of the refusal."""

    def attempt(task: Callable[[], Any]) -> str | None:
        try:
            task()
        except Refused as refusal:
            return refusal.code
        return None

    return Counter(in_threads(*[partial(attempt, task) for task in tasks]))


def refund(world: World, charge: ChargeRow, **more: Any) -> RefundRow:
    params = msgspec.convert({"charge": charge.id} | more, CreateRefund)
    return create_refund(scope=charge.scope, params=params, now=world.now)


def reverse(world: World, charge: ChargeRow, **more: Any) -> None:
    params = CreateReversal(**more)
    transfer = charge.transfer_id or ""
    create_reversal(scope=world.scope, transfer_id=transfer, params=params, now=world.now)


def test_refunds_that_together_exceed_the_charge(world):
    """600 of 1000 fits once; then 400 is left, and the others would exceed it."""
    seller = world.seller()
    world.give(seller, 5000)
    charge = world.charge(1000, on=seller, fee=123, source="tok_bypassPending")
    found = outcomes(*[partial(refund, world, charge, amount=600)] * 4)

    assert found == {None: 1, "amount_too_large": 3}
    assert world.find(ChargeRow, charge.id).amount_refunded == 600
    assert world.balance(seller) == Balance(available=5000 + 818 - 600)


def test_a_reversal_by_hand_and_a_refund_that_reverses_the_same_transfer(world):
    """Whoever comes first: the transfer comes back once, the charge is refunded once."""
    seller = world.seller()
    charge = world.charge(1000, to=seller, fee=123, source="tok_bypassPending")
    world.fund(20_000)
    world.give(seller, 5000)
    both = {"reverse_transfer": True, "refund_application_fee": True}
    outcomes(
        partial(reverse, world, charge),
        partial(refund, world, charge, amount=400, **both),
        partial(reverse, world, charge, amount=300),
        partial(refund, world, charge, amount=600, **both),
    )

    transfer = world.find(TransferRow, charge.transfer_id)
    assert transfer.amount_reversed == 1000
    assert world.find(ChargeRow, charge.id).amount_refunded == 1000
    fee = world.fee_of(charge)
    assert world.balance(seller).available == 5000 + 877 - 1000 + fee.amount_refunded


def test_a_refund_fails_or_is_canceled_once(world):
    seller = world.seller()
    world.give(seller, 5000)
    charge = world.charge(1000, on=seller, source="tok_bypassPending")
    made = refund(world, charge)
    this = {"refund_id": made.id, "scope": made.scope, "now": world.now}
    found = outcomes(
        *[partial(cancel_refund, **this)] * 2,
        *[partial(fail_refund, **this, reason="declined")] * 2,
    )

    assert found == {None: 1, "status_transition_invalid": 3}
    assert world.balance(seller) == Balance(available=5941)
    assert world.find(ChargeRow, charge.id).amount_refunded == 0


def test_a_refund_that_waited_and_payouts_share_what_has_come(world):
    """3000 for a refund of 2000 and payouts of 800: the last one needs what is gone."""
    seller = world.seller()
    world.schedule(seller, "manual")
    charge = world.charge(2000, on=seller, source="tok_bypassPending")
    world.payout(1912, on=seller)
    waits = refund(world, charge)
    assert waits.pending_reason == "insufficient_funds"
    world.give(seller, 3000)
    runs = partial(run_pending_refunds, scope=world.on(seller).scope, currency="usd", now=world.now)
    outcomes(runs, *[partial(world.payout, 800, on=seller)] * 4, runs)

    paid_out = sum(row.amount for row in world.payout_rows(seller)[1:])
    refunded = 2000 if world.find(RefundRow, waits.id).status == "succeeded" else 0
    left = world.balance(seller).available
    assert left == 3000 - paid_out - refunded >= 0
    assert left < 800 or refunded == 0
    assert (paid_out, refunded) in [(800, 2000), (2400, 0), (1600, 0)]
