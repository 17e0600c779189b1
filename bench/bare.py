"""The bare drivers: a connection as the application's settings open it, and nothing above."""

from __future__ import annotations

import sqlite3
from typing import Any, Protocol

import psycopg

from bench.plan import Statement


class Bare(Protocol):
    def run(self, statement: Statement) -> list[Any]:
        """Its rows; an empty list where it has none."""

    def begin(self) -> None: ...

    def commit(self) -> None: ...

    def close(self) -> None: ...


def connect(database_url: str, setup: str) -> Bare:
    """A connection in autocommit mode; `setup` is run first."""
    if database_url.startswith("sqlite:///"):
        return _Sqlite(database_url.removeprefix("sqlite:///"), setup)
    return _Postgresql(database_url)


class _Sqlite:
    def __init__(self, path: str, setup: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=20)
        self._connection.executescript(setup)

    def run(self, statement: Statement) -> list[Any]:
        return self._connection.execute(statement.sql, statement.params).fetchall()

    def begin(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


class _Postgresql:
    """psycopg as it comes: the server binds parameters and prepares what it sees six times."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)

    def run(self, statement: Statement) -> list[Any]:
        cursor = self._connection.execute(statement.sql, statement.params)
        return cursor.fetchall() if cursor.description else []

    def begin(self) -> None:
        self._connection.execute("BEGIN")

    def commit(self) -> None:
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()
