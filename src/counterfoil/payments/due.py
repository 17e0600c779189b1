"""What the platform's clock brings about in payments (see `config/due.py`)."""

from __future__ import annotations

from counterfoil.kit.db import fetch_all, fetch_one
from counterfoil.kit.scope import Scope
from counterfoil.payments.operations.refunds import move_refund_on


def next_due(platform_id: str, livemode: bool, until: int) -> int | None:
    """The next moment, `until` at the latest, at which a refund moves on."""
    row = fetch_one(
        "SELECT MIN(next_at) FROM payments_refund"
        " WHERE platform_id = %s AND livemode = %s AND next_at > 0 AND next_at <= %s",
        [platform_id, livemode, until],
    )
    return None if row is None or row[0] is None else int(row[0])


def run_due(platform_id: str, livemode: bool, moment: int) -> int:
    """Move every refund on that is due at `moment`; how many there were."""
    rows = fetch_all(
        "SELECT id, account_id FROM payments_refund WHERE platform_id = %s AND livemode = %s"
        " AND next_at > 0 AND next_at <= %s ORDER BY next_at, created, id",
        [platform_id, livemode, moment],
    )
    for refund_id, account_id in rows:
        scope = Scope(platform_id, account_id, livemode)
        move_refund_on(refund_id=refund_id, scope=scope, now=moment)
    return len(rows)
