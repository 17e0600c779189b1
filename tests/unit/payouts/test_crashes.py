"""Workers killed at named moments: each payout reaches the bank exactly once.

Two real workers at a time, each in a process of its own with one failpoint armed
(`kit/failpoints.py`); a killed worker leaves its payouts leased, so the clock is moved past the
lease before the next two start. Afterwards the bank's own book is held against ours.

`COUNTERFOIL_TEST_PAYOUTS` and `COUNTERFOIL_TEST_KILLS` (of each failpoint) make it larger.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections import Counter
from itertools import cycle
from pathlib import Path

import pytest
from django.db import connection

from counterfoil.kit.clock import wall_now
from counterfoil.kit.db import execute, fetch_all, insert_rows
from counterfoil.kit.ids import new_id
from counterfoil.ledger.drafts import EntryDraft, TransactionDraft, move
from counterfoil.ledger.models import Purpose
from counterfoil.payments.operations.posting import post_money
from counterfoil.payouts.operations.claiming import LEASE
from tests.support.books import violations
from tests.support.builders import DAY, World
from tests.support.server import COUNTERFOIL

pytestmark = [pytest.mark.usefixtures("committed_database"), pytest.mark.slow]

PAYOUTS = int(os.environ.get("COUNTERFOIL_TEST_PAYOUTS", "60"))
KILLS = int(os.environ.get("COUNTERFOIL_TEST_KILLS", "1"))
FAILPOINTS = (
    "payouts.before_commit",
    "payouts.after_commit",
    "payouts.after_bank_accepted",
    "payouts.before_answer_stored",
)


def copies_of(world: World, seller: str, count: int) -> list[str]:
    """Accounts like one that was made in earnest, each with a bank account and 1000 or more."""
    columns, accounts, externals, entries, ids = {}, [], [], [], []
    rows = {}
    for table, key in (("accounts_account", "id"), ("accounts_externalaccount", "account_id")):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table} WHERE {key} = %s", [seller])
            columns[table] = [column[0] for column in cursor.description]
            rows[table] = dict(zip(columns[table], cursor.fetchone(), strict=True))
    for n in range(count):
        ident, external = new_id("acct", world.now), new_id("ba", world.now)
        ids.append(ident)
        accounts.append({**rows["accounts_account"], "id": ident})
        externals.append({**rows["accounts_externalaccount"], "id": external, "account_id": ident})
        transaction = TransactionDraft(
            id=new_id("txn", world.now),
            owner=ident,
            type="adjustment",
            reporting_category="other_adjustment",
            amount=1000 + n,
            currency="usd",
            available_on=world.now,
            source_id=None,
        )
        giver, taker = (world.id, Purpose.BANK), (ident, Purpose.PAYMENTS)
        lines = move(debit=giver, credit=taker, amount=1000 + n, currency="usd", on=world.now)
        entries.append(EntryDraft(f"gift:{ident}", "gift", lines, [transaction]))
    for table, made in (("accounts_account", accounts), ("accounts_externalaccount", externals)):
        insert_rows(table, columns[table], [list(row.values()) for row in made])
    zones = dict.fromkeys(ids, "Etc/UTC")
    for at in range(0, count, 500):
        some = entries[at : at + 500]
        post_money(some, platform_id=world.id, livemode=False, at=world.now, zones=zones)
    return ids


def worker(database: str, folder: Path, failpoint: str | None) -> subprocess.Popen:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "counterfoil.config.settings",
        "COUNTERFOIL_DATABASE_URL": database,
        "COUNTERFOIL_DATA_DIR": str(folder),
        "COUNTERFOIL_TEST_BANK_FAULTS": "silent:0.05,lost:0.05,down:0.02",
        "COUNTERFOIL_TEST_FAILPOINT_LOG": str(folder / "failpoints.log"),
    }
    if failpoint is not None:
        environment["COUNTERFOIL_TEST_FAILPOINTS"] = f"{failpoint}:1"
    return subprocess.Popen(
        [COUNTERFOIL, "worker", "--once"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=(folder / "workers.log").open("ab"),
    )


def hits(folder: Path) -> Counter[str]:
    log = folder / "failpoints.log"
    return Counter(log.read_text().split()) if log.exists() else Counter()


def clock_moves(world: World, seconds: int) -> None:
    execute(
        "UPDATE platforms_platform SET test_clock_offset = test_clock_offset + %s WHERE id = %s",
        [seconds, world.id],
    )


def test_killed_anywhere_each_payout_reaches_the_bank_exactly_once(
    committed_database, tmp_path, record_property
):
    world = World(now=wall_now() - 60)
    copies_of(world, world.seller(), PAYOUTS)
    connection.close()
    midnight = DAY - wall_now() % DAY
    clock_moves(world, midnight + 4 * DAY + 600)  # some business day lies before that

    wanted = cycle(FAILPOINTS)
    rounds = 0
    while missing := [one for one in FAILPOINTS if hits(tmp_path)[one] < KILLS]:
        rounds += 1
        assert rounds < 40 * KILLS + 20, f"never hit: {missing}"
        armed = [one for one in (next(wanted), next(wanted)) if one in missing] or missing[:1]
        workers = [worker(committed_database, tmp_path, one) for one in armed]
        ended = [one.wait(timeout=600) for one in workers]
        assert set(ended) <= {0, -signal.SIGKILL}, (tmp_path / "workers.log").read_text()
        if set(ended) == {0}:
            break  # nothing was left to be killed at
        clock_moves(world, LEASE + 1)
    for _ in range(30):
        worker(committed_database, tmp_path, None).wait(timeout=600)
        statuses = Counter(dict(fetch_all(STATUSES)))
        if set(statuses) == {"paid"}:
            break
        clock_moves(world, DAY // 2)

    assert statuses == {"paid": PAYOUTS}
    assert set(hits(tmp_path)) == set(FAILPOINTS)
    assert all(count >= KILLS for count in hits(tmp_path).values()), hits(tmp_path)
    assert fetch_all(DIFFERENCES) == []
    assert fetch_all("SELECT COUNT(*) FROM rails_simulatedorder") == [(PAYOUTS,)]
    assert fetch_all("SELECT COUNT(*), COUNT(DISTINCT account_id) FROM payouts_payout") == [
        (PAYOUTS, PAYOUTS)
    ]
    assert violations(with_payments=True) == []
    connection.close()
    record_property("killed", dict(hits(tmp_path)))


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
