"""Every search finds what a plain look at every row finds, in order, however it is cut."""

from __future__ import annotations

import random

import pytest

from counterfoil.dashboard.queries import transactions as module
from counterfoil.dashboard.queries.balances import balance_after
from counterfoil.dashboard.queries.transaction_words import Word
from counterfoil.dashboard.queries.transactions import (
    TransactionFilter,
    TransactionRow,
    transactions,
)
from counterfoil.kit.pages import Cursor, PageRequest
from tests.support.books import payout
from tests.unit.dashboard.world import NOW, SELLER, pay, post

pytestmark = pytest.mark.django_db

DAY = 86_400
SEARCHES = [[], [], ["bowl"], ["0%", "l"], ["r_s"], ["r%s"]]


@pytest.fixture
def books() -> None:
    """Sixty rows of three kinds and two currencies, several in one second."""
    chance = random.Random(7)
    words = ["A bowl", "Bowl 100%", "under_score", None]
    for at in range(50):
        pay(
            f"{at}",
            amount=chance.choice([159, 259, 359]),
            at=NOW - chance.randrange(40) * 9000,
            from_platform=chance.random() < 0.7,
            description=chance.choice(words),
            currency=chance.choice(["usd", "usd", "eur"]),
        )
    for at in range(10):
        post(payout(f"{at}", amount=100), at=NOW - chance.randrange(40) * 9000)


def everything(wanted: TransactionFilter, *, limit: int) -> list[TransactionRow]:
    found, cursor = [], None
    while True:
        page = PageRequest(limit=limit, cursor=cursor)
        answer = transactions(SELLER, livemode=False, page=page, wanted=wanted)
        found += answer.page.rows
        if answer.page.has_more:
            last = answer.page.rows[-1]
            assert answer.searched_to is None
            cursor = Cursor(last.created, last.id)
        elif answer.searched_to:
            cursor = answer.searched_to
        else:
            return found


def fits(row: TransactionRow, wanted: TransactionFilter) -> bool:
    said = f"{row.charge_description or ''} {row.description or ''}".lower()
    amount = abs(row.net)
    return (
        (not wanted.types or row.type in wanted.types)
        and wanted.currency in (None, row.currency)
        and (wanted.since is None or row.created >= wanted.since)
        and (wanted.until is None or row.created < wanted.until)
        and wanted.exactly in (None, amount)
        and (wanted.at_least is None or amount >= wanted.at_least)
        and (wanted.at_most is None or amount <= wanted.at_most)
        and (wanted.pending_at is None or row.available_on > wanted.pending_at)
        and all(word.text in said for word in wanted.words)
    )


@pytest.mark.parametrize("stretch", [3, 7, 5000])
def test_any_combination_finds_what_fits_once_and_in_order(books, monkeypatch, stretch):
    monkeypatch.setattr(module, "STRETCH", stretch)
    every = everything(TransactionFilter(), limit=100)
    assert len(every) == 60
    chance = random.Random(stretch)
    hits = 0
    for _ in range(60):
        wanted = TransactionFilter(
            types=tuple(chance.sample(["payment", "charge", "payout"], chance.randrange(4))),
            currency=chance.choice([None, None, "usd", "eur"]),
            since=chance.choice([None, NOW - 2 * DAY]),
            until=chance.choice([None, NOW - DAY]),
            exactly=chance.choice([None, None, 100, 200]),
            at_least=chance.choice([None, None, 150]),
            at_most=chance.choice([None, None, 250]),
            pending_at=chance.choice([None, None, NOW]),
            words=tuple(Word(text) for text in chance.choice(SEARCHES)),
        )
        expected = [row.id for row in every if fits(row, wanted)]
        assert [row.id for row in everything(wanted, limit=4)] == expected, wanted
        hits += len(expected)
    assert hits > 100, "the searches found next to nothing: this proves little"


def test_a_balance_after_a_row_is_the_sum_up_to_it(books):
    every = everything(TransactionFilter(), limit=100)
    for at, row in enumerate(every):
        assert balance_after(
            SELLER,
            livemode=False,
            currency=row.currency,
            created=row.created,
            transaction_id=row.id,
        ) == sum(older.net for older in every[at:] if older.currency == row.currency)
