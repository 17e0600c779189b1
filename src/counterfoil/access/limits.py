"""How many codes may leave: a few slots per subject, each usable once per window.

Claiming a slot is one conditional upsert, so any number of processes agree, and no window of
that length ever holds more sends than there are slots.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from counterfoil.kit.crypt import keyed_hash
from counterfoil.kit.db import execute, fetch_one
from counterfoil.kit.refused import Refused

_CLAIM = """
INSERT INTO access_sendslot (subject, slot, used_at) VALUES (%s, %s, %s)
ON CONFLICT (subject, slot) DO UPDATE SET used_at = excluded.used_at
WHERE access_sendslot.used_at <= %s
"""


class TooManySends(Refused):
    """Every slot was used within the window; `retry_at` (UTC seconds) frees the next one."""

    def __init__(self, message: str, *, retry_at: int) -> None:
        super().__init__(message)
        self.retry_at = retry_at


def take_slots(subjects: Sequence[tuple[str, str]], *, now_wall: int) -> None:
    """Take one slot of each subject (kind, value), or none at all.

    Raises TooManySends. Give subjects in the same order everywhere: two requests can then wait
    for each other, but never in a circle.
    """
    hashes = [keyed_hash(f"send-limit:{kind}", value) for kind, value in subjects]
    with transaction.atomic():
        for subject in hashes:
            if not _take_slot(subject, now_wall):
                raise TooManySends(
                    "Too many codes were sent. Wait before asking for another one.",
                    retry_at=_next_free(subject),
                )


def _take_slot(subject: str, now_wall: int) -> bool:
    window_start = now_wall - settings.LIFETIMES.send_window
    return any(
        execute(_CLAIM, [subject, slot, now_wall, window_start]) == 1
        for slot in range(settings.LIFETIMES.sends)
    )


def _next_free(subject: str) -> int:
    row = fetch_one("SELECT MIN(used_at) FROM access_sendslot WHERE subject = %s", [subject])
    assert row is not None
    return int(row[0]) + settings.LIFETIMES.send_window
