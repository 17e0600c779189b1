"""Asking for an export, making it, and forgetting it.

`make_next` is the worker's: it claims one export for as long as it goes on saying how far it is.
A worker that dies leaves it to the next, which begins anew. All moments but the list's own are
the wall clock's.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Final

import msgspec
from django.core.files import File
from django.core.files.storage import storages
from django.db import connection
from django.http import QueryDict

from counterfoil.dashboard.exports import everything
from counterfoil.dashboard.exports.kinds import TABLES
from counterfoil.dashboard.exports.tables import Table
from counterfoil.dashboard.exports.whose import Whose
from counterfoil.dashboard.exports.writers import WRITERS, TooManyRows
from counterfoil.kit import clock
from counterfoil.kit.clock import DAY
from counterfoil.kit.db import execute, fetch_all, fetch_one, insert_rows, unit_of_work
from counterfoil.kit.ids import new_id
from counterfoil.wording.languages import written_for

AT_ONCE: Final = 2000  # rows that are answered without a worker
KEPT: Final = 7 * DAY
_LEASE: Final = 60
_MOST_TRIES: Final = 5

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Export:
    """One that was asked for. `total` is None while it is not known."""

    id: str
    kind: str
    format: str
    state: str  # queued | running | done | failed | too_large
    done: int
    total: int | None
    filename: str | None
    size: int | None
    expires_at: int


def make_at_once(of: Whose, kind: str, form: str, query: str) -> IO[bytes] | None:
    """The whole file, when it is small; None: `ask` a worker for it."""
    table = table_of(of, kind, query)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller reads and closes it
    try:
        WRITERS[form](table, file, _no_more_than(AT_ONCE))
    except TooManyRows:
        file.close()
        return None
    file.seek(0)
    return file


def ask(of: Whose, kind: str, form: str, query: str, *, now_wall: int, kept: int = KEPT) -> str:
    """Leave it to a worker; the export's id. It can be fetched for `kept` seconds."""
    ident = new_id("exp", now_wall)
    columns = ("id", "account_id", "livemode", "kind", "format", "query", "whose", "created")
    reader = msgspec.json.encode(of).decode()
    row = (ident, of.account_id, of.livemode, kind, form, query, reader, now_wall)
    rest = ("state", "done", "leased_until", "tries", "expires_at")
    insert_rows("dashboard_export", (*columns, *rest), [(*row, "queued", 0, 0, 0, now_wall + kept)])
    return ident


_COLUMNS: Final = "id, kind, format, state, done, total, filename, size, expires_at"


def find_export(ident: str, account_id: str, *, livemode: bool, now_wall: int) -> Export | None:
    row = fetch_one(
        f"SELECT {_COLUMNS} FROM dashboard_export"  # noqa: S608 - a constant of this module
        " WHERE id = %s AND account_id = %s AND livemode = %s AND expires_at > %s",
        [ident, account_id, livemode, now_wall],
    )
    return Export(*row) if row else None


def latest_export(kind: str, account_id: str, *, livemode: bool, now_wall: int) -> Export | None:
    """The newest of a kind that is there or on its way; not one that failed."""
    row = fetch_one(
        f"SELECT {_COLUMNS} FROM dashboard_export"  # noqa: S608 - a constant of this module
        " WHERE account_id = %s AND livemode = %s AND kind = %s AND expires_at > %s"
        " AND state IN ('queued', 'running', 'done') ORDER BY created DESC, id DESC LIMIT 1",
        [account_id, livemode, kind, now_wall],
    )
    return Export(*row) if row else None


def open_export(export: Export) -> File[bytes]:
    """The finished file."""
    assert export.state == "done", f"{export.id} is {export.state}"
    return storages["files"].open(_path(export.id), "rb")


def make_next(now_wall: int) -> int:
    """Make one export that waits; 0 when none does."""
    claimed = _claim(now_wall)
    if claimed is None:
        return 0
    ident, kind, form, query, reader, tries = claimed
    of = msgspec.json.decode(reader, type=Whose)
    try:
        with written_for(of.locale, of.country, of.timezone), tempfile.TemporaryFile() as file:
            if kind == everything.KIND:
                name = everything.file_name()
                everything.write_everything(of, file, _saying(ident, tries))
            else:
                table = table_of(of, kind, query)
                name = f"{table.name}.{form}"
                _say(ident, tries, "total = %s", [table.count()])
                WRITERS[form](table, file, _saying(ident, tries))
            _keep(ident, tries, name, file)
    except TooManyRows:
        _say(ident, tries, "state = 'too_large'", [])
    except _TakenAway:
        log.warning("export %s is made by another worker", ident)
    except Exception:
        log.exception("export failed: id=%s kind=%s try=%d", ident, kind, tries)
        state = "failed" if tries >= _MOST_TRIES else "queued"
        _say(ident, tries, "state = %s, leased_until = %s", [state, clock.wall_now() + 5 * tries])
    return 1


def forget_old(now_wall: int) -> int:
    """A duty of the worker: files that nobody came for. How many."""
    gone = fetch_all("SELECT id FROM dashboard_export WHERE expires_at <= %s LIMIT 100", [now_wall])
    for (ident,) in gone:
        storages["files"].delete(_path(ident))
        execute("DELETE FROM dashboard_export WHERE id = %s", [ident])
    return len(gone)


class _TakenAway(Exception):
    """Our lease ran out, and another worker has begun anew."""


def table_of(of: Whose, kind: str, query: str) -> Table:
    """The list that an address shows. Raises what its table raises (`payouts.NoSuchPayout`)."""
    return TABLES[kind](of, QueryDict(query))


def _no_more_than(most: int) -> Callable[[int], None]:
    def progress(count: int) -> None:
        if count > most:
            raise TooManyRows

    return progress


def _claim(now_wall: int) -> tuple[str, str, str, str, str, int] | None:
    skip = " FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    with unit_of_work():
        row = fetch_one(
            "SELECT id, kind, format, query, whose, tries FROM dashboard_export"  # noqa: S608
            " WHERE state IN ('queued', 'running') AND leased_until <= %s"
            f" ORDER BY created, id LIMIT 1{skip}",
            [now_wall],
        )
        if row is None:
            return None
        ident, kind, form, query, reader, tries = row
        if tries >= _MOST_TRIES:  # its workers died
            execute("UPDATE dashboard_export SET state = 'failed' WHERE id = %s", [ident])
            return None
        execute(
            "UPDATE dashboard_export SET state = 'running', done = 0, tries = %s,"
            " leased_until = %s WHERE id = %s",
            [tries + 1, now_wall + _LEASE, ident],
        )
    return ident, kind, form, query, reader, tries + 1


def _saying(ident: str, tries: int) -> Callable[[int], None]:
    """Progress into the row, once a second."""
    said_at = 0

    def progress(count: int) -> None:
        nonlocal said_at
        now = clock.wall_now()
        if now > said_at:
            said_at = now
            _say(ident, tries, "done = %s, leased_until = %s", [count, now + _LEASE])

    return progress


def _say(ident: str, tries: int, what: str, values: list[object]) -> None:
    sql = f"UPDATE dashboard_export SET {what} WHERE id = %s AND tries = %s"  # noqa: S608
    if not execute(sql, [*values, ident, tries]):
        raise _TakenAway


def _keep(ident: str, tries: int, filename: str, file: IO[bytes]) -> None:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    store = storages["files"]
    store.delete(_path(ident))
    store.save(_path(ident), File(file))
    _say(
        ident,
        tries,
        "state = 'done', done = COALESCE(total, done), filename = %s, size = %s",
        [filename, size],
    )


def _path(ident: str) -> str:
    return f"exports/{ident}"
