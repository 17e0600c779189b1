"""Each invariant of payments is broken by SQL, and `check` names exactly that one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
import pytest
from django.db import connection

from counterfoil.kit.db import execute, fetch_one
from counterfoil.kit.ids import new_id
from counterfoil.ledger.drafts import EntryDraft, Line, TransactionDraft
from counterfoil.ledger.models import Purpose
from counterfoil.ledger.operations import post_entries
from counterfoil.payments.check import charges, refunds
from counterfoil.payments.operations.refunds import create_refund, fail_refund
from counterfoil.payments.operations.reversals import create_fee_refund, create_reversal
from counterfoil.payments.refund_params import CreateFeeRefund, CreateRefund, CreateReversal
from counterfoil.payments.rows import RefundRow
from tests.support.books import broken
from tests.support.builders import NOW, WEDNESDAY, World

pytestmark = pytest.mark.django_db

Corruption = Callable[[World], object]
CORRUPTIONS: dict[str, list[Corruption]] = defaultdict(list)


@pytest.fixture(autouse=True)
def bazaar() -> World:
    """Every kind of charge, one of each still open, and every way of giving money back."""
    world = World()
    ada, otto = world.seller(), world.seller("DE")
    world.charge(1000, on=ada, fee=123)
    world.charge(1000, on=ada, capture=False)
    world.try_charge(1000, source="tok_visa_chargeDeclined")
    world.intent(2000, to=ada, fee=200, payment_method="pm_card_visa", confirm=True)
    world.charge(1000, to=ada, share=877)
    separate = world.charge(10_000, source="tok_bypassPending")
    world.transfer(7000, to=ada, source_transaction=separate.id)
    world.transfer(2000, to=otto, source_transaction=separate.id)
    world.transfer(300, to=otto)
    give_back(world, ada)
    return world


def give_back(world: World, seller: str) -> None:
    """Refunds in each state, a reversal and a fee refund on their own."""
    refund(world, world.charge(1000, on=seller, fee=100).id, on=seller, amount=250)
    sent = world.charge(5000, to=seller, fee=500)
    both = {"reverse_transfer": True, "refund_application_fee": True}
    refund(world, sent.id, amount=1000, **both)
    failed = refund(world, world.charge(800).id)
    fail_refund(refund_id=failed.id, scope=world.scope, reason="lost_or_stolen_card", now=NOW)
    poor = world.seller()
    waiting = refund(world, world.charge(1000, on=poor).id, on=poor, now=WEDNESDAY)
    assert waiting.pending_reason == "insufficient_funds"

    transfer = world.transfer(400, to=seller)
    part = CreateReversal(amount=150)
    create_reversal(scope=world.scope, transfer_id=transfer.id, params=part, now=NOW)
    fee = world.charge(1000, on=seller, fee=123).application_fee_id
    assert fee is not None
    share = CreateFeeRefund(amount=23)
    create_fee_refund(scope=world.scope, fee_id=fee, params=share, now=NOW)


def refund(
    world: World, charge_id: str, *, on: str | None = None, now: int = NOW, **more: object
) -> RefundRow:
    params = msgspec.convert({"charge": charge_id} | more, CreateRefund)
    return create_refund(scope=world.on(on).scope, params=params, now=now)


def breaks(invariant: str) -> Callable[[Corruption], Corruption]:
    """Register a corruption under the one invariant it breaks."""

    def register(corruption: Corruption) -> Corruption:
        CORRUPTIONS[invariant].append(corruption)
        return corruption

    return register


def change(table: str, what: str, where: str) -> None:
    """One row of a table, by SQL; there must be exactly one."""
    assert execute(f"UPDATE payments_{table} SET {what} WHERE {where}") == 1


@contextmanager
def without_constraint(name: str) -> Iterator[None]:
    if connection.vendor == "postgresql":
        execute(f"ALTER TABLE payments_charge DROP CONSTRAINT {name}")
        yield  # the test's rollback brings it back
    else:
        execute("PRAGMA ignore_check_constraints = ON")
        yield
        execute("PRAGMA ignore_check_constraints = OFF")


UNCAPTURED = "status = 'succeeded' AND NOT captured"
DECLINED = "status = 'failed'"
SEPARATE = "amount = 10000"  # the charge that two transfers draw on
BONUS = "amount = 300 AND source_transaction IS NULL"  # the transfer without a charge


# ---- Charges, transfers, fees ----


@breaks("charge_amounts")
def more_is_captured_than_was_charged(world):
    with without_constraint("charge_captured_within_amount"):
        change("charge", "amount = amount_captured - 1", SEPARATE)


@breaks("charge_in_books")
def a_captured_amount_that_no_line_shows(world):
    change("charge", "amount_captured = amount_captured - 1", SEPARATE)


@breaks("charge_in_books")
def a_charge_that_was_never_captured_has_money(world):
    change("charge", "amount_captured = 1", UNCAPTURED)


@breaks("charge_in_books")
def a_declined_charge_has_a_line(world):
    change("charge", "balance_transaction_id = 'txn_x'", DECLINED)


@breaks("charge_in_books")
def a_charge_moves_to_another_account(world):
    other = world.seller()
    change("charge", f"account_id = '{other}'", SEPARATE)


@breaks("intent_received")
def an_intent_received_more_than_was_captured(world):
    change("paymentintent", "amount_received = amount_received + 1", "amount_received > 0")


@breaks("intent_received")
def an_intent_loses_its_charge(world):
    change("charge", "payment_intent_id = NULL", "payment_intent_id IS NOT NULL")


@breaks("transfer_in_books")
def a_transfer_of_less_than_was_moved(world):
    change("transfer", "amount = amount - 1", BONUS)


@breaks("transfer_in_books")
def a_transfer_to_somebody_else(world):
    other = world.seller()
    change("transfer", f"destination = '{other}'", BONUS)


@breaks("transfer_in_books")
def a_payment_that_came_from_no_transfer(world):
    change("charge", "source_transfer_id = NULL", "amount = 300")


@breaks("transfers_within_charge")
def more_is_transferred_than_was_charged(world):
    source = fetch_one(f"SELECT id FROM payments_charge WHERE {SEPARATE}")[0]
    world.fund(9000)
    transfer = world.transfer(1001, to=world.seller())
    change("transfer", f"source_transaction = '{source}'", f"id = '{transfer.id}'")


@breaks("transfers_within_charge")
def a_transfer_from_a_charge_that_does_not_exist(world):
    change("transfer", "source_transaction = 'ch_nowhere'", BONUS)


@breaks("fee_in_books")
def a_fee_of_less_than_was_earned(world):
    change("applicationfee", "amount = amount - 1", "amount = 200")


@breaks("line_has_object")
def a_charge_is_in_the_books_twice(world):
    source = fetch_one(f"SELECT id FROM payments_charge WHERE {SEPARATE}")[0]
    line(world, "charge", "charge", 10_000, source)


@breaks("line_has_object")
def an_object_is_gone(world):
    # Uncaptured, so that nothing else about it is missed: its line is posted here.
    ident = fetch_one(f"SELECT id FROM payments_charge WHERE {UNCAPTURED}")[0]
    line(world, "charge", "charge", 1000, ident)
    execute("DELETE FROM payments_charge WHERE id = %s", [ident])


def line(world: World, kind: str, category: str, amount: int, source: str) -> None:
    """A line of the platform's own, in order as far as the ledger can tell."""
    side, other = ("credit", "debit") if amount > 0 else ("debit", "credit")
    row = TransactionDraft(
        id=new_id("txn", NOW),
        owner=world.id,
        type=kind,
        reporting_category=category,
        amount=amount,
        currency="usd",
        available_on=NOW,
        source_id=source,
    )
    lines = [
        Line(world.id, Purpose.PAYMENTS, side, abs(amount), "usd", NOW),
        Line(world.id, Purpose.CARD_NETWORK, other, abs(amount), "usd", NOW),
    ]
    draft = EntryDraft(f"forged:{row.id}", "forged", lines, [row])
    zones = {world.id: "Etc/UTC"}
    post_entries([draft], platform_id=world.id, livemode=False, at=NOW, zones=zones)


# ---- Refunds, reversals, fee refunds ----


@breaks("given_back_sums")
def a_charge_forgets_a_refund(world):
    change("charge", "amount_refunded = amount_refunded - 1", "amount_refunded = 250")


@breaks("given_back_sums")
def a_transfer_forgets_a_reversal(world):
    change("transfer", "amount_reversed = amount_reversed - 1", "amount = 400")


@breaks("given_back_sums")
def a_fee_forgets_a_refund(world):
    change("applicationfee", "amount_refunded = 22", "amount_refunded = 23")


@breaks("refund_in_books")
def a_refund_names_another_line(world):
    change("refund", "failure_transaction_id = balance_transaction_id", "amount = 250")


@breaks("refund_in_books")
def a_refund_that_waits_is_called_paid(world):
    change("refund", "status = 'succeeded', pending_reason = NULL", "pending_reason IS NOT NULL")


@breaks("refund_in_books")
def a_refund_belongs_to_another_account(world):
    change("refund", f"account_id = '{world.seller()}'", "amount = 250")


@breaks("reversal_in_books")
def a_reversal_belongs_to_another_account(world):
    change("transferreversal", f"account_id = '{world.seller()}'", "amount = 150")


@breaks("reversal_in_books")
def a_reversal_without_the_refund_of_its_payment(world):
    change("refund", "source_transfer_reversal_id = NULL", "amount = 150")


@breaks("fee_refund_in_books")
def a_fee_refund_belongs_to_another_account(world):
    change("feerefund", f"account_id = '{world.seller()}'", "amount = 23")


@breaks("fee_refund_in_books")
def a_fee_was_returned_to_an_account_that_did_not_pay_it(world):
    change("applicationfee", f"connected_account_id = '{world.seller()}'", "amount_refunded = 23")


@breaks("refund_line_has_refund")
def a_refund_is_in_the_books_twice(world):
    source = fetch_one("SELECT id FROM payments_refund WHERE amount = 250")[0]
    line(world, "refund", "refund", -250, source)


@breaks("refund_line_has_refund")
def a_failure_of_a_refund_that_did_not_fail(world):
    source = fetch_one("SELECT id FROM payments_refund WHERE amount = 250")[0]
    line(world, "refund_failure", "refund_failure", 250, source)


# ---- Judgement ----


def test_a_world_made_by_our_own_operations_breaks_nothing():
    assert broken(with_payments=True) == set()


def test_every_invariant_here_has_a_corruption():
    judged = [*charges.INVARIANTS, *refunds.INVARIANTS]

    assert set(CORRUPTIONS) == {invariant.name for invariant in judged}


@pytest.mark.parametrize(
    ("name", "corruption"),
    [
        pytest.param(name, corruption, id=f"{name}-{corruption.__name__}")
        for name, corruptions in CORRUPTIONS.items()
        for corruption in corruptions
    ],
)
def test_exactly_the_broken_invariant_is_named(bazaar, name, corruption):
    corruption(bazaar)

    assert broken(with_payments=True) == {name}
