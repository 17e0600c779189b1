"""The database and what works on it: version, migrations, guards, clock, worker, platform."""

from __future__ import annotations

from itertools import islice
from typing import Final

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from counterfoil.audit.check import GUARDED as AUDIT
from counterfoil.config.doctor.findings import Examination, Finding, note, ok, wrong
from counterfoil.kit.auditing import missing_guards
from counterfoil.kit.db import fetch_one
from counterfoil.kit.invariants import snapshot
from counterfoil.ledger.check.guards import GUARDED as BOOKS
from counterfoil.outbox.queries import given_up, longest_wait

_OLDEST_SQLITE: Final = (3, 35)  # RETURNING
_OLDEST_POSTGRESQL: Final = 14
_SLOW_WORKER: Final = 300  # seconds that something due may wait
_CLOCKS_APART: Final = 5


def database(_now: int) -> Finding:
    name = "SQLite" if connection.vendor == "sqlite" else "PostgreSQL"
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        return wrong(
            f"{name} does not answer: {str(error).splitlines()[0]}",
            "Look at COUNTERFOIL_DATABASE_URL, and whether the server runs.",
        )
    if connection.vendor == "sqlite":
        return _sqlite()
    version = int(_shown("server_version_num")) // 10_000
    if version < _OLDEST_POSTGRESQL:
        return wrong(f"PostgreSQL {version} is too old.", "Upgrade it to 14 or newer.")
    if _shown("fsync") != "on" or _shown("synchronous_commit") == "off":
        return wrong(
            "PostgreSQL answers before it has written: a power cut loses money that was moved.",
            "Switch fsync and synchronous_commit on.",
        )
    return ok(f"PostgreSQL {version} answers, and writes before it says so.")


def _sqlite() -> Finding:
    (text,) = fetch_one("SELECT sqlite_version()") or ("0",)
    if tuple(map(int, text.split(".")))[:2] < _OLDEST_SQLITE:
        return wrong(f"SQLite {text} is too old.", "Use a Python with SQLite 3.35 or newer.")
    (mode,) = fetch_one("PRAGMA journal_mode") or ("",)
    if mode != "wal":
        return wrong(
            f"SQLite keeps its journal as {mode!r}: readers and writers wait for each other.",
            "Put the file on a local disk, not on a network's.",
        )
    return ok(f"SQLite {text} answers, and writes before it says so.")


def _shown(setting: str) -> str:
    (value,) = fetch_one(f"SHOW {setting}") or ("",)
    return str(value)


def migrations(_now: int) -> Finding:
    loader = MigrationLoader(connection)
    missing = sorted(set(loader.disk_migrations) - set(loader.applied_migrations))
    if missing:
        app, name = missing[0]
        return wrong(
            f"{len(missing)} migrations are missing, {app}.{name} among them.",
            "Make a backup, then run: counterfoil migrate",
        )
    unknown = sorted(set(loader.applied_migrations) - set(loader.disk_migrations))
    ours = [key for key in unknown if key[0] in loader.migrated_apps]
    if ours:
        return wrong(
            f"The database is newer than this program: it has {ours[0][0]}.{ours[0][1]}.",
            "Install the newer version again; there is no way back but a backup.",
        )
    return ok("The database is up to date.")


def append_only(now: int) -> Finding:
    with snapshot(now) as moment:
        broken = list(islice(missing_guards([*BOOKS, *AUDIT], moment), 1))
    if broken:
        table, detail = broken[0]
        return wrong(
            f"{table}: {detail}",
            "Find out who changed the database, run `counterfoil check`, then `counterfoil"
            " migrate`, which puts the guards back.",
        )
    return ok("The database itself refuses to change the books or the audit log.")


def clock(now: int) -> Finding:
    if connection.vendor == "sqlite":
        return ok("The database has this machine's clock.")
    (theirs,) = fetch_one("SELECT extract(epoch FROM clock_timestamp())::bigint") or (0,)
    if abs(int(theirs) - now) > _CLOCKS_APART:
        return wrong(
            f"This machine's clock and the database's are {abs(int(theirs) - now)} seconds apart.",
            "Let both follow a time server.",
        )
    return ok("This machine and the database agree on the time.")


def worker(now: int) -> Finding:
    waited = longest_wait(now)
    if waited > _SLOW_WORKER:
        return wrong(
            f"Something has been due for {waited // 60} minutes: nobody works.",
            "Run `counterfoil worker`, or `counterfoil serve` without --no-worker.",
        )
    if left := given_up(now):
        return note(
            f"{left} jobs failed again and again, and are not tried any more.",
            "Their last_error in the table outbox_job says why.",
        )
    return ok("Nothing that is due waits for a worker.")


def platform(_now: int) -> Finding:
    if fetch_one("SELECT 1 FROM platforms_platform LIMIT 1") is None:
        return note("There is no platform yet.", "counterfoil init --platform NAME")
    return ok("There is a platform.")


EXAMINATIONS: Final = (
    Examination("database", database),
    Examination("migrations", migrations),
    Examination("append_only", append_only, needs_tables=True),
    Examination("clock", clock),
    Examination("worker", worker, needs_tables=True),
    Examination("platform", platform, needs_tables=True),
)
