"""Earnings by day are the balance transactions added up again, on each owner's own calendar.

Shares no code with the ledger that keeps them: which categories are earnings is written here
a second time (reference express-dashboard §4.4).
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

from counterfoil.kit.invariants import Broken, Invariant, Snapshot

# Between an owner's own pockets: paid out, put in, held back, given back.
_OWN_POCKETS: Final = (
    "advance",
    "advance_funding",
    "connect_collection_transfer",
    "connect_reserved_funds",
    "payout",
    "payout_minimum_balance_hold",
    "payout_minimum_balance_release",
    "payout_reversal",
    "risk_reserved_funds",
    "topup",
    "topup_reversal",
)
_EARNED = f"""
SELECT t.owner, t.livemode, 'earned', COALESCE(a.timezone, 'Etc/UTC'),
       t.currency, t.created, t.amount, t.fee, t.net
FROM ledger_balancetransaction t LEFT JOIN accounts_account a ON a.id = t.owner
WHERE t.balance_type = 'payments' AND t.reporting_category NOT IN {_OWN_POCKETS!r}
ORDER BY t.owner, t.livemode
"""  # noqa: S608 - constants of this module
_KEPT = """
SELECT owner, livemode, 'kept', currency, day, SUM(gross), SUM(fee), SUM(net), SUM(count)
FROM ledger_dailyvolume
GROUP BY owner, livemode, currency, day
ORDER BY owner, livemode
"""
_EPOCH: Final = date(1970, 1, 1).toordinal()

Sums = dict[tuple[str, int], list[int]]  # (currency, day): gross, fee, net, count


def wrong_volumes(snapshot: Snapshot) -> Iterator[Broken]:
    # Both streams in owner order, merged: only one owner's days are in memory.
    streams = (snapshot.rows(_EARNED), snapshot.rows(_KEPT))
    merged = heapq.merge(*streams, key=_owner)
    for (owner, livemode), rows in groupby(merged, key=_owner):
        earned, kept = _sums(rows)
        for currency, day in sorted(earned.keys() | kept.keys()):
            ours, theirs = earned[currency, day], kept[currency, day]
            if ours != theirs:
                yield (
                    f"{owner}/{'live' if livemode else 'test'}/{currency}/{_text(day)}",
                    f"Gross, fee, net and count are kept as {theirs}, but add up to {ours}.",
                )


def _owner(row: tuple[Any, ...]) -> tuple[str, bool]:
    return row[0], bool(row[1])


def _sums(rows: Iterator[tuple[Any, ...]]) -> tuple[Sums, Sums]:
    """What was earned, added up, and what is kept, of one owner."""
    earned: Sums = defaultdict(lambda: [0, 0, 0, 0])
    kept: Sums = defaultdict(lambda: [0, 0, 0, 0])
    for _, _, which, *row in rows:
        if which == "kept":
            currency, day, *totals = row
            kept[currency, day] = [int(total) for total in totals]
            continue
        zone, currency, created, amount, fee, net = row
        day = datetime.fromtimestamp(created, UTC).astimezone(ZoneInfo(zone)).toordinal() - _EPOCH
        total = earned[currency, day]
        for place, value in enumerate((amount, fee, net, 1)):
            total[place] += value
    return earned, kept


def _text(day: int) -> str:
    return date.fromordinal(day + _EPOCH).isoformat()


def checks() -> list[Invariant]:
    return [
        Invariant(
            "daily_volume",
            "Earnings by day are what the balance transactions add up to, in the owner's time"
            " zone.",
            wrong_volumes,
        )
    ]
