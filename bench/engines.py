"""Throwaway databases on either engine: made, copied while nobody is connected, dropped."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

import psycopg
from psycopg import sql

_UNIQUE: Final = "counterfoil_bench"


class Engine(Protocol):
    name: str
    threads: int  # blocking threads of one web process, as `counterfoil serve` sets them

    def version(self) -> str: ...

    def database(self, name: str) -> str:
        """The URL of an empty database that `drop_all` drops."""

    def copy(self, name: str, to: str) -> str:
        """The URL of a copy of a database to which nobody is connected."""

    def drop(self, name: str) -> None: ...

    def drop_all(self) -> None: ...


class Sqlite:
    name = "sqlite"
    threads = 1

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def version(self) -> str:
        return f"SQLite {sqlite3.sqlite_version}"

    def database(self, name: str) -> str:
        return f"sqlite:///{self._path(name)}"

    def copy(self, name: str, to: str) -> str:
        # Whoever closes last folds the write-ahead log into the file; a server that was told to
        # stop closes nothing.
        connection = sqlite3.connect(self._path(name))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        assert not self._path(name, "-wal").exists(), f"somebody is connected to {name}"
        shutil.copyfile(self._path(name), self._path(to))
        return self.database(to)

    def drop(self, name: str) -> None:
        for ending in ("", "-wal", "-shm"):
            self._path(name, ending).unlink(missing_ok=True)

    def drop_all(self) -> None:
        """Nothing: they go with the folder."""

    def _path(self, name: str, ending: str = "") -> Path:
        return self._folder / f"{name}.db{ending}"


class Postgresql:
    name = "postgresql"
    threads = 4

    def __init__(self, url: str, unique: int) -> None:
        self._url = url
        self._unique = f"{_UNIQUE}_{unique}"
        self._made: set[str] = set()

    def version(self) -> str:
        with psycopg.connect(self._url) as connection:
            row = connection.execute(
                "SELECT current_setting('server_version'), current_setting('fsync'),"
                " current_setting('synchronous_commit'), current_setting('shared_buffers')"
            ).fetchone()
        assert row is not None
        return "PostgreSQL {}, fsync {}, synchronous_commit {}, shared_buffers {}".format(*row)

    def database(self, name: str) -> str:
        self._create(name, template=None)
        return self._url_of(name)

    def copy(self, name: str, to: str) -> str:
        self._create(to, template=name)
        return self._url_of(to)

    def drop(self, name: str) -> None:
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(self._identifier(name)))
        self._made.discard(name)

    def drop_all(self) -> None:
        for name in sorted(self._made):
            self.drop(name)

    def _create(self, name: str, template: str | None) -> None:
        statement = sql.SQL("CREATE DATABASE {}").format(self._identifier(name))
        if template is not None:
            statement += sql.SQL(" TEMPLATE {}").format(self._identifier(template))
        self._execute(statement)
        self._made.add(name)

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(statement)

    def _identifier(self, name: str) -> sql.Identifier:
        return sql.Identifier(f"{self._unique}_{name}")

    def _url_of(self, name: str) -> str:
        address, mark, options = self._url.partition("?")
        return f"{address.rpartition('/')[0]}/{self._unique}_{name}{mark}{options}"


@contextmanager
def dropped_at_the_end(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        engine.drop_all()
