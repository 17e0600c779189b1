"""What real workers do, a payday or a long export: how long it takes, in how much memory."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from bench import bare
from bench.machine import cpu_seconds, resident_mb
from bench.plan import Statement
from bench.servers import ROOT

WORKERS: Final = 2
_EVERY: Final = 0.25  # seconds
_PATIENCE: Final = 1800.0
_LEASED: Final = 3600  # past every lease, and before anything lands


class PaidOut(msgspec.Struct):
    """Seconds from the start of the worker processes, Python and Django included."""

    accounts: int
    workers: int
    made_after: float  # every payout is made
    sent_after: float  # the bank has every payout
    early_mb: float  # the largest worker in the first half of `sent_after`, mapped files aside
    late_mb: float  # in the second half
    cpu: float | None  # processor seconds of workers and PostgreSQL's backends, where known
    samples: list[tuple[float, float]]  # seconds, MB of the largest worker


def pay_out(
    environment: Mapping[str, str], *, accounts: int, clock: int, platform_id: str, log: Path
) -> PaidOut:
    """Starts workers, which drain what is due, and watches the database from beside."""
    database = bare.connect(environment["COUNTERFOIL_DATABASE_URL"], "")
    waiting = _waiting(platform_id, clock, environment)
    command = [sys.executable, "-m", "counterfoil", "worker", "--once"]
    samples: list[tuple[float, float]] = []
    cpu: dict[int, float | None] = {}
    made_after = 0.0
    with log.open("ab") as output:
        began = time.perf_counter()
        workers = [
            subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=output, stderr=output)
            for _ in range(WORKERS)
        ]
        try:
            while True:
                time.sleep(_EVERY)
                after = time.perf_counter() - began
                samples.append((round(after, 2), _largest(workers)))
                ((accounts_due, payouts_due),) = database.run(waiting)
                cpu |= _cpu(workers, database, environment)
                if not accounts_due and not made_after:
                    made_after = after
                if not accounts_due and not payouts_due:
                    break
                assert after < _PATIENCE, "the workers do not come to an end"
                assert all(one.poll() in (None, 0) for one in workers), log.read_text()[-3000:]
        finally:
            for one in workers:
                one.terminate()
                one.wait()
    ((paid,),) = database.run(Statement("SELECT COUNT(*) FROM rails_simulatedorder", [], False))
    database.close()
    assert paid == accounts, f"the bank has {paid} payouts"
    early = max(mb for at, mb in samples if at <= after / 2)
    late = max(mb for at, mb in samples if at > after / 2)
    known = [seconds for seconds in cpu.values() if seconds is not None]
    spent = sum(known) if len(known) == len(cpu) else None
    return PaidOut(accounts, WORKERS, made_after, after, early, late, spent, samples)


def export(
    environment: Mapping[str, str], *, log: Path, meanwhile: Callable[[], None]
) -> tuple[int, float, list[tuple[float, float]]]:
    """One worker makes the export that waits, while `meanwhile` is called again and again.

    Rows, seconds and what the worker held of memory: seconds after its start, MB.
    """
    database = bare.connect(environment["COUNTERFOIL_DATABASE_URL"], "")
    command = [sys.executable, "-m", "counterfoil", "worker", "--once"]
    samples: list[tuple[float, float]] = []
    with log.open("ab") as output:
        began = time.perf_counter()
        worker = subprocess.Popen(
            command, cwd=ROOT, env=dict(environment), stdout=output, stderr=output
        )
        watching = threading.Event()
        watcher = threading.Thread(target=_sample, args=(worker, began, samples, watching))
        watcher.start()
        try:
            while worker.poll() is None:
                meanwhile()
                assert time.perf_counter() - began < _PATIENCE, "the export does not come to an end"
        finally:
            watching.set()
            worker.terminate()
            worker.wait()
            watcher.join()
    newest = "SELECT state, done FROM dashboard_export ORDER BY created DESC LIMIT 1"
    ((state, rows),) = database.run(Statement(newest, [], False))
    database.close()
    assert state == "done", (state, log.read_text()[-3000:])
    return int(rows), samples[-1][0], samples


def _sample(
    worker: subprocess.Popen[bytes],
    began: float,
    samples: list[tuple[float, float]],
    ends: threading.Event,
) -> None:
    while not ends.wait(_EVERY):
        if size := _largest([worker]):
            samples.append((round(time.perf_counter() - began, 2), size))


def _largest(workers: Sequence[subprocess.Popen[bytes]]) -> float:
    alive = [one.pid for one in workers if one.poll() is None]
    sizes = [resident_mb(pid) for pid in alive]
    return max((size.get("own", size["resident"]) for size in sizes), default=0.0)


def _cpu(
    workers: Sequence[subprocess.Popen[bytes]],
    database: bare.Bare,
    environment: Mapping[str, str],
) -> dict[int, float | None]:
    """Processor seconds so far of each process that is at work, by its number."""
    pids = [one.pid for one in workers if one.poll() is None]
    if environment["COUNTERFOIL_DATABASE_URL"].startswith("postgresql"):
        pids += [int(row[0]) for row in database.run(_BACKENDS)]
    return {pid: _seconds_of(pid) for pid in pids}


def _seconds_of(pid: int) -> float | None:
    try:
        return cpu_seconds(pid)
    except OSError:  # it has just ended, or the server is another machine's
        return None


_BACKENDS: Final = Statement(
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid()",
    [],
    False,
)


def _waiting(platform_id: str, clock: int, environment: Mapping[str, str]) -> Statement:
    """Whether an account is due, and whether a payout still has to reach the bank."""
    mark = "?" if environment["COUNTERFOIL_DATABASE_URL"].startswith("sqlite") else "%s"
    no = "FALSE"
    sql = (
        "SELECT EXISTS (SELECT 1 FROM accounts_account WHERE platform_id = {0} AND livemode = {1}"
        " AND deleted_at IS NULL AND next_payout_at IS NOT NULL AND next_payout_at <= {0}),"
        " EXISTS (SELECT 1 FROM payouts_payout WHERE platform_id = {0} AND livemode = {1}"
        " AND next_at IS NOT NULL AND next_at <= {0})"
    )
    until = clock + _LEASED
    return Statement(sql.format(mark, no), [platform_id, until, platform_id, until], False)
