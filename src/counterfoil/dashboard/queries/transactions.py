"""Balance transactions, newest first: all of them, or those that a seller looks for.

What an index answers in order (a type, a currency, an exact amount, a stretch of days) costs the
same in an account of a thousand rows and of five million. Everything else, and combinations, look
back over a bounded stretch of rows; where that ends short of a full page, the answer says how far
it came (`searched_to`), and the page offers to search further back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from counterfoil.dashboard.queries.transaction_words import Word, words_checks
from counterfoil.kit.db import fetch_all, fetch_one, looked_at, placeholders
from counterfoil.kit.pages import Cursor, Page, PageRequest, cut, keyset, within
from counterfoil.payments.listing import folded

STRETCH: Final = 2000  # rows that one request looks at, at most


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
    balance_type: str
    fee_details: tuple[FeeDetail, ...]
    charge_description: str | None
    from_transfer: bool  # money that the platform sent on


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionFilter:
    """What a seller looks for; nothing of it set means everything.

    Amounts are minor units of what a row changes the balance by, without its sign. Moments are
    UTC seconds, the first included and the last not.
    """

    types: tuple[str, ...] = ()
    currency: str | None = None
    since: int | None = None
    until: int | None = None
    exactly: int | None = None
    at_least: int | None = None
    at_most: int | None = None
    pending_at: int | None = None  # not available yet at this moment
    words: tuple[Word, ...] = ()  # all of them, in what the line says or is about


@dataclass(frozen=True, slots=True)
class Found:
    """A page, and where the search stopped when there may be more beyond its stretch."""

    page: Page[TransactionRow]
    searched_to: Cursor | None


_fees = msgspec.json.Decoder(tuple[FeeDetail, ...])

COLUMNS: Final = """
    t.id, t.created, t.type, t.reporting_category, t.amount, t.fee, t.net, t.currency,
    t.available_on, t.description, t.source_id, t.exchange_rate, t.balance_type, t.fee_details
"""
_PLACE: Final = ("t.created", "t.id")
_ALONE: Final = "FROM ledger_balancetransaction t"
_FROM: Final = f"{_ALONE} LEFT JOIN payments_charge c ON c.id = t.source_id"
_SHOWN: Final = f"SELECT {COLUMNS}, c.description AS said, c.source_transfer_id {_FROM}"
_EVERYTHING: Final = TransactionFilter()


def transactions(
    account_id: str,
    *,
    livemode: bool,
    page: PageRequest,
    wanted: TransactionFilter = _EVERYTHING,
) -> Found:
    """The rows of an account that are wanted, newest first."""
    ranges, rest = _plan(wanted, account_id)
    bounds, moments = within(page, place=_PLACE, since=wanted.since, until=wanted.until)
    _, _, tail = keyset(page, place=_PLACE)
    parts, params, ends = [], list[object](), []
    for condition, values in ranges:
        where, own = f"t.owner = %s AND t.livemode = %s{condition}", [account_id, livemode, *values]
        bound, moment = bounds, moments
        end = _end_of_stretch(where + bounds, [*own, *moments]) if rest.sql else None
        if end is not None:
            bound, moment = within(page, place=_PLACE, until=wanted.until, end=end)
            ends.append(end)
        parts.append(f"SELECT * FROM ({_SHOWN} WHERE {where}{bound}{rest.sql} {tail}) AS part")
        params += [*own, *moment, *rest.values]
    _, _, shown = keyset(page, prefix="")
    rows = fetch_all(f"SELECT * FROM ({' UNION ALL '.join(parts)}) AS t {shown}", params)
    # Where one range ended, rows of it are unseen: what others brought from beyond comes later.
    end = max(ends, key=end_of, default=None)
    seen = [transaction_row(row) for row in rows if end is None or (row[1], row[0]) >= end_of(end)]
    found = cut(seen, page)
    return Found(found, None if found.has_more else end)


def count_transactions(
    account_id: str, *, livemode: bool, wanted: TransactionFilter, until: int
) -> int:
    """How many rows there are up to a moment: reads them all, for a worker alone."""
    ranges, rest = _plan(wanted, account_id)
    page = PageRequest(cursor=Cursor(until + 1, ""))
    bounds, moments = within(page, place=_PLACE, since=wanted.since, until=wanted.until)
    parts, params = [], list[object]()
    for condition, values in ranges:
        parts.append(
            f"SELECT 1 {_FROM if rest.sql else _ALONE} WHERE t.owner = %s AND t.livemode = %s"
            f"{condition}{bounds}{rest.sql}"
        )
        params += [account_id, livemode, *values, *moments, *rest.values]
    row = fetch_one(f"SELECT COUNT(*) FROM ({' UNION ALL '.join(parts)}) AS t", params)
    assert row is not None, "a count has a row"
    return int(row[0])


def transactions_by_id(
    ids: Sequence[str], account_id: str, *, livemode: bool, limit: int
) -> list[TransactionRow]:
    """Those with one of these ids, or about one of these objects; newest first."""
    if not ids:
        return []
    marks = placeholders(ids)
    rows = fetch_all(
        f"{_SHOWN} WHERE t.id IN (SELECT id FROM ledger_balancetransaction WHERE id IN ({marks})"
        f" UNION SELECT id FROM ledger_balancetransaction WHERE source_id IN ({marks}))"
        f" AND {looked_at('t.owner')} = %s AND t.livemode = %s"
        f" ORDER BY t.created DESC, t.id DESC LIMIT {limit:d}",
        [*ids, *ids, account_id, livemode],
    )
    return [transaction_row(row) for row in rows]


def end_of(cursor: Cursor) -> tuple[int, str]:
    return cursor.created, cursor.id


def objects_called(words: str, account_id: str, *, livemode: bool, limit: int) -> list[str]:
    """Payments with this payer or order, and their refunds: ids that transactions are about.

    Of a payment that the platform took on the account's behalf, what its transfer brought.
    """
    term = folded(words)
    if not term:
        return []
    found = [
        "SELECT id, account_id, transfer_id, created FROM payments_charge"
        f" WHERE seller_id = %s AND livemode = %s AND {column} = %s"
        f" ORDER BY created DESC LIMIT {limit:d}"
        for column in ("payer_email", "payer_name", "order_ref")
    ]
    union = " UNION ".join(f"SELECT * FROM ({one}) AS part" for one in found)
    values = [term, term, term.lstrip("#")]
    rows = fetch_all(
        f"SELECT c.id, c.account_id, t.destination_payment_id FROM ({union}) AS c"
        " LEFT JOIN payments_transfer t ON t.id = c.transfer_id"
        f" ORDER BY c.created DESC LIMIT {limit:d}",
        [part for value in values for part in (account_id, livemode, value)],
    )
    charges = [charge if owner == account_id else brought for charge, owner, brought in rows]
    known = [charge for charge in charges if charge]
    if not known:
        return []
    refunds = fetch_all(
        f"SELECT id FROM payments_refund WHERE charge_id IN ({placeholders(known)})"
        f" AND {looked_at('account_id')} = %s AND livemode = %s",
        [*known, account_id, livemode],
    )
    return [*known, *(refund for (refund,) in refunds)]


@dataclass(frozen=True, slots=True)
class _Rest:
    """What no index answers in order: looked at row by row."""

    sql: str  # begins with AND, where there is anything
    values: list[object]


_Range = tuple[str, list[object]]  # a condition that an index answers in order


def _plan(wanted: TransactionFilter, account_id: str) -> tuple[list[_Range], _Rest]:
    """The index ranges to walk, by the rarest thing asked for, and what is left to look at."""
    types: list[_Range] = [(" AND t.type = %s", [kind]) for kind in wanted.types]
    currency: list[_Range] = []
    if wanted.currency:
        currency.append((" AND t.currency = %s", [wanted.currency]))
    # Each range has its index; what is looked at besides must not tempt a planner to another.
    of_currency: list[_Range] = [
        (f" AND {looked_at('t.currency')} = %s", values) for _, values in currency
    ]
    checks: list[_Range] = []
    if wanted.exactly is not None:
        signs = {wanted.exactly, -wanted.exactly}
        ranges: list[_Range] = [(" AND t.net = %s", [amount]) for amount in sorted(signs)]
        checks += [_of_types(wanted.types), *of_currency]
    elif types:
        ranges = types
        checks += of_currency
    else:
        ranges = currency or [("", [])]
    checks += _row_by_row(wanted, account_id)
    conditions = "".join(sql for sql, _ in checks)
    return ranges, _Rest(conditions, [value for _, values in checks for value in values])


def _row_by_row(wanted: TransactionFilter, account_id: str) -> list[_Range]:
    checks: list[_Range] = []
    if wanted.at_least is not None:
        checks.append((" AND ABS(t.net) >= %s", [wanted.at_least]))
    if wanted.at_most is not None:
        checks.append((" AND ABS(t.net) <= %s", [wanted.at_most]))
    if wanted.pending_at is not None:
        checks.append((" AND t.available_on > %s", [wanted.pending_at]))
    return checks + words_checks(wanted.words, account_id)


def _of_types(types: tuple[str, ...]) -> _Range:
    if not types:
        return "", []
    return f" AND {looked_at('t.type')} IN ({placeholders(types)})", list(types)


def _end_of_stretch(where: str, values: Sequence[object]) -> Cursor | None:
    """The last row to be looked at, when there are more beyond it."""
    row = fetch_one(
        f"SELECT t.created, t.id {_ALONE} WHERE {where}"
        f" ORDER BY t.created DESC, t.id DESC LIMIT 1 OFFSET {STRETCH - 1}",
        values,
    )
    return Cursor(int(row[0]), row[1]) if row else None


def transaction_row(row: tuple[Any, ...]) -> TransactionRow:
    *columns, fee_details, charge_description, source_transfer_id = row
    fees = _fees.decode(fee_details)
    values = (*columns, fees, charge_description, source_transfer_id is not None)
    return TransactionRow(*values)
