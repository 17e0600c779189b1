"""How disputes end: by magic words, by a test's order, by the clock."""

from __future__ import annotations

import pytest

from counterfoil.disputes import due
from counterfoil.disputes.operations.answering import update_dispute
from counterfoil.disputes.operations.deciding import move_on
from counterfoil.disputes.params import EvidenceParams, UpdateDispute
from counterfoil.kit.clock import DAY
from counterfoil.kit.db import execute, fetch_one
from counterfoil.kit.refused import InvalidRequest
from counterfoil.payments.rows import RefundRow
from counterfoil.platforms.timing import advance_clock
from tests.support.builders import NOW
from tests.unit.disputes.world import (
    again,
    answer,
    broken,
    cards_do_their_thing,
    current,
    decided,
    dispute_of,
    disputes_of,
    refund,
    told_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_hold")]

INQUIRY_ENDS = NOW + 120 * DAY


@pytest.fixture
def charge(world):
    return world.charge(5000)


# ---- Magic words (reference test-data §4, platform-calls D8) ----


def test_d8_winning_evidence_wins(world):
    account = world.seller()
    charge = world.charge(5000, on=account, source="tok_createDispute")
    cards_do_their_thing()
    (dispute,) = disputes_of(world, charge)
    won = answer(world, dispute, "winning_evidence")

    assert won["status"] == "won"
    assert told_of(world, account) == [
        "created needs_response",
        "funds_withdrawn needs_response",
        "updated under_review",
        "funds_reinstated won",
        "closed won",
    ]
    assert [row["net"] for row in won["balance_transactions"]] == [-6500, 5000]
    assert current(world, charge).disputed is False


def test_events_show_the_money_that_had_moved_by_then(world, charge):
    dispute = dispute_of(world, charge)
    answer(world, dispute, "winning_evidence")

    shown = [
        (kind.removeprefix("charge.dispute."), [row["net"] for row in then["balance_transactions"]])
        for kind, then in world.told()
        if kind.startswith("charge.dispute.")
    ]
    assert shown == [
        ("created", [-6500]),
        ("funds_withdrawn", [-6500]),
        ("updated", [-6500]),
        ("funds_reinstated", [-6500, 5000]),
        ("closed", [-6500, 5000]),
    ]


def test_losing_evidence_loses(world, charge):
    dispute = dispute_of(world, charge)

    assert answer(world, dispute, "losing_evidence")["status"] == "lost"
    assert told_of(world)[2:] == ["updated under_review", "closed lost"]
    assert current(world, charge).disputed is True


@pytest.mark.parametrize("words", ["escalate_inquiry_evidence", "winning evidence", "won", ""])
def test_other_words_decide_nothing_about_a_chargeback(world, charge, words):
    dispute = dispute_of(world, charge)
    sent = answer(
        world, dispute, words, evidence={"uncategorized_text": words, "customer_name": "A"}
    )

    assert sent["status"] == "under_review"


@pytest.mark.parametrize("words", ["losing_evidence", "winning_evidence"])
def test_an_inquiry_that_is_answered_well_or_badly_ends(world, charge, words):
    inquiry = dispute_of(world, charge, type="inquiry")

    assert answer(world, inquiry, words)["status"] == "warning_closed"
    assert told_of(world)[1:] == ["updated warning_under_review", "closed warning_closed"]


def test_escalating_evidence_makes_a_chargeback_of_an_inquiry(world, charge):
    inquiry = dispute_of(world, charge, type="inquiry")
    escalated = answer(world, inquiry, "escalate_inquiry_evidence", now=NOW + DAY)

    assert escalated["status"] == "needs_response"
    assert escalated["payment_method_details"]["card"]["case_type"] == "chargeback"
    assert escalated["evidence_details"]["due_by"] == inquiry["evidence_details"]["due_by"] + DAY
    assert told_of(world)[1:] == [
        "updated warning_under_review",
        "updated needs_response",
        "funds_withdrawn needs_response",
    ]
    assert current(world, charge).disputed is True


# ---- By order of a test ----


@pytest.mark.parametrize(("outcome", "status"), [("win", "won"), ("lose", "lost")])
@pytest.mark.parametrize("answered", [False, True])
def test_a_chargeback_is_won_or_lost_answered_or_not(world, charge, outcome, status, answered):
    dispute = dispute_of(world, charge)
    if answered:
        answer(world, dispute, "Receipt")

    assert decided(world, dispute, outcome)["status"] == status


@pytest.mark.parametrize("answered", [False, True])
def test_an_inquiry_escalates_or_ends_answered_or_not(world, charge, answered):
    first = dispute_of(world, charge, type="inquiry", amount=1000)
    second = dispute_of(world, charge, type="inquiry", amount=1000)
    if answered:
        answer(world, first, "Receipt")
        answer(world, second, "Receipt")

    assert decided(world, first, "escalate")["status"] == "needs_response"
    assert decided(world, second, "close")["status"] == "warning_closed"


@pytest.mark.parametrize(
    ("kind", "outcomes"),
    [("inquiry", ["win", "lose"]), ("chargeback", ["escalate", "close"])],
)
def test_an_order_must_fit_the_kind_of_dispute(world, charge, kind, outcomes):
    dispute = dispute_of(world, charge, type=kind)
    for outcome in outcomes:
        with pytest.raises(InvalidRequest, match=f"one can only {outcome}") as refusal:
            decided(world, dispute, outcome)
        assert refusal.value.code == "status_transition_invalid"
    assert again(dispute) == dispute


@pytest.mark.parametrize("end", ["win", "lose"])
def test_what_is_decided_stays_decided(world, charge, end):
    dispute = dispute_of(world, charge)
    ended = decided(world, dispute, end)
    rows = world.rows(P=world.id)

    for outcome in ("win", "lose", "escalate", "close"):
        with pytest.raises(InvalidRequest, match=f"is {ended['status']}"):
            decided(world, dispute, outcome)
    assert (again(dispute), world.rows(P=world.id)) == (ended, rows)


def test_what_was_refunded_since_the_inquiry_is_not_withdrawn(world, charge):
    inquiry = dispute_of(world, charge, type="inquiry")
    refund(world, charge, amount=2000)
    escalated = decided(world, inquiry, "escalate")

    assert escalated["amount"] == 3000
    assert [row["amount"] for row in escalated["balance_transactions"]] == [-3000]


def test_two_inquiries_that_escalate_take_no_more_than_is_left(world, charge):
    first = dispute_of(world, charge, type="inquiry", amount=3000)
    second = dispute_of(world, charge, type="inquiry", amount=2000)
    refund(world, charge, amount=1000)

    amounts = [decided(world, one, "escalate")["amount"] for one in (first, second)]
    assert amounts == [2000, 2000]


def test_a_refund_that_still_waits_fails_when_the_inquiry_escalates(world):
    account = world.seller()
    charge = world.charge(5000, on=account, source="tok_bypassPending")
    inquiry = dispute_of(world, charge, type="inquiry")
    # Another dispute leaves nothing on the account.
    dispute_of(world, world.charge(4000, on=account, source="tok_bypassPending"))
    waiting = refund(world, charge)
    assert waiting.pending_reason == "insufficient_funds"
    assert due.next_due(world.id, False, NOW + DAY) is None
    assert move_on(scope=charge.scope, dispute_id=inquiry["id"], now=NOW) is False

    assert decided(world, inquiry, "escalate")["amount"] == 5000
    assert world.find(RefundRow, waiting.id).status == "failed"


def test_an_inquiry_about_a_refunded_charge_cannot_escalate(world, charge):
    first = dispute_of(world, charge, type="inquiry", amount=1000)
    second = dispute_of(world, charge, type="inquiry", amount=1000)
    refund(world, charge)

    with pytest.raises(InvalidRequest, match="nothing to withdraw"):
        decided(world, first, "escalate")
    assert answer(world, second, "escalate_inquiry_evidence")["status"] == "warning_closed"


# ---- By the clock ----


def test_an_unanswered_chargeback_is_lost_after_its_deadline(world, charge):
    dispute = dispute_of(world, charge)
    over = dispute["evidence_details"]["due_by"] + 1

    assert due.next_due(world.id, False, over - 1) is None
    assert due.run_due(world.id, False, over - 1) == 0
    assert move_on(scope=charge.scope, dispute_id=dispute["id"], now=over - 1) is False
    assert due.next_due(world.id, False, over + DAY) == over
    assert due.run_due(world.id, False, over) == 1
    assert again(dispute, now=over)["status"] == "lost"
    assert told_of(world)[2:] == ["closed lost"]
    assert due.next_due(world.id, False, over + 1000 * DAY) is None
    assert due.run_due(world.id, False, over) == 0


def test_staged_evidence_that_nobody_submits_does_not_help(world, charge):
    dispute = dispute_of(world, charge)
    answer(world, dispute, "winning_evidence", submit=False)
    due.run_due(world.id, False, NOW + 30 * DAY)

    assert again(dispute)["status"] == "lost"


def test_an_answered_chargeback_waits_for_the_bank(world, charge):
    dispute = dispute_of(world, charge)
    answer(world, dispute, "Receipt")

    assert due.next_due(world.id, False, NOW + 1000 * DAY) is None
    assert due.run_due(world.id, False, NOW + 1000 * DAY) == 0


@pytest.mark.parametrize("answered", [False, True])
def test_an_inquiry_ends_after_120_days(world, charge, answered):
    inquiry = dispute_of(world, charge, type="inquiry")
    if answered:
        answer(world, inquiry, "Receipt")

    assert due.run_due(world.id, False, INQUIRY_ENDS - 1) == 0
    assert due.next_due(world.id, False, INQUIRY_ENDS) == INQUIRY_ENDS
    assert due.run_due(world.id, False, INQUIRY_ENDS) == 1
    assert again(inquiry, now=INQUIRY_ENDS)["status"] == "warning_closed"


def test_an_escalated_inquiry_has_a_new_deadline(world, charge):
    inquiry = dispute_of(world, charge, type="inquiry")
    escalated = decided(world, inquiry, "escalate", now=NOW + 100 * DAY)
    over = escalated["evidence_details"]["due_by"] + 1

    assert due.next_due(world.id, False, NOW + 1000 * DAY) == over
    due.run_due(world.id, False, over)
    assert again(inquiry)["status"] == "lost"


def test_a_full_refund_ends_an_inquiry(world, charge):
    inquiry = dispute_of(world, charge, type="inquiry")
    refund(world, charge, amount=4999)
    assert due.next_due(world.id, False, NOW + DAY) is None
    refund(world, charge, now=NOW + 60)

    assert due.next_due(world.id, False, NOW + 59) is None
    assert due.next_due(world.id, False, NOW + DAY) == NOW + 60
    assert due.run_due(world.id, False, NOW + 59) == 0
    assert due.run_due(world.id, False, NOW + 60) == 1
    assert again(inquiry)["status"] == "warning_closed"
    assert again(inquiry)["is_charge_refundable"] is False
    assert due.next_due(world.id, False, NOW + DAY) is None


def test_each_dispute_ends_at_its_own_moment_when_the_clock_is_advanced(world):
    early = dispute_of(world, world.charge(5000))
    late = dispute_of(world, world.charge(5000), now=NOW + 2 * DAY)
    inquiry = dispute_of(world, world.charge(5000), type="inquiry")
    done = advance_clock(platform_id=world.id, to=NOW + 200 * DAY, now_wall=NOW)

    assert done == 3
    ends = [closed_at(dispute) for dispute in (early, late, inquiry)]
    assert ends == [
        early["evidence_details"]["due_by"] + 1,
        late["evidence_details"]["due_by"] + 1,
        INQUIRY_ENDS,
    ]
    assert broken() == set()


def test_worlds_are_kept_apart(world, charge):
    dispute_of(world, charge)

    assert due.next_due(world.id, True, NOW + 1000 * DAY) is None
    assert due.next_due("acct_other", False, NOW + 1000 * DAY) is None
    assert due.run_due(world.id, True, NOW + 1000 * DAY) == 0
    assert due.run_due("acct_other", False, NOW + 1000 * DAY) == 0


def test_in_live_mode_no_words_are_magic(world, charge):
    """Nobody can pay by card in live mode; were there a dispute, its bank would read evidence."""
    dispute = dispute_of(world, charge, type="inquiry")
    for table in ("disputes_dispute", "payments_charge"):
        execute(f"UPDATE {table} SET livemode = TRUE WHERE account_id = %s", [world.id])
    sent = update_dispute(
        scope=world.live.scope,
        dispute_id=dispute["id"],
        params=UpdateDispute(
            evidence=EvidenceParams(uncategorized_text="escalate_inquiry_evidence")
        ),
        settings=world.caller.settings,
        now=NOW,
    )
    assert sent.status == "warning_under_review"
    for table in ("disputes_dispute", "payments_charge"):
        execute(f"UPDATE {table} SET livemode = FALSE WHERE account_id = %s", [world.id])


def closed_at(dispute) -> int:
    row = fetch_one("SELECT closed_at FROM disputes_dispute WHERE id = %s", [dispute["id"]])
    assert row is not None
    return row[0]
