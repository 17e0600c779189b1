"""What the two engines do: a copy of one moment, and loading it into an empty database."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

from counterfoil.kit.invariants import Snapshot, snapshot


@contextmanager
def copied(target: Path, *, now: int) -> Iterator[Snapshot]:
    """Write a copy of the database to `target`; inside, look at the very same moment.

    Nobody is held up. `now`: wall clock, UTC seconds. Raises CommandError, with a remedy.
    """
    with snapshot(now) as moment:
        if connection.vendor == "postgresql":
            ((name,),) = moment.rows("SELECT pg_export_snapshot()")
            _client("pg_dump", "--format=custom", f"--snapshot={name}", f"--file={target}")
        else:
            moment.number("SELECT COUNT(*) FROM django_migrations")  # from here on it is one moment
            wrapper: Any = connection
            with closing(sqlite3.connect(target)) as copy:
                wrapper.connection.backup(copy)
        yield moment


def table_names() -> list[str]:
    """Our tables, by name."""
    return sorted(connection.introspection.table_names())


def load(copy: Path) -> None:
    """Fill the empty database with a copy that `copied` wrote. Raises CommandError."""
    if connection.vendor == "postgresql":
        _client(
            "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error",
            "--single-transaction", str(copy),
        )  # fmt: skip
        return
    target = Path(connection.settings_dict["NAME"])
    connection.close()
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Into the database, not over its file: whoever has it open sees it filled.
    with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(target)) as filled:
        source.backup(filled)


def _client(program: str, *arguments: str) -> None:
    """One of PostgreSQL's programs on our database; the password is not among its arguments."""
    if shutil.which(program) is None:
        raise CommandError(
            f"{program} is not installed. It comes with PostgreSQL's client programs"
            " (postgresql-client); its version must not be older than the server's."
        )
    settings = {**connection.settings_dict, "OPTIONS": {}}
    words, password = DatabaseClient.settings_to_cmd_args_env(settings, [])
    _psql, *where, name = words
    done = subprocess.run(  # noqa: S603 - a fixed program, and words of ours
        [program, *where, f"--dbname={name}", *arguments],
        env={**os.environ, **(password or {}), **_tls(connection.settings_dict["OPTIONS"])},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError(f"{program} failed:\n{done.stderr.strip()}")


def _tls(options: dict[str, Any]) -> dict[str, str]:
    names = ("sslmode", "sslrootcert", "sslcert", "sslkey")
    return {f"PG{name.upper()}": str(options[name]) for name in names if name in options}
