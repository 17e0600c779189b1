"""Which function does which kind of job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

Handler = Callable[[Mapping[str, Any], int], None]

_handlers: Final[dict[str, Handler]] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Declare the function for a kind of job, in a package's `tasks.py`.

    It is called as `handler(payload, now_wall)`, outside any transaction, and it must be
    idempotent: a worker that dies after the work and before saying so has it done again, and
    so does one that outlives its lease. Any exception means "try again later".
    """

    def declare(handler: Handler) -> Handler:
        known = _handlers.setdefault(kind, handler)
        assert known is handler, f"two functions want the job {kind}"
        return handler

    return declare


def handler_of(kind: str) -> Handler:
    return _handlers[kind]


def known_kinds() -> list[str]:
    return sorted(_handlers)
