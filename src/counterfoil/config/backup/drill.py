"""Restoring for practice: into a place of its own, which is gone afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection

from counterfoil.config.simulate.throwaway import created


def drill(source: Path) -> str:
    """What `counterfoil restore` says of the archive in an empty installation beside this one.

    On PostgreSQL a database is made on the same server, and dropped. Raises CommandError.
    """
    with (
        tempfile.TemporaryDirectory(prefix="counterfoil-drill-") as folder,
        _empty_database(Path(folder)) as url,
    ):
        done = subprocess.run(  # noqa: S603 - our own interpreter and words
            [sys.executable, "-m", "counterfoil", "restore", str(source.absolute())],
            env={**os.environ, "COUNTERFOIL_DATA_DIR": folder, "COUNTERFOIL_DATABASE_URL": url},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise CommandError(done.stderr.strip())
    return done.stdout


@contextmanager
def _empty_database(folder: Path) -> Iterator[str]:
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / 'counterfoil.db'}"
        return
    name = f"counterfoil_drill_{os.getpid()}_{uuid4().hex[:8]}"
    with created(name):
        yield urlsplit(settings.ENVIRONMENT.database_url)._replace(path=f"/{name}").geturl()
