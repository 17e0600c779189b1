"""A database that nobody will miss: made, copied for each life, and dropped.

On SQLite a file in a temporary directory, without waiting for the disk; on PostgreSQL databases
of their own on the server that COUNTERFOIL_DATABASE_URL names. What is there is not touched.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.db import connection


class Throwaway:
    """A migrated, empty database to copy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = (
            f"counterfoil_simulation_{os.getpid()}_{uuid4().hex[:8]}"
            if connection.vendor == "postgresql"
            else str(folder / "template.db")
        )

    @contextmanager
    def copy(self) -> Iterator[None]:
        """Inside, Django is connected to a fresh copy, which is dropped at the end."""
        if connection.vendor == "postgresql":
            name = f"{self.name}_{uuid4().hex[:8]}"
            with created(name, template=self.name), _connected_to(name):
                yield
            return
        path = self.folder / "life.db"
        shutil.copyfile(self.name, path)
        try:
            with _connected_to(str(path)):
                yield
        finally:
            for left in self.folder.glob("life.db*"):
                left.unlink()


@contextmanager
def throwaway() -> Iterator[Throwaway]:
    """A database to copy, and a data directory of its own; both gone at the end."""
    with tempfile.TemporaryDirectory(prefix=f"counterfoil-simulation-{os.getpid()}-") as folder:
        made = Throwaway(Path(folder))
        with _careless(), _data_in(Path(folder)):
            if connection.vendor == "postgresql":
                with created(made.name):
                    _migrate(made.name)
                    yield made
            else:
                _migrate(made.name)
                yield made


def _migrate(name: str) -> None:
    with _connected_to(name):
        call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def created(name: str, *, template: str = "template1") -> Iterator[None]:
    """A database of that name on our PostgreSQL server, dropped at the end."""
    server: Any = connection
    connection.close()  # a template must have nobody connected
    with server._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield
    finally:
        with server._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _connected_to(name: str) -> Iterator[None]:
    original = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = original


@contextmanager
def _careless() -> Iterator[None]:
    """Nothing waits for the disk, and no pool keeps a connection to what is to be dropped."""
    original = connection.settings_dict["OPTIONS"]
    options = dict(original)
    if connection.vendor == "postgresql":
        options.pop("pool", None)
        options["options"] = f"{options.get('options', '')} -c synchronous_commit=off".strip()
    else:
        options["init_command"] = options["init_command"].replace(
            "synchronous=FULL", "synchronous=OFF"
        )
    connection.close()
    connection.settings_dict["OPTIONS"] = options
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["OPTIONS"] = original


@contextmanager
def _data_in(folder: Path) -> Iterator[None]:
    original = settings.DATA_DIR
    settings.DATA_DIR = folder
    try:
        yield
    finally:
        settings.DATA_DIR = original
