"""Tokens made of a card's numbers, and what may be done with them: once, by whom they are for."""

from __future__ import annotations

import pytest

from tests.contract.sdk_types import assert_valid
from tests.unit.api.caller import assert_refused

CARD = {"number": "4242424242424242", "exp_month": 8, "exp_year": 2040, "cvc": "123"}
ORDER = {"amount": 1000, "currency": "usd"}


def token(api, *, on=None, **changes) -> str:
    made = api.post("tokens", {"card": CARD | changes}, on=on)
    assert_valid(made.json)
    return made.json["id"]


def test_a_token_pays_and_is_used_up(api):
    ident = token(api, name="Ada Byron", address_zip="94111")
    card = api.get(f"tokens/{ident}").json["card"]
    charge = api.post("charges", ORDER | {"source": ident}).json

    assert_valid(charge)
    assert (charge["source"]["id"], charge["source"]["last4"]) == (card["id"], "4242")
    assert charge["billing_details"]["name"] == "Ada Byron"
    assert charge["billing_details"]["address"]["postal_code"] == "94111"
    assert api.get(f"tokens/{ident}").json["used"] is True
    again = api.post("charges", ORDER | {"source": ident})
    assert_refused(again, 400, "token_already_used", param="source", says="Make a new one")
    assert len(api.get("charges").json["data"]) == 1


def test_a_refused_charge_leaves_its_token_for_another_try(api):
    ident = token(api)
    nobody = {"transfer_data": {"destination": "acct_nobody"}}
    assert api.post("charges", ORDER | nobody | {"source": ident}).status == 400

    assert api.post("charges", ORDER | {"source": ident}).status == 200


@pytest.mark.parametrize(
    ("number", "code"),
    [("4000000000000002", "card_declined"), ("4000000000000127", "incorrect_cvc")],
)
def test_a_token_behaves_as_its_number(api, number, code):
    declined = api.post("charges", ORDER | {"source": token(api, number=number)})

    assert (declined.status, declined.error["code"]) == (402, code)


def test_a_token_becomes_a_payment_method_and_a_source(api):
    method = api.post("payment_methods", {"type": "card", "card": {"token": token(api)}}).json
    assert_valid(method)
    assert (method["card"]["last4"], method["card"]["exp_year"]) == ("4242", 2040)

    ident = token(api)
    card = api.get(f"tokens/{ident}").json["card"]["id"]
    customer = api.post("customers", {"source": ident}).json
    assert customer["default_source"] == card
    assert api.post("charges", ORDER | {"customer": customer["id"]}).status == 200


def test_a_token_is_for_the_account_it_was_made_for(api):
    seller = api.world.seller()
    of_platform, of_seller = token(api), token(api, on=seller)

    elsewhere = api.post("charges", ORDER | {"source": of_platform}, on=seller)
    assert_refused(elsewhere, 400, "resource_missing", param="source", says=of_platform)
    assert api.post("charges", ORDER | {"source": of_seller}, on=seller).status == 200


def test_a_bank_account_does_not_pay_a_charge(api):
    bank = {"country": "US", "account_number": "000123456789", "routing_number": "110000000"}
    ident = api.post("tokens", {"bank_account": bank}).json["id"]

    answer = api.post("charges", ORDER | {"source": ident})
    assert_refused(answer, 400, None, param="source", says="a card's token")


def test_nothing_is_paid_out_to_a_credit_card(api):
    seller = api.world.seller()
    path = f"accounts/{seller}/external_accounts"

    refused = api.post(path, {"external_account": token(api)})
    assert_refused(refused, 400, "invalid_card_type", param="external_account", says="debit")
    debit = token(api, number="4000056655665556")
    assert api.post(path, {"external_account": debit}).json["funding"] == "debit"


def test_a_card_that_is_nobodys_test_card_makes_no_token(api):
    answer = api.post("tokens", {"card": CARD | {"number": "4111111111111111"}})

    assert (answer.status, answer.error["code"]) == (402, "card_declined")
    assert answer.error["decline_code"] == "test_mode_live_card"
