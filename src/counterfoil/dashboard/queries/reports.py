"""What a stretch of time did to a balance: by whole days where it can, by rows at its ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from counterfoil.kit.clock import DAY
from counterfoil.kit.db import fetch_all, fetch_one
from counterfoil.kit.pages import Cursor


@dataclass(frozen=True, slots=True)
class Moved:
    """What one reporting category added to a balance. Minor units."""

    category: str
    count: int
    gross: int
    fee: int
    net: int


@dataclass(frozen=True, slots=True)
class ReconciledPayout:
    """An automatic payout of the stretch, and what its lines add up to."""

    id: str
    created: int
    arrival_date: int
    amount: int
    currency: str
    status: str
    line_count: int


def moved(account_id: str, *, livemode: bool, currency: str, start: int, end: int) -> list[Moved]:
    """By category, from `start` to just before `end` (UTC seconds).

    Whole UTC days come from what is kept by the day; the account's own days begin and end between
    them, so that less than two days' rows are read besides.
    """
    first_whole, last_whole = -(-start // DAY), end // DAY
    if first_whole >= last_whole:
        edges = [(start, end)]
    else:
        edges = [(start, first_whole * DAY), (last_whole * DAY, end)]
    of_rows = (
        "SELECT reporting_category AS category, COUNT(*) AS n, SUM(amount) AS gross,"
        " SUM(fee) AS fee, SUM(net) AS net FROM ledger_balancetransaction"
        " WHERE owner = %s AND livemode = %s AND currency = %s AND balance_type = 'payments'"
        " AND created >= %s AND created < %s GROUP BY reporting_category"
    )
    rows = fetch_all(
        "SELECT category, SUM(n), SUM(gross), SUM(fee), SUM(net) FROM ("
        "SELECT category, SUM(count) AS n, SUM(gross) AS gross, SUM(fee) AS fee, SUM(net) AS net"
        " FROM ledger_dailymove WHERE owner = %s AND livemode = %s AND currency = %s"
        " AND day >= %s AND day < %s GROUP BY category"
        f"{''.join(f' UNION ALL {of_rows}' for _ in edges)}) AS parts"
        " GROUP BY category ORDER BY category",
        [
            *(account_id, livemode, currency, first_whole, last_whole),
            *(value for edge in edges for value in (account_id, livemode, currency, *edge)),
        ],
    )
    return [Moved(category, *(int(number) for number in numbers)) for category, *numbers in rows]


def balance_at(account_id: str, *, livemode: bool, currency: str, moment: int) -> int:
    """What the account had, available and pending, just before `moment`."""
    row = fetch_one(
        """
        SELECT COALESCE((SELECT SUM(amount) FROM ledger_balance
                         WHERE owner = %s AND livemode = %s AND currency = %s
                           AND purpose = 'payments'), 0)
             - COALESCE((SELECT SUM(net) FROM ledger_dailymove
                         WHERE owner = %s AND livemode = %s AND currency = %s AND day > %s), 0)
             - COALESCE((SELECT SUM(net) FROM ledger_balancetransaction
                         WHERE owner = %s AND livemode = %s AND currency = %s
                           AND created >= %s AND created < %s
                           AND balance_type = 'payments'), 0)
        """,
        [
            *(account_id, livemode, currency),
            *(account_id, livemode, currency, moment // DAY),
            *(account_id, livemode, currency, moment, (moment // DAY + 1) * DAY),
        ],
    )
    assert row is not None, "sums have a row"
    return int(row[0])


_RECONCILED = """
SELECT id, created, arrival_date, amount, currency, status, line_count FROM payouts_payout
WHERE account_id = %s AND livemode = %s AND automatic AND created >= %s AND created < %s
"""


def reconciled(
    account_id: str, *, livemode: bool, start: int, end: int, limit: int
) -> list[ReconciledPayout]:
    """Automatic payouts made in the stretch, oldest first; `limit` of them at most."""
    rows = fetch_all(
        f"{_RECONCILED} ORDER BY created, id LIMIT {limit:d}", [account_id, livemode, start, end]
    )
    return [ReconciledPayout(*row) for row in rows]


def has_automatic_payouts(account_id: str, *, livemode: bool) -> bool:
    """Whether there was ever one to report."""
    row = fetch_one(
        "SELECT 1 FROM payouts_payout WHERE account_id = %s AND livemode = %s AND automatic"
        " LIMIT 1",
        [account_id, livemode],
    )
    return row is not None


def every_reconciled(
    account_id: str, *, livemode: bool, start: int, end: int
) -> Iterator[ReconciledPayout]:
    """All of them, read in batches."""
    cursor, batch = Cursor(start, ""), 200
    while True:
        rows = fetch_all(
            f"{_RECONCILED} AND (created, id) > (%s, %s) ORDER BY created, id LIMIT {batch}",
            [account_id, livemode, start, end, cursor.created, cursor.id],
        )
        for row in rows:
            yield ReconciledPayout(*row)
        if len(rows) < batch:
            return
        cursor = Cursor(rows[-1][1], rows[-1][0])
