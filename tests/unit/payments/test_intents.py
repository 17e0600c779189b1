"""The states of a payment intent, from creation to its end (reference api.md §4.1)."""

from __future__ import annotations

import pytest

from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.payments.rows import ChargeRow, PaymentIntentRow
from counterfoil.payments.wire import charge_wire, payment_intent_wire
from tests.support.builders import DAY, NOW, Balance, World, nothing_written, shown, written

# ---- Create ----


def test_a_new_intent_waits_for_a_payment_method(world):
    intent = world.intent(1000, description="Order #1042", metadata={"order": "1042"})

    assert intent.status == "requires_payment_method"
    wire = shown(payment_intent_wire(world.find(PaymentIntentRow, intent.id)))
    assert (wire["amount"], wire["amount_received"], wire["amount_capturable"]) == (1000, 0, 0)
    assert wire["client_secret"].startswith(f"{intent.id}_secret_")
    assert (wire["latest_charge"], wire["payment_method"]) == (None, None)
    assert (wire["capture_method"], wire["confirmation_method"]) == ("automatic", "automatic")
    assert (wire["description"], wire["metadata"]) == ("Order #1042", {"order": "1042"})
    assert wire["created"] == NOW
    assert world.events() == ["payment_intent.created"]
    assert written()["payments_charge"] == 0


def test_with_a_payment_method_it_waits_for_confirmation(world):
    intent = world.intent(payment_method="pm_card_visa")

    assert intent.status == "requires_confirmation"
    assert shown(payment_intent_wire(intent))["payment_method"].startswith("pm_")
    assert written()["payments_charge"] == 0


def test_confirmed_at_once_it_is_paid(world):
    intent = world.intent(payment_method="pm_card_visa", confirm=True)

    assert (intent.status, intent.amount_received) == ("succeeded", 1000)
    charge = world.find(ChargeRow, intent.latest_charge_id)
    assert (charge.payment_intent_id, charge.captured) == (intent.id, True)
    assert world.find(PaymentIntentRow, intent.id) == intent
    assert world.events() == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
    ]


def test_automatic_payment_methods_are_shown_as_asked_for(world):
    intent = world.intent(automatic_payment_methods={"enabled": True, "allow_redirects": "never"})

    wire = shown(payment_intent_wire(intent))
    assert wire["automatic_payment_methods"] == {"enabled": True, "allow_redirects": "never"}
    assert wire["capture_method"] == "automatic_async"


def test_transfer_data_is_shown_and_carried_to_the_account(world):
    account = world.seller()
    intent = world.intent(
        1000,
        fee=123,
        payment_method="pm_card_visa",
        confirm=True,
        description="What the platform says",
        transfer_data={
            "destination": account,
            "description": "What the transfer says",
            "metadata": {"on": "transfer"},
            "payment_data": {"description": "Order #1042", "metadata": {"on": "payment"}},
        },
    )

    wire = shown(payment_intent_wire(intent))
    assert wire["transfer_data"]["payment_data"]["description"] == "Order #1042"
    transfer = world.transfer_of(world.find(ChargeRow, intent.latest_charge_id))
    assert (transfer.description, transfer.metadata) == (
        "What the transfer says",
        '{"on":"transfer"}',
    )
    payment = shown(charge_wire(world.payment_of(transfer)))
    assert (payment["description"], payment["metadata"]) == ("Order #1042", {"on": "payment"})
    (row,) = world.transactions(account)
    assert row.description == "Order #1042"


@pytest.mark.parametrize(
    ("given", "code", "param"),
    [
        ({"payment_method_types": ["sepa_debit"]}, None, "payment_method_types"),
        ({"payment_method_types": ["card", "link"]}, None, "payment_method_types"),
        (
            {"payment_method_types": ["card"], "automatic_payment_methods": {"enabled": True}},
            "parameters_exclusive",
            "automatic_payment_methods",
        ),
        ({"off_session": True}, None, "off_session"),
        ({"error_on_requires_action": True}, None, "error_on_requires_action"),
        ({"confirm": True}, "payment_intent_unexpected_state", "payment_method"),
        (
            {
                "payment_method": "pm_card_visa",
                "payment_method_data": {"type": "card", "card": {"token": "tok_visa"}},
            },
            "parameters_exclusive",
            "payment_method_data",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(world, given, code, param):
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.try_intent(**given)

    assert (refusal.value.code, refusal.value.param) == (code, param)


def test_there_are_no_customers(world):
    with nothing_written(), pytest.raises(ResourceMissing) as refusal:
        world.try_intent(customer="cus_1")

    assert refusal.value.param == "customer"


# ---- Confirm ----


def test_confirming_pays(world):
    intent = world.intent(payment_method="pm_card_visa")
    paid = world.confirm(
        intent,
        now=NOW + 60,
        receipt_email="ada@example.com",
        shipping={"name": "Ada", "address": {"line1": "1 Main St"}},
    )

    assert paid.status == "succeeded"
    charge = world.find(ChargeRow, paid.latest_charge_id)
    assert charge.created == NOW + 60
    wire = shown(charge_wire(charge))
    assert (wire["receipt_email"], wire["shipping"]["name"]) == ("ada@example.com", "Ada")


def test_an_intent_without_a_card_cannot_be_confirmed(world):
    intent = world.intent()
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.try_confirm(intent)

    assert refusal.value.param == "payment_method"
    assert "pm_card_visa" in refusal.value.message


def test_an_intent_is_paid_once(world):
    intent = world.intent(payment_method="pm_card_visa", confirm=True)
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.try_confirm(intent, payment_method="pm_card_visa")

    assert refusal.value.code == "payment_intent_unexpected_state"
    assert "succeeded" in refusal.value.message


def test_a_capability_lost_meanwhile_stops_the_payment(world):
    account = world.seller()
    intent = world.intent(to=account, payment_method="pm_card_visa")
    world.withdraw(account, "card_payments", "transfers")
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.try_confirm(intent)

    assert refusal.value.code == "capability_not_active"


def test_an_intent_of_another_account_or_platform_does_not_exist(world):
    account = world.seller()
    mine = world.intent(on=account, payment_method="pm_card_visa")
    elsewhere = World(name="Elsewhere")

    for attempt in (
        lambda: world.try_confirm(mine),
        lambda: world.capture(mine),
        lambda: world.cancel(mine),
        lambda: world.update_intent(mine, description="mine"),
        lambda: world.authenticate(mine),
        lambda: elsewhere.cancel(mine),
        lambda: world.cancel("pi_nobody"),
    ):
        with nothing_written(), pytest.raises(ResourceMissing, match="No such payment_intent"):
            attempt()


# ---- Capture ----


def test_a_manual_intent_is_authorised_then_captured(world):
    account = world.seller()
    intent = world.intent(
        to=account, fee=100, payment_method="pm_card_visa", confirm=True, capture_method="manual"
    )

    assert (intent.status, intent.amount_capturable) == ("requires_capture", 1000)
    assert world.rows(P=world.id, C=account) == []
    assert world.events()[-2:] == ["charge.succeeded", "payment_intent.amount_capturable_updated"]

    captured = world.capture(intent, now=NOW + DAY, metadata={"shipped": "yes"})
    assert (captured.status, captured.amount_received) == ("succeeded", 1000)
    assert captured.amount_capturable == 0
    assert shown(payment_intent_wire(captured))["metadata"] == {"shipped": "yes"}
    assert world.balance(account, now=NOW + DAY) == Balance(pending=900)
    assert world.events()[-2:] == ["charge.captured", "payment_intent.succeeded"]


def test_a_capture_may_take_less_and_decide_about_the_fee(world):
    account = world.seller()
    intent = authorised(world, to=account, fee=100)
    captured = world.capture(intent, amount_to_capture=600, application_fee_amount=50)

    assert (captured.amount, captured.amount_received) == (1000, 600)
    assert captured.application_fee_amount == 50
    assert world.balance(account) == Balance(pending=550)


def test_a_capture_may_decide_about_the_share(world):
    account = world.seller()
    world.capture(authorised(world, to=account, share=800), transfer_data={"amount": 700})

    assert world.balance(account) == Balance(pending=700)


def test_a_capture_may_say_something_else_on_the_statement(world):
    intent = authorised(world)
    captured = world.capture(
        intent, statement_descriptor="BAZAAR TWO", statement_descriptor_suffix="TWO"
    )

    for wire in (
        shown(payment_intent_wire(captured)),
        shown(charge_wire(world.find(ChargeRow, captured.latest_charge_id))),
    ):
        assert wire["statement_descriptor"] == "BAZAAR TWO"
        assert wire["statement_descriptor_suffix"] == "TWO"


@pytest.mark.parametrize(
    ("given", "code", "param"),
    [
        ({"amount_to_capture": 1001}, "amount_too_large", "amount_to_capture"),
        ({"amount_to_capture": 0}, "parameter_invalid_integer", "amount_to_capture"),
        ({"final_capture": False}, None, "final_capture"),
        ({"application_fee_amount": 1001}, "amount_too_large", "application_fee_amount"),
        ({"transfer_data": {"amount": 5}}, "parameters_exclusive", "application_fee_amount"),
        ({"metadata": {"k": "x" * 501}}, None, "metadata[k]"),
        ({"statement_descriptor": "*"}, None, "statement_descriptor"),
    ],
)
def test_a_capture_that_does_not_fit_is_refused(world, given, code, param):
    intent = authorised(world, to=world.seller(), fee=100)
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.capture(intent, **given)

    assert (refusal.value.code, refusal.value.param) == (code, param)
    assert world.find(PaymentIntentRow, intent.id).status == "requires_capture"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"payment_method": "pm_card_visa"},
        {"payment_method": "pm_card_visa", "confirm": True},
    ],
)
def test_only_an_authorised_intent_can_be_captured(world, given):
    intent = world.intent(**given)
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.capture(intent)

    assert refusal.value.code == "payment_intent_unexpected_state"
    assert "requires_capture" in refusal.value.message


# ---- Cancel ----


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"payment_method": "pm_card_visa"},
        {"payment_method": "pm_card_threeDSecure2Required", "confirm": True},
        {"payment_method": "pm_card_visa", "confirm": True, "capture_method": "manual"},
    ],
)
def test_an_unpaid_intent_can_be_canceled(world, given):
    intent = world.intent(**given)
    canceled = world.cancel(intent, now=NOW + 60, cancellation_reason="requested_by_customer")

    wire = shown(payment_intent_wire(canceled))
    assert (wire["status"], wire["canceled_at"]) == ("canceled", NOW + 60)
    assert wire["cancellation_reason"] == "requested_by_customer"
    assert wire["amount_capturable"] == 0
    assert world.events()[-1] == "payment_intent.canceled"
    assert written()["ledger_entry"] == 0


def test_a_canceled_intent_is_over(world):
    intent = authorised(world)
    world.cancel(intent)

    for attempt in (
        lambda: world.try_confirm(intent, payment_method="pm_card_visa"),
        lambda: world.capture(intent),
        lambda: world.cancel(intent),
        lambda: world.update_intent(intent, amount=2000),
    ):
        with nothing_written(), pytest.raises(InvalidRequest) as refusal:
            attempt()
        assert refusal.value.code == "payment_intent_unexpected_state"


def test_a_paid_intent_cannot_be_canceled(world):
    intent = world.intent(payment_method="pm_card_visa", confirm=True)
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.cancel(intent)

    assert refusal.value.code == "payment_intent_unexpected_state"


def authorised(world, **more):
    return world.intent(
        payment_method="pm_card_visa", confirm=True, capture_method="manual", **more
    )
