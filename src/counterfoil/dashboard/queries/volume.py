"""Net volume by day, from the rollups: O(days), never O(transactions)."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.kit.db import fetch_all


@dataclass(frozen=True, slots=True)
class DayNet:
    """Net volume of one day of the account's own calendar (days since 1970-01-01)."""

    day: int
    net: int


def net_volume(
    account_id: str, *, livemode: bool, currency: str, days: range, days_before: range
) -> tuple[list[DayNet], int]:
    """Net volume of each of `days` that had any, and the sum over `days_before`."""
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
            *(account_id, livemode, currency, days_before[0], days_before[-1]),
        ],
    )
    by_day = {day: int(net) for day, net in rows}
    before = by_day.pop(-1)
    return [DayNet(day, net) for day, net in sorted(by_day.items())], before
