"""Money that comes to an account, or is taken from it, after it was closed.

A closed account stays liable: its refunds still fail, its transfers are still reversed, its debts
still end. P is the platform, C its seller, who has closed the account.
"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from counterfoil.accounts.models import Account
from counterfoil.payments.operations.refunds import create_refund, fail_refund
from counterfoil.payments.operations.reversals import create_fee_refund, create_reversal
from counterfoil.payments.operations.topups import settle_topup
from counterfoil.payments.refund_params import CreateFeeRefund, CreateRefund, CreateReversal
from counterfoil.payments.rows import ChargeRow, RefundRow
from counterfoil.payouts.rows import PayoutRow
from tests.support.books import violations
from tests.support.builders import DAY, Balance, World, one_request, table
from tests.support.paying_out import Faults
from tests.unit.disputes.world import decided, dispute_of
from tests.unit.payments.owing import change, reserved

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_books_hold(db):
    yield
    assert violations(with_payments=True) == []


@pytest.fixture
def c(world: World) -> str:
    return world.seller()


def close(world: World, account_id: str) -> None:
    Account.objects.filter(id=account_id).update(deleted_at=world.now)


@one_request
def refund(world: World, charge: ChargeRow, **more: Any) -> RefundRow:
    params = msgspec.convert({"charge": charge.id} | more, CreateRefund)
    return create_refund(scope=charge.scope, params=params, now=world.now)


def test_a_refund_of_a_closed_account_comes_back(world, c):
    world.give(c, 1000)
    charge = world.charge(1000, on=c, source="tok_bypassPending")
    made = refund(world, charge)
    close(world, c)
    fail_refund(refund_id=made.id, scope=made.scope, reason="declined", now=world.now)

    assert world.rows(C=c)[-1:] == table("C refund_failure 1000 0 1000 re_")


def test_a_refund_of_a_closed_account_that_waited_is_paid(world, c):
    charge = world.charge(1000, on=c, source="tok_bypassPending")
    waits = refund(world, charge)
    world.top_up(1000, on=c)
    close(world, c)
    world.run_until(world.now + 10 * DAY)

    assert world.find(RefundRow, waits.id).status == "succeeded"


def test_a_destination_charge_is_refunded_with_its_transfer_after_the_seller_closed(world, c):
    charge = world.charge(1000, to=c, fee=123)
    close(world, c)
    refund(world, charge, reverse_transfer=True, refund_application_fee=True)

    assert world.balance(c) == Balance()
    assert world.rows(C=c)[-1:] == table("C payment_refund -1000 -123 -877 pyr_")


def test_a_transfer_is_reversed_and_a_fee_returned_after_the_seller_closed(world, c):
    charge = world.charge(1000, to=c, fee=123)
    close(world, c)
    create_reversal(
        scope=world.scope, transfer_id=charge.transfer_id or "", params=CreateReversal(amount=500),
        now=world.now,
    )  # fmt: skip
    create_fee_refund(
        scope=world.scope, fee_id=charge.application_fee_id or "", params=CreateFeeRefund(),
        now=world.now,
    )  # fmt: skip

    assert world.rows(C=c)[-2:] == table("""
        C  payment_refund  -500  0  -500  pyr_
        C  adjustment       123  0   123  fr_
    """)


def test_a_payout_to_a_closed_account_fails_late(world, c):
    world.give(c, 5000)
    payout = world.payout(5000, on=c)
    world.bank.faults = Faults({payout.id: ["late_failure"]})
    world.run_until(payout.lands_at)
    close(world, c)
    world.run_until(payout.lands_at + 10 * DAY)
    world.calm_bank()

    assert world.find(PayoutRow, payout.id).status == "failed"
    assert world.balance(c) == Balance(available=5000)


def test_a_dispute_of_a_closed_account_is_reserved_for_and_taken_over_after_180_days(world, c):
    world.fund(20_000)
    charge = world.charge(5000, on=c, source="tok_bypassPending")
    world.payout(4825, on=c)
    close(world, c)
    decided(world, dispute_of(world, charge), "lose")
    assert reserved(world) == 6500
    world.pass_until(world.now + 200 * DAY)

    assert (world.balance(c), reserved(world)) == (Balance(), 0)


def test_a_debit_that_was_on_its_way_repays_a_closed_account(world, c):
    change(world, (c, -1000))
    world.pass_until(world.now + DAY)
    close(world, c)
    world.pass_until(world.now + 20 * DAY)

    assert (world.balance(c), reserved(world)) == (Balance(), 0)


def test_a_top_up_that_was_on_its_way_reaches_a_closed_account(world, c):
    topup = world.top_up(1000, on=c)
    close(world, c)
    settle_topup(topup_id=topup.id, scope=topup.scope, now=world.now)

    assert world.balance(c, purpose="prefunding") == Balance(available=1000)
