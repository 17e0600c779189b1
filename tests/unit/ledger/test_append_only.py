"""The database itself refuses to change the books."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from counterfoil.kit.append_only import installed_triggers, trigger_names
from counterfoil.kit.db import execute, fetch_all, fetch_one
from counterfoil.ledger.triggers import APPEND_ONLY, install_triggers
from tests.support.books import broken, small_world, unguarded

pytestmark = pytest.mark.django_db
KEYS = {"ledger_posting": "entry_id", "ledger_blockentry": "entry_id"}


@pytest.fixture(autouse=True)
def world():
    small_world()


def contents(table: str) -> list[tuple]:
    return sorted(fetch_all(f"SELECT * FROM {table}"), key=repr)


def refused(table: str, sql: str, params: list | None = None) -> None:
    before = contents(table)
    assert before, "an empty table refuses nothing"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        execute(sql, params or [])
    assert contents(table) == before


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_row_is_updated(table):
    key = KEYS.get(table, "id")
    refused(table, f"UPDATE {table} SET {key} = {key}")


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_row_is_deleted(table):
    refused(table, f"DELETE FROM {table}")


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_row_is_replaced_by_a_conflicting_one(table):
    """`REPLACE` on SQLite, `ON CONFLICT DO UPDATE` on PostgreSQL."""
    key = KEYS.get(table, "id")
    row = fetch_one(f"SELECT * FROM {table} LIMIT 1")
    values = ", ".join(["%s"] * len(row))
    if connection.vendor == "sqlite":
        refused(table, f"REPLACE INTO {table} VALUES ({values})", list(row))
        refused(table, f"INSERT OR REPLACE INTO {table} VALUES ({values})", list(row))
    target = "entry_id, position" if table == "ledger_posting" else key
    conflict = f"ON CONFLICT ({target}) DO UPDATE SET {key} = excluded.{key}"
    refused(table, f"INSERT INTO {table} VALUES ({values}) {conflict}", list(row))


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_table_is_emptied_at_once(table):
    if connection.vendor == "postgresql":
        refused(table, f"TRUNCATE {table}")
        refused(table, f"TRUNCATE {table} CASCADE")
    else:
        refused(table, f"DELETE FROM {table} WHERE 1 = 1")


def test_every_guard_stands_after_migrating():
    verbs = 3 if connection.vendor == "postgresql" else 2

    expected = {name for table in APPEND_ONLY for name in trigger_names(table)[:verbs]}
    assert expected <= installed_triggers()


def test_guards_come_back_and_may_be_installed_twice():
    with unguarded():
        assert broken() == {"append_only"}
    install_triggers()

    assert broken() == set()
