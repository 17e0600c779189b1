"""/v1/customers, /v1/payment_methods, and payments of customers, over the API."""

from __future__ import annotations

import pytest

from tests.contract.sdk_types import assert_valid
from tests.unit.api.caller import CHARGE, assert_refused

ADA = {
    "email": "ada@example.com",
    "name": "Ada Lovelace",
    "description": "Rider",
    "phone": "+15550001",
    "address": {"line1": "1 Main St", "city": "Oakland", "country": "US"},
    "shipping": {"name": "Ada", "address": {"line1": "1 Main St"}, "phone": "1"},
    "preferred_locales": ["en", "de"],
    "metadata": {"crm": "7"},
}
CARD = {"number": "4242424242424242", "exp_month": 8, "exp_year": 2040, "cvc": "314"}
INTENT = {"amount": 1500, "currency": "usd"}


def made(api, path, params=None, **how):
    reply = api.post(path, params, **how)
    assert reply.status == 200, reply.json
    assert_valid(reply.json)
    return reply.json


def customer(api, **params):
    return made(api, "customers", params)["id"]


def attached(api, who, method="pm_card_visa"):
    return made(api, f"payment_methods/{method}/attach", {"customer": who})["id"]


def events(api, prefix):
    told = api.get("events", {"limit": 100}).json["data"]
    return [one for one in reversed(told) if one["type"].startswith(prefix)]


# ---- Customers ----


def test_a_customer_is_made_and_read(api):
    ada = made(api, "customers", ADA)

    assert ada["id"].startswith("cus_")
    assert {name: ada[name] for name in ("email", "name", "phone", "metadata")} == {
        name: ADA[name] for name in ("email", "name", "phone", "metadata")
    }
    assert ada["address"]["city"] == "Oakland"
    assert ada["preferred_locales"] == ["en", "de"]
    assert len(ada["invoice_prefix"]) == 8
    assert api.get(f"customers/{ada['id']}").json == ada
    assert [one["type"] for one in events(api, "customer.")] == ["customer.created"]


def test_a_customer_needs_nothing(api):
    nobody = made(api, "customers")
    assert (nobody["email"], nobody["default_source"], nobody["metadata"]) == (None, None, {})


def test_an_update_changes_what_it_names_and_tells_what_it_was(api):
    ada = made(api, "customers", ADA)
    sent = {"name": "Ada King", "email": "", "address": "", "shipping": "", "metadata": {"n": "1"}}
    after = made(api, f"customers/{ada['id']}", sent)

    assert (after["name"], after["email"], after["phone"]) == ("Ada King", None, ADA["phone"])
    assert (after["address"], after["shipping"]) == (None, None)
    assert after["metadata"] == {"crm": "7", "n": "1"}
    (told,) = events(api, "customer.updated")
    assert told["data"]["object"] == after
    assert told["data"]["previous_attributes"]["email"] == "ada@example.com"
    assert set(told["data"]["previous_attributes"]) == {
        "address",
        "email",
        "metadata",
        "name",
        "shipping",
    }


def test_an_update_that_changes_nothing_tells_nothing(api):
    ada = made(api, "customers", ADA)
    assert made(api, f"customers/{ada['id']}", {"name": ADA["name"]}) == ada
    assert events(api, "customer.updated") == []


def test_a_deleted_customer_is_a_stub_and_pays_no_more(api):
    ada = customer(api, email="ada@example.com", source="tok_visa")
    charge = made(api, "charges", {"amount": 1000, "currency": "usd", "customer": ada})
    gone = api.delete(f"customers/{ada}").json
    assert_valid(gone)

    assert gone == {"id": ada, "object": "customer", "deleted": True}
    assert api.get(f"customers/{ada}").json == gone
    assert api.get("customers").json["data"] == []
    for path in (f"customers/{ada}", "payment_intents"):
        sent = INTENT | {"customer": ada} if path == "payment_intents" else {"name": "x"}
        missing = api.post(path, sent)
        assert missing.json["error"]["code"] == "resource_missing"
    assert api.delete(f"customers/{ada}").status == 404
    assert [one["type"] for one in events(api, "customer.deleted")] == ["customer.deleted"]
    assert len(events(api, "payment_method.detached")) == 1
    kept = api.get(f"charges/{charge['id']}", {"expand": ["customer"]}).json
    assert_valid(kept)
    assert kept["customer"] == gone
    assert [one["id"] for one in api.get("charges", {"customer": ada}).json["data"]] == [
        charge["id"]
    ]


def test_customers_are_listed_newest_first_and_found_by_email(api):
    ada, bob = customer(api, email="ada@example.com"), customer(api, email="bob@example.com")
    page = api.get("customers").json
    assert_valid(page)

    assert [one["id"] for one in page["data"]] == [bob, ada]
    assert [one["id"] for one in api.get("customers", {"starting_after": bob}).json["data"]] == [
        ada
    ]
    found = api.get("customers", {"email": "ada@example.com"}).json["data"]
    assert [one["id"] for one in found] == [ada]
    assert api.get("customers", {"email": "ADA@example.com"}).json["data"] == []
    assert api.get("customers", {"created": {"gt": 9_999_999_999}}).json["data"] == []


def test_a_sellers_customers_are_its_own(api):
    seller = api.world.seller()
    theirs = made(api, "customers", {"email": "a@b.co"}, on=seller)["id"]

    assert api.get(f"customers/{theirs}").status == 404
    assert api.get("customers").json["data"] == []
    refused = api.post("payment_intents", INTENT | {"customer": theirs})
    assert_refused(refused, 400, "resource_missing", param="customer")
    assert api.get(f"customers/{theirs}", on=seller).status == 200


@pytest.mark.parametrize(
    ("sent", "param", "code"),
    [
        ({"email": "nobody"}, "email", "email_invalid"),
        ({"name": "x" * 257}, "name", None),
        ({"balance": 5}, "balance", "parameter_unknown"),
        ({"source": "tok_nobody"}, "source", "resource_missing"),
        ({"payment_method": "pm_nobody"}, "payment_method", "resource_missing"),
        (
            {"invoice_settings": {"default_payment_method": "pm_nobody"}},
            "invoice_settings[default_payment_method]",
            "missing",
        ),
    ],
)
def test_a_customer_is_refused(api, sent, param, code):
    assert_refused(api.post("customers", sent), 400, code, param=param)
    assert api.get("customers").json["data"] == []


def test_a_customer_may_begin_with_a_default_method(api):
    method = made(api, "payment_methods", {"type": "card", "card": CARD})["id"]
    settings = {"default_payment_method": method}
    ada = made(api, "customers", {"payment_method": method, "invoice_settings": settings})

    assert ada["invoice_settings"]["default_payment_method"] == method
    path = f"customers/{ada['id']}"
    shown = api.get(path, {"expand": ["invoice_settings.default_payment_method"]}).json
    assert shown["invoice_settings"]["default_payment_method"]["customer"] == ada["id"]
    made(api, f"payment_methods/{method}/detach")
    assert api.get(path).json["invoice_settings"]["default_payment_method"] is None


# ---- Payment methods ----


def test_a_card_becomes_a_payment_method(api):
    billing = {"name": "Ada", "address": {"postal_code": "94110"}}
    sent = {"type": "card", "card": CARD, "billing_details": billing, "metadata": {"n": "1"}}
    method = made(api, "payment_methods", sent)

    assert method["id"].startswith("pm_")
    assert (method["customer"], method["card"]["last4"]) == (None, "4242")
    assert method["billing_details"]["address"]["postal_code"] == "94110"
    assert method["metadata"] == {"n": "1"}
    assert api.get(f"payment_methods/{method['id']}").json == method


@pytest.mark.parametrize(
    ("card", "status", "code", "param"),
    [
        ({"token": "tok_nobody"}, 400, "resource_missing", "card[token]"),
        (CARD | {"number": "4242424242424241"}, 402, "incorrect_number", "card[number]"),
        (CARD | {"exp_month": 13}, 402, "invalid_expiry_month", "card[exp_month]"),
        ({"number": CARD["number"]}, 400, "parameter_missing", "card[exp_month]"),
    ],
)
def test_a_wrong_card_is_refused(api, card, status, code, param):
    error = api.post("payment_methods", {"type": "card", "card": card})
    assert (error.status, error.error["code"], error.error["param"]) == (status, code, param)


def test_live_mode_takes_no_cards(api):
    live = api.with_key(api.world.made.secret_live.text)
    refused = live.post("payment_methods", {"type": "card", "card": CARD})
    assert_refused(refused, 400, "testmode_charges_only")


def test_a_method_is_attached_listed_changed_and_let_go(api):
    ada = customer(api)
    first, second = attached(api, ada), attached(api, ada, "pm_card_mastercard")
    path = f"payment_methods/{first}"

    for listing in (
        api.get("payment_methods", {"customer": ada, "type": "card"}).json,
        api.get(f"customers/{ada}/payment_methods").json,
    ):
        assert_valid(listing)
        assert [one["id"] for one in listing["data"]] == [second, first]
    changes = {"billing_details": {"email": "a@b.co"}, "metadata": {"n": "2"}}
    assert made(api, path, changes)["billing_details"]["email"] == "a@b.co"
    assert api.get(f"customers/{ada}/{path}").json["metadata"] == {"n": "2"}
    shown = api.get(path, {"expand": ["customer"]}).json
    assert_valid(shown)
    assert shown["customer"]["id"] == ada

    assert made(api, f"{path}/detach")["customer"] is None
    assert api.get(f"customers/{ada}/{path}").status == 404
    assert [one["type"] for one in events(api, "payment_method.")] == [
        "payment_method.attached",
        "payment_method.attached",
        "payment_method.updated",
        "payment_method.detached",
    ]


def test_what_was_detached_is_never_used_again(api):
    ada = customer(api)
    method = attached(api, ada)
    made(api, f"payment_methods/{method}/detach")

    again = api.post(f"payment_methods/{method}/attach", {"customer": ada})
    assert_refused(again, 400, None, param="payment_method", says="detached")
    sent = INTENT | {"payment_method": method, "confirm": "true"}
    assert_refused(api.post("payment_intents", sent), 400, None, param="payment_method")
    twice = api.post(f"payment_methods/{method}/detach")
    assert_refused(twice, 400, None, param="payment_method", says="not attached")


def test_attaching_twice_is_once_and_to_another_customer_refused(api):
    ada, bob = customer(api), customer(api)
    method = attached(api, ada)

    assert attached(api, ada, method) == method
    assert len(events(api, "payment_method.attached")) == 1
    refused = api.post(f"payment_methods/{method}/attach", {"customer": bob})
    assert_refused(refused, 400, None, param="payment_method", says="another customer")


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ("pm_card_visa_chargeDeclined", "card_declined"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card"),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc"),
    ],
)
def test_a_card_whose_issuer_says_no_is_not_attached(api, card, code):
    ada = customer(api)
    refused = api.post(f"payment_methods/{card}/attach", {"customer": ada})

    assert (refused.status, refused.error["type"]) == (402, "card_error")
    assert refused.error["code"] == code
    assert api.get(f"customers/{ada}/payment_methods").json["data"] == []
    assert events(api, "payment_method.") == []


def test_one_card_attaches_and_declines_later(api):
    ada = customer(api)
    method = attached(api, ada, "pm_card_chargeCustomerFail")
    sent = INTENT | {"customer": ada, "payment_method": method, "confirm": "true"}
    assert api.post("payment_intents", sent).status == 402


def test_nobodys_method_cannot_be_changed(api):
    method = made(api, "payment_methods", {"type": "card", "card": CARD})["id"]
    refused = api.post(f"payment_methods/{method}", {"metadata": {"n": "1"}})
    assert_refused(refused, 400, None, param="payment_method", says="attach")


@pytest.mark.parametrize("path", ["", "/attach", "/detach"])
def test_an_unknown_method_is_missing(api, path):
    sent = {"customer": customer(api)} if path == "/attach" else None
    refused = api.post(f"payment_methods/pm_nobody{path}", sent)
    assert_refused(refused, 404, "resource_missing", param="payment_method")


# ---- Paying ----


def test_a_customer_pays_with_its_own_method(api):
    ada = customer(api)
    method = attached(api, ada)
    sent = INTENT | {"customer": ada, "payment_method": method, "confirm": "true"}
    intent = made(api, "payment_intents", sent | {"expand": ["customer", "latest_charge"]})

    assert intent["status"] == "succeeded"
    assert intent["customer"]["id"] == ada
    assert intent["latest_charge"]["customer"] == ada
    for path, found in (("payment_intents", intent["id"]), ("charges", None)):
        data = api.get(path, {"customer": ada}).json["data"]
        assert [one["id"] for one in data] == [found or intent["latest_charge"]["id"]]
        refused = api.get(path, {"customer": "cus_nobody"})
        assert_refused(refused, 400, "resource_missing", param="customer")


def test_a_customer_may_pay_with_a_method_of_nobody(api):
    ada = customer(api)
    sent = INTENT | {"customer": ada, "payment_method": "pm_card_visa", "confirm": "true"}
    intent = made(api, "payment_intents", sent)

    assert (intent["status"], intent["customer"]) == ("succeeded", ada)
    assert api.get(f"customers/{ada}/payment_methods").json["data"] == []


def test_anothers_method_is_refused_at_every_step(api):
    ada, bob = customer(api), customer(api)
    method = attached(api, ada)
    of_bob = INTENT | {"customer": bob, "payment_method": method}
    refused = api.post("payment_intents", of_bob)
    assert_refused(refused, 400, None, param="payment_method", says="does not have")
    of_nobody = api.post("payment_intents", INTENT | {"payment_method": method})
    assert_refused(of_nobody, 400, None, param="payment_method", says="provide the customer")

    intent = made(api, "payment_intents", INTENT | {"customer": bob})["id"]
    for path in (f"payment_intents/{intent}", f"payment_intents/{intent}/confirm"):
        refused = api.post(path, {"payment_method": method})
        assert_refused(refused, 400, None, param="payment_method")
    sent = {"customer": ada, "payment_method": method}
    assert made(api, f"payment_intents/{intent}", sent)["customer"] == ada
    assert made(api, f"payment_intents/{intent}/confirm")["status"] == "succeeded"


def test_a_charge_takes_the_customers_default_card(api):
    ada = made(api, "customers", {"source": "tok_visa"})
    charge = made(api, "charges", {"amount": 1000, "currency": "usd", "customer": ada["id"]})

    assert ada["default_source"].startswith("card_")
    assert charge["customer"] == ada["id"]
    assert charge["source"]["id"] == ada["default_source"] == charge["payment_method"]
    assert charge["source"]["customer"] == ada["id"]


def test_a_charge_takes_the_card_it_names(api):
    ada = made(api, "customers", {"source": "tok_visa"})
    second = made(api, f"customers/{ada['id']}", {"source": "tok_amex"})["default_source"]
    sent = {"amount": 1000, "currency": "usd", "customer": ada["id"]}

    assert made(api, "charges", sent)["source"]["brand"] == "American Express"
    named = made(api, "charges", sent | {"source": ada["default_source"]})
    assert named["source"]["brand"] == "Visa"
    back = made(api, f"customers/{ada['id']}", {"default_source": ada["default_source"]})
    assert back["default_source"] != second


def test_a_charge_of_a_customer_needs_a_card_of_that_customer(api):
    ada = customer(api)
    without = api.post("charges", {"amount": 1000, "currency": "usd", "customer": ada})
    assert_refused(without, 400, "missing", param="source", says="no active card")
    token = api.post("charges", CHARGE | {"customer": ada})
    assert_refused(token, 400, "missing", param="source", says="tok_visa")
    nobody = api.post("charges", {"amount": 1000, "currency": "usd"})
    assert_refused(nobody, 400, "parameter_missing", param="source")
    unknown = api.post("charges", CHARGE | {"customer": "cus_nobody"})
    assert_refused(unknown, 400, "resource_missing", param="customer")
    assert api.get("charges").json["data"] == []
