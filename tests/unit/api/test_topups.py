"""/v1/topups, their test helpers, and the refunds-and-disputes balance over the API."""

from __future__ import annotations

import pytest

from counterfoil.kit.db import execute
from counterfoil.platforms.settings import PlatformSettings, write_settings
from tests.contract.sdk_types import assert_valid
from tests.unit.api.caller import assert_refused

FLOAT = {"amount": 5000, "currency": "usd"}


def test_a_top_up_is_made_read_changed_and_listed(api):
    made = api.post("topups", FLOAT | {"source": "btok_us_verified", "metadata": {"n": "1"}}).json
    assert_valid(made)

    assert api.get(f"topups/{made['id']}").json == made
    changed = api.post(f"topups/{made['id']}", {"description": "Float", "metadata": {"n": "2"}})
    assert changed.json == made | {"description": "Float", "metadata": {"n": "2"}}
    page = api.get("topups").json
    assert_valid(page)
    assert page["data"] == [changed.json]


def test_a_list_is_narrowed_by_status_and_amount(api):
    small = api.post("topups", FLOAT | {"amount": 100}).json["id"]
    large = api.post("topups", FLOAT | {"amount": 900}).json["id"]
    api.post(f"topups/{small}/cancel")

    def found(**filters):
        return [one["id"] for one in api.get("topups", filters).json["data"]]

    assert found() == [large, small]
    assert found(status="pending") == [large]
    assert found(status="canceled") == [small]
    assert found(amount=100) == [small]
    assert found(amount={"gt": 100}) == [large]
    assert found(amount={"gte": 100, "lt": 900}) == [small]
    assert found(created={"gt": 9_999_999_999}) == []
    assert_refused(api.get("topups", {"status": "reversed"}), 400, None, param="status")


def test_helpers_force_what_the_bank_answers(api):
    topup = api.post("topups", FLOAT).json["id"]
    came = api.post(f"test_helpers/topups/{topup}/succeed", {"expand": ["balance_transaction"]})
    assert_valid(came.json)

    assert came.json["balance_transaction"]["type"] == "topup"
    line = api.get("balance_transactions", {"type": "topup", "expand": ["data.source"]}).json
    assert line["data"][0]["source"]["id"] == topup
    gone = api.post(f"test_helpers/topups/{topup}/fail", {"code": "account_closed"}).json
    assert (gone["status"], gone["failure_code"]) == ("reversed", "account_closed")
    assert_refused(api.post(f"test_helpers/topups/{topup}/fail"), 400, "status_transition_invalid")


def test_helpers_work_with_test_keys_only(api):
    live = api.with_key(api.world.made.secret_live.text)
    topup = live.post("topups", FLOAT).json["id"]

    for verb in ("succeed", "fail"):
        assert_refused(live.post(f"test_helpers/topups/{topup}/{verb}"), 400, None, says="test")
    assert live.get(f"topups/{topup}").json["status"] == "pending"


def test_a_live_top_up_says_how_to_pay_it(api):
    live = api.with_key(api.world.made.secret_live.text)
    topup = live.post("topups", FLOAT).json["id"]
    path = f"counterfoil/topups/{topup}/instructions"

    assert_refused(live.get(path), 400, None, says="topup_bank_details")
    settings = PlatformSettings(topup_bank_details={"usd": "Bazaar Inc., account 1234"})
    execute("UPDATE platforms_platform SET live_settings = %s", [write_settings(settings)])
    shown = live.get(path).json
    assert shown.pop("reference").startswith("CF-")
    assert shown == {
        "object": "topup_instructions",
        "topup": topup,
        "amount": 5000,
        "currency": "usd",
        "bank_details": "Bazaar Inc., account 1234",
    }
    test_one = api.post("topups", FLOAT).json["id"]
    assert_refused(api.get(f"counterfoil/topups/{test_one}/instructions"), 400, None)


def test_money_set_aside_is_seen_and_taken_out_again(api):
    seller = api.world.seller()
    topup = api.post("topups", FLOAT, on=seller).json
    assert api.get(f"topups/{topup['id']}").status == 404  # the seller's, not the platform's
    api.post(f"test_helpers/topups/{topup['id']}/succeed", on=seller)
    balance = api.get("balance", on=seller).json
    assert_valid(balance)
    assert balance["refund_and_dispute_prefunding"]["available"][0]["amount"] == 5000
    assert balance["available"][0]["amount"] == 0

    path = "counterfoil/prefunding/withdrawals"
    after = api.post(path, {"amount": 2000, "currency": "usd"}, on=seller).json
    assert_valid(after)
    assert after["refund_and_dispute_prefunding"]["available"][0]["amount"] == 3000
    assert after["available"][0]["amount"] == 2000
    refused = api.post(path, {"amount": 3001, "currency": "usd"}, on=seller)
    assert_refused(refused, 400, "balance_insufficient", param="amount", says="30.00 USD")


@pytest.mark.parametrize("path", ["", "/cancel"])
def test_an_unknown_top_up_is_not_found(api, path):
    assert_refused(
        api.post(f"topups/tu_nobody{path}"), 404, "resource_missing", param="id", says="topup"
    )


def test_an_account_is_debited_over_the_api(api):
    seller = api.world.seller()
    api.world.fund(10_000)
    api.world.transfer(5000, to=seller)
    debit = {"amount": 2000, "currency": "usd", "source": seller}
    made = api.post("charges", debit | {"expand": ["source_transfer"]}, key="rent-11")
    assert_valid(made.json)

    assert made.json["id"].startswith("py_")
    assert made.json["source_transfer"]["destination"] == api.world.id
    assert api.post("charges", debit | {"expand": ["source_transfer"]}, key="rent-11").json == (
        made.json
    )
    assert api.get("balance", on=seller).json["available"][0]["amount"] == 3000
    too_much = api.post("charges", debit | {"amount": 3001})
    assert_refused(too_much, 400, "balance_insufficient", param="amount", says="30.00 USD")
