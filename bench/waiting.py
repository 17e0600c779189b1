"""Events that wait for endpoints: written by the project's own functions."""

from __future__ import annotations

from typing import Final

from counterfoil.events.operations import EventDraft, record_events
from counterfoil.kit.clock import wall_now
from counterfoil.kit.db import unit_of_work
from counterfoil.payments.wire.charge import charge_wire
from counterfoil.webhooks.operations.endpoints import create_endpoint
from counterfoil.webhooks.params import CreateEndpoint
from tests.support.builders import World

AT_ONCE: Final = 500


def seed_events(count: int, *, port: int, dead_port: int, dead: int) -> None:
    """So many `charge.succeeded` of one charge, for an endpoint that answers and `dead` others."""
    world = World(now=wall_now())
    charge = world.fund(1000)
    for number, to in enumerate([port, *[dead_port] * dead]):
        url = f"http://127.0.0.1:{to}/hook/{number}"
        wanted = CreateEndpoint(url=url, enabled_events=["charge.succeeded"])
        create_endpoint(scope=world.scope, params=wanted, now=world.now)
    draft = EventDraft(
        "charge.succeeded", world.scope, charge_wire(charge), charge.id, at=world.now
    )
    for start in range(0, count, AT_ONCE):
        with unit_of_work():
            record_events([draft] * min(AT_ONCE, count - start))
