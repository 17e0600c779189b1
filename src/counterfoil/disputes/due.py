"""What the platform's clock brings about in disputes (see `platforms/timing.py`).

Beside deadlines these are refunds of the whole charge: they end an inquiry and answer a fraud
warning, once they do not wait for funds. Refunds are made below, in payments, which knows no
disputes; so they are looked for, among the few inquiries and warnings that are open.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from counterfoil.disputes.operations.deciding import move_on
from counterfoil.disputes.operations.warnings import answered_by_refund
from counterfoil.kit.db import fetch_all, fetch_one
from counterfoil.kit.scope import Scope

_DUE: Final = """
FROM disputes_dispute
WHERE platform_id = %s AND livemode = %s AND next_at > 0 AND next_at <= %s
"""
_REFUNDED: Final = """
SELECT d.id, d.account_id,
       (SELECT MAX(r.created) FROM payments_refund r WHERE r.charge_id = c.id)
FROM {table} d JOIN payments_charge c ON c.id = d.charge_id
WHERE d.platform_id = %s AND d.livemode = %s AND {is_open}
  AND c.amount_refunded = c.amount_captured
  AND NOT EXISTS (SELECT 1 FROM payments_refund r WHERE r.charge_id = c.id
                  AND r.status = 'pending' AND r.pending_reason = 'insufficient_funds')
"""
_INQUIRIES: Final = _REFUNDED.format(
    table="disputes_dispute",
    is_open="d.next_at > 0 AND d.status IN ('warning_needs_response', 'warning_under_review')",
)
_WARNINGS: Final = _REFUNDED.format(table="disputes_earlyfraudwarning", is_open="d.actionable")


def next_due(platform_id: str, livemode: bool, until: int) -> int | None:
    """The next moment, `until` at the latest, at which a dispute or a warning moves on.

    It may be a moment ago: a refund ends an inquiry as soon as somebody looks.
    """
    row = fetch_one(f"SELECT MIN(next_at) {_DUE}", [platform_id, livemode, until])
    moments = [] if row is None or row[0] is None else [int(row[0])]
    for sql in (_INQUIRIES, _WARNINGS):
        moments += [at for *_, at in _refunded(sql, platform_id, livemode, until)]
    return min(moments, default=None)


def run_due(
    platform_id: str,
    livemode: bool,
    moment: int,
    *,
    clock: int | None = None,  # noqa: ARG001 - nothing here is leased or tried again later
) -> int:
    """Move every dispute and warning on that is due at `moment`; how many there were."""
    world = (platform_id, livemode, moment)
    due = fetch_all(f"SELECT id, account_id {_DUE} ORDER BY next_at, id", world)
    due += [(ident, account_id) for ident, account_id, _ in _refunded(_INQUIRIES, *world)]
    moved = 0
    for dispute_id, account_id in dict.fromkeys(due):
        scope = Scope(platform_id, account_id, livemode)
        moved += move_on(scope=scope, dispute_id=dispute_id, now=moment)
    for warning_id, account_id, _ in _refunded(_WARNINGS, *world):
        scope = Scope(platform_id, account_id, livemode)
        moved += answered_by_refund(scope=scope, warning_id=warning_id, now=moment)
    return moved


def _refunded(
    sql: str, platform_id: str, livemode: bool, until: int
) -> Iterator[tuple[str, str, int]]:
    """Id, account, and when the last refund was made."""
    rows: list[tuple[Any, ...]] = fetch_all(sql, [platform_id, livemode])
    for ident, account_id, refunded_at in rows:
        if refunded_at <= until:
            yield ident, account_id, int(refunded_at)
