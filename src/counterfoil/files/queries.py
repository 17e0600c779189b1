"""Reads of files and links: one account's, or any of a platform for `expand`."""

from __future__ import annotations

from collections.abc import Sequence

from counterfoil.files.rows import AnyRow, FileRow, LinkRow, names_of, read
from counterfoil.kit.db import fetch_all, placeholders
from counterfoil.kit.pages import Page, PageRequest, cut, keyset
from counterfoil.kit.scope import Scope

Condition = tuple[str, object]  # SQL with one placeholder, its value


def find(kind: type[AnyRow], ident: str, scope: Scope, *, suffix: str = "") -> AnyRow | None:
    """An object of one account, or None. `suffix` may lock it (`kit.db.lock_row_suffix`)."""
    rows = fetch_all(
        f"SELECT {', '.join(names_of(kind))} FROM {kind.TABLE}"
        f" WHERE id = %s AND account_id = %s AND livemode = %s{suffix}",
        [ident, scope.account_id, scope.livemode],
    )
    return read(kind, rows[0]) if rows else None


def files_by_id(ids: Sequence[str], *, platform_id: str, livemode: bool) -> dict[str, FileRow]:
    """Files of any account of a platform in one mode; unknown ids are left out."""
    if not ids:
        return {}
    rows = fetch_all(
        f"SELECT {', '.join(names_of(FileRow))} FROM files_file"
        f" WHERE id IN ({placeholders(ids)}) AND platform_id = %s AND livemode = %s",
        [*ids, platform_id, livemode],
    )
    return {row.id: row for row in (read(FileRow, values) for values in rows)}


def list_page(
    kind: type[AnyRow], scope: Scope, conditions: Sequence[Condition], page: PageRequest
) -> Page[AnyRow]:
    """Objects of one account, newest first; the conditions' SQL is ours, never a caller's."""
    where = ["account_id = %s AND livemode = %s", *(sql for sql, _ in conditions)]
    beyond, more, tail = keyset(page)
    rows = fetch_all(
        f"SELECT {', '.join(names_of(kind))} FROM {kind.TABLE}"
        f" WHERE {' AND '.join(where)}{beyond} {tail}",
        [scope.account_id, scope.livemode, *(value for _, value in conditions), *more],
    )
    return cut([read(kind, values) for values in rows], page)


def newest_links(file_ids: Sequence[str], *, limit: int) -> dict[str, list[LinkRow]]:
    """The newest links of each file: `limit` of each at most, in one query."""
    if not file_ids:
        return {}
    names = ", ".join(names_of(LinkRow))
    rows = fetch_all(
        f"SELECT {names} FROM (SELECT {names}, ROW_NUMBER() OVER (PARTITION BY file_id"
        f" ORDER BY created DESC, id DESC) AS place FROM files_link"
        f" WHERE file_id IN ({placeholders(file_ids)})) ranked WHERE place <= %s"
        " ORDER BY created DESC, id DESC",
        [*file_ids, limit],
    )
    found: dict[str, list[LinkRow]] = {}
    for link in (read(LinkRow, values) for values in rows):
        found.setdefault(link.file_id, []).append(link)
    return found


def file_behind(token: str, *, now_wall: int) -> FileRow | None:
    """The file that a link shows; None for a link that nobody made or that has expired."""
    names = ", ".join(f"f.{name}" for name in names_of(FileRow))
    rows = fetch_all(
        f"SELECT {names} FROM files_link l JOIN files_file f ON f.id = l.file_id"
        " WHERE l.token = %s AND (l.expires_at IS NULL OR l.expires_at > %s)",
        [token, now_wall],
    )
    return read(FileRow, rows[0]) if rows else None
