"""What the platform's clock brings about in payments (see `platforms/timing.py`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.kit.db import fetch_all, fetch_one
from counterfoil.kit.scope import Scope
from counterfoil.payments.operations.recovery import move_shortfall_on
from counterfoil.payments.operations.refunds import move_refund_on
from counterfoil.payments.operations.topups import move_topup_on


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A table whose rows wait for their `next_at`, and what is then done with one of them."""

    table: str
    move_on: Callable[[str, Scope, int], Any]


# Top-ups before refunds: what comes in at a moment may pay for what waits for it.
_WAITING: Final = (
    _Waiting(
        "payments_topup",
        lambda ident, scope, now: move_topup_on(topup_id=ident, scope=scope, now=now),
    ),
    _Waiting(
        "payments_shortfall",
        lambda ident, scope, now: move_shortfall_on(shortfall_id=ident, scope=scope, now=now),
    ),
    _Waiting(
        "payments_refund",
        lambda ident, scope, now: move_refund_on(refund_id=ident, scope=scope, now=now),
    ),
)


def next_due(platform_id: str, livemode: bool, until: int) -> int | None:
    """The next moment, `until` at the latest, at which something moves on."""
    moments = []
    for waiting in _WAITING:
        row = fetch_one(
            f"SELECT MIN(next_at) FROM {waiting.table}"  # noqa: S608 - a table of ours
            " WHERE platform_id = %s AND livemode = %s AND next_at > 0 AND next_at <= %s",
            [platform_id, livemode, until],
        )
        if row is not None and row[0] is not None:
            moments.append(int(row[0]))
    return min(moments, default=None)


def run_due(
    platform_id: str,
    livemode: bool,
    moment: int,
    *,
    clock: int | None = None,  # noqa: ARG001 - nothing here is leased or tried again later
) -> int:
    """Move everything on that is due at `moment`; how much there was."""
    moved = 0
    for waiting in _WAITING:
        rows = fetch_all(
            f"SELECT id, account_id FROM {waiting.table}"  # noqa: S608 - a table of ours
            " WHERE platform_id = %s AND livemode = %s"
            " AND next_at > 0 AND next_at <= %s ORDER BY next_at, created, id",
            [platform_id, livemode, moment],
        )
        for ident, account_id in rows:
            waiting.move_on(ident, Scope(platform_id, account_id, livemode), moment)
        moved += len(rows)
    return moved
