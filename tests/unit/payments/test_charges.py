"""Charges made from tokens: created, captured later, changed (reference api.md §4.2)."""

from __future__ import annotations

import pytest

from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.payments.details import read_charge_details, read_metadata
from counterfoil.payments.rows import ChargeRow
from counterfoil.payments.wire import charge_wire
from tests.support.builders import DAY, NOW, Balance, nothing_written, shown, table

SHIPPING = {
    "name": "Ada Byron",
    "phone": "+15551230067",
    "carrier": "USPS",
    "tracking_number": "9400",
    "address": {"line1": "1 Main St", "city": "Albany", "country": "US", "postal_code": "12207"},
}


def test_a_charge_shows_what_was_sent(world):
    account = world.seller()
    charge = world.charge(
        2000,
        to=account,
        fee=200,
        description="Order #1042",
        metadata={"order": "1042"},
        receipt_email="ada@example.com",
        shipping=SHIPPING,
        statement_descriptor="BAZAAR 1042",
        transfer_group="order-1042",
    )

    wire = shown(charge_wire(world.find(ChargeRow, charge.id)))
    assert wire["id"].startswith("ch_")
    assert (wire["amount"], wire["amount_captured"], wire["amount_refunded"]) == (2000, 2000, 0)
    assert (wire["status"], wire["paid"], wire["captured"]) == ("succeeded", True, True)
    assert (wire["refunded"], wire["disputed"], wire["livemode"]) == (False, False, False)
    assert wire["created"] == NOW
    assert wire["description"] == "Order #1042"
    assert wire["metadata"] == {"order": "1042"}
    assert wire["receipt_email"] == "ada@example.com"
    assert wire["shipping"]["tracking_number"] == "9400"
    assert wire["calculated_statement_descriptor"] == "BAZAAR 1042"
    assert wire["transfer_data"] == {"destination": account, "amount": None}
    assert wire["transfer_group"] == "order-1042"
    assert wire["transfer"].startswith("tr_")
    assert (wire["application_fee_amount"], wire["application"]) == (200, None)
    assert wire["application_fee"].startswith("fee_")
    assert wire["balance_transaction"].startswith("txn_")


def test_a_direct_charge_names_the_platform_as_its_application(world):
    account = world.seller()
    wire = shown(charge_wire(world.charge(on=account)))

    assert wire["application"].startswith("ca_")
    assert "transfer" not in wire


@pytest.mark.parametrize("form", ["text", "hash"])
def test_the_older_destination_does_the_same(world, form):
    account = world.seller()
    world.charge(1000, destination=account if form == "text" else {"account": account})
    world.charge(1000, to=account)

    rows = world.rows(P=world.id, C=account)
    assert rows == table("""
        P  charge    1000  59    941  ch_
        P  transfer -1000   0  -1000  tr_
        P  charge    1000  59    941  ch_
        P  transfer -1000   0  -1000  tr_
        C  payment   1000   0   1000  py_
        C  payment   1000   0   1000  py_
    """)


def test_the_older_destination_may_say_how_much(world):
    account = world.seller()
    world.charge(1000, destination={"account": account, "amount": 877})

    assert world.rows(C=account) == ["C payment 877 0 877 py_"]


def test_destination_and_transfer_data_exclude_each_other(world):
    account = world.seller()
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.try_charge(to=account, destination=account)

    assert (refusal.value.code, refusal.value.param) == ("parameters_exclusive", "destination")


def test_an_unknown_customer_is_missing(world):
    with nothing_written(), pytest.raises(ResourceMissing) as refusal:
        world.try_charge(customer="cus_1")

    assert refusal.value.param == "customer"


@pytest.mark.parametrize("source", ["tok_nobody", "tok_", "pm_card_visa"])
def test_an_unknown_token_is_missing(world, source):
    with nothing_written(), pytest.raises(ResourceMissing) as refusal:
        world.try_charge(source=source)

    assert (refusal.value.code, refusal.value.param) == ("resource_missing", "source")
    assert refusal.value.message == f"No such token: '{source}'"


# ---- Capture ----


def test_a_charge_is_captured_later(world):
    account = world.seller()
    charge = world.charge(1000, on=account, fee=100, capture=False)
    captured = world.capture_charge(charge, on=account, now=NOW + DAY)

    assert (captured.captured, captured.amount_captured) == (True, 1000)
    assert world.rows(P=world.id, C=account) == table("""
        P  application_fee  100     0  100  fee_
        C  charge          1000   159  841  ch_
    """)
    assert world.events(account) == ["charge.succeeded", "charge.captured"]
    assert shown(charge_wire(world.find(ChargeRow, charge.id)))["captured"] is True


def test_the_capture_decides_about_fee_and_share(world):
    account = world.seller()
    with_fee = world.charge(1000, to=account, fee=100, capture=False)
    with_share = world.charge(1000, to=account, share=900, capture=False)
    world.capture_charge(with_fee, application_fee_amount=250)
    world.capture_charge(with_share, transfer_data={"amount": 600})

    assert world.rows(C=account) == table("""
        C  payment  1000  250  750  py_
        C  payment   600    0  600  py_
    """)


def test_a_fee_may_first_be_asked_for_on_capture(world):
    account = world.seller()
    charge = world.charge(1000, on=account, capture=False)
    world.capture_charge(charge, on=account, application_fee_amount=80)

    assert world.balance() == Balance(pending=80)


def test_a_partial_capture_caps_what_was_agreed_before(world):
    """The fee and the share of the authorisation are at most what is captured in the end."""
    account = world.seller()
    with_fee = world.charge(1000, to=account, fee=300, capture=False)
    with_share = world.charge(1000, to=account, share=900, capture=False)
    world.capture_charge(with_fee, amount=200)
    world.capture_charge(with_share, amount=200)

    assert world.rows(C=account) == table("""
        C  payment   200  200    0  py_
        C  payment   200    0  200  py_
    """)


@pytest.mark.parametrize(
    ("given", "code", "param"),
    [
        ({"amount": 1001}, "amount_too_large", "amount"),
        ({"amount": 0}, "parameter_invalid_integer", "amount"),
        ({"amount": -1}, "parameter_invalid_integer", "amount"),
        ({"application_fee_amount": 1001}, "amount_too_large", "application_fee_amount"),
        ({"application_fee_amount": 0}, "parameter_invalid_integer", "application_fee_amount"),
        (
            {"amount": 500, "application_fee_amount": 501},
            "amount_too_large",
            "application_fee_amount",
        ),
        ({"transfer_data": {"amount": 10}}, "parameters_exclusive", "application_fee_amount"),
        ({"transfer_group": "other"}, None, "transfer_group"),
        ({"statement_descriptor": "<>"}, None, "statement_descriptor"),
        ({"statement_descriptor_suffix": "1234"}, None, "statement_descriptor_suffix"),
    ],
)
def test_a_capture_that_does_not_fit_is_refused(world, given, code, param):
    account = world.seller()
    charge = world.charge(1000, to=account, fee=100, capture=False, transfer_group="one")
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.capture_charge(charge, **given)

    assert (refusal.value.code, refusal.value.param) == (code, param)
    assert world.find(ChargeRow, charge.id) == charge


def test_a_charge_without_destination_has_nothing_to_share(world):
    charge = world.charge(1000, capture=False)
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.capture_charge(charge, transfer_data={"amount": 10})

    assert refusal.value.param == "transfer_data[amount]"


def test_a_charge_is_captured_once(world):
    charge = world.charge(1000, capture=False)
    world.capture_charge(charge)
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.capture_charge(charge)

    assert refusal.value.code == "charge_already_captured"


def test_a_failed_charge_cannot_be_captured(world):
    charge = world.try_charge(source="tok_visa_chargeDeclined", capture=False).charge
    with nothing_written(), pytest.raises(InvalidRequest, match="nothing to capture"):
        world.capture_charge(charge)


def test_the_charge_of_an_intent_is_captured_through_it(world):
    intent = world.intent(payment_method="pm_card_visa", confirm=True, capture_method="manual")
    with nothing_written(), pytest.raises(InvalidRequest, match=intent.id):
        world.capture_charge(intent.latest_charge_id)


def test_a_charge_of_another_account_does_not_exist(world):
    account, other = world.seller(), world.seller()
    charge = world.charge(on=account, capture=False)

    for acting in (None, other):
        with nothing_written(), pytest.raises(ResourceMissing) as refusal:
            world.capture_charge(charge, on=acting)
        assert refusal.value.message == f"No such charge: '{charge.id}'"
        with nothing_written(), pytest.raises(ResourceMissing):
            world.update_charge(charge, on=acting, description="mine")


def test_a_capture_says_what_the_statement_and_the_receipt_say(world):
    charge = world.charge(capture=False, receipt_email="old@example.com")
    world.capture_charge(
        charge,
        receipt_email="new@example.com",
        statement_descriptor="BAZAAR TWO",
        statement_descriptor_suffix="TWO",
    )

    wire = shown(charge_wire(world.find(ChargeRow, charge.id)))
    assert wire["receipt_email"] == "new@example.com"
    assert wire["statement_descriptor"] == "BAZAAR TWO"
    assert wire["statement_descriptor_suffix"] == "TWO"
    assert wire["calculated_statement_descriptor"] == "BAZAAR TWO"


def test_a_statement_names_whoever_sells_by_the_words_they_chose(world):
    ada = world.seller(settings={"payments": {"statement_descriptor": "ADAS BOWLS"}})

    def says(charge):
        return shown(charge_wire(charge))["calculated_statement_descriptor"]

    assert says(world.charge(on=ada)) == "ADAS BOWLS"
    assert says(world.charge(to=ada, on_behalf_of=ada)) == "ADAS BOWLS"
    assert says(world.charge(to=ada)) == "BAZAAR"
    assert says(world.charge(on=world.seller())) == "BAZAAR"


# ---- Update ----


def test_a_charge_can_say_something_else(world):
    charge = world.charge(description="Order", metadata={"order": "1", "colour": "blue"})
    world.update_charge(
        charge,
        description="Order #1042",
        metadata={"order": "1042", "colour": ""},
        receipt_email="ada@example.com",
        shipping=SHIPPING,
        transfer_group="later",
    )

    kept = world.find(ChargeRow, charge.id)
    assert (kept.description, kept.transfer_group) == ("Order #1042", "later")
    assert read_metadata(kept.metadata) == {"order": "1042"}
    assert read_charge_details(kept.details).receipt_email == "ada@example.com"
    kind, event = world.told()[-1]
    assert (kind, event["description"]) == ("charge.updated", "Order #1042")
    assert shown(charge_wire(kept)) == event


def test_an_empty_text_unsets(world):
    charge = world.charge(description="Order", receipt_email="a@example.com", metadata={"a": "1"})
    world.update_charge(charge, description="", receipt_email="", metadata="")

    wire = shown(charge_wire(world.find(ChargeRow, charge.id)))
    assert (wire["description"], wire["receipt_email"], wire["metadata"]) == (None, None, {})


def test_a_change_that_changes_nothing_is_no_event(world):
    charge = world.charge(description="Order")
    with nothing_written():
        world.update_charge(charge, description="Order", metadata={})


def test_a_transfer_group_is_set_once(world):
    charge = world.charge(transfer_group="one")
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.update_charge(charge, transfer_group="two")

    assert refusal.value.param == "transfer_group"
