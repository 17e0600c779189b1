"""Plain SQL for hot paths, and the one field type that ids need (design §1).

An ORM query costs up to a millisecond before the database does anything; these helpers send
one statement for many rows and read rows as tuples.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec
from django.db import connection, models, transaction

if TYPE_CHECKING:
    _Text = models.CharField[Any, Any]
else:
    _Text = models.CharField  # generic for the type checker only


class IdField(_Text):
    """A text id whose order is byte order on every engine.

    PostgreSQL sorts text by the database's locale unless told otherwise; SQLite always by
    bytes. Time-ordered ids and keyset pages need bytes.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 64)
        super().__init__(*args, **kwargs)

    def db_type(self, connection: Any) -> str | None:
        if connection.vendor == "postgresql":
            # Spelled out, Django adds no second index for LIKE: C-collated ones serve it.
            return f"character varying({self.max_length})"
        kind: str | None = super().db_type(connection)
        return kind

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        parameters: dict[str, Any] = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


def unit_of_work() -> Any:
    """A transaction; inside another one, simply a part of it.

    No savepoint: an operation is whole or not at all, and a refusal inside it undoes all.
    """
    return transaction.atomic(savepoint=False)


# SQLite takes 32,766 parameters in one statement.
_MOST_PARAMETERS: Final = 30_000
_STREAM_BATCH: Final = 2000
# From so many rows on PostgreSQL gets one JSON text instead of a parameter for every value:
# ten times as fast, because the driver looks for placeholders in the whole statement.
_WORTH_JSON: Final = 50


def execute(sql: str, params: Sequence[Any] = ()) -> int:
    """Run one statement; the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def fetch_all(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def stream(sql: str, params: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """Rows as they come, never all in memory. Several streams may be open at once."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while batch := cursor.fetchmany(_STREAM_BATCH):
            yield from batch


def fetch_one(sql: str, params: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


def insert_rows(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, conflict: str = ""
) -> int:
    """One `INSERT` of many rows; the number written. `conflict` is an `ON CONFLICT …` clause.

    Thousands of rows go in several statements, as many as the engine's limit asks for.
    """
    values = list(rows)
    as_json = len(values) >= _WORTH_JSON and connection.vendor == "postgresql"
    insert = _insert_json if as_json else _insert_values
    at_once = _MOST_PARAMETERS // len(columns)
    return sum(
        insert(table, columns, values[start : start + at_once], conflict)
        for start in range(0, len(values), at_once)
    )


def _insert_values(
    table: str, columns: Sequence[str], values: Sequence[Sequence[object]], conflict: str
) -> int:
    one = f"({', '.join(['%s'] * len(columns))})"
    into = f"INSERT INTO {table} ({', '.join(columns)})"
    sql = f"{into} VALUES {', '.join([one] * len(values))} {conflict}"
    return execute(sql, [value for row in values for value in row])


def _insert_json(
    table: str, columns: Sequence[str], values: Sequence[Sequence[object]], conflict: str
) -> int:
    # The table's own row type says what each value is; rows are written in their order.
    names = ", ".join(columns)
    text = msgspec.json.encode([dict(zip(columns, row, strict=True)) for row in values]).decode()
    return execute(
        f"INSERT INTO {table} ({names}) SELECT {names}"  # noqa: S608 - names of ours
        f" FROM json_populate_recordset(NULL::{table}, %s) {conflict}",
        [text],
    )


def placeholders(values: Sequence[object]) -> str:
    """`%s, %s, …` for an `IN (…)`; never empty."""
    assert values, "an empty IN () is a mistake of the caller"
    return ", ".join(["%s"] * len(values))


def lock_row_suffix() -> str:
    """`FOR UPDATE` where the engine has it; SQLite's writers hold the whole database."""
    return " FOR UPDATE" if connection.vendor == "postgresql" else ""
