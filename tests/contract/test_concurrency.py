"""Many requests at once, over the official SDK, against two web processes."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe

from tests.contract.sdk import official_client
from tests.contract.story import Row, rows_of
from tests.support.accounts import onboarded_individual
from tests.support.server import BlankDatabase, Platform, Server, running_server

CHARGE = {"amount": 1000, "currency": "usd", "source": "tok_bypassPending"}


@pytest.fixture(scope="module")
def busy_server(
    blank_database: BlankDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Two web processes: requests really run beside each other."""
    with running_server(blank_database, tmp_path_factory.mktemp("busy"), workers=2) as running:
        yield running
        verdict = running.check()
        assert verdict["ok"], verdict
    assert "Traceback" not in running.log(), running.log()[-12_000:]


@pytest.fixture
def platform(busy_server: Server) -> Platform:
    return busy_server.new_platform()


@pytest.fixture
def client(busy_server: Server, platform: Platform) -> stripe.StripeClient:
    """It tries again after a conflict, as the SDK does when it may."""
    return official_client(busy_server.url, platform.secret_key_test, max_network_retries=4)


@pytest.fixture
def impatient(busy_server: Server, platform: Platform) -> stripe.StripeClient:
    """It takes the first answer."""
    return official_client(busy_server.url, platform.secret_key_test, max_network_retries=0)


def at_once(times: int, call: Callable[[int], Any]) -> list[Any]:
    """Call with 0, 1, … in as many threads, started together: results, or refusals of Stripe."""
    start = threading.Barrier(times)

    def run(number: int) -> Any:
        start.wait()
        try:
            return call(number)
        except stripe.StripeError as refusal:
            return refusal

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def test_one_key_sent_eight_times_at_once_makes_one_charge(client, impatient):
    answers = at_once(
        8, lambda _: impatient.v1.charges.create(CHARGE, {"idempotency_key": "order-1"})
    )

    refusals = [each for each in answers if isinstance(each, stripe.StripeError)]
    assert {(each.http_status, each.error.code) for each in refusals} <= {
        (409, "idempotency_key_in_use")
    }
    (charge,) = client.v1.charges.list()
    assert {each.id for each in answers if each not in refusals} == {charge.id}
    assert rows_of(client) == [Row("charge", 1000, 59, 941)]
    assert [event.type for event in client.v1.events.list()] == ["charge.succeeded"]


def test_with_retries_all_eight_get_the_same_answer(client):
    answers = at_once(8, lambda _: client.v1.charges.create(CHARGE, {"idempotency_key": "order-1"}))

    assert [each for each in answers if isinstance(each, stripe.StripeError)] == []
    assert len({each.last_response.body for each in answers}) == 1
    assert len(client.v1.charges.list().data) == 1


def test_sixteen_charges_at_once_add_up(client):
    seller = client.v1.accounts.create(onboarded_individual())
    charges = at_once(
        16,
        lambda number: client.v1.charges.create(
            {
                **CHARGE,
                "amount": 1000 + number,
                "application_fee_amount": 123,
                "transfer_data": {"destination": seller.id},
            }
        ),
    )

    assert len({charge.id for charge in charges}) == 16
    total = sum(1000 + number for number in range(16))
    balance = client.v1.balance.retrieve({}, {"stripe_account": seller.id})
    assert balance.available[0].amount == total - 16 * 123
    # 2.9 % + 30, half up, is 59 for each of these amounts but the last, 1015 → 59.435 → 59.
    assert client.v1.balance.retrieve().available[0].amount == 16 * (123 - 59)
    assert len(rows_of(client, seller.id)) == 16
    assert len(rows_of(client)) == 3 * 16


def test_sixteen_direct_charges_on_one_seller_add_up(client):
    seller = client.v1.accounts.create(onboarded_individual())
    on_seller = {"stripe_account": seller.id}
    at_once(
        16,
        lambda _: client.v1.charges.create({**CHARGE, "application_fee_amount": 123}, on_seller),
    )

    assert client.v1.balance.retrieve({}, on_seller).available[0].amount == 16 * 818
    assert client.v1.balance.retrieve().available[0].amount == 16 * 123
    assert Counter(rows_of(client, seller.id)) == {Row("charge", 1000, 182, 818): 16}


def test_transfers_at_once_never_spend_more_than_there_is(client, impatient):
    seller = client.v1.accounts.create(onboarded_individual())
    client.v1.charges.create({**CHARGE, "amount": 5000})  # 4825 available
    answers = at_once(
        8,
        lambda _: impatient.v1.transfers.create(
            {"amount": 1000, "currency": "usd", "destination": seller.id}
        ),
    )

    made = [each for each in answers if isinstance(each, stripe.Transfer)]
    refused = [each.code for each in answers if isinstance(each, stripe.StripeError)]
    assert (len(made), refused) == (4, ["balance_insufficient"] * 4)
    assert client.v1.balance.retrieve().available[0].amount == 825


def test_an_intent_is_captured_once_however_many_try(client, impatient):
    intent = client.v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "usd",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "capture_method": "manual",
        }
    )
    answers = at_once(8, lambda _: impatient.v1.payment_intents.capture(intent.id))

    captured = [each for each in answers if isinstance(each, stripe.PaymentIntent)]
    assert len(captured) == 1
    assert {each.code for each in answers if each not in captured} == {
        "payment_intent_unexpected_state"
    }
    assert rows_of(client) == [Row("charge", 1000, 59, 941)]


def test_an_intent_is_confirmed_once_however_many_try(client, impatient):
    intent = client.v1.payment_intents.create({"amount": 1000, "currency": "usd"})
    answers = at_once(
        8,
        lambda _: impatient.v1.payment_intents.confirm(
            intent.id, {"payment_method": "pm_card_visa"}
        ),
    )

    assert sum(isinstance(each, stripe.PaymentIntent) for each in answers) == 1
    assert rows_of(client) == [Row("charge", 1000, 59, 941)]
