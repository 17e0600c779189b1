"""Lists, auto-paging and expansion through the official SDK (reference api.md §§1.7–1.8)."""

from __future__ import annotations

import pytest
import stripe

CHARGES = 12


@pytest.fixture
def charges(client) -> list[str]:
    """The ids of twelve charges, newest first."""
    made = [
        client.v1.charges.create(
            {"amount": 1000 + number, "currency": "usd", "source": "tok_bypassPending"}
        ).id
        for number in range(CHARGES)
    ]
    return made[::-1]


def test_auto_paging_walks_every_page_once(client, charges, witness):
    before = len(witness.answers)
    walked = [charge.id for charge in client.v1.charges.list({"limit": 5}).auto_paging_iter()]

    assert walked == charges
    pages = witness.answers[before:]
    assert [len(page.body["data"]) for page in pages] == [5, 5, 2]
    assert [page.body["has_more"] for page in pages] == [True, True, False]


def test_auto_paging_walks_backwards_too(client, charges):
    oldest = charges[-1]
    newer = client.v1.charges.list({"limit": 4, "ending_before": oldest})

    assert newer.has_more is True
    assert [charge.id for charge in newer] == charges[-5:-1]
    assert [charge.id for charge in newer.auto_paging_iter()] == charges[:-1][::-1]


def test_a_page_is_ten_long_unless_asked_otherwise(client, charges):
    assert len(client.v1.charges.list().data) == 10
    assert len(client.v1.charges.list({"limit": 100}).data) == CHARGES


@pytest.mark.parametrize("limit", [0, 101, -1])
def test_a_page_is_between_one_and_a_hundred_long(client, limit):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.charges.list({"limit": limit})

    assert refusal.value.param == "limit"


def test_an_unknown_cursor_is_refused(client, charges):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.charges.list({"starting_after": "ch_nobody"})

    assert (refusal.value.http_status, refusal.value.code) == (400, "resource_missing")
    assert refusal.value.param == "starting_after"


def test_a_list_is_filtered_by_when_its_objects_were_made(client, charges):
    created = client.v1.charges.retrieve(charges[0]).created

    assert client.v1.charges.list({"created": {"gt": created}}).data == []
    found = client.v1.charges.list({"created": {"gte": created - 3600}, "limit": 100})
    assert [charge.id for charge in found] == charges


def test_every_list_of_a_new_platform_is_empty_and_whole(client):
    v1 = client.v1
    lists = [
        v1.accounts,
        v1.application_fees,
        v1.balance_transactions,
        v1.charges,
        v1.events,
        v1.payment_intents,
        v1.transfers,
    ]

    for each in lists:
        found = each.list()
        assert (found.data, found.has_more) == ([], False)


# ---- Expansion ----


@pytest.fixture
def destination_charge(client, seller) -> stripe.Charge:
    intent = client.v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "usd",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "application_fee_amount": 123,
            "transfer_data": {"destination": seller.id},
        }
    )
    return client.v1.charges.retrieve(intent.latest_charge)


def test_four_levels_expand_at_once(client, seller, destination_charge):
    charge = client.v1.charges.retrieve(
        destination_charge.id,
        {"expand": ["transfer.destination_payment.balance_transaction.source", "payment_intent"]},
    )

    payment = charge.transfer.destination_payment
    assert payment.balance_transaction.net == 877
    assert payment.balance_transaction.source.id == payment.id
    assert charge.payment_intent.latest_charge == charge.id


def test_a_fifth_level_is_refused(client, destination_charge):
    path = "transfer.destination_payment.balance_transaction.source.balance_transaction"
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.charges.retrieve(destination_charge.id, {"expand": [path]})

    assert refusal.value.http_status == 400


def test_what_cannot_be_expanded_is_refused_by_name(client, destination_charge):
    with pytest.raises(stripe.InvalidRequestError, match="amount") as refusal:
        client.v1.charges.retrieve(destination_charge.id, {"expand": ["amount"]})

    assert refusal.value.http_status == 400


def test_every_element_of_a_list_expands(client, seller, destination_charge):
    rows = client.v1.balance_transactions.list({"expand": ["data.source"]})
    assert {row.type: row.source.object for row in rows} == {
        "charge": "charge",
        "transfer": "transfer",
        "application_fee": "application_fee",
    }

    transfers = client.v1.transfers.list(
        {"expand": ["data.destination_payment.balance_transaction", "data.destination"]}
    )
    assert [
        (each.destination.id, each.destination_payment.balance_transaction.net)
        for each in transfers
    ] == [(seller.id, 877)]

    (fee,) = client.v1.application_fees.list({"expand": ["data.charge", "data.account"]})
    assert (fee.charge.source_transfer, fee.account.id) == (destination_charge.transfer, seller.id)


def test_an_object_expands_in_the_answer_that_creates_it(client, seller):
    intent = client.v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "usd",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "transfer_data": {"destination": seller.id},
            "expand": ["latest_charge.balance_transaction", "payment_method"],
        }
    )

    assert intent.latest_charge.balance_transaction.net == 941
    assert intent.payment_method.card.last4 == "4242"
