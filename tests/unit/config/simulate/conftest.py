from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from counterfoil.config.simulate.throwaway import Throwaway, throwaway


@pytest.fixture(scope="module")
def base(django_db_blocker: Any) -> Iterator[Throwaway]:
    """A database for the lives of a module."""
    with django_db_blocker.unblock(), throwaway() as made:
        yield made


@pytest.fixture
def a_life(base: Throwaway) -> Iterator[None]:
    """Django is connected to a database in which nobody has lived yet."""
    with base.copy():
        yield
