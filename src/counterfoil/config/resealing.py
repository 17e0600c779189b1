"""Everything that is encrypted at rest, and how it comes under another key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from counterfoil.kit.crypt import under_newest_key
from counterfoil.kit.db import execute, fetch_all, unit_of_work

BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class Column:
    """A text column that holds sealed values, alone or inside JSON; `key` is its primary key."""

    table: str
    key: tuple[str, ...]
    name: str

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"


# A test fills a database and finds no sealed value outside of these.
COLUMNS: Final = (
    Column("accounts_account", ("id",), "profile"),  # birth dates
    Column("accounts_externalaccount", ("id",), "sealed_number"),
    Column("accounts_token", ("id",), "sealed_number"),
    Column("access_factor", ("id",), "secret"),
    Column("webhooks_endpoint", ("id",), "secret"),
    Column("webhooks_endpoint", ("id",), "old_secret"),
    # These are gone within a day by themselves, and jobs that were given up never.
    Column("access_heldform", ("sha256",), "body"),
    Column("api_idempotency", ("platform_id", "livemode", "account_id", "key"), "body"),
    Column("outbox_job", ("id",), "payload"),
)


@dataclass(slots=True)
class Tally:
    """What came of one column. `unreadable`: rows with a value that no key opens."""

    rows: int = 0
    changed: int = 0
    unreadable: int = 0


def reseal(column: Column, *, when_done: Callable[[Tally], None] = lambda _: None) -> Tally:
    """Bring a column under the newest key, while others read and write it.

    A batch is kept when it is done, so a command that was stopped goes on where it was: what is
    under the newest key already stays as it is. `when_done` hears of each batch.
    """
    tally = Tally()
    for rows in _batches(column):
        with _one_commit():
            for *key, text in rows:
                again, unreadable = under_newest_key(text)
                tally.rows += 1
                tally.unreadable += bool(unreadable)
                if again != text:
                    tally.changed += _replace(column, key, text, again)
        when_done(tally)
    return tally


def _one_commit() -> AbstractContextManager[Any]:
    # SQLite has one writer, who pays for each commit. On PostgreSQL whoever changes many rows at
    # once would wait for rows of others and they for theirs, so each goes alone.
    return unit_of_work() if connection.vendor == "sqlite" else nullcontext()


def _batches(column: Column) -> Iterator[list[tuple[Any, ...]]]:
    key = ", ".join(column.key)
    marks = ", ".join(["%s"] * len(column.key))
    select = f"SELECT {key}, {column.name} FROM {column.table} WHERE {column.name} IS NOT NULL"  # noqa: S608 - names of ours
    order = f" ORDER BY {key} LIMIT {BATCH}"
    rows = fetch_all(select + order)
    while rows:
        yield rows
        rows = fetch_all(f"{select} AND ({key}) > ({marks}){order}", rows[-1][:-1])


def _replace(column: Column, key: Sequence[Any], text: str, again: str) -> int:
    """1; or 0 where somebody has changed the row since, who had the newest key at hand."""
    where = " AND ".join(f"{name} = %s" for name in (*column.key, column.name))
    return execute(
        f"UPDATE {column.table} SET {column.name} = %s WHERE {where}",  # noqa: S608 - names of ours
        [again, *key, text],
    )
