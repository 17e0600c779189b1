"""The cast of every test here: see `world.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from counterfoil.kit import clock
from tests.support.committed import committed_database  # noqa: F401 - a fixture
from tests.unit.access.world import Wall, World


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    wall = Wall()
    monkeypatch.setattr(clock, "wall_now", lambda: wall.now)
    return wall


@pytest.fixture
def world(db: None, wall: Wall, tmp_path: Path, settings: Any) -> World:
    settings.DATA_DIR = tmp_path / "data"
    return World(wall, settings.DATA_DIR)


@pytest.fixture
def committed_world(
    committed_database: str,  # noqa: F811 - the fixture itself
    wall: Wall,
    tmp_path: Path,
    settings: Any,
) -> World:
    """The same in a database where transactions really commit, for threads."""
    settings.DATA_DIR = tmp_path / "data"
    return World(wall, settings.DATA_DIR)


@pytest.fixture
def browser() -> Client:
    """Follows no redirect by itself."""
    return Client()
