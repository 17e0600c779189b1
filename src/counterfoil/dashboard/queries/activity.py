"""What happened to an account and is told, newest first; and what of it is unread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from counterfoil.events.models import NEWS
from counterfoil.kit.clock import DAY
from counterfoil.kit.db import execute, fetch_all, fetch_one, placeholders
from counterfoil.kit.pages import Cursor, Page, PageRequest, cut, keyset

# Word by word, as the partial index has it: neither engine would find it by parameters.
_NEWS: Final = "e.type IN ({})".format(", ".join(f"'{kind}'" for kind in NEWS))
MOST_UNREAD: Final = 99
FIRST_UNREAD: Final = 7 * DAY


@dataclass(frozen=True, slots=True)
class News:
    """One event: its object as it was then, and what it changed."""

    id: str
    created: int
    type: str
    object_id: str
    object: dict[str, Any]
    previous: dict[str, Any]


_decode = msgspec.json.Decoder(dict[str, Any]).decode


def news(
    account_id: str, *, livemode: bool, page: PageRequest, types: Sequence[str] = ()
) -> Page[News]:
    """`types` keeps only those; none means all. News are few beside payments."""
    condition, cursor, tail = keyset(page, prefix="e.")
    kept = f" AND e.type IN ({placeholders(types)})" if types else ""
    rows = fetch_all(
        "SELECT e.id, e.created, e.type, e.object_id, e.object, e.previous_attributes"
        f" FROM events_event e WHERE e.account_id = %s AND e.livemode = %s AND {_NEWS}"
        f"{kept}{condition} {tail}",
        [account_id, livemode, *types, *cursor],
    )
    return cut([_news(row) for row in rows], page)


def unread_count(account_id: str, *, livemode: bool, now: int) -> int:
    """How many news came since the newest that was read; counted up to MOST_UNREAD and one.

    Who has never read any is not greeted by all that ever happened: a week of it is new.
    """
    row = fetch_one(
        f"""
        SELECT COUNT(*) FROM (
            SELECT 1 FROM events_event e WHERE e.account_id = %s AND e.livemode = %s AND {_NEWS}
              AND (e.created, e.id) > (
                COALESCE((SELECT r.created FROM dashboard_read r
                          WHERE r.account_id = %s AND r.livemode = %s), %s),
                COALESCE((SELECT r.event_id FROM dashboard_read r
                          WHERE r.account_id = %s AND r.livemode = %s), ''))
            LIMIT {MOST_UNREAD + 1}) AS unread
        """,
        [account_id, livemode, account_id, livemode, now - FIRST_UNREAD, account_id, livemode],
    )
    assert row is not None, "a count has a row"
    return int(row[0])


def read_up_to(account_id: str, *, livemode: bool, now: int) -> Cursor:
    """The newest news that was read, or what counts as read where none was."""
    row = fetch_one(
        "SELECT created, event_id FROM dashboard_read WHERE account_id = %s AND livemode = %s",
        [account_id, livemode],
    )
    return Cursor(int(row[0]), row[1]) if row else Cursor(now - FIRST_UNREAD, "")


def mark_read(account_id: str, *, livemode: bool, newest: Cursor) -> None:
    """Everything up to `newest` is read; what was read already stays so."""
    execute(
        "INSERT INTO dashboard_read (account_id, livemode, created, event_id)"
        " VALUES (%s, %s, %s, %s) ON CONFLICT (account_id, livemode) DO UPDATE"
        " SET created = excluded.created, event_id = excluded.event_id"
        " WHERE (dashboard_read.created, dashboard_read.event_id)"
        " < (excluded.created, excluded.event_id)",
        [account_id, livemode, newest.created, newest.id],
    )


def _news(row: tuple[Any, ...]) -> News:
    ident, created, kind, object_id, shown, previous = row
    return News(ident, created, kind, object_id, _decode(shown), _decode(previous or "{}"))
