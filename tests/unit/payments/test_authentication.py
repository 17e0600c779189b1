"""Cards that ask their holder to authenticate (reference test-data §5)."""

from __future__ import annotations

import pytest

from counterfoil.kit.refused import InvalidRequest
from counterfoil.payments.rows import ChargeRow
from counterfoil.payments.wire import payment_intent_wire
from tests.support.builders import Balance, card_data, nothing_written, shown, written

# name behind pm_card_ · number · the decline that follows authentication
ASKING = [
    ("authenticationRequiredOnSetup", "4000002500003155", None),
    ("authenticationRequired", "4000002760003184", None),
    ("threeDSecure2Required", "4000000000003220", None),
    ("authenticationRequiredChargeDeclinedInsufficientFunds", "4000008260003178",
     ("card_declined", "insufficient_funds")),
    ("threeDSecureRequiredChargeDeclined", "4000008400001629",
     ("card_declined", "generic_decline")),
    ("threeDSecureRequiredProcessingError", "4000008400001280", ("processing_error", None)),
]  # fmt: skip
NOT_ASKING = [
    ("authenticationRequiredSetupForOffSession", "4000003800000446"),
    ("threeDSecureOptional", "4000000000003055"),
    ("amex_threeDSecureNotSupported", "378282246310005"),
]


@pytest.mark.parametrize(("name", "number", "decline"), ASKING)
def test_an_asking_card_stops_until_its_holder_acted(world, name, number, decline):
    intent = world.intent(payment_method=f"pm_card_{name}", confirm=True)
    by_number = world.intent(payment_method_data=card_data(number), confirm=True)

    assert intent.status == by_number.status == "requires_action"
    wire = shown(payment_intent_wire(intent))
    assert wire["next_action"]["type"] == "use_stripe_sdk"
    assert wire["latest_charge"] is None
    assert written()["payments_charge"] == 0
    assert world.events() == ["payment_intent.created", "payment_intent.requires_action"] * 2


@pytest.mark.parametrize(("name", "number", "decline"), ASKING)
def test_what_happens_once_the_holder_passed(world, name, number, decline):
    intent = world.intent(payment_method=f"pm_card_{name}", confirm=True)
    attempted = world.authenticate(intent)

    if decline is None:
        assert attempted.declined is None
        assert attempted.intent.status == "succeeded"
        assert shown(payment_intent_wire(attempted.intent))["next_action"] is None
        assert world.find(ChargeRow, attempted.intent.latest_charge_id).captured
    else:
        assert (attempted.declined.code, attempted.declined.decline_code) == decline
        assert attempted.intent.status == "requires_payment_method"
        assert written()["ledger_entry"] == 0


def test_a_holder_who_does_not_pass_has_not_paid(world):
    intent = world.intent(payment_method="pm_card_threeDSecure2Required", confirm=True)
    attempted = world.authenticate(intent, passed=False)

    assert attempted.declined.code == "payment_intent_authentication_failure"
    assert attempted.intent.status == "requires_payment_method"
    wire = shown(payment_intent_wire(attempted.intent))
    assert wire["last_payment_error"]["code"] == "payment_intent_authentication_failure"
    assert wire["payment_method"] is None
    assert written()["payments_charge"] == 0
    assert world.events()[-1] == "payment_intent.payment_failed"


@pytest.mark.parametrize(("name", "number", "decline"), ASKING)
@pytest.mark.parametrize("way", [{"off_session": True}, {"error_on_requires_action": True}])
def test_without_its_holder_an_asking_card_is_declined(world, way, name, number, decline):
    attempted = world.try_intent(payment_method=f"pm_card_{name}", confirm=True, **way)

    refusal = attempted.declined
    assert refusal.code == refusal.decline_code == "authentication_required"
    assert attempted.intent.status == "requires_payment_method"
    charge = world.find(ChargeRow, attempted.intent.latest_charge_id)
    assert (charge.status, charge.failure_code) == ("failed", "authentication_required")
    error = shown(payment_intent_wire(attempted.intent))["last_payment_error"]
    assert error["decline_code"] == "authentication_required"
    assert written()["ledger_entry"] == 0


@pytest.mark.parametrize("name", [name for name, _, _ in ASKING])
def test_a_charge_from_a_token_has_no_holder_to_ask(world, name):
    refusal = world.try_charge(source=f"tok_{name}").declined

    assert refusal.code == refusal.decline_code == "authentication_required"


@pytest.mark.parametrize(("name", "number"), NOT_ASKING)
def test_other_cards_do_not_ask(world, name, number):
    assert world.intent(payment_method=f"pm_card_{name}", confirm=True).status == "succeeded"
    by_number = world.intent(payment_method_data=card_data(number), confirm=True)
    assert by_number.status == "succeeded"


def test_a_frictionless_card_does_not_ask(world):
    data = card_data("4000000032200000")

    assert world.intent(payment_method_data=data, confirm=True).status == "succeeded"


def test_an_authenticated_intent_may_still_be_captured_later(world):
    account = world.seller()
    intent = world.intent(
        to=account, fee=123, capture_method="manual", confirm=True,
        payment_method="pm_card_threeDSecure2Required",
    )  # fmt: skip
    assert world.authenticate(intent).intent.status == "requires_capture"
    assert world.balance(account) == Balance()

    world.capture(intent)
    assert world.balance(account) == Balance(pending=877)


def test_a_waiting_intent_takes_another_card_instead(world):
    intent = world.intent(payment_method="pm_card_threeDSecure2Required", confirm=True)

    assert world.confirm(intent, payment_method="pm_card_visa").status == "succeeded"


@pytest.mark.parametrize("card", ["pm_card_visa", None])
def test_only_a_waiting_intent_can_be_authenticated(world, card):
    intent = world.intent(payment_method=card)
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.authenticate(intent)

    assert refusal.value.code == "payment_intent_unexpected_state"
