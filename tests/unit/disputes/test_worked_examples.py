"""The disputes of reference money-movement §4, as an accountant would check them.

Lines read: whose books · type · gross · fee · net · what it came from. P is the platform, C a
connected account. The charge is of Monday 3 November 2025; a US account has it on Wednesday.
"""

from __future__ import annotations

import json

import pytest

from counterfoil.kit.db import execute
from counterfoil.platforms.settings import DisputeFees, PlatformSettings, write_settings
from tests.support.builders import DAY, NOW, WEDNESDAY, Balance, table
from tests.unit.disputes.world import (
    accepted,
    answer,
    decided,
    dispute_of,
    world_with_fees,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_hold")]


def test_4_a_chargeback_takes_the_amount_and_the_fee(world):
    account = world.seller()
    charge = world.charge(5000, on=account)
    dispute_of(world, charge)

    assert world.rows(P=world.id, C=account) == table("""
        P  reserve_transaction  -1675     0  -1675  -    -- C owes it, P is liable (§8)
        C  charge                5000   175   4825  ch_
        C  adjustment           -5000  1500  -6500  dp_
    """)
    assert net(world, account) == -1675
    row = world.transactions(account)[-1]
    assert (row.reporting_category, row.description) == (
        "dispute",
        f"Chargeback withdrawal for {charge.id}",
    )
    assert fees_of(row) == [(1500, "stripe_fee", "Dispute fee")]


def test_4_a_lost_dispute_writes_no_further_row(world):
    account = world.seller()
    dispute = dispute_of(world, world.charge(5000, on=account))
    accepted(world, dispute)

    assert world.rows(C=account) == table("""
        C  charge       5000   175   4825  ch_
        C  adjustment  -5000  1500  -6500  dp_
    """)
    assert net(world, account) == -1675


def test_4_a_dispute_won_gives_the_amount_back_and_keeps_the_fee(world):
    account = world.seller()
    charge = world.charge(5000, on=account)
    dispute = dispute_of(world, charge)
    answer(world, dispute, "winning_evidence")

    assert world.rows(C=account) == table("""
        C  charge       5000   175   4825  ch_
        C  adjustment  -5000  1500  -6500  dp_
        C  adjustment   5000     0   5000  dp_
    """)
    assert net(world, account) == 3325
    row = world.transactions(account)[-1]
    assert (row.reporting_category, row.description) == (
        "dispute_reversal",
        f"Chargeback reversal for {charge.id}",
    )


def test_4_the_fee_for_countering_is_returned_on_a_win():
    """15 for receiving, kept; 15 for countering, charged with the evidence and returned."""
    world = world_with_fees(1500, 1500)
    account = world.seller()
    dispute = dispute_of(world, world.charge(5000, on=account))
    answer(world, dispute, "Here is the receipt.")

    assert world.rows(C=account) == table("""
        C  charge       5000   175   4825  ch_
        C  adjustment  -5000  1500  -6500  dp_
        C  adjustment      0  1500  -1500  dp_
    """)
    assert net(world, account) == -3175

    decided(world, dispute, "win")
    assert world.rows(C=account)[-1:] == table("""
        C  adjustment   5000 -1500   6500  dp_
    """)
    assert net(world, account) == 3325
    assert fees_of(world.transactions(account)[-1]) == [(-1500, "stripe_fee", "Dispute fee refund")]


def test_4_a_lost_dispute_costs_both_fees():
    world = world_with_fees(1500, 1500)
    account = world.seller()
    dispute = dispute_of(world, world.charge(5000, on=account))
    answer(world, dispute, "losing_evidence")

    assert world.rows(C=account) == table("""
        C  charge       5000   175   4825  ch_
        C  adjustment  -5000  1500  -6500  dp_
        C  adjustment      0  1500  -1500  dp_
    """)
    assert net(world, account) == -3175


def test_4_where_a_win_returns_the_whole_fee():
    """The older rule, or Mexico's, is a platform that charges for countering alone."""
    world = world_with_fees(0, 1500)
    account = world.seller()
    dispute = dispute_of(world, world.charge(5000, on=account))
    answer(world, dispute, "winning_evidence")

    assert world.rows(C=account) == table("""
        C  charge       5000   175   4825  ch_
        C  adjustment  -5000     0  -5000  dp_
        C  adjustment      0  1500  -1500  dp_
        C  adjustment   5000 -1500   6500  dp_
    """)
    assert net(world, account) == 4825


def test_4_a_destination_charge_is_taken_from_the_platform_alone(world):
    account = world.seller()
    charge = world.charge(1000, to=account, fee=123)
    dispute = dispute_of(world, charge)

    assert world.rows(P=world.id, C=account) == table("""
        P  charge           1000    59    941  ch_
        P  transfer        -1000     0  -1000  tr_
        P  application_fee   123     0    123  fee_
        P  adjustment      -1000  1500  -2500  dp_
        C  payment          1000   123    877  py_
    """)
    assert dispute["charge"] == charge.id
    decided(world, dispute, "win")
    assert world.rows(P=world.id)[-1:] == table("P  adjustment 1000 0 1000 dp_")
    assert net(world, account) == 877


def test_4_on_behalf_of_an_account_the_platform_is_debited_all_the_same(world):
    account = world.seller()
    dispute_of(world, world.charge(1000, to=account, on_behalf_of=account))

    assert world.rows(P=world.id, C=account)[-2:] == table("""
        P  adjustment      -1000  1500  -2500  dp_
        C  payment          1000     0   1000  py_
    """)


def test_4_of_a_separate_charge_transfers_are_not_touched(world):
    account = world.seller()
    charge = world.charge(10_000)
    world.transfer(7000, to=account, source_transaction=charge.id)
    dispute_of(world, charge)

    assert world.rows(P=world.id, C=account) == table("""
        P  charge          10000   320   9680  ch_
        P  transfer        -7000     0  -7000  tr_
        P  adjustment     -10000  1500 -11500  dp_
        C  payment          7000     0   7000  py_
    """)


def test_4_the_application_fee_of_a_direct_charge_stays_with_the_platform(world):
    account = world.seller()
    dispute_of(world, world.charge(1000, on=account, fee=123))

    assert world.rows(P=world.id, C=account) == table("""
        P  application_fee        123     0    123  fee_
        P  reserve_transaction  -1682     0  -1682  -    -- C owes it, P is liable (§8)
        C  charge                1000   182    818  ch_
        C  adjustment           -1000  1500  -2500  dp_
    """)


def test_4_a_platform_that_pays_fees_pays_these_too():
    world = world_with_fees(1500, 1000)
    account = world.paying_for()
    dispute = dispute_of(world, world.charge(5000, on=account))
    answer(world, dispute, "winning_evidence")

    assert world.rows(P=world.id, C=account) == table("""
        P  stripe_fee       -175     0   -175  ch_
        P  stripe_fee      -1500     0  -1500  dp_
        P  stripe_fee      -1000     0  -1000  dp_
        P  stripe_fee       1000     0   1000  dp_
        C  charge           5000     0   5000  ch_
        C  adjustment      -5000     0  -5000  dp_
        C  adjustment       5000     0   5000  dp_
    """)
    assert net(world, account) == 5000
    assert net(world, world.id) == -1675


def test_4_an_express_account_pays_its_own_dispute_fee(world):
    """`fees.payer` is application_express: the platform pays other things, not this."""
    account = world.seller(type="express")
    dispute_of(world, world.charge(5000, on=account))

    assert world.rows(P=world.id) == table("P reserve_transaction -1675 0 -1675 -")
    assert net(world, account) == -1675


def test_4_an_inquiry_moves_nothing_until_it_escalates(world):
    account = world.seller()
    dispute = dispute_of(world, world.charge(5000, on=account), type="inquiry")
    assert dispute["balance_transactions"] == []
    assert world.rows(C=account) == table("C charge 5000 175 4825 ch_")

    escalated = decided(world, dispute, "escalate")
    assert world.rows(C=account) == table("""
        C  charge       5000   175   4825  ch_
        C  adjustment  -5000  1500  -6500  dp_
    """)
    assert [row["net"] for row in escalated["balance_transactions"]] == [-6500]


def test_4_the_disputed_amount_may_be_less_than_the_charge(world):
    account = world.seller()
    charge = world.charge(5000, on=account)
    dispute_of(world, charge, amount=2000)
    dispute_of(world, charge, amount=3000)

    assert world.rows(C=account) == table("""
        C  charge       5000   175   4825  ch_
        C  adjustment  -2000  1500  -3500  dp_
        C  adjustment  -3000  1500  -4500  dp_
    """)


def test_4_what_is_disputed_while_pending_is_pending_itself(world):
    """As recorded: the withdrawal waits as long as the charge, and so does its reversal."""
    account = world.seller()
    dispute = dispute_of(world, world.charge(5000, on=account))
    decided(world, dispute, "win", now=NOW + DAY)

    assert [row.available_on for row in world.transactions(account)] == [WEDNESDAY] * 3
    assert world.balance(account) == Balance(pending=3325)
    assert world.balance(account, now=WEDNESDAY) == Balance(available=3325)


def test_4_what_is_disputed_later_leaves_at_once(world):
    account = world.seller()
    dispute = dispute_of(world, world.charge(5000, on=account), now=WEDNESDAY)
    assert world.balance(account, now=WEDNESDAY) == Balance(available=-1675)

    later = WEDNESDAY + 20 * DAY
    decided(world, dispute, "win", now=later)
    assert [row.available_on for row in world.transactions(account)] == [
        WEDNESDAY,
        WEDNESDAY,
        later,
    ]


def test_4_fees_are_a_setting_for_each_currency():
    world = world_with_fees(2000, 0, "gbp")
    briton, american = world.seller("GB"), world.seller()
    dispute_of(world, world.charge(5000, "gbp", on=briton, source="tok_gb"))
    dispute_of(world, world.charge(5000, on=american))  # nothing is set for dollars

    taken = [row for row in world.rows(GB=briton, US=american) if "adjustment" in row]
    assert taken == table("""
        GB  adjustment  -5000  2000  -7000  dp_
        US  adjustment  -5000     0  -5000  dp_
    """)


def test_4_a_setting_changed_meanwhile_changes_nothing_about_a_win():
    world = world_with_fees(1500, 1500)
    account = world.seller()
    dispute = dispute_of(world, world.charge(5000, on=account))
    answer(world, dispute, "Here is the receipt.")
    set_countered_fee(world, 9999)
    decided(world, dispute, "win")

    assert net(world, account) == 3325


def net(world, account_id) -> int:
    return sum(row.net for row in world.transactions(account_id))


def fees_of(row) -> list[tuple[int, str, str]]:
    return [
        (each["amount"], each["type"], each["description"]) for each in json.loads(row.fee_details)
    ]


def set_countered_fee(world, amount: int) -> None:
    settings = PlatformSettings(dispute_fees={"usd": DisputeFees(amount, amount)})
    execute("UPDATE platforms_platform SET settings = %s", [write_settings(settings)])
