"""How disputes begin: by a test card, or because a test says so."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from counterfoil.kit.db import execute, fetch_all
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.outbox.registry import handler_of
from counterfoil.payments.rows import ChargeRow, RefundRow
from tests.support.builders import DAY, NOW, World
from tests.unit.disputes.world import (
    accepted,
    cards_do_their_thing,
    current,
    decided,
    dispute_of,
    disputes_of,
    refund,
    told_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_hold")]


def carded(world: World, name: str, **more) -> ChargeRow:
    """A charge of 5000 with a magic card, and all that the card brings about."""
    charge = world.charge(5000, source=f"tok_{name}", **more)
    cards_do_their_thing()
    return charge


# ---- Cards ----


@pytest.mark.parametrize(
    ("card", "status", "reason", "case_type", "code", "programs"),
    [
        ("createDispute", "needs_response", "fraudulent", "chargeback", "10.4", []),
        (
            "createDisputeProductNotReceived",
            "needs_response",
            "product_not_received",
            "chargeback",
            "13.1",
            [],
        ),
        ("createDisputeInquiry", "warning_needs_response", "fraudulent", "inquiry", "10.4", []),
        (
            "createCe3EligibleDispute",
            "needs_response",
            "fraudulent",
            "chargeback",
            "10.4",
            ["visa_compelling_evidence_3"],
        ),
        (
            "createComplianceDispute",
            "needs_response",
            "noncompliant",
            "compliance",
            None,
            ["visa_compliance"],
        ),
        (
            "createMastercardComplianceDispute",
            "needs_response",
            "noncompliant",
            "compliance",
            None,
            ["mastercard_compliance"],
        ),
    ],
)
def test_a_card_brings_its_dispute(world, card, status, reason, case_type, code, programs):
    charge = carded(world, card, on=world.seller())

    (dispute,) = disputes_of(world, charge)
    assert (dispute["status"], dispute["reason"], dispute["amount"]) == (status, reason, 5000)
    shown_card = dispute["payment_method_details"]["card"]
    assert (shown_card["case_type"], shown_card["network_reason_code"]) == (case_type, code)
    assert shown_card["brand"] == ("mastercard" if "Mastercard" in card else "visa")
    assert dispute["enhanced_eligibility_types"] == programs
    assert list(dispute["evidence_details"]["enhanced_eligibility"]) == programs


def test_a_card_with_several_disputes_disputes_the_charge_in_parts(world):
    charge = carded(world, "createMultipleDisputes", on=world.seller())

    assert [each["amount"] for each in disputes_of(world, charge)] == [2500, 2500]


def test_of_an_odd_amount_the_parts_are_the_whole(world):
    charge = world.charge(5001, source="tok_createMultipleDisputes")
    cards_do_their_thing()

    assert [each["amount"] for each in disputes_of(world, charge)] == [2500, 2501]


def test_a_card_that_succeeds_is_left_alone(world):
    charge = carded(world, "visa")

    assert disputes_of(world, charge) == []
    assert fetch_all("SELECT 1 FROM outbox_job") == []


def test_a_declined_or_authorised_charge_is_not_disputed_yet(world):
    charge = carded(world, "createDispute", capture=False)
    assert disputes_of(world, charge) == []

    world.capture_charge(charge)
    cards_do_their_thing()
    assert [each["amount"] for each in disputes_of(world, charge)] == [5000]


def test_a_dispute_of_a_payment_intent_names_it(world):
    intent = world.intent(1000, payment_method="pm_card_createDispute", confirm=True)
    cards_do_their_thing()

    (dispute,) = disputes_of(world, world.find(ChargeRow, intent.latest_charge_id))
    assert dispute["payment_intent"] == intent.id


def test_the_job_disappears_with_the_charge_it_is_about(world):
    """It is written in the charge's own transaction."""
    world.charge(5000, source="tok_createDispute")
    ((due_at, payload),) = fetch_all("SELECT due_at, payload FROM outbox_job")

    assert due_at == 0
    assert '"scenario":"dispute_fraudulent"' in payload


def test_a_worker_that_does_the_job_again_opens_nothing_more(world):
    charge = world.charge(5000, source="tok_createMultipleDisputes")
    payload = {
        "platform_id": world.id,
        "account_id": world.id,
        "livemode": False,
        "charge_id": charge.id,
        "scenario": "dispute_multiple",
    }
    handler_of("disputes.open_from_card")(payload, NOW)
    handler_of("disputes.open_from_card")(payload, NOW + 5)
    cards_do_their_thing()

    assert len(disputes_of(world, charge)) == 2


def test_what_a_card_brought_and_the_seller_won_does_not_come_back(world):
    charge = carded(world, "createDispute")
    (dispute,) = disputes_of(world, charge)
    decided(world, dispute, "win")
    payload = {
        "platform_id": world.id,
        "account_id": world.id,
        "livemode": False,
        "charge_id": charge.id,
        "scenario": "dispute_fraudulent",
    }
    handler_of("disputes.open_from_card")(payload, NOW + 5)

    assert len(disputes_of(world, charge)) == 1


def test_a_charge_refunded_in_full_before_the_bank_hears_is_not_disputed(world):
    charge = world.charge(5000, source="tok_createDispute")
    refund(world, charge)
    cards_do_their_thing()

    assert disputes_of(world, charge) == []
    assert fetch_all("SELECT 1 FROM outbox_job") == []


def test_of_a_charge_refunded_in_part_the_rest_is_disputed(world):
    charge = world.charge(5000, source="tok_createDispute")
    refund(world, charge, amount=1000)
    cards_do_their_thing()

    assert [each["amount"] for each in disputes_of(world, charge)] == [4000]


def test_it_happens_by_the_platforms_clock(world):
    execute("UPDATE platforms_platform SET test_clock_offset = %s", [3 * DAY])
    charge = world.charge(5000, source="tok_createDispute", now=NOW + 3 * DAY)
    cards_do_their_thing(NOW + 2)

    (dispute,) = disputes_of(world, charge)
    assert dispute["created"] == NOW + 3 * DAY + 2


def test_a_dispute_is_never_older_than_its_charge(world):
    charge = world.charge(5000, source="tok_createDispute", now=NOW + 60)
    cards_do_their_thing(NOW)

    assert disputes_of(world, charge)[0]["created"] == NOW + 60


# ---- What a dispute looks like at first ----


def test_a_chargeback_is_told_with_the_money_it_took(world):
    account = world.seller()
    charge = carded(world, "createDispute", on=account)
    (dispute,) = disputes_of(world, charge)

    assert told_of(world, account) == ["created needs_response", "funds_withdrawn needs_response"]
    for _, then in world.told(account)[-2:]:
        assert then == dispute
    (row,) = dispute["balance_transactions"]
    assert (row["amount"], row["fee"], row["net"]) == (-5000, 1500, -6500)
    assert (row["type"], row["reporting_category"]) == ("adjustment", "dispute")
    assert (row["source"], row["balance_type"]) == (dispute["id"], "payments")
    assert current(world, charge).disputed is True
    assert dispute["is_charge_refundable"] is False


def test_an_inquiry_is_told_and_takes_nothing(world):
    account = world.seller()
    charge = carded(world, "createDisputeInquiry", on=account)
    (dispute,) = disputes_of(world, charge)

    assert told_of(world, account) == ["created warning_needs_response"]
    assert dispute["balance_transactions"] == []
    assert current(world, charge).disputed is False
    assert dispute["is_charge_refundable"] is True


def test_evidence_is_due_at_the_end_of_the_ninth_day(world):
    dispute = dispute_of(world, world.charge(1000))
    details = dispute["evidence_details"]

    assert details["due_by"] == int(datetime(2025, 11, 12, 23, 59, 59, tzinfo=UTC).timestamp())
    assert details["has_evidence"] is False
    assert (details["submission_count"], details["submission_method"]) == (0, "not_submitted")
    assert all(value in (None, {}) for value in dispute["evidence"].values())


def test_a_dispute_belongs_to_the_owner_of_the_charge(world):
    account = world.seller()
    carded(world, "createDispute", on=account)
    carded(world, "createDispute", to=account)

    owners = fetch_all("SELECT account_id FROM disputes_dispute ORDER BY created, id")
    assert owners == [(account,), (world.id,)]
    assert told_of(world)[0] == "created needs_response"


# ---- By test helper ----


def test_a_test_says_why_and_how_much(world):
    charge = world.charge(5000)
    dispute = dispute_of(world, charge, amount=1234, reason="duplicate", metadata={"case": "42"})

    assert (dispute["amount"], dispute["reason"]) == (1234, "duplicate")
    assert dispute["metadata"] == {"case": "42"}
    assert dispute["status"] == "needs_response"


def test_a_second_dispute_is_about_the_rest(world):
    charge = world.charge(5000)
    dispute_of(world, charge, amount=2000)

    assert dispute_of(world, charge)["amount"] == 3000
    with pytest.raises(InvalidRequest, match="refunded or disputed already"):
        dispute_of(world, charge)


@pytest.mark.parametrize(
    ("first", "left"), [("won", 5000), ("lost", 3000), ("warning_closed", 5000)]
)
def test_what_was_given_back_may_be_disputed_again(world, first, left):
    charge = world.charge(5000)
    if first == "warning_closed":
        accepted(world, dispute_of(world, charge, amount=2000, type="inquiry"))
    else:
        dispute = dispute_of(world, charge, amount=2000)
        decided(world, dispute, "win" if first == "won" else "lose")

    assert dispute_of(world, charge)["amount"] == left


@pytest.mark.parametrize("amount", [4001, 5000, 999_999])
def test_more_than_is_left_of_a_charge_cannot_be_disputed(world, amount):
    charge = world.charge(5000)
    refund(world, charge, amount=1000)

    with pytest.raises(InvalidRequest, match=r"40\.00 USD of the charge") as refusal:
        dispute_of(world, charge, amount=amount)
    assert (refusal.value.param, refusal.value.code) == ("amount", "amount_too_large")
    assert disputes_of(world, charge) == []


def test_a_fully_refunded_charge_cannot_be_disputed(world):
    charge = world.charge(5000)
    refund(world, charge)

    with pytest.raises(InvalidRequest, match="refunded or disputed already") as refusal:
        dispute_of(world, charge)
    assert refusal.value.param == "charge"


def test_what_took_no_money_cannot_be_disputed(world):
    uncaptured = world.charge(5000, capture=False)
    failed = world.try_charge(5000, source="tok_visa_chargeDeclined").charge

    for charge in (uncaptured, failed):
        with pytest.raises(InvalidRequest, match="took no money"):
            dispute_of(world, charge)


def test_what_a_transfer_brought_cannot_be_disputed(world):
    account = world.seller()
    payment = world.payment_of(world.transfer_of(world.charge(1000, to=account)))

    with pytest.raises(InvalidRequest, match="came by a transfer"):
        dispute_of(world, payment)


def test_a_charge_of_somebody_else_is_not_there(world):
    elsewhere = World().charge(1000)
    of_account = world.charge(1000, on=world.seller())
    for charge in (elsewhere, of_account):
        charge.platform_id = charge.account_id = world.id
        with pytest.raises(ResourceMissing) as refusal:
            dispute_of(world, charge)
        assert (refusal.value.code, refusal.value.param) == ("resource_missing", "charge")


# ---- Disputes and refunds ----


def test_a_disputed_charge_cannot_be_refunded(world):
    charge = world.charge(5000)
    dispute_of(world, charge, amount=1000)

    with pytest.raises(InvalidRequest) as refusal:
        refund(world, charge, amount=100)
    assert refusal.value.code == "charge_disputed"


def test_a_charge_with_an_inquiry_can_be_refunded(world):
    charge = world.charge(5000)
    dispute_of(world, charge, type="inquiry")

    assert refund(world, charge, amount=100).status == "succeeded"


def test_once_won_a_charge_can_be_refunded_again(world):
    charge = world.charge(5000)
    first = dispute_of(world, charge, amount=1000)
    second = dispute_of(world, charge, amount=1000)
    assert decided(world, first, "win")["is_charge_refundable"] is False
    assert current(world, charge).disputed is True

    assert decided(world, second, "win")["is_charge_refundable"] is True
    assert current(world, charge).disputed is False
    assert refund(world, charge).status == "succeeded"


def test_a_lost_charge_stays_disputed(world):
    charge = world.charge(5000)
    decided(world, dispute_of(world, charge), "lose")

    assert current(world, charge).disputed is True


def test_a_refund_that_waits_for_funds_fails_when_the_bank_takes_the_money(world):
    account = world.seller()
    charge = world.charge(5000, on=account, source="tok_bypassPending")
    world_spends(world, account)
    waiting = refund(world, charge)
    assert waiting.pending_reason == "insufficient_funds"
    dispute = dispute_of(world, charge)

    failed = world.find(RefundRow, waiting.id)
    assert (failed.status, failed.failure_reason) == (
        "failed",
        "charge_for_pending_refund_disputed",
    )
    assert dispute["amount"] == 5000
    assert current(world, charge).amount_refunded == 0


def world_spends(world, account) -> None:
    """Another charge is disputed, and nothing is left on the account."""
    other = world.charge(4000, on=account, source="tok_bypassPending")
    dispute_of(world, other)
