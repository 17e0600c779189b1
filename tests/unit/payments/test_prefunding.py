"""The refunds-and-disputes balance: sellers add funds, refunds use them, the rest comes out."""

from __future__ import annotations

import msgspec
import pytest

from counterfoil.accounts.models import Account
from counterfoil.accounts.operations import create_external_account, mark_errored
from counterfoil.accounts.params import CreateExternalAccount
from counterfoil.accounts.queries import newest_external_accounts
from counterfoil.kit.refused import BalanceInsufficient, InvalidRequest
from counterfoil.outbox.running import run_due
from counterfoil.payments.operations.prefunding import withdraw_prefunding
from counterfoil.payments.operations.refunds import create_refund
from counterfoil.payments.refund_params import CreateRefund
from counterfoil.payments.rows import RefundRow
from counterfoil.payments.topup_params import WithdrawPrefunding
from counterfoil.payments.topup_rows import TopupRow
from tests.support.books import violations
from tests.support.builders import (
    Balance,
    World,
    nothing_written,
    one_request,
    table,
    utc,
)

pytestmark = pytest.mark.django_db

ANSWER = utc(2025, 11, 10)


@pytest.fixture(autouse=True)
def the_books_hold(db):
    yield
    assert violations(with_payments=True) == []


@pytest.fixture
def seller(world):
    return world.seller()


@one_request
def refund(world: World, charge, *, on=None) -> RefundRow:
    params = msgspec.convert({"charge": charge.id}, CreateRefund)
    return create_refund(scope=world.on(on).scope, params=params, now=world.now)


@one_request
def withdraw(world: World, seller: str, amount: int, currency: str = "usd") -> None:
    params = WithdrawPrefunding(amount=amount, currency=currency)
    withdraw_prefunding(scope=world.on(seller).scope, params=params, now=world.now)


def prefunding(world: World, seller: str) -> Balance:
    return world.balance(seller, purpose="prefunding")


def test_a_sellers_top_up_goes_to_its_refunds_balance(world, seller):
    topup = world.top_up(5000, on=seller)
    assert (topup.account_id, topup.purpose) == (seller, "prefunding")
    assert topup.last4 == "6789"  # its own bank account
    world.pass_until(ANSWER)

    assert world.rows(C=seller) == table("C topup 5000 0 5000 tu_")
    assert world.transactions(seller)[0].balance_type == "prefunding"
    assert prefunding(world, seller) == Balance(available=5000)
    assert world.balance(seller) == Balance()
    assert world.events(seller) == ["topup.created", "topup.succeeded", "balance.available"]
    assert world.events() == []


def test_the_bank_account_of_the_seller_decides(world):
    bank = {
        "object": "bank_account",
        "country": "US",
        "account_number": "000222222227",
        "routing_number": "110000000",
    }
    seller = world.seller(external_account=bank)
    topup = world.top_up(5000, on=seller)
    world.pass_until(ANSWER)

    assert world.find(TopupRow, topup.id).failure_code == "insufficient_funds"
    assert prefunding(world, seller) == Balance()


def test_only_a_usable_bank_account_of_that_currency_is_debited(world, seller):
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.top_up(5000, "eur", on=seller)
    assert (refusal.value.code, refusal.value.param) == ("bank_account_unusable", "currency")

    (bank,) = newest_external_accounts([seller])[seller]
    mark_errored(
        platform_id=world.id, livemode=False, account_id=seller, external_id=bank.id, now=world.now
    )
    for source in ({}, {"source": bank.id}):
        with nothing_written(), pytest.raises(InvalidRequest) as refusal:
            world.top_up(5000, on=seller, **source)
        assert refusal.value.code == "bank_account_unusable"


def test_a_debit_card_is_never_debited(world):
    seller = world.seller(external_account="tok_visa_debit")
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.top_up(5000, on=seller)

    assert refusal.value.code == "bank_account_unusable"


def test_another_bank_account_of_the_seller_may_be_named(world, seller):
    wire = create_external_account(
        platform_id=world.id,
        livemode=False,
        account_id=seller,
        params=CreateExternalAccount(external_account="btok_us_verified_accountClosed"),
        now=world.now,
    )
    topup = world.top_up(5000, on=seller, source=wire.id)
    world.pass_until(ANSWER)

    assert world.find(TopupRow, topup.id).failure_code == "account_closed"


def test_a_refund_falls_back_to_it_when_the_available_balance_is_short(world, seller):
    world.top_up(5000, on=seller)
    charge = world.charge(1000, on=seller, source="tok_bypassPending")  # 941 is available
    world.pass_until(ANSWER)
    made = refund(world, charge, on=seller)

    assert (made.status, made.purpose) == ("succeeded", "prefunding")
    assert prefunding(world, seller) == Balance(available=4000)
    assert world.balance(seller) == Balance(available=941)


def test_a_waiting_refund_runs_when_the_seller_adds_funds(world, seller):
    charge = world.charge(1000, on=seller, source="tok_bypassPending")
    made = refund(world, charge, on=seller)
    assert made.pending_reason == "insufficient_funds"

    world.top_up(1000, on=seller)
    world.pass_until(ANSWER)
    run_due(world.now)

    assert world.find(RefundRow, made.id).status == "succeeded"
    assert prefunding(world, seller) == Balance()


def test_what_is_withdrawn_can_be_paid_out_and_was_never_earned(world, seller):
    world.top_up(5000, on=seller)
    world.pass_until(ANSWER)
    withdraw(world, seller, 2000)

    assert world.rows(C=seller) == table("""
        C topup           5000 0  5000 tu_
        C topup_reversal -2000 0 -2000 -
        C topup           2000 0  2000 -
    """)
    assert prefunding(world, seller) == Balance(available=3000)
    assert world.balance(seller) == Balance(available=2000)
    assert world.events(seller)[-1] == "balance.available"


@pytest.mark.parametrize(
    ("amount", "currency", "refused"),
    [
        (5001, "usd", BalanceInsufficient),
        (1, "eur", BalanceInsufficient),
        (0, "usd", InvalidRequest),
        (-1, "usd", InvalidRequest),
    ],
)
def test_no_more_is_withdrawn_than_is_there(world, seller, amount, currency, refused):
    world.top_up(5000, on=seller)
    world.pass_until(ANSWER)
    with nothing_written(), pytest.raises(refused):
        withdraw(world, seller, amount, currency)


def test_a_live_seller_sends_a_transfer_with_a_reference(world):
    seller = world.seller()
    Account.objects.filter(id=seller).update(livemode=True)
    acting = world.live_on(seller)
    topup = world.top_up(5000, caller=acting)

    assert (topup.purpose, topup.status) == ("prefunding", "pending")
    assert topup.reference is not None
