"""What an account has beside its lists, for a copy of everything: row by row, oldest last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from counterfoil.kit.db import fetch_all
from counterfoil.kit.pages import Cursor

_BATCH: Final = 1000
# Table, the column that says whose it is, and what is copied; nothing sealed, no hashes of secrets.
_TABLES: Final = {
    "disputes": (
        "disputes_dispute",
        "seller_id",
        "id, created, charge_id, amount, currency, status, reason, due_by, submitted_at, closed_at,"
        " evidence",
    ),
    "files": (
        "files_file",
        "account_id",
        "id, created, purpose, type, size, filename",
    ),
    "events": ("events_event", "account_id", "id, created, type, object_id"),
    "record": (
        "audit_record",
        "account_id",
        "id, created, action, object_id, actor, network, browser, system, before, after",
    ),
}
NAMES: Final = tuple(_TABLES)
_JSON: Final = frozenset({"evidence", "before", "after"})


def rows_of(name: str, account_id: str, *, livemode: bool) -> Iterator[list[dict[str, Any]]]:
    """In batches that fit into memory, newest first."""
    table, owner, columns = _TABLES[name]
    names = columns.replace(" ", "").split(",")
    cursor: Cursor | None = None
    while True:
        beyond = "" if cursor is None else " AND (created, id) < (%s, %s)"
        found = fetch_all(
            f"SELECT {columns} FROM {table}"
            f" WHERE {owner} = %s AND livemode = %s{beyond}"
            f" ORDER BY created DESC, id DESC LIMIT {_BATCH}",
            [account_id, livemode, *((cursor.created, cursor.id) if cursor else ())],
        )
        if not found:
            return
        rows = [dict(zip(names, row, strict=True)) for row in found]
        yield [{key: _told(key, value) for key, value in row.items()} for row in rows]
        cursor = Cursor(rows[-1]["created"], rows[-1]["id"])


def _told(key: str, value: Any) -> Any:
    return msgspec.json.decode(value) if key in _JSON and value else value
