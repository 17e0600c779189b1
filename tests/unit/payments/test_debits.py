"""Account debits: a platform charges one of its accounts (reference money-movement §2.6)."""

from __future__ import annotations

import msgspec
import pytest

from counterfoil.kit.refused import BalanceInsufficient, InvalidRequest, ResourceMissing
from counterfoil.payments.operations.refunds import create_refund
from counterfoil.payments.operations.reversals import create_reversal
from counterfoil.payments.refund_params import CreateRefund, CreateReversal
from counterfoil.payments.rows import TransferRow
from counterfoil.payments.wire import charge_wire, transfer_wire
from counterfoil.platforms.settings import PlatformSettings
from tests.support.books import violations
from tests.support.builders import (
    Balance,
    World,
    nothing_written,
    one_request,
    shown,
    table,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_books_hold(db):
    yield
    assert violations(with_payments=True) == []


@pytest.fixture
def seller(world):
    """With 5000 available."""
    account = world.seller()
    world.fund(10_000)
    world.transfer(5000, to=account)
    return account


def test_2_6_an_account_is_debited_and_the_platform_paid(world, seller):
    payment = world.charge(3000, source=seller, description="Stall rent", metadata={"month": "11"})

    assert world.rows(P=world.id, C=seller)[-3:] == table("""
        P  payment   3000  0   3000  py_
        C  payment   5000  0   5000  py_
        C  transfer -3000  0  -3000  tr_
    """)
    assert world.balance(seller) == Balance(available=2000)
    assert world.balance() == Balance(available=9680 - 5000 + 3000)
    wire = shown(charge_wire(payment))
    assert wire["payment_method_details"] == {"type": "stripe_account", "stripe_account": {}}
    assert (wire["paid"], wire["captured"], wire["metadata"]) == (True, True, {"month": "11"})
    transfer = world.find(TransferRow, wire["source_transfer"])
    shown(transfer_wire(transfer))
    assert (transfer.account_id, transfer.destination, transfer.amount) == (seller, world.id, 3000)


def test_2_6_both_sides_hear_of_it(world, seller):
    world.charge(3000, source=seller)

    assert world.events(seller)[-1] == "transfer.created"
    assert world.events()[-1] == "charge.succeeded"


def test_2_6_all_that_is_available_may_be_taken_and_nothing_more(world, seller):
    world.charge(2000, to=seller)  # pending
    with nothing_written(), pytest.raises(BalanceInsufficient) as refusal:
        world.charge(5001, source=seller)
    assert refusal.value.param == "amount"
    assert "50.00 USD available" in refusal.value.message

    world.charge(5000, source=seller)
    assert world.balance(seller) == Balance(pending=2000)


@pytest.mark.parametrize(
    ("sent", "param"),
    [
        ({"application_fee_amount": 10}, "application_fee_amount"),
        ({"capture": False}, "capture"),
        ({"receipt_email": "a@example.com"}, "receipt_email"),
        ({"statement_descriptor": "Rent"}, "statement_descriptor"),
        ({"amount": 49}, "amount"),
        ({"amount": -1}, "amount"),
        ({"currency": "xxx"}, "currency"),
        ({"transfer_group": "g" * 256}, "transfer_group"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(world, seller, sent, param):
    asked = {"amount": 1000, "currency": "usd"} | sent
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.charge(source=seller, **asked)

    assert refusal.value.param == param


def test_where_the_money_would_go_on_to_is_refused(world, seller):
    other = world.seller()
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.charge(1000, source=seller, to=other)
    assert refusal.value.param == "transfer_data"


def test_only_the_platforms_own_accounts_and_only_by_the_platform(world, seller):
    stranger, other = World(name="Fair").seller(), world.seller()
    with nothing_written(), pytest.raises(ResourceMissing) as missing:
        world.charge(1000, source=stranger)
    assert missing.value.param == "source"
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.charge(1000, source=other, on=seller)
    assert refusal.value.code == "platform_account_required"


def test_a_debit_goes_back_by_a_transfer_and_not_otherwise(world, seller):
    payment = world.charge(3000, source=seller)
    refund = msgspec.convert({"charge": payment.id}, CreateRefund)
    with nothing_written(), pytest.raises(InvalidRequest, match="with a transfer"):
        one_request(create_refund)(scope=world.scope, params=refund, now=world.now)
    with nothing_written(), pytest.raises(InvalidRequest, match="with a transfer"):
        one_request(create_reversal)(
            scope=world.on(seller).scope,
            transfer_id=payment.source_transfer_id,
            params=CreateReversal(),
            now=world.now,
        )

    world.transfer(3000, to=seller)
    assert world.balance(seller) == Balance(available=5000)


def test_a_debit_in_another_currency_is_converted_for_the_platform(world):
    briton = world.seller("GB")
    world.charge(20_000, "gbp", on=briton, source="tok_bypassPending")
    payment = world.charge(8000, "gbp", source=briton)

    assert world.balance() == Balance(available=10_000)
    assert (payment.amount, payment.currency, payment.exchange_rate) == (8000, "gbp", "1.25")
    row = world.transactions(world.id)[-1]
    assert (row.amount, row.currency, row.exchange_rate) == (10_000, "usd", "1.25")


def test_a_platform_that_holds_the_currency_keeps_it():
    world = World(settings=PlatformSettings(settlement_currencies=["gbp"]))
    briton = world.seller("GB")
    world.charge(20_000, "gbp", on=briton, source="tok_bypassPending")
    world.charge(8000, "gbp", source=briton)

    assert world.balance(currency="gbp") == Balance(available=8000)
