"""Changing a payment intent before, and after, it is paid (reference api.md §4.1)."""

from __future__ import annotations

import pytest

from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.payments.rows import PaymentIntentRow
from counterfoil.payments.wire import payment_intent_wire
from tests.support.builders import Balance, nothing_written, shown

SHIPPING = {"name": "Ada", "address": {"line1": "1 Main St"}}


def test_an_unpaid_intent_can_change_in_every_respect(world):
    account = world.seller()
    intent = world.intent(1000, to=account, fee=100, metadata={"a": "1", "b": "2"})
    world.update_intent(
        intent,
        amount=2000,
        currency="eur",
        application_fee_amount=300,
        description="Order #1042",
        metadata={"a": "", "c": "3"},
        receipt_email="ada@example.com",
        shipping=SHIPPING,
        statement_descriptor="BAZAAR 1042",
        statement_descriptor_suffix="1042 B",
        transfer_group="order-1042",
    )

    wire = shown(payment_intent_wire(world.find(PaymentIntentRow, intent.id)))
    assert (wire["amount"], wire["currency"], wire["application_fee_amount"]) == (2000, "eur", 300)
    assert (wire["description"], wire["metadata"]) == ("Order #1042", {"b": "2", "c": "3"})
    assert (wire["receipt_email"], wire["shipping"]["name"]) == ("ada@example.com", "Ada")
    assert wire["statement_descriptor"] == "BAZAAR 1042"
    assert wire["statement_descriptor_suffix"] == "1042 B"
    assert wire["transfer_group"] == "order-1042"


def test_what_was_changed_is_what_is_paid(world):
    account = world.seller()
    intent = world.intent(1000, to=account, share=800)
    world.update_intent(intent, amount=2000, transfer_data={"amount": 1500})
    world.confirm(intent, payment_method="pm_card_visa")

    assert world.balance(account) == Balance(pending=1500)
    assert world.balance() == Balance(pending=2000 - 88 - 1500)


def test_empty_texts_unset(world):
    intent = world.intent(
        to=world.seller(), fee=100, description="Order", receipt_email="a@example.com",
        shipping=SHIPPING, statement_descriptor="ONE", transfer_group="one", metadata={"a": "1"},
    )  # fmt: skip
    world.update_intent(
        intent, application_fee_amount="", description="", receipt_email="", shipping="",
        statement_descriptor="", transfer_group="", metadata="",
    )  # fmt: skip

    wire = shown(payment_intent_wire(world.find(PaymentIntentRow, intent.id)))
    names = "application_fee_amount description receipt_email shipping transfer_group"
    assert [wire[name] for name in names.split()] == [None] * 5
    assert (wire["statement_descriptor"], wire["metadata"]) == (None, {})


def test_a_payment_method_makes_it_ready_to_confirm(world):
    intent = world.intent()
    changed = world.update_intent(intent, payment_method="pm_card_visa")

    assert changed.status == "requires_confirmation"
    assert world.confirm(intent).status == "succeeded"


@pytest.mark.parametrize(
    ("given", "code", "param"),
    [
        ({"amount": 0}, "parameter_invalid_integer", "amount"),
        ({"amount": 49}, "amount_too_small", "amount"),
        ({"amount": 99}, "amount_too_large", "application_fee_amount"),
        ({"currency": "xxx"}, None, "currency"),
        ({"currency": "kwd", "amount": 1001}, "invalid_charge_amount", "amount"),
        ({"application_fee_amount": 1001}, "amount_too_large", "application_fee_amount"),
        ({"transfer_data": {"amount": 5}}, "parameters_exclusive", "application_fee_amount"),
        ({"statement_descriptor": "A" * 23}, None, "statement_descriptor"),
        ({"transfer_group": "g" * 256}, None, "transfer_group"),
        ({"metadata": {"k": "x" * 501}}, None, "metadata[k]"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(world, given, code, param):
    intent = world.intent(1000, to=world.seller(), fee=100)
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.update_intent(intent, **given)

    assert (refusal.value.code, refusal.value.param) == (code, param)
    assert world.find(PaymentIntentRow, intent.id) == intent


def test_transfer_data_starts_with_the_intent(world):
    intent = world.intent(1000)
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.update_intent(intent, transfer_data={"amount": 5})

    assert refusal.value.param == "transfer_data"


def test_an_unknown_payment_method_is_missing(world):
    intent = world.intent(1000)
    with nothing_written(), pytest.raises(ResourceMissing) as refusal:
        world.update_intent(intent, payment_method="pm_nobody")

    assert refusal.value.param == "payment_method"


@pytest.mark.parametrize(
    "paid", [{}, {"capture_method": "manual"}], ids=["succeeded", "requires_capture"]
)
@pytest.mark.parametrize(
    "given",
    [
        {"amount": 2000},
        {"currency": "eur"},
        {"application_fee_amount": 5},
        {"payment_method": "pm_card_visa"},
        {"transfer_data": {"amount": 5}},
        {"transfer_group": "x"},
        {"statement_descriptor": "X"},
    ],
)
def test_once_money_moved_only_texts_change(world, paid, given):
    intent = world.intent(1000, payment_method="pm_card_visa", confirm=True, **paid)
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.update_intent(intent, **given)

    assert refusal.value.code == "payment_intent_unexpected_state"
    assert refusal.value.param == next(iter(given))

    changed = world.update_intent(intent, description="Order #1042", metadata={"order": "1042"})
    assert shown(payment_intent_wire(changed))["description"] == "Order #1042"
