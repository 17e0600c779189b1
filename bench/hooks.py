"""Webhooks that wait, sent by real workers: how many a second, alone and beside a dead endpoint."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from bench import bare
from bench.plan import Statement
from bench.servers import ROOT, inside
from bench.sink import EVERY, Counted

WORKERS: Final = 2
_EVERY: Final = 0.2  # seconds
_PATIENCE: Final = 600.0


class Delivered(msgspec.Struct):
    """Per second once a fifth had arrived, so that both workers were at it, and to the last one."""

    events: int
    workers: int
    dead: int  # endpoints beside that never answer, each with as many events
    per_second: float
    all_after: float  # seconds from the start of the workers, Python and Django included
    again: int  # arrived more than once


@dataclass(frozen=True, slots=True)
class _Sink:
    port: int
    dead_port: int

    def counted(self) -> Counted:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=10) as answer:
            return msgspec.json.decode(answer.read(), type=Counted)


def deliver(environment: Mapping[str, str], *, events: int, dead: int, log: Path) -> Delivered:
    """Seeds endpoints and events, starts workers, and asks the sink until it has all of them."""
    with _sink() as sink:
        inside(environment, "hooks", events, sink.port, sink.dead_port, dead)
        began = time.time()
        with _workers(environment, log):
            while (counted := sink.counted()).events < events:
                assert time.time() - began < _PATIENCE, log.read_text()[-3000:]
                time.sleep(_EVERY)
        counted = sink.counted()
    # Stopped in good order: all that was answered is written down.
    _check_written(environment, events)
    marks = counted.marks[len(counted.marks) // 5 :]
    rate = EVERY * (len(marks) - 1) / (marks[-1] - marks[0])
    return Delivered(
        events, WORKERS, dead, rate, marks[-1] - began, counted.requests - counted.events
    )


def _check_written(environment: Mapping[str, str], events: int) -> None:
    database = bare.connect(environment["COUNTERFOIL_DATABASE_URL"], "")
    sql = "SELECT COUNT(*) FROM webhooks_delivery WHERE status = 'succeeded'"
    ((written,),) = database.run(Statement(sql, [], False))
    database.close()
    assert written == events, f"{written} of {events} deliveries are written down"


@contextmanager
def _sink() -> Iterator[_Sink]:
    command = [sys.executable, "-m", "bench.sink"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        port, dead_port = process.stdout.readline().split()
        yield _Sink(int(port), int(dead_port))
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _workers(environment: Mapping[str, str], log: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "counterfoil", "worker"]
    with log.open("ab") as output:
        workers = [
            subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=output, stderr=output)
            for _ in range(WORKERS)
        ]
        try:
            yield
            assert all(one.poll() is None for one in workers), log.read_text()[-3000:]
        finally:
            for one in workers:
                one.terminate()
            for one in workers:
                one.wait()
