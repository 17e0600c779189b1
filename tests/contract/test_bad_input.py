"""What money endpoints refuse: Stripe's status, `code`, `param`, and words that say what to do.

Each refusal leaves books, balances and events as they were; a request that is sent twice, or by two
at once, is written once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Barrier
from typing import Any

import pytest
import stripe

from tests.contract.sdk import official_client
from tests.support.accounts import bank, onboarded_individual

CARD = {"currency": "usd", "source": "tok_bypassPending"}


@pytest.fixture
def on_seller(seller) -> dict[str, str]:
    return {"stripe_account": seller.id}


@pytest.fixture
def refused(client, seller) -> Callable[..., Any]:
    """`with refused(400, "code", param="amount", says="…"):` and nothing was written."""

    @contextmanager
    def expectation(
        status: int, code: str | None, *, param: str | None = None, says: str
    ) -> Iterator[None]:
        before = written(client, seller.id)
        with pytest.raises(stripe.StripeError) as refusal:
            yield
        error = refusal.value
        said = error.json_body["error"]
        assert (error.http_status, said.get("code"), said.get("param")) == (status, code, param)
        assert says in said["message"]
        assert written(client, seller.id) == before

    return expectation


def written(client: stripe.StripeClient, account: str) -> list[Any]:
    """Rows, events and balances of the platform and of the seller."""
    found: list[Any] = []
    for options in ({}, {"stripe_account": account}):
        v1 = client.v1
        found += [each.id for each in v1.balance_transactions.list({"limit": 100}, options)]
        found += [each.id for each in v1.events.list({"limit": 100}, options)]
        found.append(v1.balance.retrieve({}, options).to_dict())
    return found


def paid(client: stripe.StripeClient, amount: int = 1000, **params: Any) -> stripe.Charge:
    return client.v1.charges.create({**CARD, "amount": amount, **params})


def funded(client: stripe.StripeClient, on_seller: dict[str, str], amount: int = 5000) -> int:
    """A direct charge of the seller, available at once; what there is to pay out."""
    client.v1.charges.create({**CARD, "amount": amount}, on_seller)
    return int(client.v1.balance.retrieve({}, on_seller).available[0].amount)


def disputed(client: stripe.StripeClient, charge: str) -> Any:
    return client.raw_request("post", "/v1/test_helpers/disputes", charge=charge).data


# ---- Refunds ----


def test_a_refund_above_the_remainder(client, refused):
    charge = paid(client)
    client.v1.refunds.create({"charge": charge.id, "amount": 600})

    with refused(400, "amount_too_large", param="amount", says="4.00 USD"):
        client.v1.refunds.create({"charge": charge.id, "amount": 401})


def test_a_refund_of_what_was_refunded(client, refused):
    charge = paid(client)
    client.v1.refunds.create({"charge": charge.id})

    with refused(400, "charge_already_refunded", says="already been refunded"):
        client.v1.refunds.create({"charge": charge.id})


@pytest.mark.parametrize("amount", [0, -5])
def test_a_refund_of_nothing(client, refused, amount):
    charge = paid(client)

    with refused(400, "parameter_invalid_integer", param="amount", says="greater than or"):
        client.v1.refunds.create({"charge": charge.id, "amount": amount})


def test_a_refund_while_the_charge_is_disputed(client, refused):
    charge = paid(client)
    disputed(client, charge.id)

    with refused(400, "charge_disputed", says="the cardholder's bank has the money"):
        client.v1.refunds.create({"charge": charge.id})


# ---- Transfers and reversals ----


def test_a_transfer_above_its_source(client, seller, refused):
    charge = paid(client, 1000)

    with refused(
        400, "charge_exceeds_source_limit", param="amount", says="source amount of 10.00 USD"
    ):
        client.v1.transfers.create(
            {
                "amount": 1001,
                "currency": "usd",
                "destination": seller.id,
                "source_transaction": charge.id,
            }
        )


def test_a_transfer_above_the_balance(client, seller, refused):
    paid(client, 1000)

    with refused(400, "balance_insufficient", param="amount", says="USD"):
        client.v1.transfers.create({"amount": 5000, "currency": "usd", "destination": seller.id})


def test_a_reversal_twice(client, seller, refused):
    paid(client, 2000)
    transfer = client.v1.transfers.create(
        {"amount": 1000, "currency": "usd", "destination": seller.id}
    )
    client.v1.transfers.reversals.create(transfer.id)

    with refused(400, None, param="id", says="already fully reversed"):
        client.v1.transfers.reversals.create(transfer.id)


def test_a_reversal_above_what_is_left(client, seller, refused):
    paid(client, 2000)
    transfer = client.v1.transfers.create(
        {"amount": 1000, "currency": "usd", "destination": seller.id}
    )
    client.v1.transfers.reversals.create(transfer.id, {"amount": 400})

    with refused(400, "amount_too_large", param="amount", says="6.00 USD"):
        client.v1.transfers.reversals.create(transfer.id, {"amount": 601})


# ---- Disputes ----


def test_evidence_that_is_too_long(client, refused):
    dispute = disputed(client, paid(client).id)
    text = {"uncategorized_text": "x" * 20_001}

    with refused(400, None, param="evidence[uncategorized_text]", says="20000"):
        client.v1.disputes.update(dispute["id"], {"evidence": text, "submit": False})


def test_evidence_that_is_too_long_in_all(client, refused):
    dispute = disputed(client, paid(client).id)
    long_texts = (
        "access_activity_log",
        "cancellation_policy_disclosure",
        "cancellation_rebuttal",
        "duplicate_charge_explanation",
        "product_description",
        "refund_policy_disclosure",
        "refund_refusal_explanation",
        "uncategorized_text",
    )

    with refused(400, None, param="evidence", says="150000"):
        client.v1.disputes.update(
            dispute["id"],
            {"evidence": dict.fromkeys(long_texts, "x" * 19_000), "submit": False},
        )


def test_a_dispute_that_is_closed(client, refused):
    dispute = disputed(client, paid(client).id)
    client.v1.disputes.close(dispute["id"])

    with refused(400, "status_transition_invalid", param="evidence", says="is closed (lost)"):
        client.v1.disputes.update(dispute["id"], {"evidence": {"uncategorized_text": "Sent."}})
    with refused(400, "status_transition_invalid", says="lost"):
        client.v1.disputes.close(dispute["id"])


# ---- Payouts ----


def test_a_payout_above_what_is_available(client, on_seller, refused):
    available = funded(client, on_seller)

    with refused(400, "balance_insufficient", param="amount", says="USD"):
        client.v1.payouts.create({"amount": available + 1, "currency": "usd"}, on_seller)


@pytest.mark.parametrize("amount", [0, -1])
def test_a_payout_of_nothing(client, on_seller, refused, amount):
    funded(client, on_seller)

    with refused(400, "parameter_invalid_integer", param="amount", says="greater"):
        client.v1.payouts.create({"amount": amount, "currency": "usd"}, on_seller)


def test_a_payout_below_the_minimum(client, refused):
    seller = client.v1.accounts.create(onboarded_individual("DE"))
    on_german = {"stripe_account": seller.id}
    client.v1.charges.create(
        {"amount": 5000, "currency": "eur", "source": "tok_bypassPending"}, on_german
    )

    with refused(400, "amount_too_small", param="amount", says="1.00 EUR"):
        client.v1.payouts.create({"amount": 99, "currency": "eur"}, on_german)


def test_a_payout_in_a_currency_without_a_bank_account(client, on_seller, refused):
    funded(client, on_seller)

    with refused(400, None, param="currency", says="/v1/accounts/{id}/external_accounts"):
        client.v1.payouts.create({"amount": 100, "currency": "eur"}, on_seller)
    with refused(400, None, param="currency", says="such as usd"):
        client.v1.payouts.create({"amount": 100, "currency": "zzz"}, on_seller)


def test_a_payout_to_a_bank_account_of_another_currency(client, seller, on_seller, refused):
    funded(client, on_seller)
    euros = client.v1.accounts.external_accounts.create(seller.id, {"external_account": bank("DE")})
    order = {"amount": 100, "currency": "usd", "destination": euros.id}

    with refused(400, "balance_invalid_parameter", param="destination", says="takes eur, not usd"):
        client.v1.payouts.create(order, on_seller)


def test_a_payout_of_an_account_without_a_bank_account(client, refused):
    bankless = client.v1.accounts.create(onboarded_individual(external_account=None))

    with refused(400, "payouts_not_allowed", says="requirements"):
        client.v1.payouts.create(
            {"amount": 100, "currency": "usd"}, {"stripe_account": bankless.id}
        )


def test_a_payout_to_a_bank_account_that_failed(client, on_seller, refused):
    funded(client, on_seller)
    first = client.v1.payouts.create({"amount": 100, "currency": "usd"}, on_seller)
    path = f"/v1/test_helpers/payouts/{first.id}/fail"
    client.raw_request("post", path, code="no_account", **on_seller)

    with refused(400, "bank_account_unusable", param="destination", says="Correct it"):
        client.v1.payouts.create({"amount": 100, "currency": "usd"}, on_seller)


def test_a_payout_while_payouts_are_paused(client, seller, on_seller, refused):
    funded(client, on_seller)
    path = f"/v1/counterfoil/payout_pauses/{seller.id}"
    client.raw_request("post", path, reason="Under review")

    with refused(400, "payouts_not_allowed", says="Under review"):
        client.v1.payouts.create({"amount": 100, "currency": "usd"}, on_seller)


def test_an_instant_payout_to_a_bank_account_that_takes_none(client, seller, on_seller, refused):
    funded(client, on_seller)
    slow = client.v1.accounts.external_accounts.create(
        seller.id, {"external_account": bank(account_number="000888888883")}
    )
    order = {"amount": 100, "currency": "usd", "method": "instant", "destination": slow.id}

    with refused(400, "instant_payouts_unsupported", param="method", says="method=standard"):
        client.v1.payouts.create(order, on_seller)


# ---- Numbers and ids ----


@pytest.mark.parametrize(
    ("wrong", "param", "code", "says"),
    [
        (
            bank(routing_number="110000001"),
            "routing_number",
            "routing_number_invalid",
            "nine digits",
        ),
        (
            bank("DE", account_number="DE89370400440532013009"),
            "account_number",
            "account_number_invalid",
            "typing error",
        ),
        (
            {"object": "card", "number": "4000056655665557", "exp_month": 8, "exp_year": 2040},
            "number",
            "incorrect_number",
            "incorrect",
        ),
    ],
    ids=["routing number", "IBAN", "card"],
)
def test_a_wrong_check_digit(client, seller, refused, wrong, param, code, says):
    add = partial(client.v1.accounts.external_accounts.create, seller.id)

    with refused(400, code, param=f"external_account[{param}]", says=says):
        add({"external_account": wrong})


def test_a_wrong_check_digit_of_a_paying_card(client, refused):
    card = {"number": "4242424242424241", "exp_month": 8, "exp_year": 2040}

    with refused(402, "incorrect_number", param="card[number]", says="incorrect"):
        client.v1.payment_methods.create({"type": "card", "card": card})


@pytest.fixture
def elsewhere(server, another_platform) -> stripe.StripeClient:
    """Another platform on the same server."""
    return official_client(server.url, another_platform.secret_key_test)


def test_ids_of_another_platform(client, elsewhere, refused):
    charge = paid(elsewhere, 2000)
    other = elsewhere.v1.accounts.create(onboarded_individual())
    paid(client, 2000)

    with refused(400, "resource_missing", param="charge", says=charge.id):
        client.v1.refunds.create({"charge": charge.id})
    with refused(404, "resource_missing", param="id", says=charge.id):
        client.v1.charges.retrieve(charge.id)
    with refused(400, "resource_missing", param="destination", says=other.id):
        client.v1.transfers.create({"amount": 100, "currency": "usd", "destination": other.id})
    with refused(403, "account_invalid", says=other.id):
        client.v1.balance.retrieve({}, {"stripe_account": other.id})


def test_ids_of_another_seller(client, on_seller, another_seller, refused):
    funded(client, on_seller)
    theirs = another_seller.external_accounts.data[0].id
    charge = client.v1.charges.create(
        {**CARD, "amount": 1000}, {"stripe_account": another_seller.id}
    )

    with refused(400, "resource_missing", param="destination", says=theirs):
        client.v1.payouts.create(
            {"amount": 100, "currency": "usd", "destination": theirs}, on_seller
        )
    with refused(400, "resource_missing", param="charge", says=charge.id):
        client.v1.refunds.create({"charge": charge.id}, on_seller)


# ---- Twice, and two at once ----


def test_the_same_request_twice_is_written_once(client, seller, on_seller):
    funded(client, on_seller)
    again = {**on_seller, "idempotency_key": "monday"}
    order = {"amount": 100, "currency": "usd"}
    first = client.v1.payouts.create(order, again)
    after = written(client, seller.id)

    assert client.v1.payouts.create(order, again) == first
    assert written(client, seller.id) == after


def test_another_request_under_the_same_key(client, on_seller, refused):
    funded(client, on_seller)
    again = {**on_seller, "idempotency_key": "monday"}
    client.v1.payouts.create({"amount": 100, "currency": "usd"}, again)

    with refused(400, None, says="use a new one, or send the same again"):
        client.v1.payouts.create({"amount": 200, "currency": "usd"}, again)


def test_two_payouts_of_everything_at_once_are_one(client, on_seller):
    order = {"amount": funded(client, on_seller), "currency": "usd"}

    one, other = at_once(lambda: client.v1.payouts.create(order, on_seller))

    assert {outcome(one), outcome(other)} == {"payout", "balance_insufficient"}
    assert len(client.v1.payouts.list({}, on_seller).data) == 1
    assert client.v1.balance.retrieve({}, on_seller).available[0].amount == 0


def test_two_refunds_of_everything_at_once_are_one(client):
    charge = paid(client)

    one, other = at_once(lambda: client.v1.refunds.create({"charge": charge.id}))

    assert {outcome(one), outcome(other)} == {"refund", "charge_already_refunded"}
    assert len(client.v1.refunds.list({"charge": charge.id}).data) == 1


def test_one_request_sent_twice_at_once_is_one(client, on_seller):
    funded(client, on_seller)
    options = {**on_seller, "idempotency_key": "once", "max_network_retries": 5}
    order = {"amount": 100, "currency": "usd"}

    one, other = at_once(lambda: client.v1.payouts.create(order, options))

    assert (outcome(one), outcome(other)) == ("payout", "payout")
    assert one.id == other.id
    assert len(client.v1.payouts.list({}, on_seller).data) == 1


def at_once(act: Callable[[], Any]) -> tuple[Any, Any]:
    """What two that start together get: an object, or the refusal."""
    together = Barrier(2)

    def one(_: int) -> Any:
        together.wait()
        try:
            return act()
        except stripe.StripeError as refusal:
            return refusal

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(one, range(2))
    return first, second


def outcome(answer: Any) -> str:
    return str(answer.code if isinstance(answer, stripe.StripeError) else answer.object)
