"""What every transport promises."""

from __future__ import annotations

from typing import Protocol

from counterfoil.messaging.message import Message


class Undeliverable(Exception):
    """Nobody can be reached there: sending the same again would not help.

    Its words name neither the address nor what was to be sent: they go to the log.
    """


class Transport(Protocol):
    """Raises Undeliverable for an address that cannot receive; anything else means: try again."""

    @property
    def is_outbox(self) -> bool:
        """Whether messages stay on this machine, for developers to read."""

    def send(self, message: Message, *, now: int) -> None:
        """Hand one message over, or raise. `now` is the wall clock, UTC seconds."""
