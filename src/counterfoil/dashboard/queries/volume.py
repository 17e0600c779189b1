"""Net volume by day, from the rollups: O(days), never O(transactions). Today also by the hour."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.kit.db import fetch_all, fetch_one, placeholders
from counterfoil.ledger.policy import NOT_EARNED


@dataclass(frozen=True, slots=True)
class SlotNet:
    """Net volume of one day of the account's own calendar (days since 1970-01-01), or of one
    hour of a day."""

    slot: int
    net: int


def net_volume(
    account_id: str, *, livemode: bool, currency: str, days: range, days_before: range | None
) -> tuple[list[SlotNet], int]:
    """Net volume of each of `days` that had any, and the sum over `days_before`."""
    before = days_before or range(0)
    bounds = (before[0], before[-1]) if before else (1, 0)
    rows = fetch_all(
        """
        SELECT day, SUM(net) FROM ledger_dailyvolume
        WHERE owner = %s AND livemode = %s AND currency = %s AND day BETWEEN %s AND %s
        GROUP BY day
        UNION ALL
        SELECT -1, COALESCE(SUM(net), 0) FROM ledger_dailyvolume
        WHERE owner = %s AND livemode = %s AND currency = %s AND day BETWEEN %s AND %s
        """,
        [
            *(account_id, livemode, currency, days[0], days[-1]),
            *(account_id, livemode, currency, *bounds),
        ],
    )
    by_day = {day: int(net) for day, net in rows}
    earlier = by_day.pop(-1)
    return [SlotNet(day, net) for day, net in sorted(by_day.items())], earlier


def net_by_hour(
    account_id: str, *, livemode: bool, currency: str, midnight: int, hours: range
) -> list[SlotNet]:
    """Net volume of each hour since `midnight` (UTC seconds) that had any."""
    left_out = sorted(NOT_EARNED)
    rows = fetch_all(
        "SELECT (created - %s) / 3600 AS hour, SUM(net) FROM ledger_balancetransaction"
        " WHERE owner = %s AND livemode = %s AND currency = %s AND created >= %s AND created < %s"
        f" AND balance_type = 'payments' AND reporting_category NOT IN ({placeholders(left_out)})"
        " GROUP BY 1 ORDER BY 1",
        [
            *(midnight, account_id, livemode, currency),
            *(midnight, midnight + 3600 * len(hours)),
            *left_out,
        ],
    )
    return [SlotNet(int(hour), int(net)) for hour, net in rows]


def first_day(account_id: str, *, livemode: bool, currency: str) -> int | None:
    """The first day on which anything was earned."""
    row = fetch_one(
        "SELECT MIN(day) FROM ledger_dailyvolume"
        " WHERE owner = %s AND livemode = %s AND currency = %s",
        [account_id, livemode, currency],
    )
    return None if row is None or row[0] is None else int(row[0])
