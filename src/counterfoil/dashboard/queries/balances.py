"""What an account has, by purpose and by the day on which it becomes available."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.kit.db import fetch_all


@dataclass(frozen=True, slots=True)
class BalanceDay:
    """What of one purpose becomes available on one UTC day (0: long ago)."""

    currency: str
    purpose: str
    available_on: int
    amount: int


def balances(account_id: str, *, livemode: bool, now: int) -> list[BalanceDay]:
    """Every balance of the account; the days up to `now` are folded into day 0.

    One row per (currency, purpose) for what is available, one more per day to come.
    """
    rows = fetch_all(
        """
        SELECT currency, purpose, day, SUM(amount)
        FROM (
            SELECT currency, purpose, amount,
                   CASE WHEN available_on <= %s THEN 0 ELSE available_on END AS day
            FROM ledger_balance
            WHERE owner = %s AND livemode = %s
        ) AS by_day
        GROUP BY currency, purpose, day
        ORDER BY currency, purpose, day
        """,
        [now, account_id, livemode],
    )
    # PostgreSQL sums bigints into a decimal.
    return [
        BalanceDay(currency, purpose, day, int(total)) for currency, purpose, day, total in rows
    ]
