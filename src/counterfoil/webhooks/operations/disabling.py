"""Switching off endpoints that have only failed for days, and saying so."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from counterfoil.kit.db import fetch_all, fetch_one, lock_row_suffix, placeholders, unit_of_work
from counterfoil.messaging.operations import send_later
from counterfoil.messaging.operator_texts import endpoint_disabled
from counterfoil.webhooks import policy
from counterfoil.webhooks.operations.endpoints import cancel_deliveries, subscribe, write
from counterfoil.webhooks.queries import find_endpoint
from counterfoil.webhooks.rows import EndpointRow

log = logging.getLogger(__name__)


def disable_dead(endpoint_ids: Sequence[str], *, now_wall: int) -> list[EndpointRow]:
    """Switch off those of these endpoints that have only failed for three days.

    What was on its way is given up, and the operator is written to, each in one transaction.
    """
    rows = fetch_all(
        "SELECT id, platform_id, livemode FROM webhooks_endpoint"  # noqa: S608 - placeholders
        f" WHERE id IN ({placeholders(endpoint_ids)}) AND status = 'enabled'"
        " AND failing_since <= %s AND listener_seen_at IS NULL",
        [*endpoint_ids, policy.dead_since(now_wall)],
    )
    off = [_disable(ident, owner, bool(livemode), now_wall) for ident, owner, livemode in rows]
    return [row for row in off if row is not None]


def _disable(
    endpoint_id: str, platform_id: str, livemode: bool, now_wall: int
) -> EndpointRow | None:
    with unit_of_work():
        row = find_endpoint(
            endpoint_id, platform_id=platform_id, livemode=livemode, suffix=lock_row_suffix()
        )
        # Looked at again: it may have answered, or been switched off, a moment ago.
        since = None if row is None or not row.is_enabled else row.failing_since
        if row is None or since is None or since > policy.dead_since(now_wall):
            return None
        row.status, row.disabled_because = "disabled", "failing"
        write(row)
        subscribe(row)
        cancel_deliveries(row.id)
        _tell(row, since, now_wall)
    log.warning("webhook endpoint disabled, it only failed: %s", row.id)
    return row


def _tell(row: EndpointRow, since: int, now_wall: int) -> None:
    found = fetch_one(
        "SELECT operator_email, name FROM platforms_platform WHERE id = %s", [row.platform_id]
    )
    if found is None or not found[0]:
        return  # nobody to write to: the log and the endpoint's status say it
    to, platform = found
    message = endpoint_disabled(
        to=to, platform=platform, url=row.url, endpoint_id=row.id, since=since
    )
    send_later(message, now=now_wall)
