"""Which balance a dispute is paid from: available, then refunds and disputes, then below zero."""

from __future__ import annotations

import pytest

from counterfoil.kit.ids import new_id
from counterfoil.ledger.drafts import EntryDraft, TransactionDraft, move
from counterfoil.ledger.models import Purpose
from counterfoil.ledger.operations import post_entries
from counterfoil.ledger.queries import balances
from tests.support.builders import NOW, WEDNESDAY, table
from tests.unit.disputes.world import (
    answer,
    decided,
    dispute_of,
    world_with_fees,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_hold")]


def prefund(world, account_id: str, amount: int) -> None:
    """Money in the refunds-and-disputes balance, however it came there."""
    lines = move(
        debit=(world.id, Purpose.BANK),
        credit=(account_id, Purpose.PREFUNDING),
        amount=amount,
        currency="usd",
        on=NOW,
    )
    row = TransactionDraft(
        id=new_id("txn", NOW),
        owner=account_id,
        type="adjustment",
        reporting_category="other_adjustment",
        amount=amount,
        currency="usd",
        available_on=NOW,
        source_id=None,
        balance_type=Purpose.PREFUNDING,
    )
    post_entries(
        [EntryDraft(f"prefunding:{row.id}", "prefunding", lines, [row])],
        platform_id=world.id,
        livemode=False,
        at=NOW,
        zones={account_id: "Etc/UTC"},
    )


def has(world, account_id: str) -> dict[str, int]:
    """Available and pending money by balance, in dollars."""
    rows = balances(world.scope.of(account_id), now=WEDNESDAY)
    return {
        row.purpose: row.available + row.pending
        for row in rows
        if row.currency == "usd" and row.purpose in ("payments", "prefunding")
    }


def old_charge(world, account_id: str):
    """5000 of last week, available by now: 4825."""
    return world.charge(5000, on=account_id, source="tok_bypassPending")


def disputed(world, account_id: str):
    """A chargeback of 5000 about a charge whose money is available."""
    return dispute_of(world, old_charge(world, account_id), now=WEDNESDAY)


def test_the_available_balance_comes_first(world):
    account = world.seller()
    prefund(world, account, 10_000)
    old_charge(world, account)
    disputed(world, account)

    assert has(world, account) == {"payments": 2 * 4825 - 6500, "prefunding": 10_000}


def test_when_it_does_not_suffice_the_refunds_and_disputes_balance_pays(world):
    account = world.seller()
    prefund(world, account, 6500)
    dispute = disputed(world, account)

    assert has(world, account) == {"payments": 4825, "prefunding": 0}
    (row,) = dispute["balance_transactions"]
    assert row["balance_type"] == "refund_and_dispute_prefunding"
    assert (row["amount"], row["fee"], row["net"]) == (-5000, 1500, -6500)


def test_when_neither_suffices_the_balance_goes_below_zero(world):
    account = world.seller()
    prefund(world, account, 6499)
    disputed(world, account)

    assert has(world, account) == {"payments": -1675, "prefunding": 6499}


def test_to_the_cent_is_enough(world):
    account = world.seller()
    prefund(world, account, 50_000)
    world.fund(10_000)
    world.transfer(1675, to=account)
    disputed(world, account)

    assert has(world, account) == {"payments": 0, "prefunding": 50_000}


def test_a_charge_that_is_pending_pays_for_itself(world):
    account = world.seller()
    prefund(world, account, 50_000)
    dispute_of(world, world.charge(5000, on=account))

    assert has(world, account) == {"payments": -1675, "prefunding": 50_000}


def test_what_is_won_goes_back_to_where_it_was_taken(world):
    account = world.seller()
    prefund(world, account, 6500)
    dispute = disputed(world, account)
    world.charge(20_000, on=account, source="tok_bypassPending")
    won = decided(world, dispute, "win", now=WEDNESDAY)

    assert has(world, account) == {"payments": 4825 + 19_390, "prefunding": 5000}
    assert won["balance_transactions"][1]["balance_type"] == "refund_and_dispute_prefunding"


def test_a_countering_fee_from_the_same_balance_returns_in_the_same_row():
    world = world_with_fees(0, 4700)
    account = world.seller()
    prefund(world, account, 9700)
    dispute = dispute_of(world, drained(world, account), now=WEDNESDAY)
    answer(world, dispute, "Receipt", now=WEDNESDAY)
    assert has(world, account)["prefunding"] == 0
    decided(world, dispute, "win", now=WEDNESDAY)

    assert [row for row in world.rows(C=account) if "adjustment" in row][-3:] == table("""
        C  adjustment  -5000     0  -5000  dp_
        C  adjustment      0  4700  -4700  dp_
        C  adjustment   5000 -4700   9700  dp_
    """)
    assert has(world, account) == {"payments": 4650, "prefunding": 9700}


def test_a_countering_fee_from_another_balance_returns_there():
    world = world_with_fees(0, 1000)
    account = world.seller()
    prefund(world, account, 5000)
    dispute = dispute_of(world, drained(world, account), now=WEDNESDAY)
    assert has(world, account)["prefunding"] == 0
    before = has(world, account)["payments"]
    answer(world, dispute, "Receipt", now=WEDNESDAY)
    assert has(world, account) == {"payments": before - 1000, "prefunding": 0}
    won = decided(world, dispute, "win", now=WEDNESDAY)

    assert has(world, account) == {"payments": before, "prefunding": 5000}
    shown = [
        (row["amount"], row["fee"], row["balance_type"]) for row in won["balance_transactions"]
    ]
    assert shown == [
        (-5000, 0, "refund_and_dispute_prefunding"),
        (0, 1000, "payments"),
        (5000, 0, "refund_and_dispute_prefunding"),
        (0, -1000, "payments"),
    ]


def drained(world, account_id: str):
    """A charge of 5000, of which no more than 4650 is left on the account."""
    charge = old_charge(world, account_id)
    dispute_of(world, old_charge(world, account_id), now=WEDNESDAY)
    assert has(world, account_id)["payments"] == 4650
    return charge
