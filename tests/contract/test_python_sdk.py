"""Part A, end to end: the official Python SDK with only the base URL changed.

The numbers are those of reference money-movement.md; each answer was held against the SDK's own
types before the test saw it (`sdk.py`).
"""

from __future__ import annotations

import pytest
import stripe

from tests.contract.story import Row, rows_of
from tests.support.accounts import bank, onboarded_individual

# Card fees of the tariff in money-movement §1: 2.9 % + 30.
DIRECT_ON_SELLER = [Row("charge", 1000, 182, 818)]
DIRECT_ON_PLATFORM = [Row("application_fee", 123, 0, 123)]
DESTINATION_ON_SELLER = [Row("payment", 1000, 123, 877)]
DESTINATION_ON_PLATFORM = [
    Row("charge", 1000, 59, 941),
    Row("transfer", -1000, 0, -1000),
    Row("application_fee", 123, 0, 123),
]


def test_an_account_with_the_magic_values_is_enabled_at_once(client):
    account = client.v1.accounts.create(onboarded_individual())

    assert account.type == "express"
    assert (account.charges_enabled, account.payouts_enabled) == (True, True)
    assert account.details_submitted is True
    assert account.capabilities.to_dict() == {"card_payments": "active", "transfers": "active"}
    assert account.requirements.currently_due == []
    assert client.v1.accounts.retrieve(account.id) == account
    assert [each.id for each in client.v1.accounts.list()] == [account.id]


def test_a_test_bank_account_is_attached_and_becomes_the_default(client, seller):
    added = client.v1.accounts.external_accounts.create(
        seller.id,
        {
            "external_account": bank(account_number="000111111116"),
            "default_for_currency": True,
        },
    )

    assert (added.object, added.bank_name, added.last4) == (
        "bank_account",
        "STRIPE TEST BANK",
        "1116",
    )
    assert (added.account, added.default_for_currency) == (seller.id, True)
    listed = client.v1.accounts.external_accounts.list(seller.id)
    assert {each.last4: each.default_for_currency for each in listed} == {
        "6789": False,
        "1116": True,
    }


def test_a_direct_charge_with_an_application_fee(client, seller):
    """money-movement §2.1."""
    on_seller = {"stripe_account": seller.id}
    intent = client.v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "usd",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "application_fee_amount": 123,
            "return_url": "https://example.com/back",
        },
        on_seller,
    )

    assert (intent.status, intent.amount_received) == ("succeeded", 1000)
    assert rows_of(client, seller.id) == DIRECT_ON_SELLER
    assert rows_of(client) == DIRECT_ON_PLATFORM
    (row,) = client.v1.balance_transactions.list({}, on_seller)
    assert {(each.type, each.amount) for each in row.fee_details} == {
        ("stripe_fee", 59),
        ("application_fee", 123),
    }
    assert row.source == intent.latest_charge
    (fee,) = client.v1.application_fees.list()
    assert (fee.account, fee.charge, fee.originating_transaction) == (
        seller.id,
        intent.latest_charge,
        None,
    )


def test_a_direct_charge_without_an_application_fee(client, seller):
    client.v1.charges.create(
        {"amount": 1000, "currency": "usd", "source": "tok_visa"}, {"stripe_account": seller.id}
    )

    assert rows_of(client, seller.id) == [Row("charge", 1000, 59, 941)]
    assert rows_of(client) == []


def test_a_direct_charge_whose_processing_fee_the_platform_pays(client):
    """money-movement §2.1, payer `application`: the seller keeps 877, the platform 64."""
    controller = {
        "fees": {"payer": "application"},
        "losses": {"payments": "application"},
        "stripe_dashboard": {"type": "express"},
    }
    account = client.v1.accounts.create(onboarded_individual(type=None, controller=controller))
    client.v1.charges.create(
        {"amount": 1000, "currency": "usd", "source": "tok_visa", "application_fee_amount": 123},
        {"stripe_account": account.id},
    )

    assert rows_of(client, account.id) == [Row("charge", 1000, 123, 877)]
    assert sum(row.net for row in rows_of(client)) == 64


def test_a_destination_charge_with_an_application_fee(client, seller):
    """money-movement §2.2."""
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

    assert rows_of(client) == DESTINATION_ON_PLATFORM
    assert rows_of(client, seller.id) == DESTINATION_ON_SELLER
    charge = client.v1.charges.retrieve(intent.latest_charge, {"expand": ["transfer"]})
    transfer = charge.transfer
    assert (transfer.source_transaction, transfer.destination) == (charge.id, seller.id)
    assert transfer.transfer_group == charge.transfer_group == f"group_{intent.id}"
    payment = client.v1.charges.retrieve(
        transfer.destination_payment, {}, {"stripe_account": seller.id}
    )
    assert payment.id.startswith("py_")
    assert payment.source_transfer == transfer.id
    (fee,) = client.v1.application_fees.list()
    assert (fee.charge, fee.originating_transaction) == (payment.id, charge.id)
    assert len(moments_of_availability(client, None, seller.id)) == 1


def test_a_destination_charge_of_which_a_part_is_passed_on(client, seller):
    """money-movement §2.3."""
    client.v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "usd",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "transfer_data": {"destination": seller.id, "amount": 877},
        }
    )

    assert rows_of(client) == [Row("charge", 1000, 59, 941), Row("transfer", -877, 0, -877)]
    assert rows_of(client, seller.id) == [Row("payment", 877, 0, 877)]
    assert client.v1.application_fees.list().data == []


def test_a_destination_charge_on_behalf_of_the_seller(client, seller):
    """money-movement §2.4: the same rows on the same accounts."""
    client.v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "usd",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "application_fee_amount": 123,
            "on_behalf_of": seller.id,
            "transfer_data": {"destination": seller.id},
        }
    )

    assert rows_of(client) == DESTINATION_ON_PLATFORM
    assert rows_of(client, seller.id) == DESTINATION_ON_SELLER


def test_a_separate_charge_is_shared_by_two_sellers(client, seller, another_seller):
    """money-movement §2.5, with `source_transaction`: the funds need not be available."""
    charge = client.v1.charges.create(
        {"amount": 10_000, "currency": "usd", "source": "tok_visa", "transfer_group": "ORDER_95"}
    )
    for destination, amount in ((seller, 7000), (another_seller, 2000)):
        transfer = client.v1.transfers.create(
            {
                "amount": amount,
                "currency": "usd",
                "destination": destination.id,
                "source_transaction": charge.id,
                "transfer_group": "ORDER_95",
            }
        )
        assert transfer.destination_payment.startswith("py_")

    assert rows_of(client) == [
        Row("charge", 10_000, 320, 9680),
        Row("transfer", -7000, 0, -7000),
        Row("transfer", -2000, 0, -2000),
    ]
    assert rows_of(client, seller.id) == [Row("payment", 7000, 0, 7000)]
    assert rows_of(client, another_seller.id) == [Row("payment", 2000, 0, 2000)]
    assert len(moments_of_availability(client, None, seller.id, another_seller.id)) == 1


def test_a_transfer_from_the_available_balance(client, seller):
    """money-movement §2.5, without `source_transaction`: both rows are available at once."""
    order = {"amount": 800, "currency": "usd", "destination": seller.id}
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.transfers.create(order)
    assert refusal.value.code == "balance_insufficient"

    client.v1.charges.create({"amount": 1000, "currency": "usd", "source": "tok_bypassPending"})
    client.v1.transfers.create(order)

    assert amounts(client.v1.balance.retrieve().available) == {"usd": 941 - 800}
    balance = client.v1.balance.retrieve({}, {"stripe_account": seller.id})
    assert amounts(balance.available) == {"usd": 800}
    assert amounts(balance.pending) == {"usd": 0}


def test_balances_say_what_all_three_kinds_of_payment_left(client, seller, another_seller):
    on_seller = {"stripe_account": seller.id}
    card = {"currency": "usd", "source": "tok_visa"}
    client.v1.charges.create({**card, "amount": 1000, "application_fee_amount": 123}, on_seller)
    client.v1.charges.create(
        {
            **card,
            "amount": 1000,
            "application_fee_amount": 123,
            "transfer_data": {"destination": seller.id},
        }
    )
    separate = client.v1.charges.create({**card, "amount": 10_000})
    for destination, amount in ((seller, 7000), (another_seller, 2000)):
        client.v1.transfers.create(
            {
                "amount": amount,
                "currency": "usd",
                "destination": destination.id,
                "source_transaction": separate.id,
            }
        )

    expected = {None: 123 + 64 + 680, seller.id: 818 + 877 + 7000, another_seller.id: 2000}
    for account, pending in expected.items():
        options = {"stripe_account": account} if account else {}
        balance = client.v1.balance.retrieve({}, options)
        assert amounts(balance.pending) == {"usd": pending}
        assert amounts(balance.available) == {"usd": 0}
        assert sum(row.net for row in rows_of(client, account)) == pending


def test_a_login_link_is_made_for_an_express_account(server, client, seller):
    link = client.v1.accounts.login_links.create(seller.id)

    assert link.url.startswith(f"{server.url}/express/{seller.id}/")
    assert client.v1.accounts.login_links.create(seller.id).url != link.url


def test_events_tell_what_happened_to_whom(client, seller):
    client.v1.charges.create(
        {
            "amount": 1000,
            "currency": "usd",
            "source": "tok_visa",
            "application_fee_amount": 123,
            "transfer_data": {"destination": seller.id},
        }
    )

    of_platform = [event.type for event in client.v1.events.list()]
    assert sorted(of_platform) == [
        "application_fee.created",
        "charge.succeeded",
        "transfer.created",
    ]
    of_seller = client.v1.events.list({"type": "charge.*"}, {"stripe_account": seller.id}).data
    assert [event.type for event in of_seller] == ["charge.succeeded"]
    assert of_seller[0].account == seller.id
    assert of_seller[0].data.object["id"].startswith("py_")
    assert client.v1.events.retrieve(of_seller[0].id, {}, {"stripe_account": seller.id})


def test_money_that_is_only_authorised_stands_in_no_balance(client, seller):
    intent = client.v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "usd",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "capture_method": "manual",
            "transfer_data": {"destination": seller.id},
            "application_fee_amount": 123,
        }
    )
    assert (intent.status, intent.amount_capturable) == ("requires_capture", 1000)
    assert rows_of(client) == rows_of(client, seller.id) == []

    assert client.v1.payment_intents.capture(intent.id).status == "succeeded"
    assert rows_of(client) == DESTINATION_ON_PLATFORM
    assert rows_of(client, seller.id) == DESTINATION_ON_SELLER


def amounts(entries) -> dict[str, int]:
    return {entry.currency: entry.amount for entry in entries}


def moments_of_availability(client, *accounts: str | None) -> set[int]:
    """When the rows of these accounts (None: the platform) become available, UTC seconds."""
    return {
        row.available_on
        for account in accounts
        for row in client.v1.balance_transactions.list(
            {}, {"stripe_account": account} if account else {}
        )
    }
