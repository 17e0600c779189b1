"""/v1/disputes as its callers see it: forms in, SDK-valid JSON out (reference api.md §4.4)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from counterfoil.kit.clock import wall_now
from counterfoil.outbox.running import run_due
from tests.contract.sdk_types import assert_valid
from tests.support.builders import World
from tests.unit.api.caller import Api, Reply, assert_refused
from tests.unit.disputes.world import broken


class Checked(Api):
    """Every answer that is no refusal fits the SDK's types."""

    def send(self, *arguments: Any, **how: Any) -> Reply:
        answer = super().send(*arguments, **how)
        if answer.status == 200:
            assert_valid(answer.json)
        return answer


@pytest.fixture
def api(committed_database, tmp_path: Path, settings: Any):
    settings.DATA_DIR = tmp_path
    api = Checked(World(now=wall_now()))
    yield api
    assert broken(wall_now()) == set()


def charged(api: Api, source: str = "tok_visa", *, on: str | None = None, **more: Any) -> str:
    sent = {"amount": 5000, "currency": "usd", "source": source} | more
    return api.post("charges", sent, on=on).json["id"]


def disputed(api: Api, *, on: str | None = None, **more: Any) -> dict[str, Any]:
    sent = {"charge": charged(api, on=on)} | more
    answer = api.post("test_helpers/disputes", sent, on=on)
    assert answer.status == 200, answer.json
    return answer.json


# ---- The story of D8 ----


def test_d8_from_the_card_to_the_win(api):
    seller = api.world.seller()
    charge = charged(api, "tok_createDispute", on=seller)
    assert api.get("disputes", on=seller).json["data"] == []
    run_due(wall_now())

    listed = api.get("disputes", {"charge": charge}, on=seller).json
    (dispute,) = listed["data"]
    assert listed["url"] == "/v1/disputes"
    assert api.get("disputes/" + dispute["id"], on=seller).json == dispute
    assert api.get("charges/" + charge, on=seller).json["disputed"] is True
    assert_refused(api.post("refunds", {"charge": charge}, on=seller), 400, "charge_disputed")

    evidence = {"evidence": {"uncategorized_text": "winning_evidence"}}
    won = api.post("disputes/" + dispute["id"], evidence, on=seller).json
    assert won["status"] == "won"
    events = api.get("events", {"type": "charge.dispute.*"}, on=seller).json["data"]
    assert [event["type"].rpartition(".")[2] for event in reversed(events)] == [
        "created",
        "funds_withdrawn",
        "updated",
        "funds_reinstated",
        "closed",
    ]
    assert all(event["account"] == seller for event in events)
    assert api.get("charges/" + charge, on=seller).json["disputed"] is False


# ---- Shapes ----


def test_what_a_dispute_shows_can_be_expanded(api):
    intent = api.post(
        "payment_intents",
        {"amount": 5000, "currency": "usd", "payment_method": "pm_card_visa", "confirm": "true"},
    ).json
    dispute = api.post("test_helpers/disputes", {"charge": intent["latest_charge"]}).json
    paths = ["charge.balance_transaction", "payment_intent", "balance_transactions.source"]
    shown = api.get("disputes/" + dispute["id"], {"expand": paths}).json

    assert shown["charge"]["id"] == intent["latest_charge"]
    assert shown["charge"]["balance_transaction"]["amount"] == 5000
    assert shown["payment_intent"]["id"] == intent["id"]
    assert shown["balance_transactions"][0]["source"]["id"] == dispute["id"]

    listed = api.get("disputes", {"expand": ["data.charge"]}).json
    assert listed["data"][0]["charge"]["object"] == "charge"


def test_a_balance_transaction_expands_to_its_dispute(api):
    dispute = disputed(api)
    listed = api.get("balance_transactions", {"source": dispute["id"], "expand": ["data.source"]})

    (row,) = listed.json["data"]
    assert (row["type"], row["reporting_category"]) == ("adjustment", "dispute")
    assert row["source"]["id"] == dispute["id"]
    assert row["source"]["balance_transactions"][0]["id"] == row["id"]


def test_compelling_evidence_goes_in_and_out(api):
    charge = charged(api, "tok_createCe3EligibleDispute")
    run_due(wall_now())
    (dispute,) = api.get("disputes", {"charge": charge}).json["data"]
    given = {
        "disputed_transaction": {
            "merchandise_or_services": "services",
            "shipping_address": {"line1": "1 Way", "country": "US"},
        },
        "prior_undisputed_transactions": [{"charge": charged(api)}, {"charge": charged(api)}],
    }
    staged = api.post(
        "disputes/" + dispute["id"],
        {
            "evidence": {"enhanced_evidence": {"visa_compelling_evidence_3": given}},
            "submit": "false",
        },
    ).json

    shown = staged["evidence"]["enhanced_evidence"]["visa_compelling_evidence_3"]
    assert shown["disputed_transaction"]["shipping_address"]["line1"] == "1 Way"
    assert [one["charge"] for one in shown["prior_undisputed_transactions"]] == [
        one["charge"] for one in given["prior_undisputed_transactions"]
    ]


# ---- Lists ----


def test_lists_are_narrowed_and_paged(api):
    first, second, third = (disputed(api) for _ in range(3))
    newest = [third["id"], second["id"], first["id"]]

    assert ids(api.get("disputes")) == newest
    assert ids(api.get("disputes", {"limit": 2})) == newest[:2]
    assert ids(api.get("disputes", {"starting_after": second["id"]})) == [first["id"]]
    assert ids(api.get("disputes", {"ending_before": second["id"]})) == [third["id"]]
    assert ids(api.get("disputes", {"charge": second["charge"]})) == [second["id"]]
    assert ids(api.get("disputes", {"payment_intent": "pi_nothing"})) == []
    assert ids(api.get("disputes", {"created": {"gt": third["created"]}})) == []
    assert ids(api.get("disputes", {"created": {"lte": third["created"]}})) == newest
    assert_refused(
        api.get("disputes", {"starting_after": "dp_nothing"}),
        400,
        "resource_missing",
        param="starting_after",
    )
    assert_refused(api.get("disputes", {"status": "won"}), 400, "parameter_unknown", param="status")


def ids(answer: Reply) -> list[str]:
    return [each["id"] for each in answer.json["data"]]


# ---- Answering ----


def test_staging_submitting_and_closing(api):
    dispute = disputed(api)
    path = "disputes/" + dispute["id"]
    staged = api.post(path, {"evidence": {"customer_name": "Ada"}, "submit": "false"}).json
    assert staged["status"] == "needs_response"
    assert api.post(path, {"submit": "true"}).json["status"] == "under_review"
    assert_refused(
        api.post(path + "/close"), 400, "status_transition_invalid", says="is under_review"
    )
    other = disputed(api)
    assert api.post("disputes/" + other["id"] + "/close").json["status"] == "lost"


@pytest.mark.parametrize(
    ("outcome", "kind", "status"),
    [
        ("win", "chargeback", "won"),
        ("lose", "chargeback", "lost"),
        ("escalate", "inquiry", "needs_response"),
        ("close", "inquiry", "warning_closed"),
    ],
)
def test_a_test_forces_the_outcome(api, outcome, kind, status):
    dispute = disputed(api, type=kind)
    path = f"test_helpers/disputes/{dispute['id']}/{outcome}"

    assert api.post(path).json["status"] == status


@pytest.mark.parametrize(
    ("sent", "code", "param"),
    [
        ({"evidence": {"uncategorized_text": "x" * 20_001}}, None, "evidence[uncategorized_text]"),
        ({"evidence": {"service_date": "x" * 5_001}}, None, "evidence[service_date]"),
        ({"evidence": {"receipt": "file_1"}}, "resource_missing", "evidence[receipt]"),
        ({"evidence": {"nothing": "x"}}, "parameter_unknown", "evidence[nothing]"),
        ({"evidence": "x"}, None, "evidence"),
        ({"evidence": ""}, "parameter_invalid_empty", "evidence"),
        ({"submit": "maybe"}, None, "submit"),
        ({"submit": "true"}, "parameter_missing", "evidence"),
        ({"amount": 1}, "parameter_unknown", "amount"),
        ({"metadata": {"k" * 41: "v"}}, None, "metadata"),
        ({"intended_submission_method": "pigeon"}, None, "intended_submission_method"),
    ],
)
def test_bad_input_is_refused_by_name_and_changes_nothing(api, sent, code, param):
    dispute = disputed(api)
    path = "disputes/" + dispute["id"]

    assert_refused(api.post(path, sent), 400, code, param=param)
    assert api.get(path).json == dispute


def test_150_000_characters_in_all(api):
    dispute = disputed(api)
    names = [
        "access_activity_log",
        "cancellation_policy_disclosure",
        "cancellation_rebuttal",
        "duplicate_charge_explanation",
        "product_description",
        "refund_policy_disclosure",
        "refund_refusal_explanation",
        "uncategorized_text",
    ]
    sent = {"evidence": dict.fromkeys(names, "x" * 19_000), "submit": "false"}

    answer = api.post("disputes/" + dispute["id"], sent)
    assert_refused(answer, 400, None, param="evidence", says="152000 characters")


@pytest.mark.parametrize(
    ("sent", "code", "param"),
    [
        ({}, "parameter_missing", "charge"),
        ({"charge": "ch_nothing"}, "resource_missing", "charge"),
        ({"amount": 0}, "parameter_invalid_integer", "amount"),
        ({"amount": 5001}, "amount_too_large", "amount"),
        ({"reason": "boredom"}, None, "reason"),
        ({"type": "war"}, None, "type"),
        ({"status": "won"}, "parameter_unknown", "status"),
    ],
)
def test_a_dispute_that_makes_no_sense_is_not_opened(api, sent, code, param):
    given = {"charge": charged(api)} | sent if sent else {}

    assert_refused(api.post("test_helpers/disputes", given), 400, code, param=param)
    assert api.get("disputes").json["data"] == []


# ---- Who may ----


def test_disputes_of_others_are_not_there(api):
    seller = api.world.seller()
    dispute = disputed(api, on=seller)
    stranger = api.with_key(World(now=wall_now()).key)
    path = "disputes/" + dispute["id"]
    helper = "test_helpers/" + path

    for who, on in ((api, None), (api, api.world.seller()), (stranger, None)):
        assert_refused(who.get(path, on=on), 404, "resource_missing", param="id")
        assert_refused(
            who.post(path, {"submit": "true"}, on=on), 404, "resource_missing", param="id"
        )
        assert_refused(who.post(path + "/close", on=on), 404, "resource_missing", param="id")
        for outcome in ("win", "lose", "escalate", "close"):
            answer = who.post(f"{helper}/{outcome}", on=on)
            assert_refused(answer, 404, "resource_missing", param="id")
        answer = who.post("test_helpers/disputes", {"charge": dispute["charge"]}, on=on)
        assert_refused(answer, 400, "resource_missing", param="charge")
        assert who.get("disputes", on=on).json["data"] == []
    assert api.get(path, on=seller).json == dispute


def test_test_helpers_are_for_test_mode(api):
    live = api.with_key(api.world.made.secret_live.text)

    for path in ("test_helpers/disputes/dp_1/win", "test_helpers/disputes"):
        sent = {"charge": "ch_1"} if path.endswith("disputes") else None
        assert_refused(live.post(path, sent), 400, None, says="test key")


def test_the_same_request_twice_opens_one_dispute(api):
    sent = {"charge": charged(api), "amount": 100}
    first = api.post("test_helpers/disputes", sent, key="once").json
    again = api.post("test_helpers/disputes", sent, key="once").json

    assert first == again
    assert len(api.get("disputes").json["data"]) == 1


# ---- Early fraud warnings ----


def test_early_fraud_warnings_are_listed_and_read(api):
    seller = api.world.seller()
    charge = charged(api, "tok_createIssuerFraudRecord", on=seller)
    run_due(wall_now())
    listed = api.get("radar/early_fraud_warnings", {"expand": ["data.charge"]}, on=seller).json

    (warning,) = listed["data"]
    assert (warning["charge"]["id"], listed["url"]) == (charge, "/v1/radar/early_fraud_warnings")
    path = "radar/early_fraud_warnings/" + warning["id"]
    assert api.get(path, on=seller).json == warning | {"charge": charge}
    assert api.get("radar/early_fraud_warnings", {"charge": "ch_x"}, on=seller).json["data"] == []
    assert_refused(api.get(path), 404, "resource_missing", param="id")
    (event,) = api.get("events", {"type": "radar.*"}, on=seller).json["data"]
    assert event["type"] == "radar.early_fraud_warning.created"
