"""Reads: the application and the floor, turn and turn about, on one connection each."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import repeat

from bench.client import Connection, drive
from bench.figures import median
from bench.machine import cpu_seconds

WARM_UP = 30  # requests
ROUND_SECONDS = 0.02  # of one side's turn
CONNECTIONS = 4
WINDOW_SECONDS = 0.4
_TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]*')


@dataclass(slots=True)
class Side:
    """One server with one request, and what was measured of it, round by round."""

    port: int
    process: int  # the one that answers
    request: bytes
    rounds: list[list[float]] = field(default_factory=list)  # milliseconds
    cpu: list[float] = field(default_factory=list)  # milliseconds of one request, per round
    per_second: list[float] = field(default_factory=list)  # over CONNECTIONS

    @property
    def latencies(self) -> list[float]:
        return [latency for one in self.rounds for latency in one]

    @property
    def medians(self) -> list[float]:
        return [median(one) for one in self.rounds]


def measure(sides: Sequence[Side], *, seconds: float) -> None:
    """About `seconds` of single requests to each side, then half as long on four connections."""
    measure_latency(sides, seconds=seconds)
    with _undisturbed():
        for _ in range(max(1, round(seconds / 2 / WINDOW_SECONDS))):
            for side in sides:
                connections = [Connection(side.port) for _ in range(CONNECTIONS)]
                requests = repeat(side.request)
                side.per_second.append(drive(connections, requests, seconds=WINDOW_SECONDS))
                for connection in connections:
                    connection.close()


def measure_latency(sides: Sequence[Side], *, seconds: float) -> None:
    """The first of these alone."""
    with _undisturbed():
        _measure_latency(sides, seconds)


def _measure_latency(sides: Sequence[Side], seconds: float) -> None:
    connections = [Connection(side.port) for side in sides]
    sizes = [
        max(3, int(ROUND_SECONDS * 1000 / median(_ask(connection, side.request, WARM_UP))))
        for connection, side in zip(connections, sides, strict=True)
    ]
    for _ in range(max(5, round(seconds / ROUND_SECONDS))):
        for connection, side, size in zip(connections, sides, sizes, strict=True):
            before = cpu_seconds(side.process)
            side.rounds.append(_ask(connection, side.request, size))
            if before is not None:
                used = (cpu_seconds(side.process) or before) - before
                side.cpu.append(used * 1000 / size)
    for connection in connections:
        connection.close()


def _ask(connection: Connection, request: bytes, times: int) -> list[float]:
    """Milliseconds of each request, from the first byte sent to the last received."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        response = connection.ask(request)
        took.append((time.perf_counter() - began) * 1000)
        assert response.status == 200, response
    return took


@contextmanager
def _undisturbed() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def same_bytes(sides: Iterable[Side]) -> bool:
    """Whether all answer alike, but for the token that differs in each answer of a page."""
    answers = set()
    for side in sides:
        connection = Connection(side.port)
        answers.add(_TOKEN.sub(rb"\1", connection.ask(side.request).body))
        connection.close()
    return len(answers) == 1
