"""Lists of balance transactions: every row once, whichever way one walks."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterfoil.kit.pages import Cursor, Page, PageRequest
from counterfoil.kit.scope import Scope
from counterfoil.ledger.queries import (
    TransactionFilter,
    TransactionRow,
    list_transactions,
    transactions_by_id,
)
from tests.support.books import NOW, OTHER, PLATFORM, SELLER, charge, payout, post

SCOPE = Scope(PLATFORM, SELLER, False)
ALL = TransactionFilter()


@pytest.fixture
def history(db: None) -> list[str]:
    """Ids of 23 rows, newest first, several in the same second; and rows of others."""
    drafts = []
    for n in range(23):
        draft = charge(str(n))
        post(draft, charge(f"o{n}", OTHER), at=NOW + n // 4)
        drafts.append((NOW + n // 4, draft.transactions[0].id))
    post(charge("live"), livemode=True)
    return [ident for _, ident in sorted(drafts, reverse=True)]


def ids(page: Page[TransactionRow]) -> list[str]:
    return [row.id for row in page.rows]


def cursor(row: TransactionRow) -> Cursor:
    return Cursor(row.created, row.id)


def test_the_first_page_is_the_newest(history):
    page = list_transactions(SCOPE, ALL, PageRequest(limit=5))

    assert ids(page) == history[:5]
    assert page.has_more


def test_a_page_that_ends_at_the_oldest_row_has_no_more(history):
    page = list_transactions(SCOPE, ALL, PageRequest(limit=23))

    assert ids(page) == history
    assert not page.has_more


@given(limit=st.integers(1, 30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_walking_older_shows_every_row_once(history, limit):
    walked: list[str] = []
    request = PageRequest(limit=limit)
    while True:
        page = list_transactions(SCOPE, ALL, request)
        walked += ids(page)
        assert len(walked) <= len(history), "rows come twice"
        if not page.has_more:
            break
        request = PageRequest(limit=limit, cursor=cursor(page.rows[-1]))

    assert walked == history


@given(limit=st.integers(1, 30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_walking_newer_shows_every_row_once(history, limit):
    (oldest,) = list_transactions(SCOPE, ALL, PageRequest(limit=23)).rows[-1:]
    walked = [oldest.id]
    request = PageRequest(limit=limit, cursor=cursor(oldest), direction="newer")
    while True:
        page = list_transactions(SCOPE, ALL, request)
        walked = ids(page) + walked
        assert len(walked) <= len(history), "rows come twice"
        if not page.has_more:
            break
        request = PageRequest(limit=limit, cursor=cursor(page.rows[0]), direction="newer")

    assert walked == history


@given(place=st.integers(0, 22), limit=st.integers(1, 30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_both_neighbours_of_any_row_are_the_rows_beside_it(history, place, limit):
    row = transactions_by_id([history[place]], platform_id=PLATFORM, livemode=False)[history[place]]

    older = list_transactions(SCOPE, ALL, PageRequest(limit, cursor(row), "older"))
    newer = list_transactions(SCOPE, ALL, PageRequest(limit, cursor(row), "newer"))

    assert ids(older) == history[place + 1 : place + 1 + limit]
    assert ids(newer) == history[max(0, place - limit) : place]
    assert older.has_more == (place + 1 + limit < 23)
    assert newer.has_more == (place - limit > 0)


def test_rows_that_arrive_meanwhile_change_no_older_page(history):
    first = list_transactions(SCOPE, ALL, PageRequest(limit=5))
    post(charge("new"), at=NOW + 60)

    second = list_transactions(SCOPE, ALL, PageRequest(limit=5, cursor=cursor(first.rows[-1])))
    assert ids(second) == history[5:10]


@pytest.mark.django_db
def test_filters_narrow_and_combine():
    post(charge("1", source_id="ch_1"), charge("2", currency="eur", source_id="ch_2"), payout("1"))
    post(charge("3", source_id="ch_3"), at=NOW + 10)

    def kinds(**wanted) -> list[tuple]:
        rows = list_transactions(SCOPE, TransactionFilter(**wanted), PageRequest()).rows
        return sorted((row.type, row.currency, row.created - NOW) for row in rows)

    eur, old, new = ("charge", "eur", 0), ("charge", "usd", 0), ("charge", "usd", 10)
    assert kinds(type="charge") == [eur, old, new]
    assert kinds(type="charge", currency="usd") == [old, new]
    assert kinds(source_id="ch_2") == [eur]
    assert kinds(created=[(">", NOW)]) == kinds(created=[(">=", NOW + 10)]) == [new]
    assert kinds(type="charge", created=[("<", NOW + 10)]) == [eur, old]
    assert kinds(created=[(">=", NOW), ("<=", NOW)], type="payout") == [("payout", "usd", 0)]
    assert kinds(currency="gbp") == []


@pytest.mark.django_db
def test_a_row_is_read_as_it_was_written():
    draft = charge("1", description="Straße 🧾", source_id="ch_1", exchange_rate="1.1")
    post(draft)

    (row,) = list_transactions(SCOPE, ALL, PageRequest()).rows
    expected = draft.transactions[0]
    assert (row.id, row.description, row.exchange_rate) == (expected.id, "Straße 🧾", "1.1")
    assert (row.amount, row.fee, row.net) == (1000, 59, 941)


@pytest.mark.django_db
def test_rows_by_id_are_those_of_the_platform_and_mode():
    mine, live = charge("1"), charge("1")
    post(mine)
    post(live, livemode=True)
    wanted = [mine.transactions[0].id, live.transactions[0].id, "txn_unknown"]

    found = transactions_by_id(wanted, platform_id=PLATFORM, livemode=False)
    assert list(found) == wanted[:1]
    assert transactions_by_id(wanted, platform_id="acct_two", livemode=False) == {}
    assert transactions_by_id([], platform_id=PLATFORM, livemode=False) == {}
