"""What an account has, by purpose and by the day on which it becomes available."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.dashboard.queries.transactions import COLUMNS, TransactionRow, transaction_row
from counterfoil.kit.clock import DAY
from counterfoil.kit.db import fetch_all, fetch_one


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


def balance_after(
    account_id: str, *, livemode: bool, currency: str, created: int, transaction_id: str
) -> int:
    """What the account had, available and pending, once this transaction was in its books.

    Today's balance, less the whole UTC days since, less what of its own day came later.
    """
    row = fetch_one(
        """
        SELECT COALESCE((SELECT SUM(amount) FROM ledger_balance
                         WHERE owner = %s AND livemode = %s AND currency = %s
                           AND purpose = 'payments'), 0)
             - COALESCE((SELECT SUM(net) FROM ledger_dailymove
                         WHERE owner = %s AND livemode = %s AND currency = %s AND day > %s), 0)
             - COALESCE((SELECT SUM(net) FROM ledger_balancetransaction
                         WHERE owner = %s AND livemode = %s AND currency = %s
                           AND (created, id) > (%s, %s) AND created < %s
                           AND balance_type = 'payments'), 0)
        """,
        [
            *(account_id, livemode, currency),
            *(account_id, livemode, currency, created // DAY),
            *(account_id, livemode, currency),
            *(created, transaction_id, (created // DAY + 1) * DAY),
        ],
    )
    assert row is not None, "sums have a row"
    return int(row[0])


def currencies_of(account_id: str, *, livemode: bool) -> list[str]:
    """Every currency that the account ever held."""
    rows = fetch_all(
        "SELECT DISTINCT currency FROM ledger_balance WHERE owner = %s AND livemode = %s"
        " ORDER BY currency",
        [account_id, livemode],
    )
    return [currency for (currency,) in rows]


def newest_available(
    account_id: str, *, livemode: bool, currency: str, now: int, limit: int
) -> list[TransactionRow]:
    """The newest rows of what is available, newest first."""
    rows = fetch_all(
        f"SELECT {COLUMNS}, c.description, c.source_transfer_id"
        " FROM ledger_balancetransaction t LEFT JOIN payments_charge c ON c.id = t.source_id"
        " WHERE t.owner = %s AND t.livemode = %s AND t.currency = %s"
        " AND t.balance_type = 'payments' AND t.available_on <= %s"
        f" ORDER BY t.created DESC, t.id DESC LIMIT {limit:d}",
        [account_id, livemode, currency, now],
    )
    return [transaction_row(row) for row in rows]
