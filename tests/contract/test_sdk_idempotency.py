"""One request per idempotency key, seen through the official SDK (reference api.md §1.6)."""

from __future__ import annotations

import pytest
import stripe

CHARGE = {"amount": 1000, "currency": "usd", "source": "tok_visa"}


def test_d10_the_same_post_twice_with_one_key_makes_one_object(client, witness):
    first = client.v1.charges.create(CHARGE, {"idempotency_key": "order-1"})
    again = client.v1.charges.create(CHARGE, {"idempotency_key": "order-1"})

    assert again.last_response.body == first.last_response.body
    assert [charge.id for charge in client.v1.charges.list()] == [first.id]
    original, replay = witness.answers[-3:-1]
    assert "idempotent-replayed" not in original.headers
    assert replay.headers["idempotent-replayed"] == "true"
    assert replay.headers["original-request"] == original.headers["request-id"]
    assert replay.headers["request-id"] != original.headers["request-id"]


def test_d10_a_key_with_other_parameters_is_refused(client):
    client.v1.charges.create(CHARGE, {"idempotency_key": "order-1"})

    with pytest.raises(stripe.IdempotencyError) as refusal:
        client.v1.charges.create({**CHARGE, "amount": 1001}, {"idempotency_key": "order-1"})

    assert refusal.value.http_status == 400
    assert len(client.v1.charges.list().data) == 1


def test_a_key_belongs_to_the_account_it_was_used_on(client, seller):
    on_platform = client.v1.charges.create(CHARGE, {"idempotency_key": "order-1"})
    on_seller = client.v1.charges.create(
        CHARGE, {"idempotency_key": "order-1", "stripe_account": seller.id}
    )

    assert on_platform.id != on_seller.id


def test_a_decline_is_replayed_and_leaves_one_failed_charge(client, witness):
    declined = {**CHARGE, "source": "tok_visa_chargeDeclinedInsufficientFunds"}
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            client.v1.charges.create(declined, {"idempotency_key": "order-1"})

    original, replay = witness.answers[-2:]
    assert replay.body == original.body
    assert replay.headers["idempotent-replayed"] == "true"
    assert [charge.status for charge in client.v1.charges.list()] == ["failed"]


def test_parameters_that_do_not_fit_leave_the_key_free(client):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.charges.create({**CHARGE, "colour": "red"}, {"idempotency_key": "order-1"})

    assert client.v1.charges.create(CHARGE, {"idempotency_key": "order-1"}).paid


def test_without_a_key_of_ones_own_the_sdk_sends_one_that_is_used_once(client):
    first, second = (client.v1.charges.create(CHARGE) for _ in range(2))

    assert first.id != second.id
