from __future__ import annotations

import pytest

from tests.support.committed import committed_database  # noqa: F401 - a fixture
from tests.unit.accounts.world import World


@pytest.fixture
def world(db) -> World:
    """A platform in test mode, with the operations of accounts at hand."""
    return World()


@pytest.fixture
def committed_world(committed_database: str) -> World:  # noqa: F811 - the fixture itself
    """The same in a database where threads really meet."""
    return World()
