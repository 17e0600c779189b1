"""A throwaway database in which transactions really commit.

Most tests use `@pytest.mark.django_db`, which rolls back. A test of threads, of another process
or of a crash needs commits, and our append-only tables cannot be emptied afterwards; so
`committed_database` copies the migrated, empty test database (a file on SQLite, `CREATE DATABASE
… TEMPLATE` on PostgreSQL), points Django's default connection at the copy and drops it at the end.

To use it, import the fixture into the `conftest.py` beside the test:

    from tests.support.committed import committed_database  # noqa: F401 - a fixture

It gives the copy's URL, to be handed to a process as COUNTERFOIL_DATABASE_URL. Do not combine it
with `django_db`. Threads go through `in_threads`, which closes their connections.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from django.db import connection

from tests.support.settings import POSTGRES_URL

Result = TypeVar("Result")


@pytest.fixture
def committed_database(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any, tmp_path: Path
) -> Iterator[str]:
    """The URL of a fresh copy of the test database, to which Django is connected meanwhile."""
    with django_db_blocker.unblock():
        _make_test_database(request.session, django_db_blocker)
        copy = _on_postgresql() if connection.vendor == "postgresql" else _on_sqlite(tmp_path)
        with copy as url:
            yield url


def in_threads(*tasks: Callable[[], Result]) -> list[Result]:
    """Run all at once, each with a connection of its own; their results, in order.

    They start together. The first failure, in the order of the tasks, is raised.
    """
    start = threading.Barrier(len(tasks))

    def run(task: Callable[[], Result]) -> Result:
        start.wait()
        try:
            return task()
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(tasks)) as pool:
        return list(pool.map(run, tasks))


def _make_test_database(session: pytest.Session, blocker: Any) -> None:
    # pytest-django makes it only when a test of this session is marked `django_db`.
    original = connection.settings_dict["NAME"]
    if original == connection.creation._get_test_db_name():
        return
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)

    def destroy() -> None:
        with blocker.unblock():
            connection.creation.destroy_test_db(original, verbosity=0)

    session.addfinalizer(destroy)


@contextmanager
def _on_sqlite(directory: Path) -> Iterator[str]:
    path = directory / "committed.db"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    with _connected_to(str(path)):
        yield f"sqlite:///{path}"


@contextmanager
def _on_postgresql() -> Iterator[str]:
    template = connection.settings_dict["NAME"]
    name = f"counterfoil_copy_{os.getpid()}_{uuid4().hex[:8]}"
    connection.close()  # a template must have nobody connected
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        with _connected_to(name):
            yield f"{POSTGRES_URL.rpartition('/')[0]}/{name}"
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _connected_to(name: str) -> Iterator[None]:
    # Connections of other threads share this dictionary.
    original = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = original
