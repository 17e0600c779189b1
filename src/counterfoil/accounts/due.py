"""What the platform's clock brings about in accounts (see `platforms/timing.py`)."""

from __future__ import annotations

from counterfoil.accounts.operations.looking import look_at_due
from counterfoil.kit.db import fetch_one


def next_due(platform_id: str, livemode: bool, until: int) -> int | None:
    """The next moment, `until` at the latest, at which requirements change by themselves."""
    row = fetch_one(
        "SELECT MIN(requirements_at) FROM accounts_account"
        " WHERE platform_id = %s AND livemode = %s AND requirements_at <= %s"
        " AND requirements_at IS NOT NULL AND deleted_at IS NULL",
        [platform_id, livemode, until],
    )
    return None if row is None or row[0] is None else int(row[0])


def run_due(
    platform_id: str,
    livemode: bool,
    moment: int,
    *,
    clock: int | None = None,  # noqa: ARG001 - deadlines act at their own moment, however late
) -> int:
    """Let deadlines act and thresholds be looked at; how many accounts changed."""
    return look_at_due(platform_id=platform_id, livemode=livemode, now=moment)
