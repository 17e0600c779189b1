"""Whose list a charge stands in, and by what it is found there."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection

from counterfoil.kit.db import execute, fetch_all, fetch_one
from counterfoil.payments.listing import order_of
from tests.support.builders import card_data

GRACE = card_data() | {"billing_details": {"name": "Grace  HOPPER", "email": "Grace@Example.com"}}


def listed(ident):
    return fetch_one(
        "SELECT seller_id, method, payer_name, payer_email, order_ref FROM payments_charge"
        " WHERE id = %s",
        [ident],
    )


def test_a_direct_charge_is_its_accounts(world):
    ada = world.seller()
    intent = world.intent(
        1000, on=ada, payment_method_data=GRACE, confirm=True, metadata={"order_id": "#A-17"}
    )
    assert listed(intent.latest_charge_id) == (
        ada,
        "visa",
        "grace hopper",
        "grace@example.com",
        "a-17",
    )


def test_on_behalf_of_the_seller_the_charge_itself_is_listed_and_not_what_it_brought(world):
    ada = world.seller()
    charge = world.charge(1000, to=ada, fee=123, on_behalf_of=ada, receipt_email="g@example.com")
    payment = world.payment_of(world.transfer_of(charge))

    assert listed(charge.id) == (ada, "visa", None, "g@example.com", None)
    assert listed(payment.id)[0] is None


def test_of_a_plain_destination_charge_what_it_brought_is_listed(world):
    ada = world.seller()
    charge = world.charge(1000, to=ada, fee=123, metadata={"order": "9"})
    payment = world.payment_of(world.transfer_of(charge))

    assert listed(charge.id) == (None, None, None, None, None)
    assert listed(payment.id)[0] == ada
    world.update_charge(payment, on=ada, metadata={"order": "1042"})
    assert listed(payment.id) == (ada, None, None, None, "1042")


def test_of_separate_charges_and_transfers_what_came_is_listed(world):
    ada = world.seller()
    charge = world.charge(10_000, on_behalf_of=ada)
    transfer = world.transfer(7000, to=ada, source_transaction=charge.id)

    assert listed(charge.id)[0] is None
    assert listed(transfer.destination_payment_id)[0] == ada


def test_what_an_account_was_debited_stands_in_no_list(world):
    ada = world.seller()
    world.charge(10_000, on=ada, source="tok_bypassPending")
    debit = world.charge(500, source=ada)

    assert listed(debit.id)[0] is None


@pytest.mark.parametrize(
    ("metadata", "order"),
    [
        ({}, None),
        ({"colour": "blue"}, None),
        ({"Order_ID": " 17 b "}, "17 b"),
        ({"reference": "x", "order-number": "7"}, "7"),
        ({"order": ""}, None),
        ({"order": "é" * 500}, "é" * 100),
    ],
)
def test_an_order_is_known_by_the_usual_keys(metadata, order):
    assert order_of(metadata) == order


def test_charges_of_before_are_listed_by_the_migration_as_if_they_were_made_today(world):
    ada = world.seller()
    world.intent(
        1000, on=ada, payment_method_data=GRACE, confirm=True, metadata={"order_id": "A-17"}
    )
    world.charge(1000, to=ada, fee=1, on_behalf_of=ada, receipt_email="G@example.com")
    world.charge(1000, to=ada, fee=1)
    world.transfer(1, to=ada, source_transaction=world.charge(1000, on_behalf_of=ada).id)
    columns = "id, seller_id, method, payer_email, order_ref"  # a name's spaces are folded since
    everything = f"SELECT {columns} FROM payments_charge ORDER BY id"
    before = fetch_all(everything)
    execute(
        "UPDATE payments_charge SET seller_id = NULL, method = NULL, payer_name = NULL,"
        " payer_email = NULL, order_ref = NULL"
    )
    assert fetch_all(everything) != before
    migration = import_module("counterfoil.payments.migrations.0009_listing")
    migration.fill(None, connection.schema_editor())

    assert fetch_all(everything) == before
