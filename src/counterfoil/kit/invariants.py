"""What must always be true of the database: a name, a sentence, and a search for what breaks it.

Each package lists its own in `check.py`; `counterfoil check` runs them all over one snapshot.
A check reads tables, never the code it judges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from counterfoil.kit.db import stream


class Snapshot:
    """One moment of the whole database, read in streams. `now`: wall clock, UTC seconds."""

    def __init__(self, now: int) -> None:
        self.now = now
        self.vendor = connection.vendor

    def rows(self, sql: str, params: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """Rows as they come, never all in memory."""
        return stream(sql, params)

    def number(self, sql: str, params: Sequence[object] = ()) -> int:
        """The one number that a query answers with."""
        return int(next(self.rows(sql, params))[0])


Broken = tuple[str, str]  # the id of what is broken, and a sentence about it


@dataclass(frozen=True, slots=True)
class Invariant:
    """`promise` is the sentence that is true while `find` finds nothing."""

    name: str
    promise: str
    find: Callable[[Snapshot], Iterable[Broken]]


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing for which an invariant does not hold."""

    invariant: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a search found: the first violations, and how many more there are."""

    invariant: Invariant
    violations: Sequence[Violation]
    not_listed: int


def examine(invariant: Invariant, snapshot: Snapshot, *, listed: int = 100) -> Finding:
    """Search for what breaks an invariant; of a flood, list the first and count the rest."""
    violations: list[Violation] = []
    more = 0
    for subject, detail in invariant.find(snapshot):
        if len(violations) < listed:
            violations.append(Violation(invariant.name, subject, detail))
        else:
            more += 1
    return Finding(invariant, violations, more)


@contextmanager
def snapshot(now: int) -> Iterator[Snapshot]:
    """One consistent view of everything committed, which blocks no writer.

    Inside a transaction the view is that transaction's. `now`: wall clock, UTC seconds.
    """
    if connection.in_atomic_block:
        yield Snapshot(now)
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield Snapshot(now)
    else:
        with _reading_sqlite(), transaction.atomic():
            yield Snapshot(now)


@contextmanager
def _reading_sqlite() -> Iterator[None]:
    # Our transactions begin as writers (settings.py); this one only reads, and WAL keeps its view.
    wrapper: Any = connection
    wrapper.ensure_connection()
    mode = wrapper.transaction_mode
    wrapper.transaction_mode = "DEFERRED"
    # What is sorted goes to a file, and the file is not mapped: memory stays flat whatever the
    # size of the tables.
    usual = {name: _pragma(name) for name in ("temp_store", "mmap_size")}
    _pragma("temp_store = 1")
    _pragma("mmap_size = 0")
    try:
        yield
    finally:
        wrapper.transaction_mode = mode
        for name, value in usual.items():
            _pragma(f"{name} = {value}")


def _pragma(text: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {text}")
        row = cursor.fetchone()
        return int(row[0]) if row else 0
