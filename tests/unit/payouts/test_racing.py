"""Many at once, with real commits: everyone is paid exactly once, nobody more than there is."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest

from counterfoil.kit.db import fetch_all, unit_of_work
from counterfoil.kit.refused import BalanceInsufficient, InvalidRequest
from counterfoil.payments.operations.reversals import create_reversal
from counterfoil.payments.refund_params import CreateReversal
from counterfoil.payouts import due
from counterfoil.payouts.operations import automatic, claiming
from tests.support.books import violations
from tests.support.builders import DAY, MONDAY, Balance, World
from tests.support.committed import in_threads

pytestmark = pytest.mark.usefixtures("committed_database")
TUESDAY, WEDNESDAY = MONDAY + DAY, MONDAY + 2 * DAY


@pytest.fixture
def world(committed_database) -> World:
    return World()


def funded(world: World, count: int) -> list[str]:
    sellers = [world.seller() for _ in range(count)]
    world.fund(10_000_000)
    for n, seller in enumerate(sellers):
        world.transfer(1000 + n, to=seller)
    return sellers


def received() -> Counter[int]:
    return Counter(row[0] for row in fetch_all("SELECT received FROM rails_simulatedorder"))


def test_workers_that_race_pay_everyone_once(world, monkeypatch):
    monkeypatch.setattr(automatic, "BATCH", 4)
    monkeypatch.setattr(claiming, "BATCH", 3)
    sellers = funded(world, 24)

    def work() -> int:
        return due.run_due(world.id, False, TUESDAY)

    in_threads(*[work] * 4)

    assert due.next_due(world.id, False, TUESDAY) is None
    assert [world.payouts(seller) for seller in sellers] == [
        [f"in_transit {1000 + n}"] for n in range(24)
    ]
    assert received() == {1: 24}
    in_threads(*[partial(due.run_due, world.id, False, WEDNESDAY)] * 4)
    assert [world.payouts(seller) for seller in sellers] == [
        [f"paid {1000 + n}"] for n in range(24)
    ]
    assert violations(with_payments=True) == []


def test_a_worker_does_not_leave_before_the_others_are_done(world, monkeypatch):
    """What another worker is just paying is waited for: nothing is due when the run returns."""
    monkeypatch.setattr(automatic, "BATCH", 2)
    funded(world, 12)

    def work() -> int | None:
        automatic.run_schedules(world.id, False, now=TUESDAY)
        row = fetch_all(
            "SELECT COUNT(*) FROM accounts_account WHERE next_payout_at <= %s", [TUESDAY]
        )
        return row[0][0]

    assert in_threads(*[work] * 3) == [0, 0, 0]


def test_many_payouts_at_once_never_take_more_than_there_is(world):
    seller = world.seller()
    world.schedule(seller, "manual")
    world.give(seller, 1000)

    def pay_out() -> str:
        try:
            return world.payout(300, on=seller).status
        except BalanceInsufficient as refusal:
            return refusal.code or ""

    answers = in_threads(*[pay_out] * 12)

    assert Counter(answers) == {"pending": 3, "balance_insufficient": 9}
    assert world.balance(seller) == Balance(available=100)
    assert violations(with_payments=True) == []


def test_a_schedule_and_payouts_by_hand_share_what_there_is(world):
    seller = world.seller()
    world.give(seller, 1000)
    world.now = TUESDAY

    def by_hand() -> int:
        try:
            return world.payout(400, on=seller).amount
        except BalanceInsufficient:
            return 0

    def by_schedule() -> int:
        automatic.run_schedules(world.id, False, now=TUESDAY)
        return 0

    in_threads(by_hand, by_hand, by_schedule, by_schedule, by_hand, by_schedule)

    assert sum(row.amount for row in world.payout_rows(seller)) == 1000
    assert world.balance(seller) == Balance()
    assert violations(with_payments=True) == []


def test_instant_payouts_during_a_scheduled_run_share_what_there_is(world):
    """Each instant payout takes 100 with its fee; the run takes whatever it finds."""
    seller = world.seller()
    world.give(seller, 1000)
    world.now = TUESDAY

    def at_once() -> int:
        try:
            payout = world.payout(98, on=seller, method="instant")
        except BalanceInsufficient:
            return 0
        return payout.amount + (payout.application_fee_amount or 0)

    def by_schedule() -> int:
        automatic.run_schedules(world.id, False, now=TUESDAY)
        return 0

    taken = sum(in_threads(at_once, by_schedule, at_once, at_once, by_schedule, at_once))

    automatic_ones = [row.amount for row in world.payout_rows(seller) if row.automatic]
    assert sum(automatic_ones) + taken == 1000
    assert world.balance(seller) == Balance()
    assert world.unclaimed(seller) == 0
    assert violations(with_payments=True) == []


def test_a_payout_is_canceled_failed_or_handed_over_but_only_one_of_them(world):
    seller = world.seller()
    world.schedule(seller, "manual")
    for _ in range(6):
        world.give(seller, 500)
        payout = world.payout(500, on=seller)
        world.now += 3600

        def attempt(verb, payout=payout):
            try:
                verb(payout)
            except InvalidRequest as refusal:
                return refusal.code
            return "done"

        in_threads(
            partial(attempt, world.cancel_payout),
            partial(attempt, world.cancel_payout),
            partial(due.run_due, world.id, False, world.now),
            partial(due.run_due, world.id, False, world.now),
        )
        world.calm_bank()

    statuses = Counter(row.status for row in world.payout_rows(seller))
    assert set(statuses) <= {"canceled", "in_transit"}
    assert sum(received().values()) == statuses["in_transit"]
    assert violations(with_payments=True) == []


def test_payments_refunds_payouts_and_failures_at_once_leave_the_books_in_order(world):
    """Sixteen on two sellers, in all directions: no deadlock, nothing lost."""
    sellers = [world.seller(), world.seller()]
    world.fund(5_000_000)
    for seller in sellers:
        world.transfer(20_000, to=seller)
    world.now = TUESDAY
    refused = Counter()

    def work(worker: int) -> None:
        seller, other = sellers[worker % 2], sellers[(worker + 1) % 2]
        for n in range(4):
            try:
                match (worker + n) % 5:
                    case 0:
                        world.charge(900, on=seller, fee=90, source="tok_bypassPending")
                    case 1:
                        world.transfer(700, to=other)
                    case 2:
                        world.reverse_transfer(world.find_transfers(seller)[-1], 60)
                    case 3:
                        payout = world.payout(500 + worker, on=seller)
                        if worker % 3 == 0:
                            world.fail_payout(payout)
                            world.revive(seller, world.external(seller).id)
                    case 4:
                        automatic.run_schedules(world.id, False, now=TUESDAY)
            except (BalanceInsufficient, InvalidRequest) as refusal:
                refused[refusal.code] += 1

    in_threads(*(partial(work, worker) for worker in range(8)))

    assert set(refused) <= {"balance_insufficient", "bank_account_unusable", None}
    assert violations(with_payments=True) == []
    for seller in sellers:
        assert world.balance(seller).available >= 0


def test_a_payout_of_yesterday_cannot_take_what_todays_run_has_paid(world):
    """A request that began before midnight, and goes on after the schedule has run."""
    seller = world.seller()
    world.give(seller, 1000)
    automatic.run_schedules(world.id, False, now=TUESDAY)

    with pytest.raises(BalanceInsufficient):
        world.payout(1000, on=seller, now=TUESDAY - 1)
    assert violations(with_payments=True) == []


def test_a_reversal_of_yesterday_cannot_take_what_todays_run_has_paid(world):
    seller = world.seller()
    world.fund(10_000)
    transfer = world.transfer(1000, to=seller)
    automatic.run_schedules(world.id, False, now=TUESDAY)

    with pytest.raises(BalanceInsufficient), unit_of_work():
        create_reversal(
            scope=world.scope,
            transfer_id=transfer.id,
            params=CreateReversal(amount=1000),
            now=TUESDAY - 1,
        )
    assert violations(with_payments=True) == []
