"""What the seller's pages read: plain SQL, one round trip each, rows into slotted dataclasses.

Every query starts from (account, mode), the key that the signed-in person was given (design
§5). Amounts are minor units, moments UTC seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from counterfoil.kit.db import fetch_all
from counterfoil.kit.pages import Page, PageRequest, cut, keyset


@dataclass(frozen=True, slots=True)
class BalanceDay:
    """What of one purpose becomes available on one UTC day (0: long ago)."""

    currency: str
    purpose: str
    available_on: int
    amount: int


@dataclass(frozen=True, slots=True)
class DayNet:
    """Net volume of one day of the account's own calendar (days since 1970-01-01)."""

    day: int
    net: int


class FeeDetail(msgspec.Struct, frozen=True):
    """One entry of a balance transaction's `fee_details`."""

    amount: int
    type: str
    currency: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class TransactionRow:
    """A balance transaction, and what its charge says about it."""

    id: str
    created: int
    type: str
    reporting_category: str
    amount: int
    fee: int
    net: int
    currency: str
    available_on: int
    description: str | None
    source_id: str | None
    exchange_rate: str | None
    fee_details: tuple[FeeDetail, ...]
    charge_description: str | None
    from_transfer: bool  # money that the platform sent on


_fees = msgspec.json.Decoder(tuple[FeeDetail, ...])

_COLUMNS = """
    t.id, t.created, t.type, t.reporting_category, t.amount, t.fee, t.net, t.currency,
    t.available_on, t.description, t.source_id, t.exchange_rate, t.fee_details
"""


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


def transactions(
    account_id: str, *, livemode: bool, page: PageRequest, types: Sequence[str] = ()
) -> Page[TransactionRow]:
    """Balance transactions newest first; `types` keeps only those, none means all.

    Several types are several index ranges, each cut to one page before they are merged, so a
    rare type costs no more than a common one.
    """
    condition, cursor, tail = keyset(page, prefix="t.")
    one = (
        f"SELECT {_COLUMNS} FROM ledger_balancetransaction t "
        f"WHERE t.owner = %s AND t.livemode = %s{{of_type}}{condition} {tail}"
    )
    params: list[object] = []
    if types:
        parts = []
        for kind in types:
            parts.append(f"SELECT * FROM ({one.format(of_type=' AND t.type = %s')}) AS of_type")
            params += [account_id, livemode, kind, *cursor]
        chosen = " UNION ALL ".join(parts)
    else:
        chosen = one.format(of_type="")
        params += [account_id, livemode, *cursor]
    rows = fetch_all(
        f"SELECT {_COLUMNS}, c.description, c.source_transfer_id "
        f"FROM ({chosen}) AS t LEFT JOIN payments_charge c ON c.id = t.source_id {tail}",
        params,
    )
    return cut([_transaction(row) for row in rows], page)


def _transaction(row: tuple[Any, ...]) -> TransactionRow:
    *columns, fee_details, charge_description, source_transfer_id = row
    fees = _fees.decode(fee_details)
    values = (*columns, fees, charge_description, source_transfer_id is not None)
    return TransactionRow(*values)
