"""Workers killed at named moments: each payout reaches the bank exactly once.

Two real workers at a time, each in a process of its own with one failpoint armed
(`support/warm_workers.py`), two hundred of them killed while ten thousand sellers are paid. A
killed worker leaves its payouts leased, so the clock is moved past the lease before the next two
start. Afterwards the bank's own book is held against ours.

`COUNTERFOIL_TEST_PAYOUTS` and `COUNTERFOIL_TEST_KILLS` (of each failpoint) change the size.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from itertools import cycle
from pathlib import Path

import pytest
from django.db import connection

from counterfoil.kit.clock import wall_now
from counterfoil.kit.db import execute, fetch_all
from counterfoil.payouts.operations import automatic, claiming
from counterfoil.payouts.operations.claiming import LEASE
from tests.support.books import violations
from tests.support.builders import DAY, World
from tests.support.many_sellers import copies_of
from tests.support.warm_workers import WarmWorkers, warm_workers

pytestmark = [pytest.mark.usefixtures("committed_database"), pytest.mark.slow]

PAYOUTS = int(os.environ.get("COUNTERFOIL_TEST_PAYOUTS", "10000"))
KILLS = int(os.environ.get("COUNTERFOIL_TEST_KILLS", "50"))
MAKING = ("payouts.before_commit", "payouts.after_commit")
SENDING = ("payouts.after_bank_accepted", "payouts.before_answer_stored")


def hits(log: Path) -> Counter[str]:
    return Counter(log.read_text().split()) if log.exists() else Counter()


def clock_moves(world: World, seconds: int) -> None:
    execute(
        "UPDATE platforms_platform SET test_clock_offset = test_clock_offset + %s WHERE id = %s",
        [seconds, world.id],
    )


def kill_each(world: World, workers: WarmWorkers, pair: tuple[str, str]) -> None:
    """Two workers at a time, one for each failpoint, until each failpoint has killed enough."""
    passings = cycle([(1, 2), (2, 1)])
    for _ in range(2 * KILLS + 10):
        if min(hits(workers.log)[one] for one in pair) >= KILLS:
            return
        armed = [f"{name}:{passing}" for name, passing in zip(pair, next(passings), strict=True)]
        ended = workers.run(*armed)
        assert set(ended) <= {0, -signal.SIGKILL}, (workers.log.parent / "workers.log").read_text()
        clock_moves(world, LEASE + 1)
    raise AssertionError(f"not hit often enough: {hits(workers.log)}")


def test_killed_anywhere_each_payout_reaches_the_bank_exactly_once(
    committed_database, tmp_path, record_property
):
    world = World(now=wall_now() - 60)
    copies_of(world.seller(), PAYOUTS, platform_id=world.id, now=world.now)
    connection.close()
    midnight = DAY - wall_now() % DAY
    clock_moves(world, midnight + 4 * DAY + 600)  # some business day lies before that

    with warm_workers(
        committed_database,
        tmp_path,
        batches={automatic.__name__: PAYOUTS // 125 + 1, claiming.__name__: PAYOUTS // 250 + 1},
        COUNTERFOIL_TEST_BANK_FAULTS="silent:0.05,lost:0.05,down:0.02",
    ) as workers:
        kill_each(world, workers, MAKING)
        kill_each(world, workers, SENDING)
        killed = hits(workers.log)
        for _ in range(30):
            assert workers.run("", "") == [0, 0]
            statuses = Counter(dict(fetch_all(STATUSES)))
            if set(statuses) == {"paid"}:
                break
            clock_moves(world, DAY // 2)

    assert set(killed) == {*MAKING, *SENDING}
    assert min(killed.values()) >= KILLS, killed
    assert statuses == {"paid": PAYOUTS}
    assert fetch_all(DIFFERENCES) == []
    # The bank's own book: every seller once, with what they had, handed over a single time.
    assert fetch_all(
        "SELECT received, COUNT(*), SUM(amount) FROM rails_simulatedorder GROUP BY 1"
    ) == [(1, PAYOUTS, 1000 * PAYOUTS + PAYOUTS * (PAYOUTS - 1) // 2)]
    assert fetch_all("SELECT COUNT(*), COUNT(DISTINCT account_id) FROM payouts_payout") == [
        (PAYOUTS, PAYOUTS)
    ]
    assert violations(with_payments=True) == []
    connection.close()
    record_property("killed", dict(killed))


STATUSES = "SELECT status, COUNT(*) FROM payouts_payout GROUP BY status"
# What the bank carried out and what we say was sent, each without the other.
DIFFERENCES = """
SELECT p.id, b.key FROM payouts_payout p
LEFT JOIN rails_simulatedorder b ON b.key = p.id AND b.amount = p.amount
WHERE b.key IS NULL
UNION ALL
SELECT p.id, b.key FROM rails_simulatedorder b
LEFT JOIN payouts_payout p ON p.id = b.key AND p.amount = b.amount
WHERE p.id IS NULL
"""
