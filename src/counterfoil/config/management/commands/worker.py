"""`counterfoil worker`: background work."""

from __future__ import annotations

import logging
import os
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Sequence
from types import FrameType
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections

from counterfoil.config.duties import (
    Duty,
    delivering,
    duties,
    keep_delivering,
    long_duties,
)
from counterfoil.kit.clock import wall_now

IDLE_SECONDS: Final = 1.0
UNREACHABLE_SECONDS: Final = 5.0
DELIVERIES_END_WITHIN: Final = 20.0  # longer than an answer may take

log = logging.getLogger("counterfoil.worker")


class Command(BaseCommand):
    help = "Do background work until told to stop; with --once, what is due now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="do everything that is due, then exit"
        )
        parser.add_argument(
            "--with-parent", type=int, metavar="PID", help="stop when this parent process is gone"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["once"]:
            drain([*duties(), *long_duties(), delivering()])
            return
        stop = threading.Event()

        def finish(_signum: int, _frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, finish)
        signal.signal(signal.SIGINT, finish)
        log.info("worker started")
        parent = options["with_parent"]
        # A daemon: who is told to stop does not wait for a long job, which another begins anew.
        beside = threading.Thread(
            target=work_until, args=(stop, long_duties()), kwargs={"parent": parent}, daemon=True
        )
        beside.start()
        messenger = threading.Thread(target=keep_delivering(), args=(stop,), daemon=True)
        messenger.start()
        work_until(stop, duties(), parent=parent)
        stop.set()  # the parent may have gone
        messenger.join(DELIVERIES_END_WITHIN)
        log.info("worker stopped")


def drain(tasks: Sequence[Duty]) -> None:
    """Do what is due until a whole round finds nothing more."""
    while one_round(tasks):
        pass


def work_until(stop: threading.Event, tasks: Sequence[Duty], *, parent: int | None = None) -> None:
    """Round after round; a signal lets the duty at hand finish. Outlives a lost database.

    With `parent`, ends once that process is no longer the one above this.
    """
    while not stop.is_set() and parent in (None, os.getppid()):
        close_old_connections()
        try:
            did_something = one_round(tasks)
        except (OperationalError, InterfaceError) as error:
            log.warning("the database does not answer, trying again: %s", error)
            stop.wait(UNREACHABLE_SECONDS)
            continue
        if not did_something:
            stop.wait(IDLE_SECONDS)


def one_round(tasks: Sequence[Duty]) -> bool:
    """Every duty once, each with the time at which it starts."""
    amounts = [task(wall_now()) for task in tasks]
    return any(amounts)
