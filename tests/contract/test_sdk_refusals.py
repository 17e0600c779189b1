"""What the official SDK raises when we say no (reference api.md §1.10)."""

from __future__ import annotations

import pytest
import stripe

from tests.contract.sdk import official_client

CARD_PAYMENT = {"amount": 1000, "currency": "usd", "confirm": True}

DECLINES = [
    ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
    ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
    ("pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card"),
    ("pm_card_visa_chargeDeclinedStolenCard", "card_declined", "stolen_card"),
    ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
    ("pm_card_chargeDeclinedProcessingError", "processing_error", None),
]


@pytest.mark.parametrize(("method", "code", "decline_code"), DECLINES)
def test_a_declined_card_is_a_card_error(client, method, code, decline_code):
    with pytest.raises(stripe.CardError) as refusal:
        client.v1.payment_intents.create({**CARD_PAYMENT, "payment_method": method})

    error = refusal.value
    assert (error.http_status, error.code, error.error.decline_code) == (402, code, decline_code)
    assert error.error.payment_intent.status == "requires_payment_method"
    failed = client.v1.charges.retrieve(error.error.charge)
    assert (failed.status, failed.paid, failed.failure_code) == ("failed", False, code)
    assert client.v1.balance_transactions.list().data == []


def test_a_declined_intent_takes_another_card(client):
    with pytest.raises(stripe.CardError) as refusal:
        client.v1.payment_intents.create(
            {**CARD_PAYMENT, "payment_method": "pm_card_visa_chargeDeclined"}
        )
    intent = refusal.value.error.payment_intent

    confirmed = client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})

    assert confirmed.status == "succeeded"
    assert len(client.v1.charges.list({"payment_intent": intent.id}).data) == 2


WRONG = [
    ({"currency": "usd", "source": "tok_visa"}, "parameter_missing", "amount"),
    ({"amount": 1000, "currency": "usd", "source": "tok_visa", "colour": "red"},
     "parameter_unknown", "colour"),
    ({"amount": "ten", "currency": "usd", "source": "tok_visa"},
     "parameter_invalid_integer", "amount"),
    ({"amount": 49, "currency": "usd", "source": "tok_visa"}, "amount_too_small", "amount"),
    ({"amount": 10**12, "currency": "usd", "source": "tok_visa"}, "amount_too_large", "amount"),
]  # fmt: skip


@pytest.mark.parametrize(("params", "code", "param"), WRONG, ids=lambda value: str(value)[:40])
def test_parameters_that_do_not_fit_are_invalid_requests(client, params, code, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.charges.create(params)

    error = refusal.value
    assert (error.http_status, error.code, error.param) == (400, code, param)
    assert client.v1.charges.list().data == []
    assert client.v1.events.list().data == []


def test_an_unknown_id_is_missing(client):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.charges.retrieve("ch_nobody")

    error = refusal.value
    assert (error.http_status, error.code) == (404, "resource_missing")
    assert error.user_message == "No such charge: 'ch_nobody'"


@pytest.mark.parametrize("action", ["confirm", "capture", "cancel"])
def test_an_unknown_intent_is_missing_whatever_is_done_to_it(client, action):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        getattr(client.v1.payment_intents, action)("pi_nobody")

    assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")


def test_an_unknown_path_is_an_invalid_request(client):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.raw_request("get", "/v1/fortunes")

    assert refusal.value.http_status == 404


def test_a_wrong_key_is_an_authentication_error_that_does_not_repeat_the_key(server):
    key = "sk_test_" + "a" * 24
    with pytest.raises(stripe.AuthenticationError) as refusal:
        official_client(server.url, key).v1.balance.retrieve()

    assert refusal.value.http_status == 401
    assert key not in str(refusal.value)


def test_a_publishable_key_reads_nothing(server, platform):
    publishable = official_client(server.url, platform.publishable_key_test)

    with pytest.raises(stripe.PermissionError) as refusal:
        publishable.v1.balance.retrieve()

    assert refusal.value.error.code == "secret_key_required"


def test_live_mode_takes_no_card(server, platform):
    live = official_client(server.url, platform.secret_key_live)

    with pytest.raises(stripe.InvalidRequestError):
        live.v1.charges.create({"amount": 1000, "currency": "usd", "source": "tok_visa"})

    assert live.v1.charges.list().data == []


def test_d1_no_login_link_before_onboarding(client):
    fresh = client.v1.accounts.create(
        {"type": "express", "country": "US", "email": "ada@example.com"}
    )

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.accounts.login_links.create(fresh.id)

    assert refusal.value.http_status == 400
    assert refusal.value.user_message == (
        "Cannot create a login link for an account that has not completed onboarding."
    )


def test_no_charge_on_an_account_whose_capabilities_are_not_active(client):
    fresh = client.v1.accounts.create(
        {
            "type": "express",
            "country": "US",
            "capabilities": {
                "card_payments": {"requested": True},
                "transfers": {"requested": True},
            },
        }
    )
    charge = {"amount": 1000, "currency": "usd", "source": "tok_visa"}

    with pytest.raises(stripe.InvalidRequestError):
        client.v1.charges.create(charge, {"stripe_account": fresh.id})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.charges.create({**charge, "transfer_data": {"destination": fresh.id}})

    assert client.v1.charges.list().data == []
    assert client.v1.charges.list({}, {"stripe_account": fresh.id}).data == []
