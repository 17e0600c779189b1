"""What the platform's clock brings about in disputes."""

from __future__ import annotations

from counterfoil.disputes.operations.deciding import move_on
from counterfoil.disputes.operations.warnings import answered_by_refund
from counterfoil.kit.db import fetch_all, fetch_one
from counterfoil.kit.scope import Scope

# Refunds of the whole charge end an inquiry and answer a warning. They are done below, in
# payments, which knows no disputes; so these are looked for, among the few that are open.
_REFUNDED = """
FROM disputes_dispute d JOIN payments_charge c ON c.id = d.charge_id
WHERE d.platform_id = %s AND d.livemode = %s AND d.next_at > 0
  AND d.status IN ('warning_needs_response', 'warning_under_review')
  AND c.amount_refunded = c.amount_captured
"""
_ANSWERED = """
FROM disputes_earlyfraudwarning d JOIN payments_charge c ON c.id = d.charge_id
WHERE d.platform_id = %s AND d.livemode = %s AND d.actionable
  AND c.amount_refunded = c.amount_captured
"""
_REFUNDED_AT = "SELECT (SELECT MAX(r.created) FROM payments_refund r WHERE r.charge_id = c.id)"


def next_due(platform_id: str, livemode: bool, until: int) -> int | None:
    """The next moment, `until` at the latest, at which a dispute or a warning moves on.

    It may lie in the past: a refund ends an inquiry as soon as somebody looks.
    """
    deadline = fetch_one(
        "SELECT MIN(next_at) FROM disputes_dispute"
        " WHERE platform_id = %s AND livemode = %s AND next_at > 0 AND next_at <= %s",
        [platform_id, livemode, until],
    )
    rows = [deadline] if deadline else []
    for open_but_refunded in (_REFUNDED, _ANSWERED):
        rows += fetch_all(_REFUNDED_AT + open_but_refunded, [platform_id, livemode])
    moments = [int(row[0]) for row in rows if row[0] is not None and row[0] <= until]
    return min(moments, default=None)


def run_due(platform_id: str, livemode: bool, moment: int) -> int:
    """Move every dispute and warning on that is due at `moment`; how many there were."""
    moved = 0
    due = fetch_all(
        "SELECT id, account_id FROM disputes_dispute WHERE platform_id = %s AND livemode = %s"
        " AND next_at > 0 AND next_at <= %s ORDER BY next_at, id",
        [platform_id, livemode, moment],
    )
    refunded = fetch_all(f"SELECT d.id, d.account_id {_REFUNDED}", [platform_id, livemode])
    for dispute_id, account_id in dict.fromkeys([*due, *refunded]):
        scope = Scope(platform_id, account_id, livemode)
        moved += move_on(scope=scope, dispute_id=dispute_id, now=moment)
    for warning_id, account_id in fetch_all(
        f"SELECT d.id, d.account_id {_ANSWERED}", [platform_id, livemode]
    ):
        scope = Scope(platform_id, account_id, livemode)
        moved += answered_by_refund(scope=scope, warning_id=warning_id, now=moment)
    return moved
