"""`POST /v1/charges`: transactions a second, the application and the floor turn about."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from bench.client import Connection, drive
from bench.plan import WritePlan
from bench.replay import CLIENTS, Floor
from bench.world import World, charge_request

ROUNDS: Final = 8
ALONE: Final = 25  # POSTs a round on one connection, for their latency
_FOR_EVER: Final = 3600.0


@dataclass(slots=True)
class WriteSide:
    """One world: the server that takes POSTs, the floor on a copy of it, and what came out."""

    world: World
    port: int
    plan: WritePlan
    floor: Floor
    app_per_second: list[float] = field(default_factory=list)
    floor_per_second: list[float] = field(default_factory=list)
    app_latencies: list[float] = field(default_factory=list)  # milliseconds, one connection
    floor_latencies: list[float] = field(default_factory=list)  # empty where nobody can tell
    posted: int = 0  # answered by the application
    replayed: int = 0  # by the floor


def measure(sides: Sequence[WriteSide]) -> None:
    """Replays all recorded POSTs, in ROUNDS parts; as many and some more go to the application."""
    numbers = {id(side): count() for side in sides}
    for turn in range(ROUNDS):
        for side in sides:
            posts = side.plan.posts[turn::ROUNDS]
            requests = [
                charge_request(side.world, number, label="sent").raw()
                for number, _ in zip(numbers[id(side)], range(len(posts) + ALONE), strict=False)
            ]
            _post(side, requests[ALONE:], requests[:ALONE])
            replayed = side.floor.replay(posts)
            side.floor_per_second.append(replayed.per_second)
            side.floor_latencies += replayed.latencies
            side.replayed += len(posts)


def _post(side: WriteSide, together: list[bytes], alone: list[bytes]) -> None:
    connections = [Connection(side.port) for _ in range(CLIENTS)]
    for request in alone:
        began = time.perf_counter()
        response = connections[0].ask(request)
        side.app_latencies.append((time.perf_counter() - began) * 1000)
        assert response.status == 200, response
    side.app_per_second.append(drive(connections, iter(together), seconds=_FOR_EVER))
    side.posted += len(together) + len(alone)
    for connection in connections:
        connection.close()
