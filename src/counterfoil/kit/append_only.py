"""Append-only by the database itself: triggers that refuse what no code of ours may do.

Migrations on SQLite remake tables and lose their triggers, so they are installed again after
every migration; `check` and `doctor` verify that they stand. On SQLite `REPLACE` fires delete
triggers only with `recursive_triggers`, which our connections turn on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import connections

_POSTGRES_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION counterfoil_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;
END $$
"""


def trigger_names(table: str) -> tuple[str, ...]:
    """The triggers that guard a table on this engine; TRUNCATE exists on PostgreSQL only."""
    return tuple(f"{table}_refuses_{verb}" for verb in ("update", "delete", "truncate"))


def guard_tables(tables: Iterable[str], using: str = "default") -> None:
    """Guard each of these tables that exists. Safe to run again."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTION)
        for table in tables:
            if table not in existing:
                continue
            for statement in _statements(table, connection.vendor):
                cursor.execute(statement)


def installed_triggers(using: str = "default") -> set[str]:
    """Names of the guards that stand, and are not disabled."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        sql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    else:
        sql = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {row[0] for row in cursor.fetchall()}


def _statements(table: str, vendor: str) -> list[str]:
    update, delete, truncate = trigger_names(table)
    if vendor == "postgresql":
        row = "FOR EACH ROW EXECUTE FUNCTION counterfoil_append_only()"
        whole = "FOR EACH STATEMENT EXECUTE FUNCTION counterfoil_append_only()"
        return [
            f"CREATE OR REPLACE TRIGGER {update} BEFORE UPDATE ON {table} {row}",
            f"CREATE OR REPLACE TRIGGER {delete} BEFORE DELETE ON {table} {row}",
            f"DROP TRIGGER IF EXISTS {truncate} ON {table}",
            f"CREATE TRIGGER {truncate} BEFORE TRUNCATE ON {table} {whole}",
        ]
    return [
        f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is append-only: {verb} refused'); END"
        for name, verb in ((update, "UPDATE"), (delete, "DELETE"))
    ]
