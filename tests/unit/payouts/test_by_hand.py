"""Payouts that a person asks for: what they settle, what is refused, what can be undone."""

from __future__ import annotations

import pytest

from counterfoil.kit.db import fetch_all
from counterfoil.kit.refused import (
    BalanceInsufficient,
    InvalidRequest,
    Refused,
    ResourceMissing,
)
from counterfoil.payouts.operations.settings import pause_payouts, resume_payouts
from counterfoil.payouts.params import PausePayouts
from counterfoil.payouts.rows import PayoutRow
from counterfoil.payouts.wire import payout_wire
from tests.support.books import violations
from tests.support.builders import DAY, NOW, WEDNESDAY, Balance, nothing_written, shown, table
from tests.unit.payments.owing import change, reserved

pytestmark = pytest.mark.django_db
HOUR = 3600


@pytest.fixture(autouse=True)
def the_books_hold(db):
    yield
    assert violations(with_payments=True) == []


@pytest.fixture
def ada(world):
    """A seller with a manual schedule, and three payments of 1000, 2000 and 3000 available."""
    seller = world.seller()
    world.schedule(seller, "manual")
    for hours, amount in enumerate((1000, 2000, 3000)):
        world.now = NOW + hours * HOUR
        world.give(seller, amount)
    world.now = NOW + 3 * HOUR
    return seller


def test_money_leaves_the_balance_at_once(world, ada):
    payout = world.payout(1500, on=ada, description="Rent")

    assert (payout.status, payout.automatic, payout.amount) == ("pending", False, 1500)
    assert world.balance(ada) == Balance(available=4500)
    assert world.balance(ada, purpose="in_transit") == Balance(available=1500)
    assert world.rows(C=ada)[-1:] == table("C payout -1500 0 -1500 po_")
    assert world.events(ada)[-1] == "payout.created"
    wire = shown(payout_wire(payout))
    assert wire["reconciliation_status"] == "not_applicable"
    assert wire["trace_id"] == {"status": "pending", "value": None}
    assert wire["destination"] == world.external(ada).id


def test_lines_are_taken_oldest_first_and_the_last_row_is_split(world, ada):
    first = world.payout(1500, on=ada)
    second = world.payout(500, on=ada)
    third = world.payout(4000, on=ada)

    assert world.lines(first) == [("payment", 1000), ("payment", 500)]
    assert world.lines(second) == [("payment", 500)]
    assert world.lines(third) == [("payment", 1000), ("payment", 3000)]
    assert world.unclaimed(ada) == 0
    assert world.balance(ada) == Balance()


def test_a_payout_that_ends_on_a_row_leaves_the_next_one_whole(world, ada):
    world.payout(1000, on=ada)
    rests = fetch_all("SELECT rest FROM ledger_unclaimed ORDER BY created")
    assert rests == [(2000,), (3000,)]


def test_what_was_taken_back_meanwhile_is_settled_first(world, ada):
    transfer = world.find_transfers(ada)[0]
    world.reverse_transfer(transfer, 900)
    payout = world.payout(2000, on=ada)

    # 1000 and 1000 of the second would do; but the reversal is older than nothing after them.
    assert world.lines(payout) == [("payment", 1000), ("payment", 1000)]
    rest = world.payout(3100, on=ada)
    assert world.lines(rest) == [("payment", 1000), ("payment", 2100)]
    assert world.unclaimed(ada) == 0


def test_older_debts_come_before_newer_money(world):
    seller = world.seller()
    world.schedule(seller, "manual")
    world.give(seller, 1000)
    world.reverse_transfer(world.find_transfers(seller)[0], 400)
    world.now += HOUR
    world.give(seller, 500)

    payout = world.payout(800, on=seller)

    assert world.lines(payout) == [("payment", 800)]
    last = world.payout(300, on=seller)
    assert world.lines(last) == [("payment", 200), ("payment_refund", -400), ("payment", 500)]


def test_pending_money_is_not_paid_out(world, ada):
    world.charge(9000, on=ada)

    with pytest.raises(BalanceInsufficient) as refusal:
        world.payout(6001, on=ada)

    assert (refusal.value.code, refusal.value.param) == ("balance_insufficient", "amount")
    payout = world.payout(6000, on=ada)
    assert world.lines(payout) == [("payment", 1000), ("payment", 2000), ("payment", 3000)]


@pytest.mark.parametrize(
    ("asked", "code", "param"),
    [
        ({"amount": 0}, "parameter_invalid_integer", "amount"),
        ({"amount": -5}, "parameter_invalid_integer", "amount"),
        ({"amount": 6001}, "balance_insufficient", "amount"),
        ({"amount": 10**12}, "amount_too_large", "amount"),
        ({"amount": 100, "currency": "eur"}, None, "currency"),
        ({"amount": 100, "currency": "zzz"}, None, "currency"),
        ({"amount": 100, "destination": "ba_nobody"}, "resource_missing", "destination"),
        ({"amount": 100, "source_type": "fpx"}, "balance_insufficient", "amount"),
        ({"amount": 100, "metadata": {"k" * 41: "v"}}, None, "metadata"),
    ],
)
def test_what_cannot_be_paid_out_is_refused_and_nothing_is_written(world, ada, asked, code, param):
    sent = {"amount": 100, "currency": "usd"} | asked
    amount, currency = sent.pop("amount"), sent.pop("currency")

    with nothing_written(), pytest.raises(Refused) as refusal:
        world.payout(amount, currency, on=ada, **sent)

    assert (refusal.value.code, refusal.value.param) == (code, param)
    assert world.payouts(ada) == []


def test_another_accounts_bank_is_not_a_destination(world, ada):
    other = world.seller()
    with pytest.raises(ResourceMissing):
        world.payout(100, on=ada, destination=world.external(other).id)


def test_a_platform_is_told_to_name_an_account(world):
    with pytest.raises(InvalidRequest, match="Stripe-Account"):
        world.payout(100, on=world.id)


def test_an_account_that_may_not_be_paid_is_refused(world):
    stranger = world.newcomer()
    with pytest.raises(InvalidRequest, match="requirements") as refusal:
        world.payout(100, on=stranger)
    assert refusal.value.code == "payouts_not_allowed"


def test_the_destination_may_be_named(world, ada):
    main = world.external(ada).id
    other = world.add_bank(ada, account_number="000999999991")

    assert world.payout(100, on=ada).destination_id == other
    assert world.payout(100, on=ada, destination=main).destination_id == main


def test_a_debit_card_is_a_destination_too(world, ada):
    card = world.add_card(ada)

    payout = world.payout(100, on=ada, destination=card)

    assert shown(payout_wire(payout))["type"] == "card"


def test_a_payout_of_dust_in_another_currency(world):
    otto = world.seller("DE")
    world.charge(5000, "eur", on=otto, source="tok_bypassPending")

    with pytest.raises(InvalidRequest) as refusal:
        world.payout(99, "eur", on=otto)
    assert refusal.value.code == "amount_too_small"
    assert world.payout(100, "EUR", on=otto).currency == "eur"


def test_a_negative_balance_pays_nothing(world, ada):
    payout = world.payout(2500, on=ada)
    world.run_until(NOW + DAY)
    back = world.reverse_payout(payout)
    world.payout(6000, on=ada)
    world.fail_payout(back, "insufficient_funds")
    world.revive(ada, world.external(ada).id)
    assert world.balance(ada) == Balance(available=-2500)

    with pytest.raises(BalanceInsufficient, match="until it is positive again"):
        world.payout(1, on=ada)
    world.give(ada, 2600)
    assert world.lines(world.payout(100, on=ada)) == [("payout_failure", -2500), ("payment", 2600)]


def test_an_account_that_owes_more_than_it_has_pays_nothing(world):
    """A charge that is pending was disputed: 500 is available, and −2000 on Wednesday."""
    c = world.seller()
    world.give(c, 500)
    change(world, (c, -2000), on=WEDNESDAY)
    held = reserved(world)
    with nothing_written(), pytest.raises(BalanceInsufficient, match=r"-15\.00 USD with what is"):
        world.payout(500, on=c)
    with pytest.raises(BalanceInsufficient):
        world.payout(98, on=c, method="instant")
    world.run_until(NOW + DAY)
    assert (world.payouts(c), reserved(world)) == ([], held)

    change(world, (c, 1501))
    world.run_until(NOW + 2 * DAY)
    assert (world.payouts(c), reserved(world)) == (["in_transit 1"], 0)


def test_paused_payouts_say_why_and_can_be_resumed(world, ada):
    scope = world.in_scope(ada)
    paused = pause_payouts(scope=scope, params=PausePayouts(reason="Fraud check"), now=world.now)

    assert paused.payments.payouts.status == "disabled"
    with pytest.raises(InvalidRequest, match="Fraud check") as refusal:
        world.payout(100, on=ada)
    assert refusal.value.code == "payouts_not_allowed"

    assert resume_payouts(scope=scope, now=world.now).payments.payouts.status == "enabled"
    assert world.payout(100, on=ada).status == "pending"


# ---- What time brings ----


def test_it_is_handed_over_after_an_hour_and_arrives_in_the_evening(world, ada):
    payout = world.payout(1500, on=ada)
    assert payout.arrival_date == NOW - NOW % DAY

    world.run_until(world.now + HOUR - 1)
    assert world.payouts(ada) == ["pending 1500"]
    world.run_until(world.now + 1)
    assert world.payouts(ada) == ["in_transit 1500"]
    (sent,) = world.payout_rows(ada)
    assert shown(payout_wire(sent))["trace_id"]["status"] == "supported"

    world.run_until(payout.lands_at)
    assert world.payouts(ada) == ["paid 1500"]
    assert world.balance(ada, purpose="in_transit") == Balance()
    assert world.events(ada)[-3:] == ["payout.created", "payout.updated", "payout.paid"]


def test_ten_payouts_a_day_arrive_the_same_day(world, ada):
    days = {world.payout(10, on=ada).arrival_date for _ in range(10)}

    assert days == {NOW - NOW % DAY}
    assert world.payout(10, on=ada).arrival_date == NOW - NOW % DAY + DAY


# ---- Taking it back ----


def test_a_payout_that_waits_can_be_canceled(world, ada):
    payout = world.payout(1500, on=ada)

    canceled = world.cancel_payout(payout)

    assert world.balance(ada) == Balance(available=6000)
    assert world.balance(ada, purpose="in_transit") == Balance()
    assert world.rows(C=ada)[-2:] == table("""
        C payout        -1500 0 -1500 po_
        C payout_cancel  1500 0  1500 po_
    """)
    wire = shown(payout_wire(canceled))
    assert (wire["status"], wire["failure_code"]) == ("canceled", None)
    assert wire["failure_balance_transaction"] == canceled.failure_transaction_id
    assert world.events(ada)[-1] == "payout.canceled"
    world.run_until(NOW + 9 * DAY)
    assert world.payouts(ada) == ["canceled 1500"]
    assert fetch_all("SELECT * FROM rails_simulatedorder") == []


def test_after_a_cancellation_only_the_return_is_claimable(world, ada):
    first = world.payout(6000, on=ada)
    world.cancel_payout(first)

    second = world.payout(6000, on=ada)

    assert world.lines(second) == [("payout_cancel", 6000)]
    assert world.lines(first) == [("payment", 1000), ("payment", 2000), ("payment", 3000)]


@pytest.mark.parametrize("moment", [HOUR, 12 * HOUR])
def test_a_payout_that_left_cannot_be_canceled(world, ada, moment):
    payout = world.payout(1500, on=ada)
    world.run_until(world.now + moment)

    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.cancel_payout(payout)
    assert refusal.value.code == "status_transition_invalid"


def test_a_payout_that_is_just_being_handed_over_cannot_be_canceled(world, ada):
    payout = world.payout(1500, on=ada)
    world.bank.faults = lambda verb, key, attempt: "lost"
    try:
        world.run_until(world.now + HOUR)
        with pytest.raises(InvalidRequest, match="is being handed to the bank"):
            world.cancel_payout(payout)
    finally:
        world.calm_bank()


def test_canceling_twice_gives_back_once(world, ada):
    payout = world.payout(1500, on=ada)
    world.cancel_payout(payout)
    with pytest.raises(InvalidRequest):
        world.cancel_payout(payout)
    assert world.balance(ada) == Balance(available=6000)


def test_a_paid_payout_can_be_reversed(world, ada):
    payout = world.payout(2500, on=ada, metadata={"n": "1"})
    world.run_until(NOW + DAY)

    back = world.reverse_payout(payout, metadata={"why": "mistake"})

    assert (back.amount, back.original_payout_id) == (-2500, payout.id)
    assert world.lines(back) == [("payment", -1000), ("payment", -1500)]
    assert world.balance(ada) == Balance(available=6000)
    assert world.balance(ada, purpose="in_transit") == Balance(available=-2500)
    assert world.rows(C=ada)[-1:] == table("C payout 2500 0 2500 po_")
    wire = shown(payout_wire(world.find(PayoutRow, payout.id)))
    assert wire["reversed_by"] == back.id
    assert shown(payout_wire(back))["metadata"] == {"why": "mistake"}

    world.run_until(back.lands_at)
    assert world.payouts(ada) == ["paid 2500", "paid -2500"]
    assert world.balance(ada, purpose="in_transit") == Balance()
    again = world.payout(6000, on=ada)
    assert world.lines(again) == [("payment", 1000), ("payment", 2000), ("payment", 3000)]


def test_a_reversal_that_the_bank_refuses_takes_the_money_again(world, ada):
    payout = world.payout(2500, on=ada)
    world.run_until(NOW + DAY)
    back = world.reverse_payout(payout)

    world.fail_payout(back, "debit_not_authorized")

    assert world.balance(ada) == Balance(available=3500)
    assert world.rows(C=ada)[-1:] == table("C payout_failure -2500 0 -2500 po_")
    assert world.unclaimed(ada) == 3500


def test_what_cannot_be_reversed(world, ada):
    payout = world.payout(1000, on=ada)
    with pytest.raises(InvalidRequest, match="Cancel it instead"):
        world.reverse_payout(payout)
    world.run_until(NOW + DAY)
    back = world.reverse_payout(payout)
    with pytest.raises(InvalidRequest, match="reversed already") as refusal:
        world.reverse_payout(payout)
    assert refusal.value.code == "resource_already_exists"
    world.run_until(NOW + 5 * DAY)
    with pytest.raises(InvalidRequest, match="a reversal itself"):
        world.reverse_payout(back)


def test_payouts_outside_the_us_and_canada_are_not_reversed(world):
    otto = world.seller("DE")
    world.charge(5000, "eur", on=otto, source="tok_bypassPending")
    payout = world.payout(1000, "eur", on=otto)
    world.run_until(NOW + DAY)

    with pytest.raises(InvalidRequest, match="US and Canada"):
        world.reverse_payout(payout)
