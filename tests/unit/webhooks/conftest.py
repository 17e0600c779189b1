from __future__ import annotations

from collections.abc import Iterator

import pytest

from counterfoil.kit import clock
from counterfoil.webhooks.delivering import Deliverer
from counterfoil.webhooks.operations.endpoints import create_endpoint
from counterfoil.webhooks.params import CreateEndpoint
from counterfoil.webhooks.rows import EndpointRow
from tests.support.builders import (
    World,
    world,  # noqa: F401 - a fixture
)
from tests.support.committed import committed_database  # noqa: F401 - a fixture
from tests.support.sink import Sink, sink


class Hooks:
    """A platform's endpoints, and a worker whose wall clock is the test's."""

    def __init__(self, world: World) -> None:  # noqa: F811 - the fixture's name
        self.world = world
        self.now = world.now
        self.secrets: dict[str, str] = {}

    def endpoint(self, url: str, *events: str, connect: bool = False) -> EndpointRow:
        row, secret = create_endpoint(
            scope=self.world.scope,
            params=CreateEndpoint(url=url, enabled_events=list(events) or ["*"], connect=connect),
            now=self.world.now,
        )
        self.secrets[row.id] = secret
        return row

    def happen(self) -> str:
        """One event of the platform's own, `charge.succeeded`; its charge."""
        return self.world.charge(1000).id

    def work(self, *, after: int = 0) -> int:
        """The worker does what is due `after` so many seconds; how many tries it made."""
        self.now += after
        with clock.another_wall_clock(lambda: self.now):
            return Deliverer().drain()


@pytest.fixture
def hooks(world: World) -> Hooks:  # noqa: F811 - the fixture itself
    return Hooks(world)


@pytest.fixture
def heard() -> Iterator[Sink]:
    with sink() as listening:
        yield listening
