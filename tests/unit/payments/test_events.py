"""What each operation tells, and on whose account (reference api.md §7)."""

from __future__ import annotations

import json

import pytest

from counterfoil.kit.db import fetch_all
from counterfoil.kit.refused import BalanceInsufficient
from tests.contract.sdk_types import assert_valid
from tests.support.builders import NOW


@pytest.fixture
def account(world):
    return world.seller()


def test_a_direct_charge_is_told_on_the_account_and_its_fee_on_the_platform(world, account):
    world.charge(on=account, fee=123)

    assert world.events(account) == ["charge.succeeded"]
    assert world.events() == ["application_fee.created"]


def test_a_destination_charge_is_told_on_both(world, account):
    world.charge(to=account, fee=123)

    assert world.events() == ["transfer.created", "application_fee.created", "charge.succeeded"]
    assert world.events(account) == ["charge.succeeded"]
    ((_, payment),) = world.told(account)
    assert payment["id"].startswith("py_")


def test_an_intent_on_an_account_is_told_there(world, account):
    world.intent(on=account, payment_method="pm_card_visa", confirm=True)

    assert world.events() == []
    assert world.events(account) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
    ]


def test_a_transfer_is_told_on_the_platform_and_its_payment_on_the_account(world, account):
    charge = world.charge(10_000)
    world.transfer(1000, to=account, source_transaction=charge.id)

    assert world.events() == ["charge.succeeded", "transfer.created"]
    assert world.events(account) == ["charge.succeeded"]


def test_a_refused_operation_tells_nothing(world, account):
    with pytest.raises(BalanceInsufficient):
        world.transfer(1000, to=account)

    assert world.events() == world.events(account) == []


def test_an_event_shows_the_object_as_it_was_then(world):
    intent = world.intent(payment_method="pm_card_visa")
    world.confirm(intent)

    states = [(kind, shown["status"]) for kind, shown in world.told() if "intent" in kind]
    assert states == [
        ("payment_intent.created", "requires_confirmation"),
        ("payment_intent.succeeded", "succeeded"),
    ]


def test_a_changed_charge_says_what_it_was_before(world):
    charge = world.charge(description="Order", metadata={"a": "1"}, receipt_email="a@example.com")
    world.update_charge(charge, description="Order #1042", metadata={"b": "2"})

    assert previous_attributes("charge.updated") == {
        "description": "Order",
        "metadata": {"a": "1"},
    }


def test_a_changed_transfer_says_what_it_was_before(world, account):
    world.fund(10_000)
    transfer = world.transfer(100, to=account, description="Bonus")
    world.update_transfer(transfer, description="Bonus for October")

    assert previous_attributes("transfer.updated") == {"description": "Bonus"}


def test_every_object_in_an_event_fits_the_sdk(world, account):
    payer = world.paying_for()
    card = {"payment_method": "pm_card_visa", "confirm": True}
    world.charge(to=account, fee=123)
    world.charge(to=account, share=800)
    world.charge(on=payer, fee=123)
    world.try_charge(source="tok_visa_chargeDeclined")
    world.try_intent(payment_method="pm_card_visa_chargeDeclined", confirm=True)
    world.intent(payment_method="pm_card_threeDSecure2Required", confirm=True)
    world.capture(world.intent(**card, capture_method="manual", to=account, fee=10))
    world.cancel(world.intent(**card, capture_method="manual"))
    charge = world.charge(10_000, capture=False)
    world.capture_charge(charge, amount=9000)
    world.transfer(500, to=account, source_transaction=charge.id)
    world.update_charge(charge, description="Order")

    told = [event for who in (world.id, account, payer) for event in world.told(who)]
    assert {kind for kind, _ in told} >= {
        "application_fee.created",
        "charge.captured",
        "charge.failed",
        "charge.succeeded",
        "charge.updated",
        "payment_intent.amount_capturable_updated",
        "payment_intent.canceled",
        "payment_intent.created",
        "payment_intent.payment_failed",
        "payment_intent.requires_action",
        "payment_intent.succeeded",
        "transfer.created",
    }
    for _, shown in told:
        assert_valid(shown)
        assert shown["livemode"] is False


def test_events_carry_the_platforms_clock(world):
    world.charge(now=NOW + 5)

    assert fetch_all("SELECT created FROM events_event WHERE type = 'charge.succeeded'") == [
        (NOW + 5,)
    ]


def previous_attributes(kind):
    (row,) = fetch_all("SELECT previous_attributes FROM events_event WHERE type = %s", [kind])
    return json.loads(row[0])
