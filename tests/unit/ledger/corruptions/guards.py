"""Weakened triggers."""

from __future__ import annotations

from django.db import connection

from counterfoil.kit.db import execute
from tests.unit.ledger.corruptions.registry import breaks


@breaks("append_only")
def a_guard_is_dropped():
    on = " ON ledger_posting" if connection.vendor == "postgresql" else ""
    execute(f"DROP TRIGGER ledger_posting_refuses_delete{on}")


@breaks("append_only")
def a_guard_is_switched_off_or_guards_another_table():
    if connection.vendor == "postgresql":
        execute("ALTER TABLE ledger_block DISABLE TRIGGER ledger_block_refuses_truncate")
    else:
        execute("DROP TRIGGER ledger_block_refuses_update")
        execute(
            "CREATE TRIGGER ledger_block_refuses_update BEFORE UPDATE ON ledger_balance"
            " BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )


@breaks("append_only")
def a_guard_lets_some_through():
    if connection.vendor == "postgresql":
        body = "FOR EACH ROW WHEN (OLD.amount < 0) EXECUTE FUNCTION counterfoil_append_only()"
        execute(
            "CREATE OR REPLACE TRIGGER ledger_posting_refuses_delete BEFORE DELETE"
            f" ON ledger_posting {body}"
        )
    else:
        execute("DROP TRIGGER ledger_posting_refuses_delete")
        execute(
            "CREATE TRIGGER ledger_posting_refuses_delete BEFORE DELETE ON ledger_posting"
            " WHEN OLD.amount < 0 BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )


@breaks("append_only")
def a_guard_stands_but_does_nothing():
    if connection.vendor == "postgresql":
        execute(
            "CREATE OR REPLACE FUNCTION counterfoil_append_only() RETURNS trigger"
            " LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
        )
    else:
        execute("DROP TRIGGER ledger_entry_refuses_update")
        execute(
            "CREATE TRIGGER ledger_entry_refuses_update BEFORE UPDATE ON ledger_entry"
            " BEGIN SELECT 1; END"
        )
