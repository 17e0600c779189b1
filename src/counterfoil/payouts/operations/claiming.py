"""How workers take payouts up, so that no two carry on with the same one.

A claim moves `next_at` ahead by a lease and counts an attempt. A worker that is killed leaves
its payouts to whoever comes after the lease. `attempts` is the fence: what a worker found out is
written only if nobody has claimed the payout since. All moments are the platform's clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from django.conf import settings
from django.utils.module_loading import import_string

from counterfoil.kit.db import (
    execute,
    fetch_all,
    in_index_order,
    lock_row_suffix,
    placeholders,
    unit_of_work,
)
from counterfoil.payments.rows import names_of
from counterfoil.payouts.rows import PayoutRow, lock_all
from counterfoil.rails.base import Rail

BATCH: Final = 200
LEASE: Final = 300  # seconds
_FIRST_PAUSE: Final = 60
_LONGEST_PAUSE: Final = 6 * 60 * 60


def rail_of(livemode: bool) -> Rail | None:
    """The way to the bank that is plugged in; None where an operator carries payouts there."""
    found: Rail | None = import_string(settings.RAIL_OF)(livemode)
    return found


def claim(
    platform_id: str,
    livemode: bool,
    statuses: Sequence[str],
    *,
    now: int,
    clock: int,
    wait: bool,
) -> list[PayoutRow]:
    """Up to a batch of payouts that are due at `now`, the longest due first.

    The lease runs from what the clock shows: were it from `now`, a worker that is late would take
    up payouts that another one could take up at once.
    With `wait`, those that another worker is just claiming are waited for, not skipped.
    """
    suffix = lock_row_suffix()
    if suffix and not wait:
        suffix += " SKIP LOCKED"
    names = names_of(PayoutRow)
    with unit_of_work():
        with in_index_order():
            rows = fetch_all(
                f"SELECT {', '.join(names)} FROM payouts_payout"  # noqa: S608 - our own names
                " WHERE platform_id = %s AND livemode = %s AND next_at <= %s"
                f" AND next_at IS NOT NULL AND status IN ({placeholders(statuses)})"
                f" ORDER BY next_at, id LIMIT {BATCH:d}{suffix}",
                [platform_id, livemode, now, *statuses],
            )
        found = [PayoutRow(**dict(zip(names, row, strict=True))) for row in rows]
        if found:
            execute(
                "UPDATE payouts_payout SET next_at = %s, attempts = attempts + 1"  # noqa: S608 - placeholders
                f" WHERE id IN ({placeholders(found)})",
                [clock + LEASE, *(row.id for row in found)],
            )
    for row in found:
        row.next_at, row.attempts = clock + LEASE, row.attempts + 1
    return found


@contextmanager
def still_ours(claimed: Sequence[PayoutRow]) -> Iterator[list[PayoutRow]]:
    """In a transaction, those that nobody else has claimed or moved on since, held."""
    before = {row.id: (row.status, row.attempts) for row in claimed}
    with unit_of_work():
        held = lock_all(sorted(before))
        yield [row for row in held if (row.status, row.attempts) == before[row.id]]


def try_again(row: PayoutRow, *, clock: int) -> None:
    """Have it claimed again after a pause that doubles each time."""
    pause = min(_FIRST_PAUSE * 2 ** min(row.attempts - 1, 20), _LONGEST_PAUSE)
    row.next_at = clock + pause
