"""What a seller may say, how often, and until when (reference api.md §4.4)."""

from __future__ import annotations

import json

import pytest

from counterfoil.disputes.evidence import FILES
from counterfoil.disputes.operations.answering import close_dispute, update_dispute
from counterfoil.disputes.params import EvidenceParams, UpdateDispute
from counterfoil.files.operations import create_file
from counterfoil.kit.db import fetch_all
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from tests.support.builders import DAY, NOW, World, one_request
from tests.unit.disputes.world import (
    accepted,
    again,
    answer,
    cards_do_their_thing,
    decided,
    dispute_of,
    disputes_of,
    told_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_hold")]

LONG = [
    "access_activity_log",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "duplicate_charge_explanation",
    "product_description",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "uncategorized_text",
]
SHORT = [
    "billing_address",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "duplicate_charge_id",
    "service_date",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_tracking_number",
]
LATE = NOW + 9 * DAY + 14 * 3600  # 24:00 UTC of the ninth day


@pytest.fixture
def dispute(world):
    return dispute_of(world, world.charge(5000))


# ---- Staging ----


def test_staged_evidence_is_kept_and_not_sent(world, dispute):
    staged = answer(world, dispute, "Part one", submit=False)

    assert staged["status"] == "needs_response"
    assert staged["evidence"]["uncategorized_text"] == "Part one"
    assert staged["evidence_details"]["has_evidence"] is True
    assert staged["evidence_details"]["submission_count"] == 0
    assert staged["evidence_details"]["submission_method"] == "not_submitted"


def test_evidence_is_merged_field_by_field_and_unset_by_an_empty_text(world, dispute):
    answer(world, dispute, submit=False, evidence={"customer_name": "Ada", "service_date": "May"})
    staged = answer(world, dispute, submit=False, evidence={"service_date": "", "receipt": ""})

    assert staged["evidence"]["customer_name"] == "Ada"
    assert staged["evidence"]["service_date"] is None


def test_the_magic_words_do_nothing_until_they_are_submitted(world, dispute):
    staged = answer(world, dispute, "winning_evidence", submit=False)
    assert staged["status"] == "needs_response"

    assert answer(world, dispute, submit=True)["status"] == "won"


@pytest.mark.parametrize("name", [*LONG, *SHORT])
def test_every_text_is_taken_and_shown(world, dispute, name):
    staged = answer(world, dispute, submit=False, evidence={name: "What we know"})

    assert staged["evidence"][name] == "What we know"
    others = {key: value for key, value in staged["evidence"].items() if key != name}
    assert all(value in (None, {}) for value in others.values())


def test_every_field_of_the_reference_is_there():
    hashes = ["appeal", "enhanced_evidence"]
    assert sorted(EvidenceParams.__struct_fields__) == sorted([*LONG, *SHORT, *FILES, *hashes])


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_nobody_uploaded_is_not_there(world, dispute, name):
    with pytest.raises(ResourceMissing, match="No such file: 'file_1'") as refusal:
        answer(world, dispute, evidence={name: "file_1"})

    assert refusal.value.param == f"evidence[{name}]"
    assert again(dispute) == dispute


def uploaded(scope, purpose="dispute_evidence"):
    content = b"%PDF-1.7\n" + bytes(20)
    return create_file(
        scope=scope, purpose=purpose, filename="receipt.pdf", content=content, now=NOW
    ).id


def test_an_uploaded_file_is_evidence(world, dispute):
    file = uploaded(world.scope)
    staged = answer(world, dispute, evidence={"receipt": file}, submit=False)
    assert staged["evidence"]["receipt"] == file


def test_a_file_of_somebody_else_or_for_something_else_is_not(world, dispute):
    seller = world.on(world.seller()).scope
    with pytest.raises(ResourceMissing):
        answer(world, dispute, evidence={"receipt": uploaded(seller)})
    with pytest.raises(InvalidRequest, match="purpose=dispute_evidence"):
        answer(world, dispute, evidence={"receipt": uploaded(world.scope, "pci_document")})
    assert again(dispute) == dispute


def test_150_000_characters_are_enough(world, dispute):
    most = dict.fromkeys(LONG[:7], "x" * 20_000) | {LONG[7]: "y" * 10_000}
    assert sum(map(len, most.values())) == 150_000
    staged = answer(world, dispute, submit=False, evidence=most)
    assert staged["evidence"][LONG[0]] == "x" * 20_000

    with pytest.raises(InvalidRequest, match="150001 characters") as refusal:
        answer(world, dispute, submit=False, evidence={"customer_name": "z"})
    assert refusal.value.param == "evidence"
    assert again(dispute)["evidence"]["customer_name"] is None


def test_metadata_alone_submits_nothing(world, dispute):
    noted = answer(world, dispute, metadata={"ticket": "7"})

    assert (noted["status"], noted["metadata"]) == ("needs_response", {"ticket": "7"})
    assert answer(world, dispute, metadata={"ticket": ""})["metadata"] == {}


def test_an_update_that_changes_nothing_is_no_event(world, dispute):
    answer(world, dispute, "Same", submit=False)
    before = told_of(world)
    answer(world, dispute, "Same", submit=False)

    assert told_of(world) == before


def test_an_update_tells_what_was_there_before(world, dispute):
    answer(world, dispute, "Sent")

    (previous,) = previous_attributes()
    assert previous == {
        "evidence": {"uncategorized_text": None},
        "evidence_details": {
            "has_evidence": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "status": "needs_response",
    }


# ---- Submitting ----


def test_evidence_is_submitted_unless_one_says_otherwise(world, dispute):
    sent = answer(world, dispute, "Here is the receipt.")

    assert sent["status"] == "under_review"
    assert sent["evidence_details"]["submission_count"] == 1
    assert sent["evidence_details"]["submission_method"] == "manual"
    assert told_of(world)[2:] == ["updated under_review"]


def test_an_answered_inquiry_is_under_review_too(world):
    inquiry = dispute_of(world, world.charge(5000), type="inquiry")

    assert answer(world, inquiry, "It was Ada's.")["status"] == "warning_under_review"


def test_evidence_is_submitted_once(world, dispute):
    answer(world, dispute, "Here is the receipt.")

    for more in ({"text": "And more"}, {"submit": True}, {"text": "Later", "submit": False}):
        with pytest.raises(InvalidRequest, match="with the bank already") as refusal:
            answer(world, dispute, **more)
        assert refusal.value.code == "status_transition_invalid"
    assert again(dispute)["evidence_details"]["submission_count"] == 1
    assert again(dispute)["evidence"]["uncategorized_text"] == "Here is the receipt."


def test_after_an_inquiry_escalates_there_is_a_second_answer(world):
    inquiry = dispute_of(world, world.charge(5000), type="inquiry")
    answer(world, inquiry, "It was Ada's.")
    decided(world, inquiry, "escalate")

    sent = answer(world, inquiry, "winning_evidence")
    assert (sent["status"], sent["evidence_details"]["submission_count"]) == ("won", 2)


def test_nothing_cannot_be_submitted(world, dispute):
    for sent in ({"submit": True}, {"evidence": {}}, {"evidence": {"customer_name": ""}}):
        with pytest.raises(InvalidRequest, match="no evidence to submit") as refusal:
            answer(world, dispute, **sent)
        assert (refusal.value.param, refusal.value.code) == ("evidence", "parameter_missing")


@pytest.mark.parametrize("end", ["win", "lose", "accept"])
def test_a_closed_dispute_takes_no_evidence(world, dispute, end):
    if end == "accept":
        accepted(world, dispute)
    else:
        decided(world, dispute, end)

    with pytest.raises(InvalidRequest, match="is closed") as refusal:
        answer(world, dispute, "But")
    assert (refusal.value.param, refusal.value.code) == ("evidence", "status_transition_invalid")
    assert answer(world, dispute, metadata={"still": "noted"})["metadata"] == {"still": "noted"}


def test_evidence_counts_until_the_last_second_of_the_ninth_day(world, dispute):
    due_by = dispute["evidence_details"]["due_by"]
    assert due_by == LATE - 1
    other = dispute_of(world, world.charge(5000))

    assert answer(world, dispute, "In time", now=due_by)["status"] == "under_review"
    with pytest.raises(InvalidRequest, match="is over"):
        answer(world, other, "Too late", now=due_by + 1)


def test_how_it_is_meant_to_be_submitted_is_kept(world, dispute):
    noted = answer(world, dispute, intended_submission_method="prefer_manual")
    assert noted["intended_submission_method"] == "prefer_manual"
    assert noted["status"] == "needs_response"

    with pytest.raises(InvalidRequest, match="Nobody submits") as refusal:
        answer(world, dispute, intended_submission_method="smart_disputes")
    assert refusal.value.param == "intended_submission_method"


def test_an_appeal_waits_for_a_dispute_that_can_be_appealed(world, dispute):
    with pytest.raises(InvalidRequest, match="appeal_needs_response") as refusal:
        answer(world, dispute, evidence={"appeal": {"card": {"reason_for_filing": "Unfair"}}})

    assert refusal.value.param == "evidence[appeal]"


def test_a_dispute_of_somebody_else_is_not_there(world, dispute):
    other, seller = World(), world.seller()
    for scope in (other.scope, world.scope.of(seller), world.live.scope):
        with pytest.raises(ResourceMissing):
            one_request(close_dispute)(scope=scope, dispute_id=dispute["id"], now=NOW)
        with pytest.raises(ResourceMissing):
            one_request(update_dispute)(
                scope=scope,
                dispute_id=dispute["id"],
                params=UpdateDispute(metadata={"a": "b"}),
                settings=world.caller.settings,
                now=NOW,
            )


# ---- Accepting ----


def test_accepting_a_chargeback_loses_it(world, dispute):
    assert accepted(world, dispute)["status"] == "lost"
    assert told_of(world)[2:] == ["closed lost"]


def test_accepting_an_inquiry_ends_it_and_the_money_stays(world):
    inquiry = dispute_of(world, world.charge(5000), type="inquiry")

    assert accepted(world, inquiry)["status"] == "warning_closed"
    assert told_of(world) == ["created warning_needs_response", "closed warning_closed"]


@pytest.mark.parametrize("state", ["under_review", "won", "lost"])
def test_what_needs_no_response_cannot_be_accepted(world, dispute, state):
    words = {"under_review": "Receipt", "won": "winning_evidence", "lost": "losing_evidence"}
    assert answer(world, dispute, words[state])["status"] == state

    with pytest.raises(InvalidRequest, match=f"is {state}: one can only accept") as refusal:
        accepted(world, dispute)
    assert refusal.value.code == "status_transition_invalid"


# ---- Programs ----


@pytest.mark.parametrize(
    ("card", "program"),
    [
        ("createComplianceDispute", "visa_compliance"),
        ("createMastercardComplianceDispute", "mastercard_compliance"),
    ],
)
def test_countering_a_compliance_case_needs_the_fee_acknowledged(world, card, program):
    dispute = of_card(world, card)
    status = {"status": "requires_fee_acknowledgement"}
    assert dispute["evidence_details"]["enhanced_eligibility"] == {program: status}

    path = f"evidence[enhanced_evidence][{program}][fee_acknowledged]"
    with pytest.raises(InvalidRequest, match="acknowledge it") as refusal:
        answer(world, dispute, "winning_evidence")
    assert refusal.value.param == path

    yes = {"enhanced_evidence": {program: {"fee_acknowledged": True}}}
    staged = answer(world, dispute, submit=False, evidence=yes)
    status = {"status": "fee_acknowledged"}
    assert staged["evidence_details"]["enhanced_eligibility"] == {program: status}
    assert staged["evidence"]["enhanced_evidence"] == {program: {"fee_acknowledged": True}}
    assert answer(world, dispute, "winning_evidence")["status"] == "won"


def test_compelling_evidence_says_what_is_missing_until_nothing_is(world):
    dispute = of_card(world, "createCe3EligibleDispute")
    assert missing_of(dispute) == [
        "missing_customer_identifiers",
        "missing_disputed_transaction_description",
        "missing_merchandise_or_services",
        "missing_prior_undisputed_transactions",
    ]

    who = {"customer_email_address": "ada@example.com", "customer_purchase_ip": "192.0.2.7"}
    disputed = {"product_description": "A lamp", "merchandise_or_services": "merchandise"}
    first, second = world.charge(1000).id, world.charge(2000).id
    staged = compelling(world, dispute, disputed_transaction=disputed | who)
    assert missing_of(staged) == ["missing_prior_undisputed_transactions"]

    prior = [{"charge": first} | who, {"charge": second, "product_description": "A vase"}]
    staged = compelling(world, dispute, prior_undisputed_transactions=prior)
    assert missing_of(staged) == [
        "missing_customer_identifiers",
        "missing_prior_undisputed_transaction_description",
    ]

    prior = [
        {"charge": charge, "product_description": "A vase"} | who for charge in (first, second)
    ]
    staged = compelling(world, dispute, prior_undisputed_transactions=prior)
    assert staged["evidence_details"]["enhanced_eligibility"]["visa_compelling_evidence_3"] == {
        "status": "qualified",
        "required_actions": [],
    }
    shown_then = staged["evidence"]["enhanced_evidence"]["visa_compelling_evidence_3"]
    assert shown_then["disputed_transaction"]["product_description"] == "A lamp"

    cleared = answer(world, dispute, submit=False, evidence={"enhanced_evidence": ""})
    assert cleared["evidence"]["enhanced_evidence"] == {}


def test_prior_transactions_are_charges_of_the_same_account(world):
    dispute = of_card(world, "createCe3EligibleDispute")
    foreign = world.charge(1000, on=world.seller()).id

    for ident in (foreign, "ch_nothing"):
        with pytest.raises(ResourceMissing) as refusal:
            compelling(world, dispute, prior_undisputed_transactions=[{"charge": ident}])
        assert refusal.value.param == (
            "evidence[enhanced_evidence][visa_compelling_evidence_3]"
            "[prior_undisputed_transactions][0][charge]"
        )


def of_card(world, card):
    charge = world.charge(5000, source=f"tok_{card}")
    cards_do_their_thing()
    (dispute,) = disputes_of(world, charge)
    return dispute


def compelling(world, dispute, **given):
    evidence = {"enhanced_evidence": {"visa_compelling_evidence_3": given}}
    return answer(world, dispute, submit=False, evidence=evidence)


def missing_of(dispute):
    eligibility = dispute["evidence_details"]["enhanced_eligibility"]
    program = eligibility["visa_compelling_evidence_3"]
    assert program["status"] == "requires_action"
    return program["required_actions"]


def previous_attributes():
    return [
        json.loads(text)
        for (text,) in fetch_all(
            "SELECT previous_attributes FROM events_event"
            " WHERE type = 'charge.dispute.updated' ORDER BY created, id"
        )
    ]
