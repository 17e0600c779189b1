"""Accounts below zero: reserved on the platform, debited, written off (money-movement §8)."""

from __future__ import annotations

import msgspec
import pytest

from counterfoil.accounts.models import ExternalAccount
from counterfoil.accounts.operations import update_account, update_external_account
from counterfoil.accounts.params import UpdateAccount, UpdateExternalAccount
from counterfoil.kit.db import fetch_all
from counterfoil.kit.pages import PageRequest
from counterfoil.kit.refused import BalanceInsufficient, InvalidRequest
from counterfoil.payments.operations import topups
from counterfoil.payments.operations.refunds import create_refund
from counterfoil.payments.refund_params import CreateRefund
from counterfoil.payments.rows import list_page
from counterfoil.payments.topup_rows import TopupRow
from counterfoil.payments.wire.topup import topup_wire
from tests.support.books import violations
from tests.support.builders import (
    DAY,
    Balance,
    World,
    nothing_written,
    one_request,
    shown,
    table,
    utc,
)
from tests.unit.payments.owing import change, reserved

pytestmark = pytest.mark.django_db

FAILING_BANK = {
    "object": "bank_account",
    "country": "US",
    "account_number": "000222222227",
    "routing_number": "110000000",
}
NO_DEBITS = {"payouts": {"debit_negative_balances": False}}


@pytest.fixture(autouse=True)
def the_books_hold(db):
    yield
    assert violations(with_payments=True) == []


@pytest.fixture
def seller(world):
    return world.seller()


def service_bears_losses(world: World) -> str:
    controller = {
        "fees": {"payer": "account"},
        "losses": {"payments": "stripe"},
        "stripe_dashboard": {"type": "express"},
    }
    return world.seller(type=None, controller=controller)


def debits(world: World, seller: str) -> list[TopupRow]:
    """Debits of the seller's bank account, oldest first."""
    page = list_page(TopupRow, world.scope.of(seller), [], PageRequest(limit=100))
    return list(reversed(page.rows))


# ---- §8.3: the reserve ----


def test_8_what_an_account_owes_is_reserved_and_released_as_it_is_paid(world, seller):
    """The example of §8: C at −1675, then 2000 net come in."""
    change(world, (seller, -1675))
    assert world.rows(P=world.id) == table("P reserve_transaction -1675 0 -1675 -")
    assert world.balance() == Balance(available=-1675)
    assert reserved(world) == 1675
    row = world.transactions(world.id)[0]
    assert (row.reporting_category, row.balance_type) == ("connect_reserved_funds", "payments")
    assert seller in row.description

    change(world, (seller, 2000))
    assert world.rows(P=world.id) == table("""
        P  reserve_transaction  -1675  0  -1675  -
        P  reserve_transaction   1675  0   1675  -
    """)
    assert (world.balance(), reserved(world)) == (Balance(), 0)
    assert world.balance(seller) == Balance(available=325)


def test_the_reserve_follows_each_step(world, seller):
    for amount, held in [(-500, 500), (-300, 800), (200, 600), (599, 1), (1, 0), (-5, 5)]:
        change(world, (seller, amount))
        assert reserved(world) == held


def test_pending_money_counts_against_what_is_owed(world, seller):
    world.charge(1000, on=seller)  # 941, on Wednesday
    change(world, (seller, -900))

    assert world.balance(seller) == Balance(pending=941, available=-900)
    assert reserved(world) == 0
    change(world, (seller, -100))
    assert reserved(world) == 59


def test_a_refund_that_nets_leaves_the_processing_fee_owed(world, seller):
    charge = world.charge(1000, on=seller)
    params = msgspec.convert({"charge": charge.id}, CreateRefund)
    one_request(create_refund)(scope=world.on(seller).scope, params=params, now=world.now)

    assert world.balance(seller) == Balance(pending=-59)
    assert reserved(world) == 59


def test_each_currency_is_reserved_for_itself(world, seller):
    change(world, (seller, -1000))
    change(world, (seller, 5000), currency="eur")
    change(world, (seller, -7000), currency="eur")

    assert (reserved(world), reserved(world, "eur")) == (1000, 2000)


def test_accounts_are_reserved_for_each_by_itself(world, seller):
    other = world.seller()
    change(world, (seller, -1000), (other, 5000))
    assert reserved(world) == 1000

    change(world, (seller, 400), (other, -5300))
    assert reserved(world) == 900


def test_a_transfer_from_the_platform_clears_the_reserve(world, seller):
    change(world, (seller, -1000))
    world.fund(10_000)
    world.transfer(1000, to=seller)

    assert reserved(world) == 0
    assert world.balance(seller) == Balance()
    assert world.balance() == Balance(available=9680 - 1000)


def test_reserved_money_is_not_available(world, seller):
    world.fund(10_000)
    change(world, (seller, -1000))
    other = world.seller()

    assert world.balance() == Balance(available=8680)
    with nothing_written(), pytest.raises(BalanceInsufficient, match=r"86\.80 USD is available"):
        world.transfer(9000, to=other)


def test_no_reserve_where_the_service_bears_the_losses(world):
    account = service_bears_losses(world)
    change(world, (account, -1000))

    assert reserved(world) == 0
    assert world.transactions(world.id) == []


def test_many_accounts_in_one_operation(world):
    """More than go into one statement, some of them below zero."""
    sellers = [world.seller(type="express") for _ in range(60)]
    change(world, *[(account, 100 * (place % 3 - 1) or 7) for place, account in enumerate(sellers)])

    assert reserved(world) == 20 * 100


# ---- §8.2: the bank is debited ----

TUESDAY = utc(2025, 11, 4)  # the business day after Monday's shortfall
ANSWER = utc(2025, 11, 12)  # five business days later; the 11th is a holiday
RELEASE = utc(2025, 11, 17)  # three business days after that


def test_the_sellers_bank_is_debited_on_the_next_business_day(world, seller):
    change(world, (seller, -1675))
    assert world.pass_until(TUESDAY - 1) == 0
    world.pass_until(TUESDAY)
    (debit,) = debits(world, seller)
    wire = shown(topup_wire(debit))

    assert (wire["amount"], wire["status"], wire["initiated_by"]) == (1675, "pending", "stripe")
    assert (debit.purpose, debit.next_at) == ("payments", ANSWER)
    assert world.balance(seller) == Balance(available=-1675)


def test_what_the_bank_pays_repays_and_the_reserve_stays_three_business_days_more(world, seller):
    change(world, (seller, -1675))
    world.pass_until(ANSWER)

    assert world.rows(C=seller) == table("""
        C  adjustment  -1675  0  -1675  -
        C  topup        1675  0   1675  tu_
    """)
    assert (world.balance(seller), reserved(world)) == (Balance(), 1675)
    world.pass_until(RELEASE - 1)
    assert reserved(world) == 1675
    world.pass_until(RELEASE)
    assert reserved(world) == 0
    assert world.rows(P=world.id) == table("""
        P  reserve_transaction  -1675  0  -1675  -
        P  reserve_transaction   1675  0   1675  -
    """)
    assert world.pass_until(RELEASE + 400 * DAY) == 0
    assert fetch_all("SELECT * FROM payments_shortfall") == []


def test_what_is_kept_covers_a_debit_that_the_bank_returns(world, seller):
    change(world, (seller, -1675))
    world.pass_until(ANSWER)
    (debit,) = debits(world, seller)
    one_request(topups.fail_topup)(
        topup_id=debit.id, scope=world.scope.of(seller), code="debit_not_authorized", now=world.now
    )

    assert world.balance(seller) == Balance(available=-1675)
    assert reserved(world) == 1675  # once, not twice
    assert len(world.transactions(world.id)) == 1


def test_a_part_of_what_is_kept_may_be_needed_again(world, seller):
    change(world, (seller, -1000))
    world.pass_until(ANSWER)
    change(world, (seller, -300))
    assert reserved(world) == 1000
    change(world, (seller, -900))
    assert reserved(world) == 1200
    change(world, (seller, 1200))
    assert reserved(world) == 0


def test_payments_that_come_first_leave_nothing_to_debit(world, seller):
    change(world, (seller, -1675))
    change(world, (seller, 1675))
    world.pass_until(TUESDAY)

    assert debits(world, seller) == []


def test_payments_that_come_meanwhile_leave_the_seller_the_rest(world, seller):
    change(world, (seller, -1675))
    world.pass_until(TUESDAY)
    change(world, (seller, 1000))
    world.pass_until(ANSWER)

    assert world.balance(seller) == Balance(available=1000)


def test_after_three_failed_debits_the_bank_account_is_paused(world):
    seller = world.seller(external_account=FAILING_BANK)
    change(world, (seller, -1675))
    world.pass_until(ANSWER + DAY)  # the first failed, the second is on its way
    assert [one.status for one in debits(world, seller)] == ["failed", "pending"]
    assert bank_status(seller) == "new"

    world.pass_until(world.now + 60 * DAY)
    assert [one.status for one in debits(world, seller)] == ["failed"] * 3
    assert bank_status(seller) == "errored"
    assert reserved(world) == 1675


def bank_status(seller: str) -> str:
    return ExternalAccount.objects.get(account_id=seller).status


def test_an_updated_bank_account_is_debited_again(world):
    seller = world.seller(external_account=FAILING_BANK)
    change(world, (seller, -1675))
    world.pass_until(world.now + 60 * DAY)
    assert (len(debits(world, seller)), bank_status(seller)) == (3, "errored")

    update_external_account(
        platform_id=world.id,
        livemode=False,
        account_id=seller,
        external_id=ExternalAccount.objects.get(account_id=seller).id,
        params=UpdateExternalAccount(),
        now=world.now,
    )
    world.pass_until(world.now + 7 * DAY)
    assert len(debits(world, seller)) == 4


def test_who_allows_no_debits_is_not_debited(world, seller):
    set_settings(world, seller, NO_DEBITS)
    change(world, (seller, -1675))
    world.pass_until(world.now + 30 * DAY)
    assert debits(world, seller) == []

    set_settings(world, seller, {"payouts": {"debit_negative_balances": True}})
    world.pass_until(world.now + 5 * DAY)
    assert len(debits(world, seller)) == 1


def set_settings(world: World, seller: str, settings: dict) -> None:
    update_account(
        platform_id=world.id,
        livemode=False,
        account_id=seller,
        params=msgspec.convert({"settings": settings}, UpdateAccount),
        now=world.now,
    )


def test_cards_are_never_debited(world):
    seller = world.seller(external_account="tok_visa_debit")
    change(world, (seller, -1675))
    world.pass_until(world.now + 30 * DAY)

    assert debits(world, seller) == []


def test_nobody_cancels_a_debit_that_repays(world, seller):
    change(world, (seller, -1675))
    world.pass_until(TUESDAY)
    (debit,) = debits(world, seller)
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        one_request(topups.cancel_topup)(
            scope=world.scope.of(seller), topup_id=debit.id, now=world.now
        )

    assert "debit_negative_balances" in refusal.value.message


# ---- §8.4 and 5: after 180 days ----


def test_after_180_days_the_platform_takes_the_debt_over(world, seller):
    set_settings(world, seller, NO_DEBITS)
    world.fund(10_000)
    began = world.now
    change(world, (seller, -1675))
    world.pass_until(began + 180 * DAY - 1)
    assert world.balance(seller) == Balance(available=-1675)
    world.pass_until(began + 180 * DAY)

    assert world.rows(C=seller) == table("""
        C  adjustment                   -1675  0  -1675  -
        C  connect_collection_transfer   1675  0   1675  -
    """)
    assert sorted(world.rows(P=world.id)[2:]) == sorted(
        table("""
            P  reserve_transaction           1675  0   1675  -
            P  connect_collection_transfer  -1675  0  -1675  -
        """)
    )
    assert (world.balance(seller), reserved(world)) == (Balance(), 0)
    assert world.balance() == Balance(available=9680 - 1675)


def test_the_days_are_counted_from_when_it_last_fell_below_zero(world, seller):
    set_settings(world, seller, NO_DEBITS)
    began = world.now
    change(world, (seller, -1000))
    world.pass_until(began + 100 * DAY)
    change(world, (seller, 1000))
    change(world, (seller, -400))
    world.pass_until(began + 200 * DAY)
    assert world.balance(seller) == Balance(available=-400)

    world.pass_until(began + 280 * DAY)
    assert world.balance(seller) == Balance()


def test_the_world_bears_what_the_platform_does_not(world):
    account = service_bears_losses(world)
    set_settings(world, account, NO_DEBITS)
    change(world, (account, -1675))
    world.pass_until(world.now + 180 * DAY)

    assert world.balance(account) == Balance()
    assert world.transactions(world.id) == []
    assert world.balance(purpose="losses") == Balance(available=-1675)
