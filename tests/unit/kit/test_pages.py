"""Keyset pages, against any rows and any cursor, on the engine's own row comparison."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.kit.db import fetch_all
from counterfoil.kit.pages import Cursor, Page, PageRequest, cut, keyset, within

Row = tuple[int, str]
# Many in the same second, ids that differ in case, where locales and bytes disagree.
ROWS = st.lists(
    st.tuples(st.integers(0, 4), st.text("Aab0Zz_", min_size=1, max_size=4)),
    unique_by=lambda row: row[1],
    min_size=1,
    max_size=15,
)
LIMITS = st.integers(1, 6)


def read(rows: list[Row], request: PageRequest) -> Page[Row]:
    """A page of literal rows; ids compare by bytes, as IdField columns do."""
    literal = " UNION ALL ".join(["SELECT %s AS created, %s AS id"] * len(rows))
    condition, params, tail = keyset(request)
    found = fetch_all(
        f"SELECT created, id FROM (SELECT CAST(created AS integer) AS created, {_by_bytes('id')}"
        f" FROM ({literal}) AS raw) AS rows_of_list WHERE 1 = 1{condition} {tail}",
        [*(value for row in rows for value in row), *params],
    )
    return cut(found, request)


def _by_bytes(column: str) -> str:
    from django.db import connection

    if connection.vendor == "postgresql":
        return f'CAST({column} AS text) COLLATE "C" AS {column}'
    return column


@pytest.mark.django_db
@settings(deadline=None)
@given(rows=ROWS, limit=LIMITS)
def test_walking_from_the_newest_meets_every_row_once_in_order(rows, limit):
    walked: list[Row] = []
    page = read(rows, PageRequest(limit))
    walked += page.rows
    while page.has_more:
        page = read(rows, PageRequest(limit, Cursor(*walked[-1]), "older"))
        assert page.rows
        assert len(walked) < len(rows), "rows come twice"
        walked += page.rows

    assert walked == newest_first(rows)


@pytest.mark.django_db
@settings(deadline=None)
@given(rows=ROWS, limit=LIMITS)
def test_walking_back_from_the_oldest_meets_every_row_once_in_order(rows, limit):
    walked = newest_first(rows)[-1:]
    page = read(rows, PageRequest(limit, Cursor(*walked[0]), "newer"))
    walked = [*page.rows, *walked]
    while page.has_more:
        page = read(rows, PageRequest(limit, Cursor(*walked[0]), "newer"))
        assert page.rows
        assert len(walked) < len(rows), "rows come twice"
        walked = [*page.rows, *walked]

    assert walked == newest_first(rows)


@pytest.mark.django_db
@settings(deadline=None)
@given(rows=ROWS, limit=LIMITS, moment=st.integers(-1, 5), ident=st.text("Aab0Zz_", max_size=4))
def test_a_cursor_need_not_be_a_row_that_still_exists(rows, limit, moment, ident):
    page = read(rows, PageRequest(limit, Cursor(moment, ident), "older"))

    below = [row for row in newest_first(rows) if row < (moment, ident)]
    assert page.rows == below[:limit]
    assert page.has_more == (len(below) > limit)


def newest_first(rows: list[Row]) -> list[Row]:
    return sorted(rows, reverse=True)


def test_without_a_cursor_a_page_begins_at_the_newest_whatever_the_direction():
    assert keyset(PageRequest(10, direction="newer")) == keyset(PageRequest(10))
    assert keyset(PageRequest(10)) == ("", [], "ORDER BY created DESC, id DESC LIMIT 11")


def test_columns_of_a_joined_table_carry_their_prefix():
    condition, params, tail = keyset(PageRequest(3, Cursor(7, "ch_1")), prefix="c.")

    assert condition == " AND (c.created, c.id) < (%s, %s)"
    assert params == [7, "ch_1"]
    assert tail == "ORDER BY c.created DESC, c.id DESC LIMIT 4"


OLDER = PageRequest(cursor=Cursor(50, "ch_5"))
NEWER = PageRequest(cursor=Cursor(50, "ch_5"), direction="newer")


@pytest.mark.parametrize(
    ("page", "bounds", "condition", "params"),
    [
        (PageRequest(), {}, "", []),
        (OLDER, {"until": 60}, " AND (at, id) < (%s, %s)", [50, "ch_5"]),
        (OLDER, {"until": 50}, " AND (at, id) < (%s, %s)", [50, ""]),
        (PageRequest(), {"since": 9}, " AND (at, id) >= (%s, %s)", [9, ""]),
        (
            OLDER,
            {"since": 9, "end": Cursor(9, "ch_1")},
            " AND (at, id) >= (%s, %s) AND (at, id) < (%s, %s)",
            [9, "ch_1", 50, "ch_5"],
        ),
        (NEWER, {"since": 9}, " AND (at, id) > (%s, %s)", [50, "ch_5"]),
        (NEWER, {"since": 60}, " AND (at, id) >= (%s, %s)", [60, ""]),
    ],
)
def test_of_several_bounds_the_narrowest_is_asked(page, bounds, condition, params):
    assert within(page, place=("at", "id"), **bounds) == (condition, params)
