"""Payouts by schedule: who is paid, what each payout settles, and who is passed over."""

from __future__ import annotations

import msgspec
import pytest

from counterfoil.accounts.models import Account
from counterfoil.accounts.operations import update_account
from counterfoil.accounts.params import UpdateAccount
from counterfoil.kit.db import execute, fetch_all
from counterfoil.payouts.operations import automatic
from counterfoil.payouts.operations.settings import pause_payouts, resume_payouts
from counterfoil.payouts.params import PausePayouts
from counterfoil.payouts.rows import PayoutRow
from counterfoil.payouts.wire import payout_wire
from tests.support.accounts import bank
from tests.support.books import violations
from tests.support.builders import DAY, MONDAY, WEDNESDAY, Balance, shown, table

pytestmark = pytest.mark.django_db
TUESDAY, THURSDAY, FRIDAY = MONDAY + DAY, MONDAY + 3 * DAY, MONDAY + 4 * DAY


@pytest.fixture(autouse=True)
def the_books_hold(db):
    yield
    assert violations(with_payments=True) == []


@pytest.fixture
def ada(world):
    """A US seller with the schedule she starts with: daily."""
    return world.seller()


def next_payout(account_id: str) -> int | None:
    return Account.objects.get(id=account_id).next_payout_at


def test_all_that_is_available_goes_out_at_midnight(world, ada):
    world.give(ada, 5000)
    world.charge(10_000, on=ada, fee=1000)  # pending until Wednesday

    world.run_until(TUESDAY)

    (payout,) = world.payout_rows(ada)
    assert (payout.amount, payout.created, payout.automatic) == (5000, TUESDAY, True)
    assert world.lines(payout) == [("payment", 5000)]
    assert world.balance(ada) == Balance(pending=8680)
    wire = shown(payout_wire(payout))
    assert wire["description"] == "STRIPE PAYOUT"
    assert wire["reconciliation_status"] == "completed"
    assert world.events(ada)[-3:] == [
        "payout.created",
        "payout.updated",
        "payout.reconciliation_completed",
    ]


def test_it_is_not_reconciled_before_it_is_handed_over(world, ada):
    world.give(ada, 5000)
    automatic.run_schedules(world.id, False, now=TUESDAY)

    (payout,) = world.payout_rows(ada)
    assert shown(payout_wire(payout))["reconciliation_status"] == "in_progress"


def test_nothing_available_is_no_payout(world, ada):
    world.charge(1000, on=ada)
    world.run_until(TUESDAY)

    assert world.payouts(ada) == []
    assert next_payout(ada) == WEDNESDAY


def test_a_whole_week_has_one_payout_for_each_business_day(world, ada):
    for day in range(7):
        world.run_until(MONDAY + day * DAY + 3600 * 12)
        world.give(ada, 100 + day)
    world.run_until(MONDAY + 8 * DAY)

    assert [(row.amount, row.created) for row in world.payout_rows(ada)] == [
        (100, TUESDAY),
        (101, WEDNESDAY),
        (102, THURSDAY),
        (103, FRIDAY),
        (104 + 105 + 106, MONDAY + 7 * DAY),
    ]


def test_refunds_and_debts_are_settled_with_it(world, ada):
    world.give(ada, 5000)
    world.reverse_transfer(world.find_transfers(ada)[0], 1200)
    world.run_until(TUESDAY)

    (payout,) = world.payout_rows(ada)
    assert world.lines(payout) == [("payment", 5000), ("payment_refund", -1200)]
    assert payout.amount == 3800


def test_one_payout_for_each_currency(world):
    otto = world.seller("DE")
    world.schedule(otto, "daily")
    world.add_bank(otto, "US", currency="usd")
    world.charge(5000, "eur", on=otto, source="tok_bypassPending")
    world.give(otto, 700)

    world.run_until(TUESDAY)

    found = {row.currency: row.amount for row in world.payout_rows(otto)}
    net = world.transactions(otto)[0].net
    assert found == {"eur": net, "usd": 700}


def test_money_without_a_bank_account_stays(world, ada):
    euros = world.add_bank(ada, "DE")
    world.charge(5000, "eur", on=ada, source="tok_bypassPending")
    world.remove_bank(ada, euros)
    had = world.balance(ada, "eur")
    assert had.available > 0

    world.run_until(FRIDAY)

    assert (world.payouts(ada), world.balance(ada, "eur")) == ([], had)


@pytest.mark.parametrize("cents", [99, 100])
def test_less_than_the_smallest_payout_waits(world, cents):
    otto = world.seller("DE")
    charge = world.charge(5000, "eur", on=otto, source="tok_bypassPending")
    net = world.balance(otto, "eur").available
    world.schedule(otto, "manual")
    world.payout(net - cents, "eur", on=otto)
    world.schedule(otto, "daily")
    assert charge.amount == 5000

    world.run_until(TUESDAY)

    automatic_ones = [row for row in world.payout_rows(otto) if row.automatic]
    assert [row.amount for row in automatic_ones] == ([] if cents == 99 else [100])


def test_a_negative_balance_is_not_paid(world, ada):
    world.give(ada, 500)
    execute(
        "UPDATE accounts_account SET next_payout_at = %s WHERE id = %s", [MONDAY + 9 * DAY, ada]
    )
    payout = world.payout(500, on=ada)
    world.run_until(MONDAY + DAY)
    back = world.reverse_payout(payout)
    world.payout(500, on=ada)
    world.fail_payout(back)
    world.revive(ada, world.external(ada).id)
    assert world.balance(ada) == Balance(available=-500)

    world.run_until(MONDAY + 10 * DAY)

    assert [row for row in world.payout_rows(ada) if row.automatic] == []


# ---- The balance to keep ----


def test_a_minimum_balance_is_held_and_released(world, ada):
    world.give(ada, 5000)
    world.balance_settings(ada, payouts={"minimum_balance_by_currency": {"usd": 1500}})

    world.run_until(TUESDAY)

    (payout,) = world.payout_rows(ada)
    assert payout.amount == 3500
    assert world.lines(payout) == [("payment", 5000), ("payout_minimum_balance_hold", -1500)]
    assert world.balance(ada) == Balance(available=1500)
    assert sorted(world.rows(C=ada)[-3:]) == table("""
        C payout                         -3500 0 -3500 po_
        C payout_minimum_balance_hold    -1500 0 -1500 po_
        C payout_minimum_balance_release  1500 0  1500 po_
    """)


def test_the_next_payout_finds_what_was_released(world, ada):
    world.give(ada, 5000)
    world.balance_settings(ada, payouts={"minimum_balance_by_currency": {"usd": 1500}})
    world.run_until(TUESDAY)
    world.give(ada, 100)
    world.balance_settings(ada, payouts={"minimum_balance_by_currency": {"usd": ""}})
    world.run_until(WEDNESDAY)

    second = world.payout_rows(ada)[1]
    assert world.lines(second) == [("payout_minimum_balance_release", 1500), ("payment", 100)]


@pytest.mark.parametrize(("kept", "paid"), [(4999, [1]), (5000, []), (5001, [])])
def test_only_what_exceeds_the_minimum_balance_is_paid(world, ada, kept, paid):
    world.give(ada, 5000)
    world.balance_settings(ada, payouts={"minimum_balance_by_currency": {"usd": kept}})
    world.run_until(TUESDAY)

    assert [row.amount for row in world.payout_rows(ada)] == paid


# ---- Who is passed over ----


def test_an_errored_bank_account_is_not_paid_until_it_is_updated(world, ada):
    wrong = world.add_bank(ada, account_number="000111111116")
    world.give(ada, 5000)
    world.run_until(WEDNESDAY)
    assert world.payouts(ada) == ["failed 5000"]

    world.give(ada, 300)
    world.run_until(FRIDAY)
    assert world.payouts(ada) == ["failed 5000"]
    assert next_payout(ada) == MONDAY + 7 * DAY

    world.revive(ada, wrong)
    world.run_until(MONDAY + 7 * DAY)
    assert world.payouts(ada) == ["failed 5000", "in_transit 5300"]
    last = world.payout_rows(ada)[-1]
    assert world.lines(last) == [("payout_failure", 5000), ("payment", 300)]


def test_a_new_bank_account_is_paid_instead(world, ada):
    world.add_bank(ada, account_number="000111111116")
    world.give(ada, 5000)
    world.run_until(WEDNESDAY)

    world.add_bank(ada, account_number="000999999991")
    world.run_until(FRIDAY)

    assert world.payouts(ada) == ["failed 5000", "paid 5000"]


def test_paused_payouts_gather_until_they_are_resumed(world, ada):
    world.give(ada, 5000)
    pause_payouts(scope=world.in_scope(ada), params=PausePayouts(reason="Check"), now=world.now)
    world.run_until(WEDNESDAY)
    world.give(ada, 100)
    assert (world.payouts(ada), next_payout(ada)) == ([], THURSDAY)

    resume_payouts(scope=world.in_scope(ada), now=world.now)
    world.run_until(THURSDAY)

    assert world.payouts(ada) == ["in_transit 5100"]


def test_an_account_that_is_not_enabled_is_passed_over(world):
    params = bank(account_number="000123456789")
    stranger = world.newcomer(external_account=params)
    assert next_payout(stranger) == TUESDAY
    world.run_until(TUESDAY)
    assert (world.payouts(stranger), next_payout(stranger)) == ([], WEDNESDAY)


def test_a_manual_schedule_runs_never(world, ada):
    world.schedule(ada, "manual")
    world.give(ada, 5000)
    world.run_until(MONDAY + 30 * DAY)

    assert (world.payouts(ada), next_payout(ada)) == ([], None)


# ---- Changing the schedule ----


def test_a_change_of_schedule_moves_the_next_run(world, ada):
    assert next_payout(ada) == TUESDAY
    world.schedule(ada, "weekly", weekly_payout_days=["friday"])
    assert next_payout(ada) == FRIDAY
    world.schedule(ada, "monthly", monthly_payout_days=[31])
    assert next_payout(ada) == MONDAY + 28 * DAY  # Sunday 30 November, so Monday
    world.schedule(ada, "manual")
    assert next_payout(ada) is None
    world.schedule(ada, "daily")
    assert next_payout(ada) == TUESDAY


def test_a_run_that_nobody_has_done_yet_is_not_lost_by_an_update(world, ada):
    world.give(ada, 5000)
    world.now = TUESDAY + 5
    update_account(
        platform_id=world.id,
        livemode=False,
        account_id=ada,
        params=msgspec.convert({"metadata": {"n": "1"}}, UpdateAccount),
        now=world.now,
    )
    assert next_payout(ada) == TUESDAY

    world.run_until(world.now)
    assert world.payouts(ada) == ["in_transit 5000"]


def test_a_run_on_a_day_that_the_schedule_no_longer_has_pays_nothing(world, ada):
    world.give(ada, 5000)
    world.now = TUESDAY + 5
    world.schedule(ada, "weekly", weekly_payout_days=["friday"])

    world.run_until(world.now)

    assert (world.payouts(ada), next_payout(ada)) == ([], FRIDAY)


def test_a_worker_that_was_away_does_each_run_at_its_own_moment(world, ada):
    world.give(ada, 5000)
    world.run_until(THURSDAY + 7)

    assert [(row.created, row.paid_at) for row in world.payout_rows(ada)] == [(TUESDAY, WEDNESDAY)]


def test_a_run_that_is_late_does_not_pay_what_was_taken_back_meanwhile(world, ada):
    """The worker was away from Monday to Thursday; on Wednesday 1200 were reversed."""
    world.give(ada, 5000)
    world.now = WEDNESDAY + 3600
    world.reverse_transfer(world.find_transfers(ada)[0], 1200)
    world.now = THURSDAY

    world.run_until(THURSDAY)

    (payout,) = world.payout_rows(ada)
    assert (payout.amount, payout.created) == (3800, WEDNESDAY + 3600)
    assert world.balance(ada) == Balance()
    assert next_payout(ada) == FRIDAY


def test_accounts_that_are_late_do_not_keep_the_others(world, monkeypatch):
    monkeypatch.setattr(automatic, "BATCH", 3)
    sellers = [world.seller() for _ in range(7)]
    for seller in sellers:
        world.give(seller, 1000)
    world.now = WEDNESDAY
    for seller in sellers[::2]:
        world.give(seller, 50)

    assert automatic.run_schedules(world.id, False, now=TUESDAY) == 7

    found = [(row.amount, row.created) for s in sellers for row in world.payout_rows(s)]
    assert found == [(1050, WEDNESDAY), (1000, TUESDAY)] * 3 + [(1050, WEDNESDAY)]


# ---- Many at once ----


def test_batches_pay_everyone_once(world, monkeypatch):
    monkeypatch.setattr(automatic, "BATCH", 3)
    sellers = [world.seller() for _ in range(8)]
    for n, seller in enumerate(sellers):
        world.give(seller, 1000 + n)

    assert automatic.run_schedules(world.id, False, now=TUESDAY) == 8
    assert automatic.run_schedules(world.id, False, now=TUESDAY) == 0

    assert [world.payouts(seller) for seller in sellers] == [
        [f"pending {1000 + n}"] for n in range(8)
    ]


def test_an_accounts_own_payout_by_hand_is_not_paid_twice(world, ada):
    """A row that was settled in part: the schedule takes its rest."""
    world.give(ada, 5000)
    by_hand = world.payout(1200, on=ada)
    world.run_until(TUESDAY)

    _, scheduled = world.payout_rows(ada)
    assert (by_hand.amount, scheduled.amount) == (1200, 3800)
    rows = fetch_all(
        "SELECT txn_id, SUM(amount) FROM payouts_line GROUP BY txn_id HAVING COUNT(*) = 2"
    )
    assert [int(total) for _, total in rows] == [5000]
    assert world.find(PayoutRow, scheduled.id).line_count == 1


def test_platforms_do_not_run_each_others_accounts(world, ada):
    world.give(ada, 5000)
    assert automatic.run_schedules("acct_other", False, now=FRIDAY) == 0
    assert automatic.run_schedules(world.id, True, now=FRIDAY) == 0
