"""What waits in the outbox."""

from __future__ import annotations

from counterfoil.kit.db import fetch_all


def longest_wait(now: int) -> int:
    """Seconds that the job has waited which should have been done first; 0 when none is late.

    `now`: wall clock, UTC seconds.
    """
    ((oldest,),) = fetch_all(
        "SELECT MIN(due_at) FROM outbox_job"
        " WHERE given_up_at IS NULL AND due_at <= %s AND leased_until <= %s",
        [now, now],
    )
    return 0 if oldest is None else now - int(oldest)


def given_up(now: int) -> int:
    """How many jobs nobody tries any more."""
    ((count,),) = fetch_all(
        "SELECT COUNT(*) FROM outbox_job WHERE given_up_at IS NOT NULL AND given_up_at <= %s", [now]
    )
    return int(count)
