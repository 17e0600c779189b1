"""Keyset pages on (created, id): page 1 and page 10,000 cost the same (design §3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Cursor:
    """The row a page starts beside."""

    created: int
    id: str


@dataclass(frozen=True, slots=True)
class PageRequest:
    """`older` than the cursor (newest first) or `newer` than it; no cursor: from the newest."""

    limit: int = 10
    cursor: Cursor | None = None
    direction: Literal["older", "newer"] = "older"


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows newest first, and whether there are more in the direction asked for."""

    rows: Sequence[Row]
    has_more: bool


def keyset(
    page: PageRequest, *, prefix: str = "", place: tuple[str, str] | None = None
) -> tuple[str, list[object], str]:
    """The condition, its parameters, and the `ORDER BY … LIMIT …` of a page.

    One row more than asked for is read: `cut` turns it into `has_more`. The condition is a
    row comparison, which both engines answer from an index on (…, created, id). `place` names
    the two columns where another table holds them.
    """
    created, ident = place or (f"{prefix}created", f"{prefix}id")
    newer = page.direction == "newer" and page.cursor is not None
    way = "ASC" if newer else "DESC"
    tail = f"ORDER BY {created} {way}, {ident} {way} LIMIT {page.limit + 1:d}"
    if page.cursor is None:
        return "", [], tail
    sign = ">" if newer else "<"
    condition = f" AND ({created}, {ident}) {sign} (%s, %s)"
    return condition, [page.cursor.created, page.cursor.id], tail


def within(
    page: PageRequest,
    *,
    place: tuple[str, str],
    since: int | None = None,
    until: int | None = None,
    end: Cursor | None = None,
) -> tuple[str, list[object]]:
    """The condition of a page among rows from `since` to before `until`, and down to `end`.

    One bound from above and one from below: an index is walked between one pair, and an engine
    looks at every row that a second pair would have left out.
    """
    newer = page.direction == "newer"
    above = [(until, "")] if until is not None else []
    below = [(since, "")] if since is not None else []
    below += [(end.created, end.id)] if end is not None else []
    sign = ">="
    if page.cursor is not None:
        cursor = (page.cursor.created, page.cursor.id)
        if not newer:
            above.append(cursor)
        elif not below or cursor >= max(below):
            below, sign = [cursor], ">"
    columns = ", ".join(place)
    sql, values = "", list[object]()
    if below:
        sql, values = f" AND ({columns}) {sign} (%s, %s)", [*max(below)]
    if above:
        sql, values = f"{sql} AND ({columns}) < (%s, %s)", [*values, *min(above)]
    return sql, values


def cut(rows: Sequence[Row], page: PageRequest) -> Page[Row]:
    """Drop the row read beyond the limit and put the rest newest first."""
    kept = list(rows[: page.limit])
    if page.direction == "newer" and page.cursor is not None:
        kept.reverse()
    return Page(kept, has_more=len(rows) > page.limit)
