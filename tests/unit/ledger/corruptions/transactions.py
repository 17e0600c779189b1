"""Corrupted balance transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from counterfoil.kit.db import execute, fetch_one, insert_rows
from counterfoil.ledger.drafts import EntryDraft, FeeDetail, Line, TransactionDraft
from counterfoil.ledger.models import Purpose
from tests.support.books import LATER, PLATFORM, SELLER, forge, post, processing_fee, seen, transfer
from tests.unit.ledger.corruptions.registry import breaks


class WrongNet(TransactionDraft):
    net = property(lambda self: self.amount - self.fee - 1)


class WrongFee(TransactionDraft):
    fee = property(lambda self: sum(part.amount for part in self.fees) + 1)


@contextmanager
def without_the_constraint_on_net() -> Iterator[None]:
    if connection.vendor == "postgresql":
        table = "ledger_balancetransaction"
        execute(f"ALTER TABLE {table} DROP CONSTRAINT ledger_txn_net_is_amount_less_fee")
        yield  # the test's rollback brings it back
    else:
        execute("PRAGMA ignore_check_constraints = ON")
        yield
        execute("PRAGMA ignore_check_constraints = OFF")


def to_seller(amount: int, transaction: TransactionDraft) -> EntryDraft:
    """`amount` from the network to the seller, shown as `transaction`."""
    lines = [
        Line(PLATFORM, Purpose.CARD_NETWORK, "debit", amount, "usd", LATER),
        Line(SELLER, Purpose.PAYMENTS, "credit", amount, "usd", LATER),
    ]
    return EntryDraft("charge:forged", "charge", lines, [transaction])


@breaks("transaction_net")
def a_net_that_is_not_amount_less_fee():
    fees = processing_fee(59)
    with without_the_constraint_on_net():
        forge(to_seller(940, seen(SELLER, "charge", 1000, fees=fees, draft=WrongNet)))


@breaks("transaction_fee")
def a_fee_that_its_details_do_not_explain():
    fees = processing_fee(59)
    forge(to_seller(940, seen(SELLER, "charge", 1000, fees=fees, draft=WrongFee)))


@breaks("transaction_fee")
def a_fee_in_another_currency():
    fees = [FeeDetail(59, "eur", "stripe_fee")]
    forge(to_seller(941, seen(SELLER, "charge", 1000, fees=fees)))


@breaks("transaction_has_entry")
def a_transaction_of_no_entry():
    row = fetch_one(f"SELECT {COPIED} FROM ledger_balancetransaction WHERE type = 'payout'")
    columns = ("id", "entry_id", *COPIED.split(", "))
    insert_rows("ledger_balancetransaction", columns, [("txn_x", "je_nowhere", *row)])


COPIED = (
    "platform_id, owner, livemode, created, type, reporting_category, balance_type, amount, fee,"
    " net, currency, available_on, fee_details"
)


@breaks("transactions_match_postings")
def an_owner_sees_more_than_was_posted():
    forge(to_seller(940, seen(SELLER, "charge", 941)))


@breaks("transactions_match_postings")
def an_owner_is_paid_and_sees_nothing():
    lines = to_seller(940, seen(SELLER, "charge", 940)).lines
    forge(EntryDraft("charge:forged", "charge", lines))


@breaks("transactions_match_postings")
def a_row_on_another_pocket_than_its_postings():
    row = seen(SELLER, "charge", 940, balance_type=Purpose.CONNECT_RESERVED)
    forge(to_seller(940, row))


@breaks("transfers_cancel_out")
def a_transfer_that_arrives_smaller():
    post(transfer("leaking", amount=1000, arrives=900))


@breaks("transfers_cancel_out")
def a_reversal_that_arrives_smaller():
    entry = transfer("leaking", amount=1000, arrives=900)
    there, back = entry.transactions
    kinds = {"transfer": "transfer_refund", "payment": "payment_refund"}
    lines = [Line(*_swapped(line)) for line in entry.lines]
    rows = [seen(one.owner, kinds[one.type], -one.amount) for one in (there, back)]
    post(EntryDraft("reversal:leaking", "reversal", lines, rows))


def _swapped(line: Line) -> tuple:
    side = "debit" if line.side == "credit" else "credit"
    return line.owner, line.purpose, side, line.amount, line.currency, line.available_on
