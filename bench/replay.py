"""The floor of writes: the recorded statements of real POSTs, driven directly.

Same SQL, same values, same transactions, same durability; nothing in between. SQLite: one
connection of Python's `sqlite3`, which is what its single writer comes down to. PostgreSQL:
sixteen `psql`, each with a file of its own; statements are prepared once in each session, as the
application's driver does, so that the floor does not plan what the application need not plan.
"""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final, Protocol

import psycopg

from bench import bare
from bench.plan import Statement

CLIENTS: Final = 16
_GATE: Final = 814_261  # the advisory lock that every psql waits for, so that all start together
_PATIENCE: Final = 60.0  # seconds

Post = Sequence[Statement]


@dataclass(slots=True)
class Replayed:
    """Transactions a second, and the milliseconds of each where one can tell."""

    per_second: float
    latencies: list[float] = field(default_factory=list)


class Floor(Protocol):
    def replay(self, posts: Sequence[Post]) -> Replayed: ...

    def close(self) -> None: ...


def open_floor(database_url: str, setup: str, folder: Path) -> Floor:
    if database_url.startswith("sqlite:"):
        return _OneConnection(database_url, setup)
    return _SixteenPsql(database_url, folder)


class _OneConnection:
    def __init__(self, database_url: str, setup: str) -> None:
        self._database = bare.connect(database_url, setup)

    def replay(self, posts: Sequence[Post]) -> Replayed:
        latencies = []
        began = time.perf_counter()
        for post in posts:
            at = time.perf_counter()
            self._run(post)
            latencies.append((time.perf_counter() - at) * 1000)
        return Replayed(len(posts) / (time.perf_counter() - began), latencies)

    def close(self) -> None:
        self._database.close()

    def _run(self, post: Post) -> None:
        database, inside = self._database, False
        for statement in post:
            if statement.in_transaction != inside:
                inside = statement.in_transaction
                database.begin() if inside else database.commit()
            database.run(statement)
        if inside:
            database.commit()


class _SixteenPsql:
    def __init__(self, database_url: str, folder: Path) -> None:
        self._url = database_url
        self._folder = folder

    def replay(self, posts: Sequence[Post]) -> Replayed:
        with psycopg.connect(self._url, autocommit=True) as gate:
            gate.execute("SELECT pg_advisory_lock(%s)", [_GATE])
            files = self._write_files(posts)
            command = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self._url, "-f"]
            processes = [
                subprocess.Popen([*command, file], stdout=subprocess.DEVNULL) for file in files
            ]
            self._wait_for(gate, len(processes))
            began = time.perf_counter()
            gate.execute("SELECT pg_advisory_unlock(%s)", [_GATE])
            failed = [process.args for process in processes if process.wait()]
            took = time.perf_counter() - began
        assert not failed, f"psql failed: {failed}"
        return Replayed(len(posts) / took)

    def close(self) -> None:
        """Nothing stays open between two replays."""

    def _write_files(self, posts: Sequence[Post]) -> list[Path]:
        with psycopg.connect(self._url) as connection:
            cursor = psycopg.ClientCursor(connection)
            texts = [_as_text(posts[number::CLIENTS], cursor) for number in range(CLIENTS)]
        files = []
        for number, text in enumerate(texts):
            file = self._folder / f"floor-{number}.sql"
            file.write_text(text)
            files.append(file)
        return files

    def _wait_for(self, gate: psycopg.Connection[tuple[object, ...]], processes: int) -> None:
        gives_up = time.monotonic() + _PATIENCE
        waiting = "SELECT count(*) FROM pg_locks WHERE objid = %s AND NOT granted"
        while time.monotonic() < gives_up:
            row = gate.execute(waiting, [_GATE]).fetchone()
            if row == (processes,):
                return
            time.sleep(0.02)
        raise RuntimeError("psql did not come to its gate")


def _as_text(posts: Sequence[Post], cursor: psycopg.ClientCursor[tuple[object, ...]]) -> str:
    """POSTs for `psql -f`: what is prepared, the gate, then each with its values."""
    names: dict[str, str] = {}
    lines: list[str] = []
    for post in posts:
        inside = False
        for statement in post:
            if statement.in_transaction != inside:
                inside = statement.in_transaction
                lines.append("BEGIN" if inside else "COMMIT")
            name = names.setdefault(_numbered(statement), f"s{len(names)}")
            values = ", ".join(cursor.mogrify("%s", [value]) for value in statement.params)
            lines.append(f"EXECUTE {name}({values})" if values else f"EXECUTE {name}")
        if inside:
            lines.append("COMMIT")
    prepared = [f"PREPARE {name} AS {sql}" for sql, name in names.items()]
    gate = f"SELECT pg_advisory_lock_shared({_GATE})"
    return ";\n".join([*prepared, gate, *lines, ""])


def _numbered(statement: Statement) -> str:
    """The statement with PostgreSQL's own placeholders."""
    if not statement.params:
        return statement.sql
    numbers = count(1)
    sql = re.sub(r"(?<!%)%s", lambda _: f"${next(numbers)}", statement.sql)
    return sql.replace("%%", "%")
