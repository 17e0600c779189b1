"""Corrupted balances."""

from __future__ import annotations

from counterfoil.kit.db import execute, insert_rows
from tests.support.books import DAY, OTHER, SELLER
from tests.unit.ledger.corruptions.registry import breaks


@breaks("balance_is_sum_of_postings")
def a_pending_balance_grows_by_itself():
    execute("UPDATE ledger_balance SET amount = amount + 1 WHERE owner = %s", [SELLER])


@breaks("balance_is_sum_of_postings")
def an_available_balance_vanishes():
    execute("DELETE FROM ledger_balance WHERE purpose = 'in_transit'")


@breaks("balance_is_sum_of_postings")
def a_balance_without_any_posting():
    row = (OTHER, False, "eur", "payments", 0, 0, 100)
    columns = ("owner", "livemode", "currency", "purpose", "available_on", "spread", "amount")
    insert_rows("ledger_balance", columns, [row])


@breaks("balance_by_day")
def money_becomes_available_a_day_early():
    execute(
        "UPDATE ledger_balance SET available_on = available_on - %s"
        " WHERE owner = %s AND currency = 'jpy'",
        [DAY, SELLER],
    )


@breaks("daily_move")
def a_day_moved_more_than_its_transactions():
    execute("UPDATE ledger_dailymove SET fee = fee + 1 WHERE owner = %s", [SELLER])


@breaks("daily_move")
def a_day_is_forgotten():
    execute("DELETE FROM ledger_dailymove WHERE owner = %s", [SELLER])
