"""Corrupted entries and postings."""

from __future__ import annotations

from counterfoil.kit.db import execute, insert_rows
from counterfoil.ledger.drafts import EntryDraft
from tests.support.books import NOW, OTHER, PLATFORM, behind_the_scenes, forge, post, rewrite
from tests.unit.ledger.corruptions.registry import breaks


@breaks("entry_balanced")
def an_entry_loses_a_cent():
    forge(behind_the_scenes("1", debit=500, credit=499))


@breaks("entry_two_sided")
def an_entry_without_postings():
    forge(EntryDraft("empty:1", "adjustment", []))


@breaks("posting_has_entry")
def postings_of_no_entry():
    columns = ("entry_id", "position", "owner", "livemode", "currency", "purpose", "side", "amount")
    row = ("je_nowhere", 0, PLATFORM, False, "usd", "losses", "debit", 5, NOW)
    other = ("je_nowhere", 1, PLATFORM, False, "usd", "losses", "credit", 5, NOW)
    insert_rows("ledger_posting", (*columns, "available_on"), [row, other])


@breaks("entry_one_world")
def a_transaction_says_another_platform():
    rewrite("UPDATE ledger_balancetransaction SET platform_id = 'acct_x' WHERE owner = %s", [OTHER])


@breaks("entry_one_world")
def a_posting_says_another_mode_and_the_balances_follow():
    post(behind_the_scenes("1"))
    rewrite("UPDATE ledger_posting SET livemode = %s WHERE purpose = 'losses'", [True])
    execute("UPDATE ledger_balance SET livemode = %s WHERE purpose = 'losses'", [True])
