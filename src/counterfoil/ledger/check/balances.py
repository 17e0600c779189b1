"""Stored balances are what postings add up to, in all and by the day they become available."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from counterfoil.kit.invariants import Broken, Invariant, Snapshot
from counterfoil.ledger.check.entries import SIGNED

DAY_SECONDS: Final = 86_400

_TOTALS = f"""
SELECT owner, livemode, currency, purpose, SUM(stored), SUM(posted)
FROM (
    SELECT owner, livemode, currency, purpose, amount AS stored, 0 AS posted
    FROM ledger_balance
    UNION ALL
    SELECT owner, livemode, currency, purpose, 0, SUM({SIGNED})
    FROM ledger_posting GROUP BY owner, livemode, currency, purpose
) s
GROUP BY owner, livemode, currency, purpose
HAVING SUM(stored) <> SUM(posted)
"""  # noqa: S608 - constants of this module


def wrong_totals(snapshot: Snapshot) -> Iterator[Broken]:
    for owner, livemode, currency, purpose, stored, posted in snapshot.rows(_TOTALS):
        account = _account(owner, livemode, currency, purpose)
        yield account, f"Its balance is stored as {stored}, but its postings sum to {posted}."


# Days that are past may be folded into one row, so only days from today on are compared one
# by one. With the totals right, what is available is right as well.
_DAYS = f"""
SELECT owner, livemode, currency, purpose, day, SUM(stored), SUM(posted)
FROM (
    SELECT owner, livemode, currency, purpose, available_on AS day,
           amount AS stored, 0 AS posted
    FROM ledger_balance WHERE available_on >= %s
    UNION ALL
    SELECT owner, livemode, currency, purpose,
           available_on - available_on %% {DAY_SECONDS}, 0, {SIGNED}
    FROM ledger_posting WHERE available_on >= %s
) s
GROUP BY owner, livemode, currency, purpose, day
HAVING SUM(stored) <> SUM(posted)
"""  # noqa: S608 - constants of this module

# Where a whole account is wrong, saying so once is enough.
_RIGHT_IN_ALL = f"""
SELECT COALESCE((SELECT SUM(amount) FROM ledger_balance
                 WHERE owner = %s AND livemode = %s AND currency = %s AND purpose = %s), 0)
     - COALESCE((SELECT SUM({SIGNED}) FROM ledger_posting
                 WHERE owner = %s AND livemode = %s AND currency = %s AND purpose = %s), 0)
"""  # noqa: S608 - constants of this module


def wrong_days(snapshot: Snapshot) -> Iterator[Broken]:
    today = snapshot.now - snapshot.now % DAY_SECONDS
    for row in snapshot.rows(_DAYS, [today, today]):
        owner, livemode, currency, purpose, day, stored, posted = row
        key = [owner, bool(livemode), currency, purpose]
        if snapshot.number(_RIGHT_IN_ALL, [*key, *key]) == 0:
            yield (
                _account(owner, livemode, currency, purpose),
                f"For the day that starts at {day} its balance is stored as {stored}, but its"
                f" postings sum to {posted}.",
            )


_MOVES = f"""
SELECT owner, livemode, currency, day, category
FROM (
    SELECT owner, livemode, currency, day, category, gross, fee, net, count
    FROM ledger_dailymove
    UNION ALL
    SELECT t.owner, t.livemode, t.currency, t.created / {DAY_SECONDS}, t.reporting_category,
           -t.amount, -t.fee, -t.net, -1
    FROM ledger_balancetransaction t JOIN ledger_entry e ON e.id = t.entry_id
    WHERE t.owner <> t.platform_id AND t.balance_type = 'payments'
) s
GROUP BY owner, livemode, currency, day, category
HAVING SUM(gross) <> 0 OR SUM(fee) <> 0 OR SUM(net) <> 0 OR SUM(count) <> 0
"""  # noqa: S608 - constants of this module


def wrong_moves(snapshot: Snapshot) -> Iterator[Broken]:
    for owner, livemode, currency, day, category in snapshot.rows(_MOVES):
        yield (
            _account(owner, livemode, currency, "payments"),
            f"What is kept of day {day} for {category} is not the sum of its transactions.",
        )


def _account(owner: str, livemode: bool, currency: str, purpose: str) -> str:
    return f"{owner}/{'live' if livemode else 'test'}/{currency}/{purpose}"


INVARIANTS: Final = [
    Invariant(
        "balance_is_sum_of_postings",
        "Every stored balance is the sum of its postings.",
        wrong_totals,
    ),
    Invariant(
        "balance_by_day",
        "From today on, what becomes available each day is the sum of that day's postings.",
        wrong_days,
    ),
    Invariant(
        "daily_move",
        "What changed a balance on each UTC day is the sum of that day's balance transactions,"
        " for each category.",
        wrong_moves,
    ),
]
