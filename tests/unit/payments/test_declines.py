"""Cards that are declined, blocked or looked at twice (reference test-data §§2–3)."""

from __future__ import annotations

import pytest

from counterfoil.kit.refused import Declined, InvalidRequest, ResourceMissing
from counterfoil.payments.rows import ChargeRow, PaymentMethodRow
from counterfoil.payments.wire import charge_wire, payment_intent_wire
from tests.support.builders import Balance, card_data, nothing_written, shown, written

# name behind pm_card_ and tok_ · number · code · decline_code · what the payer reads
DECLINES = [
    ("visa_chargeDeclined", "4000000000000002", "card_declined", "generic_decline",
     "Your card was declined."),
    ("visa_chargeDeclinedInsufficientFunds", "4000000000009995", "card_declined",
     "insufficient_funds", "Your card has insufficient funds."),
    ("visa_chargeDeclinedLostCard", "4000000000009987", "card_declined", "lost_card",
     "Your card was declined."),
    ("visa_chargeDeclinedStolenCard", "4000000000009979", "card_declined", "stolen_card",
     "Your card was declined."),
    ("visa_chargeDeclinedVelocityLimitExceeded", "4000000000006975", "card_declined",
     "card_velocity_exceeded", "Your card was declined."),
    ("chargeDeclinedExpiredCard", "4000000000000069", "expired_card", None,
     "Your card has expired."),
    ("chargeDeclinedIncorrectCvc", "4000000000000127", "incorrect_cvc", None,
     "Your card's security code is incorrect."),
    ("chargeDeclinedProcessingError", "4000000000000119", "processing_error", None,
     "An error occurred while processing your card. Try again in a little bit."),
    ("chargeCustomerFail", "4000000000000341", "card_declined", "generic_decline",
     "Your card was declined."),
]  # fmt: skip
BLOCKED = [("radarBlock", "4100000000000019"), ("riskLevelHighest", "4000000000004954")]
CHECKS = [
    # name · number · address_line1_check · address_postal_code_check · cvc_check
    ("cvcCheckFail", "4000000000000101", None, None, "fail"),
    ("avsZipFail", "4000000000000036", "pass", "fail", "pass"),
    ("avsLine1Fail", "4000000000000028", "fail", "pass", "pass"),
    ("avsFail", "4000000000000010", "fail", "fail", "pass"),
    ("avsUnchecked", "4000000000000044", "unavailable", "unavailable", "pass"),
]


@pytest.mark.parametrize(("name", "number", "code", "decline_code", "message"), DECLINES)
def test_a_declined_charge_says_why(world, name, number, code, decline_code, message):
    charged = world.try_charge(source=f"tok_{name}")

    refusal = charged.declined
    assert (refusal.code, refusal.decline_code, refusal.message) == (code, decline_code, message)
    assert refusal.charge_id == charged.charge.id
    for spelling in (
        {"payment_method": f"pm_card_{name}"},
        {"payment_method_data": card_data(number)},
    ):
        refusal = world.try_intent(confirm=True, **spelling).declined
        seen = (refusal.code, refusal.decline_code, refusal.message)
        assert seen == (code, decline_code, message)


@pytest.mark.parametrize(("name", "number", "code", "decline_code", "message"), DECLINES)
def test_a_declined_charge_is_kept_and_takes_no_money(
    world, name, number, code, decline_code, message
):
    charge = world.try_charge(source=f"tok_{name}").charge

    kept = world.find(ChargeRow, charge.id)
    assert (kept.status, kept.captured, kept.amount_captured) == ("failed", False, 0)
    assert (kept.failure_code, kept.failure_message) == (code, message)
    assert kept.balance_transaction_id is None
    wire = shown(charge_wire(kept))
    assert wire["paid"] is False
    outcome = wire["outcome"]
    assert outcome["type"] == "issuer_declined"
    assert outcome["network_status"] == "declined_by_network"
    assert outcome["reason"] == (decline_code or code)
    assert written() | {"payments_paymentmethod": 1, "payments_charge": 1, "events_event": 1} == (
        written()
    )
    assert world.events() == ["charge.failed"]
    assert world.balance() == Balance()


def test_a_declined_intent_waits_for_another_payment_method(world):
    attempted = world.try_intent(payment_method="pm_card_visa_chargeDeclined", confirm=True)

    intent = attempted.intent
    assert intent.status == "requires_payment_method"
    assert intent.payment_method_id is None
    wire = shown(payment_intent_wire(intent))
    assert wire["last_payment_error"] == {
        "type": "card_error",
        "code": "card_declined",
        "decline_code": "generic_decline",
        "message": "Your card was declined.",
        "charge": intent.latest_charge_id,
    }
    assert attempted.declined.payment_intent.id == intent.id
    assert world.events() == [
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
    ]
    assert written()["ledger_entry"] == 0


def test_after_a_decline_another_card_pays_the_same_intent(world):
    intent = world.try_intent(payment_method="pm_card_visa_chargeDeclined", confirm=True).intent
    failed = intent.latest_charge_id
    paid = world.confirm(intent, payment_method="pm_card_mastercard")

    assert paid.status == "succeeded"
    assert paid.amount_received == 1000
    assert paid.latest_charge_id != failed
    assert shown(payment_intent_wire(paid))["last_payment_error"] is None
    assert world.find(ChargeRow, failed).status == "failed"
    assert world.balance() == Balance(pending=941)


@pytest.mark.parametrize("capture_method", ["automatic", "manual"])
def test_a_declined_destination_charge_moves_nothing(world, capture_method):
    account = world.seller()
    world.try_intent(
        to=account, fee=123, payment_method="pm_card_visa_chargeDeclined", confirm=True,
        capture_method=capture_method,
    )  # fmt: skip

    assert world.rows(P=world.id, C=account) == []
    assert world.events(account) == []


@pytest.mark.parametrize(("name", "number"), BLOCKED)
def test_a_risky_card_is_blocked_before_the_network_is_asked(world, name, number):
    charged = world.try_charge(source=f"tok_{name}")

    assert charged.declined.code == "card_declined"
    outcome = shown(charge_wire(charged.charge))["outcome"]
    assert outcome["type"] == "blocked"
    assert outcome["network_status"] == "not_sent_to_network"
    assert outcome["risk_level"] == outcome["reason"].removesuffix("_risk_level") == "highest"
    assert (
        world.try_intent(confirm=True, payment_method_data=card_data(number)).declined is not None
    )
    assert written()["ledger_entry"] == 0


def test_an_elevated_risk_is_taken_and_marked_for_review(world):
    charge = world.charge(source="tok_riskLevelElevated")

    outcome = shown(charge_wire(charge))["outcome"]
    assert (outcome["type"], outcome["risk_level"]) == ("manual_review", "elevated")
    assert charge.captured


@pytest.mark.parametrize(("name", "number", "line1", "postal_code", "cvc"), CHECKS)
def test_a_check_may_fail_and_the_charge_still_succeeds(
    world, name, number, line1, postal_code, cvc
):
    by_token = world.charge(source=f"tok_{name}")
    intent = world.intent(confirm=True, payment_method_data=card_data(number))

    for charge in (by_token, world.find(ChargeRow, intent.latest_charge_id)):
        checks = shown(charge_wire(charge))["payment_method_details"]["card"]["checks"]
        assert checks == {
            "address_line1_check": line1,
            "address_postal_code_check": postal_code,
            "cvc_check": cvc,
        }
        assert charge.captured


# ---- Card details that cannot be right: nothing is tried, nothing written ----


@pytest.mark.parametrize(
    ("card", "code", "param"),
    [
        ({"number": "4242424242424241"}, "incorrect_number", "number"),
        ({"number": "1234"}, "incorrect_number", "number"),
        ({"number": "4242 4242 4242 424x"}, "incorrect_number", "number"),
        ({"exp_month": 13}, "invalid_expiry_month", "exp_month"),
        ({"exp_month": 0}, "invalid_expiry_month", "exp_month"),
        ({"exp_year": 95}, "invalid_expiry_year", "exp_year"),
        ({"exp_year": 2024}, "invalid_expiry_year", "exp_year"),
        ({"exp_month": 10, "exp_year": 2025}, "invalid_expiry_year", "exp_year"),
        ({"cvc": "99"}, "invalid_cvc", "cvc"),
        ({"cvc": "12345"}, "invalid_cvc", "cvc"),
        ({"number": "4111111111111111"}, "card_declined", "number"),  # no test card
    ],
)
def test_details_that_cannot_be_right_are_a_card_error(world, card, code, param):
    given = card_data(**card)
    with nothing_written(), pytest.raises(Declined) as refusal:
        world.try_intent(confirm=True, payment_method_data=given)

    assert refusal.value.code == code
    assert refusal.value.param == f"payment_method_data[card][{param}]"


@pytest.mark.parametrize("name", ["number", "exp_month", "exp_year"])
def test_a_card_needs_number_and_expiry(world, name):
    given = card_data(**{name: None})
    with pytest.raises(InvalidRequest) as refusal:
        world.try_intent(confirm=True, payment_method_data=given)

    assert refusal.value.code == "parameter_missing"
    assert refusal.value.param == f"payment_method_data[card][{name}]"


@pytest.mark.parametrize(
    "card",
    [
        {"exp_month": 11, "exp_year": 2025},  # this very month
        {"exp_month": 1, "exp_year": 27},
        {"number": "4242 4242 4242 4242"},
        {"number": "378282246310005", "cvc": "1234"},
    ],
)
def test_details_may_be_written_in_several_ways(world, card):
    given = card_data(**card)

    assert world.intent(confirm=True, payment_method_data=given).status == "succeeded"


def test_a_wrong_security_code_only_matters_when_one_is_given(world):
    given = card_data("4000000000000127")
    assert world.try_intent(confirm=True, payment_method_data=given).declined is not None

    given = card_data("4000000000000127", cvc=None)
    assert world.intent(confirm=True, payment_method_data=given).status == "succeeded"


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({"payment_method": "pm_card_nobody"}, "payment_method"),
        ({"payment_method": "pm_1234"}, "payment_method"),
        ({"payment_method_data": {"type": "card", "card": {"token": "tok_nobody"}}},
         "payment_method_data[card][token]"),
    ],
)  # fmt: skip
def test_an_unknown_card_is_missing(world, given, param):
    with nothing_written(), pytest.raises(ResourceMissing) as refusal:
        world.try_intent(confirm=True, **given)

    assert refusal.value.param == param


def test_a_payment_method_of_another_account_is_unknown(world):
    account = world.seller()
    method = world.intent(payment_method="pm_card_visa").payment_method_id
    with pytest.raises(ResourceMissing, match=method):
        world.try_intent(on=account, payment_method=method)

    assert world.find(PaymentMethodRow, method).account_id == world.id
