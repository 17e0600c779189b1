"""A marketplace with operators and their browsers: see `room.py`."""

from __future__ import annotations

import pytest

from counterfoil.kit import clock
from tests.support.builders import World
from tests.unit.console.room import Room


@pytest.fixture
def world(db, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    monkeypatch.setattr(clock, "wall_now", lambda: world.now)
    return world


@pytest.fixture
def room(world: World, tmp_path, settings) -> Room:
    settings.DATA_DIR = tmp_path / "data"
    return Room(world)
