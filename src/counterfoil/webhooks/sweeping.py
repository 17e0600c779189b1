"""Forgetting deliveries of long ago: a duty of the worker."""

from __future__ import annotations

from typing import Final

from counterfoil.kit.db import execute, fetch_all, placeholders, unit_of_work
from counterfoil.platforms.queries import platform_time
from counterfoil.webhooks.listening import forget_silent_listeners
from counterfoil.webhooks.policy import KEPT

EVERY_SECONDS: Final = 600
_AT_ONCE: Final = 1000

_next_sweep = 0


def sweep_when_due(now_wall: int) -> int:
    """`sweep`, at most every ten minutes in each worker, and at once while there is more."""
    global _next_sweep
    if now_wall < _next_sweep:
        return 0
    gone = sweep(now_wall)
    if not gone:
        _next_sweep = now_wall + EVERY_SECONDS
    return gone


def sweep(now_wall: int) -> int:
    """Delete up to a thousand deliveries of each endpoint that are over, with their tries, whose
    event is thirty days old by the platform's clock; how many. `now_wall`: UTC seconds."""
    gone = forget_silent_listeners(now_wall) + _end_strays()
    for ident, platform_id, livemode in fetch_all(
        "SELECT id, platform_id, livemode FROM webhooks_endpoint"
    ):
        now = platform_time(platform_id, livemode=bool(livemode), now_wall=now_wall)
        gone += _forget(ident, before=now - KEPT)
    return gone


def _end_strays() -> int:
    """What was written for an endpoint in the moment in which it was switched off or removed."""
    waits = "due_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM webhooks_endpoint e WHERE"
    gone = execute(f"DELETE FROM webhooks_delivery WHERE {waits} e.id = endpoint_id)")  # noqa: S608 - ours
    return gone + execute(
        "UPDATE webhooks_delivery SET status = 'canceled', due_at = NULL"  # noqa: S608 - ours
        f" WHERE {waits} e.id = endpoint_id AND e.status = 'enabled')"
    )


def _forget(endpoint_id: str, *, before: int) -> int:
    rows = fetch_all(
        "SELECT id FROM webhooks_delivery WHERE endpoint_id = %s AND created < %s"
        " AND due_at IS NULL ORDER BY created, id LIMIT %s",
        [endpoint_id, before, _AT_ONCE],
    )
    if not rows:
        return 0
    ids = [ident for (ident,) in rows]
    chosen = placeholders(ids)
    with unit_of_work():
        # Looked at again: somebody may have asked for one of them a moment ago.
        gone = execute(
            f"DELETE FROM webhooks_delivery WHERE id IN ({chosen}) AND due_at IS NULL",  # noqa: S608 - placeholders
            ids,
        )
        execute(
            f"DELETE FROM webhooks_attempt WHERE delivery_id IN ({chosen})"  # noqa: S608 - the same
            " AND NOT EXISTS (SELECT 1 FROM webhooks_delivery d WHERE d.id = delivery_id)",
            ids,
        )
    return gone
