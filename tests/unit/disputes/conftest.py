"""Disputes over a real database; after every test every invariant holds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.builders import world  # noqa: F401 - a fixture
from tests.support.committed import committed_database  # noqa: F401 - a fixture
from tests.unit.disputes.world import broken


@pytest.fixture
def books_hold(db: None) -> Iterator[None]:
    yield
    assert broken() == set()
