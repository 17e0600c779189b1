"""Each invariant of disputes is broken by SQL, and `check` names it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from counterfoil.disputes import check as disputes_check
from counterfoil.kit.db import execute
from counterfoil.kit.ids import new_id
from counterfoil.ledger.drafts import EntryDraft, TransactionDraft, move
from counterfoil.ledger.models import Purpose
from counterfoil.ledger.operations import post_entries
from tests.support.builders import NOW, World
from tests.unit.disputes.world import (
    accepted,
    answer,
    broken,
    cards_do_their_thing,
    decided,
    dispute_of,
    refund,
    world_with_fees,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bazaar() -> World:
    """One dispute in each state, on a platform that charges both fees."""
    world = world_with_fees(1500, 500)
    account, paid_for = world.seller(), world.paying_for()
    dispute_of(world, world.charge(5000, on=account), reason="general")
    answer(world, dispute_of(world, world.charge(5000)), "Receipt")
    answer(world, dispute_of(world, world.charge(5000)), "losing_evidence")
    answer(world, dispute_of(world, world.charge(5000, on=account)), "winning_evidence")
    answer(world, dispute_of(world, world.charge(5000, on=paid_for)), "winning_evidence")
    dispute_of(world, world.charge(5000, on=account), type="inquiry")
    answer(world, dispute_of(world, world.charge(5000), type="inquiry"), "Receipt")
    accepted(world, dispute_of(world, world.charge(5000), type="inquiry"))
    for amount in (None, 5000):
        warned = world.charge(5000, source="tok_createIssuerFraudRecord")
        cards_do_their_thing()
        if amount:
            decided(world, dispute_of(world, warned), "lose")
    refund(world, world.charge(5000, on=account), amount=100)
    converted = world.charge(5000, "eur")
    refund(world, converted, amount=1000)
    decided(world, dispute_of(world, converted), "lose")
    return world


def change(sql: str) -> None:
    """Something must be there to be corrupted."""
    assert execute(sql), sql


def a_stray_line(world: World) -> None:
    """A line about a dispute that nobody opened."""
    row = TransactionDraft(
        id=new_id("txn", NOW),
        owner=world.id,
        type="adjustment",
        reporting_category="dispute",
        amount=-100,
        currency="usd",
        available_on=NOW,
        source_id="dp_nobody",
    )
    lines = move(
        debit=(world.id, Purpose.PAYMENTS),
        credit=(world.id, Purpose.CARD_NETWORK),
        amount=100,
        currency="usd",
        on=NOW,
    )
    post_entries(
        [EntryDraft("dispute:dp_nobody", "dispute", lines, [row])],
        platform_id=world.id,
        livemode=False,
        at=NOW,
        zones={world.id: "Etc/UTC"},
    )


# Other packages have their own say about some of these changes.
OURS = {invariant.name for invariant in disputes_check.checks()}

# Of each invariant: what is changed, and which other one of ours that breaks.
CORRUPTIONS = [
    ("dispute_withdrawal", "disputes_dispute SET amount = amount - 1 WHERE status = 'lost'", ""),
    ("dispute_withdrawal", "disputes_dispute SET available_on = 1 WHERE status = 'lost'", ""),
    ("dispute_withdrawal", "disputes_dispute SET purpose = 'prefunding' WHERE status = 'lost'", ""),
    (
        "dispute_withdrawal",
        "disputes_dispute SET withdrawal_id = 'txn_x' WHERE status = 'needs_response'",
        "dispute_line_has_dispute",
    ),
    (
        "dispute_reversal",
        "disputes_dispute SET reversal_id = withdrawal_id WHERE status = 'won'",
        "dispute_line_has_dispute",
    ),
    (
        "dispute_reversal",
        "disputes_dispute SET reversal_id = 'txn_x' WHERE status = 'won'",
        "dispute_line_has_dispute",
    ),
    ("dispute_fees", "disputes_dispute SET received_fee = received_fee + 1", ""),
    ("dispute_fees", "disputes_dispute SET countered_fee = 499 WHERE status = 'under_review'", ""),
    ("dispute_fees", "disputes_dispute SET countered_fee = 0 WHERE status = 'lost'", ""),
    (
        "disputes_within_charge",
        "payments_charge SET amount_captured = amount_captured - 1, amount = amount - 1"
        " WHERE disputed",
        "",
    ),
    (
        "disputes_of_converted_charge",
        "disputes_dispute SET settled_amount = settled_amount + 1 WHERE currency = 'eur'",
        "dispute_withdrawal",
    ),
    (
        "disputes_of_converted_charge",
        "disputes_dispute SET settled_amount = settled_amount - 1 WHERE currency = 'eur'",
        "dispute_withdrawal",
    ),
    (
        "dispute_settles_as_charge",
        "disputes_dispute SET settled_amount = 1, settled_currency = 'usd'"
        " WHERE status = 'warning_closed'",
        "",
    ),
    (
        "dispute_settles_as_charge",
        "disputes_dispute SET settled_amount = 5000, settled_currency = 'usd'"
        " WHERE status = 'under_review'",
        "",
    ),
    ("charge_disputed_flag", "payments_charge SET disputed = TRUE WHERE amount_refunded = 100", ""),
    ("charge_disputed_flag", "payments_charge SET disputed = FALSE WHERE disputed", ""),
    (
        "dispute_has_charge",
        "disputes_dispute SET currency = 'eur' WHERE status = 'warning_needs_response'",
        "",
    ),
    (
        "dispute_has_charge",
        "disputes_dispute SET charge_id = 'ch_x' WHERE status = 'warning_closed'",
        "",
    ),
    (
        "dispute_moves_on",
        "disputes_dispute SET next_at = NULL WHERE status = 'warning_needs_response'",
        "",
    ),
    (
        "dispute_moves_on",
        "disputes_dispute SET next_at = NULL WHERE status = 'warning_under_review'",
        "",
    ),
    (
        "dispute_moves_on",
        "disputes_dispute SET next_at = next_at + 1 WHERE status = 'needs_response'",
        "",
    ),
    ("dispute_moves_on", "disputes_dispute SET next_at = 9 WHERE status = 'under_review'", ""),
    ("dispute_moves_on", "disputes_dispute SET next_at = 9 WHERE status = 'won'", ""),
    ("dispute_moves_on", "disputes_dispute SET closed_at = NULL WHERE status = 'lost'", ""),
    ("dispute_moves_on", "disputes_dispute SET closed_at = 9 WHERE status = 'under_review'", ""),
    ("dispute_in_list", "disputes_dispute SET charge_created = charge_created + 1", ""),
    ("dispute_in_list", "disputes_earlyfraudwarning SET seller_id = 'acct_x'", ""),
    ("fraud_warning_has_charge", "disputes_earlyfraudwarning SET actionable = TRUE", ""),
    ("fraud_warning_has_charge", "disputes_earlyfraudwarning SET account_id = 'acct_x'", ""),
    ("fraud_warning_has_charge", "disputes_earlyfraudwarning SET livemode = TRUE", ""),
]


def test_an_intact_world_breaks_nothing():
    assert broken() == set()


def test_every_invariant_of_disputes_has_a_corruption():
    named = {name for name, _, _ in CORRUPTIONS} | {"dispute_line_has_dispute"}
    assert named == OURS


@pytest.mark.parametrize(("name", "corruption", "also"), CORRUPTIONS)
def test_what_is_broken_is_named(name, corruption, also):
    change(f"UPDATE {corruption}")

    assert broken() & OURS == {name, *also.split()}


def test_a_line_about_no_dispute_is_named(bazaar):
    a_stray_line(bazaar)

    assert broken() == {"dispute_line_has_dispute"}


@pytest.mark.parametrize(
    "change_of_money",
    [
        "status = 'won' WHERE status = 'lost'",
        "status = 'needs_response' WHERE status = 'warning_needs_response'",
        "status = 'lost' WHERE status = 'won'",
        "amount = 0 WHERE status = 'warning_closed'",
    ],
)
def test_the_database_itself_refuses_money_that_does_not_fit_the_status(change_of_money):
    with pytest.raises(IntegrityError), transaction.atomic():
        execute(f"UPDATE disputes_dispute SET {change_of_money}")
