"""The API as its callers see it, over databases in which requests really commit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from counterfoil.kit.clock import wall_now
from tests.support.builders import World
from tests.support.committed import (
    _make_test_database,
    _on_postgresql,
    _on_sqlite,
    committed_database,  # noqa: F401 - a fixture
)
from tests.unit.api.caller import Api


@pytest.fixture
def api(
    committed_database: str,  # noqa: F811 - the fixture itself
    tmp_path: Path,
    settings: Any,
) -> Api:
    """A platform's secret test key, ready to call, in a database of its own."""
    settings.DATA_DIR = tmp_path
    return Api(World(now=wall_now()))


@pytest.fixture(scope="module")
def shared_world(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """One world for a module whose tests only read, or do not mind each other's objects."""
    with django_db_blocker.unblock():
        _make_test_database(request.session, django_db_blocker)
        on_postgresql = connection.vendor == "postgresql"
        copy = _on_postgresql() if on_postgresql else _on_sqlite(tmp_path_factory.mktemp("db"))
        with copy:
            yield World(now=wall_now())
