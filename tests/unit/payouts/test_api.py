"""/v1/payouts, their lines, balance settings and the balance as a caller sees them."""

from __future__ import annotations

import pytest

from counterfoil.payments.rows import RefundRow
from tests.contract.sdk_types import assert_valid
from tests.unit.api.caller import Api, assert_refused

DAY = 86_400


@pytest.fixture
def api(committed_database, tmp_path, settings):
    from counterfoil.kit.clock import wall_now
    from tests.support.builders import World

    settings.DATA_DIR = tmp_path
    return Api(World(now=wall_now()))


@pytest.fixture
def ada(api):
    """A seller with a manual schedule and 5000 available."""
    world = api.world
    seller = world.seller()
    world.schedule(seller, "manual")
    world.give(seller, 5000)
    return seller


@pytest.fixture
def settled(api, ada):
    """An automatic payout of five payments, handed over."""
    world = api.world
    for n in range(4):
        world.now += 1
        world.give(ada, 100 + n)
    world.schedule(ada, "daily")
    world.run_until(world.now + 5 * DAY)
    (payout,) = world.payout_rows(ada)
    assert payout.line_count == 5
    return payout


def ids(answer):
    assert answer.status == 200, answer.json
    return [one["id"] for one in answer.json["data"]]


def test_a_driver_cashes_out(api, ada):
    """Reference platform-calls A6: all that is available, by what the balance says."""
    balance = api.get("balance", on=ada).json
    entry = balance["available"][0]
    assert balance["instant_available"][0]["amount"] == entry["amount"] == 5000

    made = api.post(
        "payouts",
        {"amount": entry["amount"], "currency": "USD", "statement_descriptor": "Rocket Rides"},
        on=ada,
    ).json

    assert_valid(made)
    assert (made["amount"], made["currency"], made["status"]) == (5000, "usd", "pending")
    after = api.get("balance", on=ada).json
    assert after["available"][0]["amount"] == 0
    assert after["pending"][0]["amount"] == 0
    assert "instant_available" not in after
    nothing = {"amount": 0, "currency": "usd"}
    assert_refused(
        api.post("payouts", nothing, on=ada), 400, "parameter_invalid_integer", param="amount"
    )


def test_the_same_payout_twice_is_one(api, ada):
    asked = {"amount": 300, "currency": "usd"}
    first = api.post("payouts", asked, on=ada, key="once").json
    assert api.post("payouts", asked, on=ada, key="once").json == first
    assert ids(api.get("payouts", on=ada)) == [first["id"]]
    other = api.post("payouts", asked | {"amount": 301}, on=ada, key="once")
    assert_refused(other, 400, None, kind="idempotency_error")


def test_a_payout_is_read_changed_and_expanded(api, ada):
    made = api.post("payouts", {"amount": 300, "currency": "usd"}, on=ada).json
    assert api.get(f"payouts/{made['id']}", on=ada).json == made

    changed = api.post(f"payouts/{made['id']}", {"metadata": {"n": "1"}}, on=ada).json
    assert changed == made | {"metadata": {"n": "1"}}
    paths = ["destination", "balance_transaction.source"]
    seen = api.get(f"payouts/{made['id']}", {"expand": paths}, on=ada).json
    assert_valid(seen)
    assert seen["destination"]["object"] == "bank_account"
    assert seen["balance_transaction"]["source"]["id"] == made["id"]
    kinds = [one["type"] for one in api.get("events", {"type": "payout.*"}).json["data"]]
    assert kinds == [] or set(kinds) <= {"payout.updated", "payout.created"}


def test_a_canceled_and_a_failed_payout_expand_what_came_back(api, ada):
    made = api.post("payouts", {"amount": 300, "currency": "usd"}, on=ada).json
    canceled = api.post(
        f"payouts/{made['id']}/cancel", {"expand": ["failure_balance_transaction"]}, on=ada
    ).json
    assert_valid(canceled)
    assert canceled["failure_balance_transaction"]["type"] == "payout_cancel"
    again = api.post(f"payouts/{made['id']}/cancel", on=ada)
    assert_refused(again, 400, "status_transition_invalid")

    other = api.post("payouts", {"amount": 300, "currency": "usd"}, on=ada).json
    failed = api.post(
        f"test_helpers/payouts/{other['id']}/fail", {"code": "account_frozen"}, on=ada
    ).json
    assert_valid(failed)
    assert (failed["status"], failed["failure_code"]) == ("failed", "account_frozen")


def test_helpers_force_what_the_bank_does(api, ada):
    made = api.post("payouts", {"amount": 300, "currency": "usd"}, on=ada).json
    paid = api.post(f"test_helpers/payouts/{made['id']}/pay", on=ada).json
    assert_valid(paid)
    assert paid["status"] == "paid"
    back = api.post(f"payouts/{made['id']}/reverse", {"expand": ["original_payout"]}, on=ada).json
    assert_valid(back)
    assert (back["amount"], back["original_payout"]["reversed_by"]) == (-300, back["id"])
    wrong = api.post(f"test_helpers/payouts/{made['id']}/fail", {"code": "bad_luck"}, on=ada)
    assert_refused(wrong, 400, None, param="code", says="account_closed")


def test_a_list_is_narrowed(api, ada):
    one = api.post("payouts", {"amount": 100, "currency": "usd"}, on=ada).json
    two = api.post("payouts", {"amount": 200, "currency": "usd"}, on=ada).json
    api.post(f"payouts/{one['id']}/cancel", on=ada)

    def found(**filters):
        return ids(api.get("payouts", filters, on=ada))

    assert found() == [two["id"], one["id"]]
    assert found(status="canceled") == [one["id"]]
    assert found(status="pending") == [two["id"]]
    assert found(status="paid") == []
    assert found(destination=two["destination"]) == [two["id"], one["id"]]
    assert found(destination="ba_other") == []
    assert found(arrival_date=two["arrival_date"]) == [two["id"], one["id"]]
    assert found(arrival_date={"gt": two["arrival_date"]}) == []
    assert found(created={"gte": one["created"]}, limit=1) == [two["id"]]
    assert found(starting_after=two["id"]) == [one["id"]]
    assert_refused(api.get("payouts", {"status": "gone"}, on=ada), 400, None, param="status")


def test_payouts_belong_to_their_account(api, ada):
    made = api.post("payouts", {"amount": 100, "currency": "usd"}, on=ada).json
    other = api.world.seller()

    for path in (f"payouts/{made['id']}", f"payouts/{made['id']}/lines"):
        assert_refused(api.get(path, on=other), 404, "resource_missing", param="id")
        assert_refused(api.get(path), 404, "resource_missing", param="id")
    for verb in ("", "/cancel", "/reverse"):
        answer = api.post(f"payouts/{made['id']}{verb}", on=other)
        assert_refused(answer, 404, "resource_missing", param="id")
    assert ids(api.get("payouts", on=other)) == ids(api.get("payouts")) == []


def test_unknown_parameters_are_refused(api, ada):
    asked = {"amount": 100, "currency": "usd", "payout_method": "fa_1"}
    answer = api.post("payouts", asked, on=ada)
    assert_refused(answer, 400, "parameter_unknown", param="payout_method")
    long = {"amount": 100, "currency": "usd", "statement_descriptor": "x" * 23}
    answer = api.post("payouts", long, on=ada)
    assert answer.status == 400


# ---- Lines ----


def test_lines_are_paged_by_position_and_sum_to_the_payout(api, ada, settled):
    first = api.get(f"payouts/{settled.id}/lines", {"limit": 2}, on=ada).json
    assert (first["has_more"], first["total_count"]) == (True, 5)
    assert first["content_hash"] == settled.lines_hash

    seen = list(first["data"])
    while first["has_more"]:
        first = api.get(
            f"payouts/{settled.id}/lines",
            {"limit": 2, "starting_after": seen[-1]["id"]},
            on=ada,
        ).json
        seen += first["data"]
    assert [line["position"] for line in seen] == [0, 1, 2, 3, 4]
    assert sum(line["amount"] for line in seen) == settled.amount == first["total_amount"]
    back = api.get(
        f"payouts/{settled.id}/lines", {"limit": 2, "ending_before": seen[3]["id"]}, on=ada
    ).json
    assert back["data"] == seen[1:3]
    assert back["has_more"] is True


def test_lines_of_a_split_row_say_how_much_of_it(api, ada):
    made = api.post("payouts", {"amount": 300, "currency": "usd"}, on=ada).json
    answer = api.get(
        f"payouts/{made['id']}/lines", {"expand": ["data.balance_transaction"]}, on=ada
    ).json
    (line,) = answer["data"]
    assert (line["amount"], line["net"], line["type"]) == (300, 5000, "transaction")
    assert line["balance_transaction"]["net"] == 5000


def test_an_instant_fee_is_a_line_of_its_own(api, ada):
    made = api.post("payouts", {"amount": 490, "currency": "usd", "method": "instant"}, on=ada)
    lines = api.get(f"payouts/{made.json['id']}/lines", on=ada).json["data"]
    assert [(line["type"], line["amount"]) for line in lines] == [
        ("transaction", 500),
        ("fee", -10),
    ]


@pytest.mark.parametrize("cursor", ["po_x-0", "{payout}-99", "{payout}-x", "{payout}", "-1"])
def test_a_cursor_that_is_no_line(api, ada, settled, cursor):
    asked = {"starting_after": cursor.format(payout=settled.id)}
    answer = api.get(f"payouts/{settled.id}/lines", asked, on=ada)
    assert_refused(answer, 400, "resource_missing", param="starting_after")


# ---- balance_transactions?payout= ----


def test_what_an_automatic_payout_settled_with_its_own_row_first(api, ada, settled):
    answer = api.get("balance_transactions", {"payout": settled.id, "limit": 100}, on=ada).json
    assert_valid(answer)
    rows = answer["data"]
    assert [row["type"] for row in rows] == ["payout", *["payment"] * 5]
    assert rows[0]["id"] == settled.balance_transaction_id
    assert sum(row["net"] for row in rows[1:]) == settled.amount
    assert sum(row["net"] for row in rows) == 0
    created = [row["created"] for row in rows]
    assert created == sorted(created, reverse=True)


def test_its_pages_go_both_ways(api, ada, settled):
    everything = ids(api.get("balance_transactions", {"payout": settled.id, "limit": 100}, on=ada))

    def page(**params):
        answer = api.get("balance_transactions", {"payout": settled.id} | params, on=ada)
        return ids(answer), answer.json["has_more"]

    assert page(limit=2) == (everything[:2], True)
    assert page(limit=3, starting_after=everything[1]) == (everything[2:5], True)
    assert page(limit=3, starting_after=everything[4]) == (everything[5:], False)
    assert page(limit=2, ending_before=everything[4]) == (everything[2:4], True)
    assert page(limit=9, ending_before=everything[4]) == (everything[:4], False)
    assert page(limit=9, ending_before=everything[0]) == ([], False)
    assert page(limit=9, starting_after=everything[0]) == (everything[1:], False)


def test_its_rows_can_be_narrowed_further(api, ada, settled):
    def found(**params):
        return ids(api.get("balance_transactions", {"payout": settled.id} | params, on=ada))

    assert found(type="payout") == [settled.balance_transaction_id]
    assert len(found(type="payment")) == 5
    assert found(currency="eur") == []
    assert found(source=settled.id) == [settled.balance_transaction_id]
    assert len(found(created={"lt": settled.created})) == 5


def test_a_cursor_of_another_payout_is_refused(api, ada, settled):
    api.world.give(ada, 100)
    (stranger, *_) = ids(api.get("balance_transactions", {"type": "payment", "limit": 1}, on=ada))
    asked = {"payout": settled.id, "starting_after": stranger}
    answer = api.get("balance_transactions", asked, on=ada)
    assert_refused(answer, 400, "resource_missing", param="starting_after")


def test_payouts_by_hand_are_not_itemised_there(api, ada):
    made = api.post("payouts", {"amount": 300, "currency": "usd"}, on=ada).json
    answer = api.get("balance_transactions", {"payout": made["id"]}, on=ada)
    assert_refused(answer, 400, None, param="payout", says="automatic transfers, not manual")


def test_a_payout_that_was_not_handed_over_is_not_ready(api, ada):
    from counterfoil.payouts.operations.automatic import run_schedules

    world = api.world
    world.schedule(ada, "daily")
    run_schedules(world.id, False, now=world.now + 5 * DAY)
    (payout,) = world.payout_rows(ada)
    answer = api.get("balance_transactions", {"payout": payout.id}, on=ada)
    assert_refused(answer, 400, "payout_reconciliation_not_ready", param="payout")


def test_a_payout_that_is_not_there(api, ada, settled):
    answer = api.get("balance_transactions", {"payout": "po_x"}, on=ada)
    assert_refused(answer, 400, "resource_missing", param="payout")
    answer = api.get("balance_transactions", {"payout": settled.id})
    assert_refused(answer, 400, "resource_missing", param="payout")


# ---- Balance and settings ----


def test_the_net_of_an_instant_payout_is_shown_when_asked_for(api, ada):
    plain = api.get("balance", on=ada).json
    assert_valid(plain)
    assert "net_available" not in plain["instant_available"][0]

    seen = api.get("balance", {"expand": ["instant_available.net_available"]}, on=ada).json
    assert_valid(seen)
    (entry,) = seen["instant_available"]
    (net,) = entry["net_available"]
    assert (entry["amount"], net["amount"]) == (5000, 4900)
    assert net["destination"] == api.world.external(ada).id


def test_balance_settings_over_the_api(api, ada):
    seen = api.get("balance_settings", on=ada).json
    assert_valid(seen)
    changed = api.post(
        "balance_settings",
        {
            "payments": {
                "payouts": {
                    "minimum_balance_by_currency": {"usd": 1000},
                    "schedule": {"interval": "monthly", "monthly_payout_days": [15, 31]},
                },
                "settlement_timing": {"delay_days_override": 5},
            }
        },
        on=ada,
    ).json
    assert_valid(changed)
    assert changed["payments"]["payouts"]["schedule"]["monthly_payout_days"] == [15, 31]
    account = api.get(f"accounts/{ada}").json["settings"]["payouts"]["schedule"]
    assert (account["delay_days"], account["monthly_payout_days"]) == (5, [15, 31])

    assert_valid(api.get("balance_settings").json)
    assert api.post("balance_settings", {"payments": {}}).status == 400
    start = {"payments": {"settlement_timing": {"start_of_day": {"hour": 3}}}}
    param = "payments[settlement_timing][start_of_day]"
    answer = api.post("balance_settings", start, on=ada)
    assert_refused(answer, 400, "parameter_unknown", param=param)


def test_a_platform_pauses_and_resumes_payouts(api, ada):
    paused = api.post(f"counterfoil/payout_pauses/{ada}", {"reason": "Fraud check"}).json
    assert paused["payments"]["payouts"]["status"] == "disabled"
    answer = api.post("payouts", {"amount": 100, "currency": "usd"}, on=ada)
    assert_refused(answer, 400, "payouts_not_allowed", says="Fraud check")
    assert api.get(f"accounts/{ada}").json["payouts_enabled"] is False

    resumed = api.delete(f"counterfoil/payout_pauses/{ada}").json
    assert resumed["payments"]["payouts"]["status"] == "enabled"
    by_seller = api.post(f"counterfoil/payout_pauses/{ada}", {"reason": "x"}, on=ada)
    assert_refused(by_seller, 400, "platform_account_required")
    nobody = api.post("counterfoil/payout_pauses/acct_nobody", {"reason": "x"})
    assert nobody.status in (400, 404)


def test_a_fee_of_an_instant_payout_among_the_platforms_fees(api, ada):
    made = api.post("payouts", {"amount": 490, "currency": "usd", "method": "instant"}, on=ada)
    fees = api.get("application_fees").json
    assert_valid(fees)
    assert fees["data"][0]["fee_source"] == {"type": "payout", "payout": made.json["id"]}
    seen = api.get(f"payouts/{made.json['id']}", {"expand": ["application_fee"]}, on=ada).json
    assert_valid(seen)
    assert seen["application_fee"]["amount"] == 10


def test_who_asked_for_a_payout_or_a_refund_is_kept(api, ada):
    """By the key: the platform. By the schedule: nobody, and which schedule it was."""
    world = api.world
    by_hand = api.post("payouts", {"amount": 100, "currency": "usd"}, on=ada).json
    charge = world.charge(1000, on=ada)
    refund = api.post("refunds", {"charge": charge.id, "amount": 10}, on=ada).json
    world.schedule(ada, "daily")
    world.run_until(world.now + 5 * DAY)

    row, *scheduled = world.payout_rows(ada)
    assert (row.id, row.decided_by, row.schedule) == (by_hand["id"], "platform", None)
    assert {(one.decided_by, one.schedule) for one in scheduled} == {(None, "daily")}
    assert world.find(RefundRow, refund["id"]).decided_by == "platform"


def test_each_line_says_why(api, ada):
    """In English, and with the fee of an instant payout as a line of its own."""
    made = api.post("payouts", {"amount": 4000, "currency": "usd", "method": "instant"}, on=ada)

    payment, fee = api.get(f"payouts/{made.json['id']}/lines", on=ada).json["data"]
    assert payment["why"]["operation"] == "payment"
    assert payment["why"]["rule"] == "transfer"
    assert payment["why"]["decided_by"] == "platform"
    assert payment["why"]["sentences"][0].startswith("Bazaar sent you $50.00 on ")
    assert (fee["type"], fee["why"]["rule"]) == ("fee", "instant_fee")
    assert fee["why"]["sentences"][1] == "An instant payout costs $0.82, which Bazaar keeps."


def test_the_lines_of_a_long_payout_cost_the_same_round_trips(
    api, ada, settled, django_assert_max_num_queries
):
    with django_assert_max_num_queries(6):
        api.get(f"payouts/{settled.id}/lines", {"limit": 1}, on=ada)
    with django_assert_max_num_queries(6):
        api.get(f"payouts/{settled.id}/lines", {"limit": 100}, on=ada)
