"""What a worker does, again and again.

A duty takes the wall clock (UTC seconds) and answers how much it did; 0 means there was
nothing to do. Any number of workers may run the same duty at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from django.utils.module_loading import import_string

Duty = Callable[[int], int]

DUTIES: Final = (
    "counterfoil.outbox.running.run_due",
    "counterfoil.platforms.timing.run_everything_due",
    "counterfoil.ledger.sealing.seal_all",
    "counterfoil.audit.sealing.seal_all",
    "counterfoil.ledger.sealing.fold_when_due",
    "counterfoil.access.sweeping.sweep_when_due",
    "counterfoil.webhooks.sweeping.sweep_when_due",
    "counterfoil.api.idempotency.forget_old",
    "counterfoil.dashboard.once.forget_old",
    "counterfoil.dashboard.exports.operations.forget_old",
)
# Beside the others too: a server that hangs holds nobody up. `worker --once` runs it to its end.
DELIVERING: Final = "counterfoil.webhooks.delivering.deliver_due"
KEEP_DELIVERING: Final = "counterfoil.webhooks.delivering.keep_delivering"
# Work that may take minutes: beside the others, so that nobody waits for a code meanwhile.
LONG_DUTIES: Final = ("counterfoil.dashboard.exports.operations.make_next",)


def duties() -> list[Duty]:
    """Imported when a worker starts: the web processes need none of it."""
    return [import_string(path) for path in DUTIES]


def long_duties() -> list[Duty]:
    return [import_string(path) for path in LONG_DUTIES]


def delivering() -> Duty:
    duty: Duty = import_string(DELIVERING)
    return duty


def keep_delivering() -> Callable[[threading.Event], None]:
    """What a thread of the worker's does until the event is set."""
    forever: Callable[[threading.Event], None] = import_string(KEEP_DELIVERING)
    return forever
