"""Writers, sealers and folders at once, with real commits: one chain, nothing lost or doubled."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest

from counterfoil.kit import sealing
from counterfoil.kit.db import fetch_all, fetch_one, unit_of_work
from counterfoil.ledger.locks import lock_funds
from counterfoil.ledger.queries import available_balance
from counterfoil.ledger.sealing import fold_balances, seal_all
from tests.support.books import (
    DAY,
    NOW,
    OTHER,
    PLATFORM,
    SELLER,
    broken,
    charge,
    payout,
    post,
    transfer,
)
from tests.support.committed import in_threads

pytestmark = pytest.mark.usefixtures("committed_database")


def test_several_sealers_make_one_chain(monkeypatch):
    monkeypatch.setattr(sealing, "BLOCK_SIZE", 5)
    for n in range(60):
        post(charge(str(n)))

    sealed = in_threads(*[partial(seal_all, NOW)] * 6)

    assert sum(sealed) == 60
    assert fetch_one("SELECT COUNT(*), MAX(height), SUM(entry_count) FROM ledger_block") == (
        12,
        12,
        60,
    )
    assert broken() == set()


def test_one_key_posted_by_many_at_once_is_posted_once():
    written = in_threads(*[partial(post, charge("same"), transfer("same"))] * 8)

    assert Counter(written) == {True: 1, False: 7}
    assert fetch_one("SELECT COUNT(*) FROM ledger_entry") == (2,)
    assert broken() == set()


def test_operations_that_cross_never_deadlock_and_always_add_up():
    """The same accounts in opposite orders, by many at once."""

    def there_and_back(worker: int) -> None:
        for n in range(15):
            name = f"{worker}-{n}"
            pair = [charge(name, SELLER), charge(f"{name}b", OTHER), transfer(name)]
            post(*(pair if (worker + n) % 2 else reversed(pair)))

    in_threads(*(partial(there_and_back, worker) for worker in range(6)))

    balance = partial(available_balance, livemode=False, currency="usd", now=NOW + 9 * DAY)
    assert balance(owner=OTHER) == 90 * 941
    assert balance(owner=SELLER) == 90 * (941 + 700)
    assert balance(owner=PLATFORM) == -90 * 700
    assert broken() == set()


def test_sealing_and_folding_go_on_beside_the_writers():
    def write(worker: int) -> None:
        for n in range(25):
            post(charge(f"{worker}-{n}", available_on=NOW - n * DAY))

    def seal() -> None:
        for _ in range(10):
            seal_all(NOW)

    def fold() -> None:
        for _ in range(10):
            fold_balances(NOW)

    in_threads(partial(write, 1), partial(write, 2), partial(write, 3), seal, seal, fold, fold)
    seal_all(NOW)

    total = available_balance(owner=SELLER, livemode=False, currency="usd", now=NOW)
    assert total == 75 * 941
    assert fetch_all("SELECT entry_id FROM ledger_unsealed") == []
    assert broken() == set()


def test_whoever_holds_the_funds_decides_alone():
    """Ten try to pay out 300 of 941: three may."""
    post(charge("1", available_on=NOW))

    def pay_out(name: str) -> bool:
        with unit_of_work():
            lock_funds(owner=SELLER, livemode=False, currency="usd")
            if available_balance(owner=SELLER, livemode=False, currency="usd", now=NOW) < 300:
                return False
            return post(payout(name))

    paid = in_threads(*(partial(pay_out, str(n)) for n in range(10)))

    assert Counter(paid) == {True: 3, False: 7}
    assert available_balance(owner=SELLER, livemode=False, currency="usd", now=NOW) == 41
    assert broken() == set()
