"""Plain SQL for hot paths, and the one field type that ids need (design §1).

An ORM query costs up to a millisecond before the database does anything; these helpers send
one statement for many rows and read rows as tuples.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import msgspec
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, models, transaction

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


class WriteRefused(Exception):
    """Something was about to be written inside `reading_only`."""


@contextmanager
def reading_only() -> Iterator[None]:
    """The database itself takes no write inside; whoever tries raises WriteRefused.

    What was written before in the same transaction stays.
    """
    database = connections[DEFAULT_DB_ALIAS]
    try:
        if database.vendor == "sqlite":
            execute("PRAGMA query_only = ON")
            try:
                yield
            finally:
                execute("PRAGMA query_only = OFF")
        else:
            with transaction.atomic():
                execute("SET TRANSACTION READ ONLY")
                yield
                # Undone rather than kept: the restriction must not outlive this.
                transaction.set_rollback(True)
    except DatabaseError as error:
        if "readonly database" in str(error) or "read-only transaction" in str(error):
            raise WriteRefused from error
        raise


# SQLite takes 32,766 parameters in one statement.
_MOST_PARAMETERS: Final = 30_000
_STREAM_BATCH: Final = 2000
_MOST_QUEUED: Final = 1000  # rows
_LONG: Final = 5000  # letters of a statement that is not worth remembering
# Inserts that wait for the next ones: table, statement, its one parameter. See `gathered`.
_waiting: ContextVar[list[tuple[str, str, str]] | None] = ContextVar("waiting", default=None)


def execute(sql: str, params: Sequence[Any] = ()) -> int:
    """Run one statement; the number of rows it touched."""
    return int(_answered(sql, params).rowcount)


def fetch_all(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    return list(_answered(sql, params).fetchall())


def stream(sql: str, params: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """Rows as they come, never all in memory. Several streams may be open at once."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while batch := cursor.fetchmany(_STREAM_BATCH):
            yield from batch


def fetch_one(sql: str, params: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    row: tuple[Any, ...] | None = _answered(sql, params).fetchone()
    return row


def _answered(sql: str, params: Sequence[Any]) -> Any:
    """A cursor with the answer of one statement.

    On SQLite it is the driver's own, unless somebody watches: Django's reads the statement for
    placeholders each time and wraps what it makes, which takes twice as long as the query.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor != "sqlite" or database.execute_wrappers or database.queries_logged:
        cursor = database.cursor()
        cursor.execute(sql, params)
        return cursor
    database.ensure_connection()
    database.validate_no_broken_transaction()
    with database.wrap_database_errors:
        translate = _remembered if len(sql) < _LONG else _with_question_marks
        return database.connection.execute(translate(sql), params)


def _with_question_marks(sql: str) -> str:
    """SQLite's placeholders for Django's; `%%` is a per cent sign."""
    return re.sub(r"(?<!%)%s", "?", sql).replace("%%", "%")


_remembered = lru_cache(maxsize=1024)(_with_question_marks)


def insert_rows(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, conflict: str = ""
) -> int:
    """One `INSERT` of many rows; the number written. `conflict` is an `ON CONFLICT …` clause.

    Thousands of rows go in several statements, as many as the engine's limit asks for.
    """
    values = list(rows)
    insert = _insert_values if connection.vendor == "sqlite" else _insert_json
    at_once = _MOST_PARAMETERS // len(columns)
    return sum(
        insert(table, columns, values[start : start + at_once], conflict)
        for start in range(0, len(values), at_once)
    )


def queue_rows(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, conflict: str = ""
) -> None:
    """As `insert_rows`; inside `gathered` it may go to the database with the next ones."""
    values = list(rows)
    waiting = _waiting.get()
    if waiting is None or not values or len(values) > _MOST_QUEUED:
        insert_rows(table, columns, values, conflict=conflict)
        return
    if any(table == other for other, _, _ in waiting):
        _send(_taken())  # one statement cannot touch a row twice
    waiting.append(_as_json(table, columns, values, conflict))


def queue_statement(table: str, sql: str, parameter: str) -> None:
    """Run an `INSERT` into `table` that has one parameter, as `queue_rows` runs its own."""
    waiting = _waiting.get()
    if waiting is None:
        execute(sql, [parameter])
        return
    if any(table == other for other, _, _ in waiting):
        _send(_taken())
    waiting.append((table, sql, parameter))


@contextmanager
def gathered() -> Iterator[None]:
    """What is queued inside goes together, because round trips are what a payment costs.

    On PostgreSQL several `queue_rows` become one statement, sent before anything else is asked
    of the database and at the end; so a broken constraint may be told later than where it was
    broken. Nothing is sent after an exception: the transaction is lost anyway. On SQLite, where
    a statement is a function call, nothing waits.
    """
    if connection.vendor == "sqlite" or _waiting.get() is not None:
        yield
        return
    token = _waiting.set([])
    try:
        with connection.execute_wrapper(_after_what_waits):
            yield
            _send(_taken())
    finally:
        _waiting.reset(token)


def _after_what_waits(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
) -> Any:
    _send(_taken())
    return execute(sql, params, many, context)


def _taken() -> list[tuple[str, str, str]]:
    """What waits, which from now on waits no more."""
    waiting = _waiting.get() or []
    taken = waiting.copy()
    waiting.clear()
    return taken


def _send(inserts: Sequence[tuple[str, str, str]]) -> int:
    """All in one statement; how many rows the last of them wrote."""
    if not inserts:
        return 0
    *others, (_, last, _) = inserts
    before = ", ".join(f"w{at} AS ({sql})" for at, (_, sql, _) in enumerate(others))
    return execute(f"WITH {before} {last}" if before else last, [text for *_, text in inserts])


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
    return _send([*_taken(), _as_json(table, columns, values, conflict)])


def _as_json(
    table: str, columns: Sequence[str], values: Sequence[Sequence[object]], conflict: str
) -> tuple[str, str, str]:
    """Table, statement and parameter: all rows as one text.

    The driver handles one parameter instead of a hundred, and the statement is the same for any
    number of rows, so the server plans it once. The table's own row type says what each value
    is; rows are written in their order.
    """
    names = ", ".join(columns)
    rows = [dict(zip(columns, row, strict=True)) for row in values]
    sql = (
        f"INSERT INTO {table} ({names}) SELECT {names}"  # noqa: S608 - names of ours
        f" FROM json_populate_recordset(NULL::{table}, %s) {conflict}"
    )
    return table, sql, msgspec.json.encode(rows).decode()


def placeholders(values: Sequence[object]) -> str:
    """`%s, %s, …` for an `IN (…)`; never empty."""
    assert values, "an empty IN () is a mistake of the caller"
    return ", ".join(["%s"] * len(values))


def looked_at(column: str) -> str:
    """A column that is compared row by row: no index is walked for it.

    Beside `id IN (…)` a planner without statistics may take the index on whose rows they are for
    the better one, and read all that an account has to find the few that are named.
    """
    return f"COALESCE({column}, '')"


@contextmanager
def in_index_order() -> Iterator[None]:
    """Inside, PostgreSQL walks along an index that has the order asked for; it does not sort.

    For taking the first few of a queue. A queue grows a thousandfold in seconds, before the
    planner's statistics know; it then reads and sorts the whole queue for each few rows. The
    caller has opened the transaction, and asks for an order that an index has.
    """
    if connection.vendor != "postgresql":
        yield
        return
    execute("SET LOCAL enable_sort = off")
    yield
    # After an exception the transaction is lost, and the setting with it.
    execute("SET LOCAL enable_sort = on")


def lock_row_suffix() -> str:
    """`FOR UPDATE` where the engine has it; SQLite's writers hold the whole database."""
    return " FOR UPDATE" if connection.vendor == "postgresql" else ""


def change_row_suffix() -> str:
    """As `lock_row_suffix`, but readers that keep a row (`keep_row_suffix`) do not wait."""
    return " FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""


def keep_row_suffix() -> str:
    """Many may keep a row at once; only `FOR UPDATE` waits for them, and they for it."""
    return " FOR KEY SHARE" if connection.vendor == "postgresql" else ""
