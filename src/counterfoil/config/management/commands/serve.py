"""`counterfoil serve`: the web processes, and a background worker beside them."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from counterfoil.config.demo.keys import saved_demo
from counterfoil.config.migrated import refuse_unmigrated


class Command(BaseCommand):
    help = "Serve Counterfoil, with a background worker unless --no-worker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="web processes, default 2")
        parser.add_argument("--no-worker", action="store_true", help="no background worker")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["workers"] < 1:
            raise CommandError("--workers must be at least 1.")
        refuse_unmigrated()
        call_command("collectstatic", interactive=False, verbosity=0)
        _let_go_of_the_database()
        if settings.DEVELOPMENT:
            self._greet(options["port"])
        worker = None if options["no_worker"] else _start_worker()
        try:
            _server(options["host"], options["port"], options["workers"]).serve()
        finally:
            if worker is not None:
                worker.terminate()
                worker.wait(timeout=30)

    def _greet(self, port: int) -> None:
        base = settings.PUBLIC_URL or f"http://localhost:{port}"
        self.stdout.write(f"\n  Sellers      {base}/dev/sellers")
        self.stdout.write(f"  Console      {base}/dev/console")
        demo = saved_demo()
        if demo is not None:
            self.stdout.write(f"  Platform     {demo.name} ({demo.platform_id})")
            self.stdout.write(f"  Test key     {demo.secret_key_test}")
        self.stdout.write(f"  API          {base}/v1\n")
        self.stdout.flush()


def _let_go_of_the_database() -> None:
    """Before the web processes are forked: two on one socket would read each other's answers."""
    connection.close()
    close_pool = getattr(connection, "close_pool", None)  # PostgreSQL's
    if close_pool is not None:
        close_pool()  # `close` only gave the connection back to it


def _start_worker() -> subprocess.Popen[bytes]:
    # It watches for this process, so that a killed server leaves no worker behind.
    command = [sys.executable, "-m", "counterfoil", "worker", "--with-parent", str(os.getpid())]
    return subprocess.Popen(command)  # noqa: S603 - our own interpreter and words


def _server(host: str, port: int, workers: int) -> Any:
    """Granian as design §1 has it: few blocking threads, and no access log to leak tokens."""
    sqlite = connection.vendor == "sqlite"
    return Granian(
        target="counterfoil.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=1 if sqlite else 4,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    )
