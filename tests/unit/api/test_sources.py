"""`charge.refunds`, `customer.sources` and `default_source`: there when they are expanded."""

from __future__ import annotations

from tests.contract.sdk_types import assert_valid
from tests.unit.api.caller import CHARGE, assert_refused


def test_a_charge_carries_its_refunds_when_asked_for(api):
    charge = api.post("charges", CHARGE).json["id"]
    refunds = [api.post("refunds", {"charge": charge, "amount": 10}).json["id"] for _ in range(12)]

    assert "refunds" not in api.get(f"charges/{charge}").json
    shown = api.get(f"charges/{charge}", {"expand": ["refunds"]}).json
    assert_valid(shown)
    page = shown["refunds"]
    assert [one["id"] for one in page["data"]] == refunds[:1:-1]
    assert (page["has_more"], page["url"]) == (True, f"/v1/charges/{charge}/refunds")
    rest = api.get(page["url"], {"starting_after": page["data"][-1]["id"]}).json
    assert [one["id"] for one in rest["data"]] == refunds[1::-1]
    listed = api.get("charges", {"expand": ["data.refunds"]}).json["data"]
    assert listed[0]["refunds"] == page


def test_a_charge_without_refunds_has_an_empty_list(api):
    charge = api.post("charges", CHARGE | {"expand": ["refunds"]}).json
    assert charge["refunds"]["data"] == []


def test_refunds_of_another_charge_or_another_account_are_not_found(api):
    seller = api.world.seller()
    mine, other = (api.post("charges", CHARGE).json["id"] for _ in range(2))
    refund = api.post("refunds", {"charge": mine, "amount": 10}).json["id"]

    assert_refused(
        api.get(f"charges/{other}/refunds/{refund}"), 404, "resource_missing", param="id"
    )
    answer = api.get(f"charges/{mine}/refunds", on=seller)
    assert (answer.status, answer.error["code"]) == (404, "resource_missing")


def test_a_customers_cards_are_its_sources(api):
    customer = api.post("customers", {"source": "tok_visa"}).json
    api.post("payment_methods/pm_card_visa/attach", {"customer": customer["id"]})
    shown = api.get(f"customers/{customer['id']}", {"expand": ["default_source", "sources"]}).json

    assert_valid(shown)
    assert "sources" not in customer
    card = shown["default_source"]
    assert (card["id"], card["brand"], card["customer"]) == (
        customer["default_source"],
        "Visa",
        customer["id"],
    )
    assert shown["sources"]["data"] == [card]
    path = f"customers/{customer['id']}/sources"
    assert api.get(f"/v1/{path}/{card['id']}").json == card
    method = api.get(f"customers/{customer['id']}/payment_methods").json["data"][0]["id"]
    assert method.startswith("pm_")
    assert_refused(
        api.get(f"/v1/{path}/{method}"), 404, "resource_missing", param="id", says="source"
    )
