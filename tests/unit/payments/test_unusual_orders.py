"""Money that moves in orders nobody thought of: the books hold, and nobody gains by it.

P is the platform, C its seller. Amounts are cents; the clock begins on Monday 3 November 2025.
"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from counterfoil.kit.refused import BalanceInsufficient, InvalidRequest
from counterfoil.payments.operations.refunds import create_refund, fail_refund
from counterfoil.payments.operations.reversals import create_reversal
from counterfoil.payments.refund_params import CreateRefund, CreateReversal
from counterfoil.payments.rows import ChargeRow, RefundRow
from counterfoil.payouts.rows import PayoutRow
from tests.support.books import violations
from tests.support.builders import DAY, MONDAY, NOW, Balance, World, one_request, table
from tests.support.paying_out import Faults
from tests.unit.disputes.world import answer, decided, dispute_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_books_hold(db):
    yield
    assert violations(with_payments=True) == []


@pytest.fixture
def c(world: World) -> str:
    return world.seller()


@one_request
def refund(world: World, charge: ChargeRow, *, on: str | None = None, **more: Any) -> RefundRow:
    params = msgspec.convert({"charge": charge.id} | more, CreateRefund)
    return create_refund(scope=world.on(on).scope, params=params, now=world.now)


@one_request
def undelivered(world: World, made: RefundRow) -> None:
    fail_refund(refund_id=made.id, scope=made.scope, reason="declined", now=world.now)


def at_once(world: World, amount: int = 1000, **more: Any) -> ChargeRow:
    return world.charge(amount, source="tok_bypassPending", **more)


# ---- §3, the two rows of the separate charge that were told in one ----


def test_3_a_separate_charge_refunded_in_full_and_then_both_transfers_reversed(world):
    """The table's last two rows: −9320 / 7000, 2000, then −320 / 0, 0."""
    first, second = world.seller(), world.seller()
    world.fund(70_000)
    for who in (first, second):
        world.transfer(20_000, to=who)
    had = {who: world.balance(who).available for who in (world.id, first, second)}

    def changes() -> tuple[int, int, int]:
        return tuple(world.balance(who).available - had[who] for who in (world.id, first, second))  # type: ignore[return-value]

    charge = at_once(world, 10_000)
    moved = [
        world.transfer(amount, to=who, source_transaction=charge.id)
        for amount, who in ((7000, first), (2000, second))
    ]
    refund(world, charge)
    assert changes() == (-9320, 7000, 2000)

    for transfer in moved:
        create_reversal(
            scope=world.scope, transfer_id=transfer.id, params=CreateReversal(), now=world.now
        )
    assert changes() == (-320, 0, 0)
    assert sorted(world.rows(P=world.id)[-3:]) == table("""
        P refund          -10000 0 -10000 re_
        P transfer_refund   2000 0   2000 trr_
        P transfer_refund   7000 0   7000 trr_
    """)


# ---- Payouts and what happens behind their backs ----


def test_a_bank_account_removed_while_a_payout_is_on_its_way_to_it_and_fails(world, c):
    world.give(c, 5000)
    first = world.external(c).id
    world.schedule(c, "manual")
    payout = world.payout(5000, on=c, destination=world.add_bank(c, account_number="000111111116"))
    assert payout.destination_id != first
    bad = payout.destination_id
    world.make_default(c, first)
    world.remove_bank(c, bad)
    world.run_until(NOW + 5 * DAY)

    assert world.payouts(c) == ["failed 5000"]
    assert world.balance(c) == Balance(available=5000)
    assert world.external(c).status != "errored"
    again = world.payout(5000, on=c)
    world.run_until(NOW + 10 * DAY)
    assert world.find(PayoutRow, again.id).status == "paid"


def test_a_payout_reversed_and_then_returned_by_the_bank_after_all(world, c):
    """The bank gave 5000 back and was debited 5000 as well: both are the seller's."""
    world.give(c, 5000)
    world.schedule(c, "manual")
    payout = world.payout(5000, on=c)
    world.run_until(payout.lands_at)
    world.reverse_payout(world.find(PayoutRow, payout.id))
    world.force_failed(payout, "account_closed")
    assert world.balance(c) == Balance(available=10_000)
    assert world.unclaimed(c) == 10_000

    # What the closed account does not give is taken again.
    world.run_until(NOW + DAY)
    reversal = world.payout_rows(c)[1]
    world.force_failed(reversal, "account_closed")
    assert world.balance(c) == Balance(available=5000)
    assert world.unclaimed(c) == 5000


def test_a_payout_takes_what_a_waiting_refund_needs_and_the_refund_waits_on(world, c):
    charge = at_once(world, on=c)
    world.schedule(c, "manual")
    waits = refund(world, charge, on=c)
    assert waits.status == "pending"
    world.give(c, 5000)
    world.payout(world.balance(c).available, on=c)
    world.run_until(NOW + DAY)
    assert world.find(RefundRow, waits.id).status == "pending"

    world.give(c, 2000)
    world.run_until(NOW + DAY + 60)
    assert world.find(RefundRow, waits.id).status == "succeeded"
    assert world.balance(c) == Balance(available=1000)


def test_a_failed_payout_pays_the_refund_that_waited(world, c):
    charge = at_once(world, on=c)
    world.schedule(c, "manual")
    payout = world.payout(941, on=c)
    waits = refund(world, charge, on=c)
    world.give(c, 59)
    world.run_until(NOW + 60)
    assert world.find(RefundRow, waits.id).status == "pending"

    world.fail_payout(payout)
    world.run_until(world.now + 60)
    assert world.find(RefundRow, waits.id).status == "succeeded"
    assert world.balance(c) == Balance()


def test_a_late_failure_after_the_account_fell_below_zero_repays_the_platforms_reserve(world, c):
    charge = at_once(world, 5000, on=c)
    world.schedule(c, "manual")
    payout = world.payout(4825, on=c)
    world.bank.faults = Faults({payout.id: ["late_failure"]})
    world.run_until(payout.lands_at)
    dispute_of(world, charge)
    assert world.balance(purpose="connect_reserved") == Balance(available=6500)

    world.run_until(payout.lands_at + 3 * DAY)
    world.calm_bank()
    assert world.payouts(c) == ["failed 4825"]
    assert world.balance(c).available == -1675
    assert world.balance(purpose="connect_reserved") == Balance(available=1675)


# ---- Refunds and disputes of one charge ----


def test_a_dispute_after_a_part_was_refunded_takes_the_rest_and_no_more(world, c):
    charge = at_once(world, on=c)
    refund(world, charge, on=c, amount=400)
    dispute = dispute_of(world, charge)
    assert dispute["amount"] == 600
    with pytest.raises(InvalidRequest):
        refund(world, charge, on=c, amount=1)

    decided(world, dispute, "win")
    refund(world, charge, on=c, amount=600)
    assert world.find(ChargeRow, charge.id).amount_refunded == 1000


def test_a_refund_that_fails_while_its_charge_is_disputed_comes_back_once(world, c):
    charge = at_once(world, on=c)
    made = refund(world, charge, on=c, amount=400)
    dispute = dispute_of(world, charge)
    undelivered(world, made)
    with pytest.raises(InvalidRequest):
        undelivered(world, made)
    answer(world, dispute, "winning_evidence")

    assert sum(row.net for row in world.transactions(c)) == 1000 - 59 - 1500
    assert world.find(ChargeRow, charge.id).amount_refunded == 0


def test_a_fee_is_returned_to_the_seller_also_when_its_transfer_is_gone(world, c):
    world.fund(20_000)
    charge = at_once(world, to=c, fee=123)
    world.transfer(123, to=c)
    create_reversal(
        scope=world.scope, transfer_id=charge.transfer_id or "", params=CreateReversal(),
        now=world.now,
    )  # fmt: skip
    assert world.balance(c) == Balance()
    refund(world, charge, reverse_transfer=True, refund_application_fee=True)

    assert world.rows(P=world.id)[-2:] == table("""
        P application_fee_refund  -123 0  -123 fr_
        P refund                 -1000 0 -1000 re_
    """)
    assert world.rows(C=c)[-1:] == table("C adjustment 123 0 123 fr_")
    assert world.balance(c) == Balance(available=123)


# ---- The platform below zero ----


def test_a_platform_below_zero_transfers_nothing_until_it_has_topped_up(world, c):
    charge = at_once(world, to=c)
    dispute_of(world, charge)
    assert world.balance() == Balance(available=-59 - 1000 - 1500)
    other = at_once(world, 2000)
    waits = refund(world, other)
    assert waits.pending_reason == "insufficient_funds"
    with pytest.raises(BalanceInsufficient):
        world.transfer(100, to=c)

    world.top_up(10_000)
    world.run_until(MONDAY + 20 * DAY)
    assert world.find(RefundRow, waits.id).status == "succeeded"
    world.transfer(100, to=c)


# ---- Refunds that wait for a seller ----


def spent_by(world: World, seller: str) -> RefundRow:
    """A refund that waited for P, and then finds that its seller has paid itself out."""
    world.schedule(seller, "manual")
    charge = at_once(world, to=seller, fee=123)
    waits = refund(world, charge, reverse_transfer=True, refund_application_fee=True)
    assert waits.pending_reason == "insufficient_funds"  # P has 64, and gives 123 back
    world.payout(877, on=seller)
    world.top_up(5000)
    world.run_until(world.now + 10 * DAY)
    assert world.find(RefundRow, waits.id).status == "pending"
    return waits


def test_a_refund_that_waits_for_its_seller_runs_when_the_seller_earns(world, c):
    waits = spent_by(world, c)
    world.charge(2000, on=c, source="tok_bypassPending")
    world.run_until(world.now + 60)

    assert world.find(RefundRow, waits.id).status == "succeeded"


def test_a_refund_that_waits_for_its_seller_runs_when_the_sellers_money_is_available(world, c):
    waits = spent_by(world, c)
    world.charge(2000, on=c)
    world.run_until(world.now + 60)
    assert world.find(RefundRow, waits.id).status == "pending"
    world.run_until(world.now + 7 * DAY)

    assert world.find(RefundRow, waits.id).status == "succeeded"


def test_a_refund_that_waits_for_its_seller_holds_no_other_up(world, c):
    waits = spent_by(world, c)
    other = refund(world, at_once(world, 500))
    world.run_until(world.now + 60)

    assert world.find(RefundRow, other.id).status == "succeeded"
    assert world.find(RefundRow, waits.id).status == "pending"
