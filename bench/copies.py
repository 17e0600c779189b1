"""Accounts of any size: the rows of one seller copied thousands of times, one statement a table.

Copied is what pages, searches and exports read: balance transactions, charges, intents, refunds,
disputes, warnings, payouts, and of the newest copies the news and the lines of payouts. The journal
behind them is not (`counterfoil check` would say so), since nothing that is measured reads it. The
sums by day are added up from the copies. Each copy lies a little earlier than the one before; what
lasts only days is over in all but the newest.

Secondary indexes are dropped before and made again afterwards: kept up row by row they would take
hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.db import connection

from bench.pattern import HELD, SPAN, Pattern
from counterfoil.events.models import NEWS
from counterfoil.kit.clock import DAY
from counterfoil.kit.db import execute, fetch_all, unit_of_work
from counterfoil.ledger.policy import NOT_EARNED

_AT_ONCE: Final = 100  # copies in one transaction
_MOST: Final = 5_000  # copies that fit into the span before they would repeat it
_FRESH: Final = 30  # copies in which payments are still held and disputes open
_TOLD: Final = 30  # copies whose news and lines of payouts are copied too


@dataclass(frozen=True, slots=True)
class _Table:
    """`seller` is the column that says whose rows they are; `over` what a column becomes."""

    name: str
    seller: str
    over: dict[str, str]
    where: str = ""
    most: int = _MOST * 1000


_OF_PAYOUTS: Final = "payout_id IN (SELECT id FROM payouts_payout WHERE account_id = %s)"
_OLD: Final = f"n.i >= {_FRESH}"
_RENAMED: Final = "REPLACE({0}, '@example.com', '@c' || n.i || '.example.com')"
_TABLES: Final = (
    _Table("ledger_balancetransaction", "owner", {}),
    _Table(
        "payments_charge",
        "account_id",
        {
            "captured": f"(r.captured OR ({_OLD} AND COALESCE(r.description, '') = '{HELD}'))",
            "amount_captured": f"CASE WHEN {_OLD} AND COALESCE(r.description, '') = '{HELD}'"
            " THEN r.amount ELSE r.amount_captured END",
            "payer_email": f"CASE WHEN n.i = 0 THEN r.payer_email"
            f" ELSE {_RENAMED.format('r.payer_email')} END",
            "details": f"CASE WHEN n.i = 0 THEN r.details ELSE {_RENAMED.format('r.details')} END",
            "order_ref": "CASE WHEN n.i = 0 THEN r.order_ref ELSE n.i || '-' || r.order_ref END",
            "metadata": "CASE WHEN n.i = 0 THEN r.metadata ELSE"
            """ REPLACE(r.metadata, '"order":"', '"order":"' || n.i || '-') END""",
        },
    ),
    _Table("payments_paymentintent", "account_id", {}),
    _Table(
        "payments_refund",
        "account_id",
        {
            "status": f"CASE WHEN {_OLD} AND r.status = 'pending' THEN 'succeeded'"
            " ELSE r.status END",
            "next_at": "NULL",
        },
    ),
    _Table(
        "disputes_dispute",
        "account_id",
        {
            "status": f"CASE WHEN {_OLD} AND r.closed_at IS NULL THEN 'lost' ELSE r.status END",
            "closed_at": f"CASE WHEN {_OLD} THEN r.created + {30 * DAY} ELSE r.closed_at END",
            "next_at": "NULL",
        },
    ),
    _Table(
        "disputes_earlyfraudwarning",
        "account_id",
        {"actionable": f"(r.actionable AND NOT {_OLD})"},
    ),
    _Table(
        "payouts_payout",
        "account_id",
        {
            "status": "CASE WHEN n.i > 0 AND r.status IN ('pending', 'in_transit') THEN 'paid'"
            " ELSE r.status END",
            "next_at": "NULL",
        },
    ),
    _Table("payouts_line", "", {}, where=_OF_PAYOUTS, most=_TOLD),
    _Table(
        "events_event",
        "account_id",
        {},
        where="type IN ({})".format(", ".join(f"'{kind}'" for kind in NEWS)),
        most=_TOLD,
    ),
)
_KEPT: Final = {"platform_id", "payment_method_id", "customer_id", "batch_id", "request_id"}
_WHOSE: Final = {"account_id", "owner", "seller_id", "on_behalf_of", "destination_id"}
_DAYS: Final = {"available_on", "arrival_date"}
_MOMENTS: Final = {
    "created",
    "charge_created",
    "canceled_at",
    "due_by",
    "closed_at",
    "submitted_at",
    "lands_at",
    "sent_at",
    "paid_at",
}


def copy_seller(pattern: Pattern, *, copies: int, letter: str, now: int) -> str:
    """A seller with `copies` times what the pattern's has. `letter` tells its ids from others'."""
    seller = pattern.open_seller()
    with _quick(), without_indexes([table.name for table in _TABLES]):
        for table in _TABLES:
            _copy(table, pattern.seller, seller, min(copies, table.most), letter)
        _add_up(seller, now)  # while a sum walks through the table as it lies
    return seller


def _copy(table: _Table, source: str, seller: str, copies: int, letter: str) -> None:
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, table.name)
    columns = [column.name for column in described]
    names = _externals(source, seller)
    shown, values = [], list[object]()
    for column in columns:
        sql, more = _column(table, column, copies, letter, names)
        shown.append(sql)
        values += more
    conditions = [f"r.{table.seller} = %s"] if table.seller else []
    conditions += [table.where] if table.where else []
    into = ", ".join(f'"{column}"' for column in columns)
    sql = (
        f"WITH RECURSIVE n(i) AS (SELECT %s + 0 UNION ALL SELECT i - 1 FROM n WHERE i > %s)"
        f' INSERT INTO "{table.name}" ({into}) SELECT {", ".join(shown)}'
        f' FROM n CROSS JOIN "{table.name}" r WHERE {" AND ".join(conditions)}'
    )
    for oldest in range(copies - 1, -1, -_AT_ONCE):
        newest = max(oldest - _AT_ONCE + 1, 0)
        with unit_of_work():
            execute(sql, [oldest, newest, *values, source])


def _column(
    table: _Table, column: str, copies: int, letter: str, names: dict[str, str]
) -> tuple[str, list[object]]:
    """What becomes of a column in copy n.i of `copies`."""
    step = SPAN // _MOST
    if column in table.over:
        return table.over[column], []
    if column in _WHOSE:
        cases = "".join(" WHEN %s THEN %s" for _ in names)
        return f'CASE r."{column}"{cases} ELSE r."{column}" END', [
            part for pair in names.items() for part in pair
        ]
    if column in _DAYS:
        return f'(r."{column}" - n.i * {step}) / {DAY} * {DAY}', []
    if column in _MOMENTS:
        return f'r."{column}" - n.i * {step}', []
    is_id = column in ("id", "origin") or column.endswith("_id")
    if not is_id or column in _KEPT:
        return f'r."{column}"', []
    # Ascending with time, as real ones are; the last sixteen letters tell those of one copy apart.
    place = f"{1_000_000 + copies} - n.i"
    if connection.vendor == "postgresql":
        return (
            f"substr(r.\"{column}\", 1, strpos(r.\"{column}\", '_')) || '{letter}'"
            f' || ({place})::text || right(r."{column}", 16)'
        ), []
    return (
        f"substr(r.\"{column}\", 1, instr(r.\"{column}\", '_')) || '{letter}'"
        f' || ({place}) || substr(r."{column}", -16)'
    ), []


def _externals(source: str, seller: str) -> dict[str, str]:
    """Ids of the pattern's account and bank accounts, and what stands in their place."""
    sql = "SELECT currency, id FROM accounts_externalaccount WHERE account_id = %s"
    theirs, ours = dict(fetch_all(sql, [source])), dict(fetch_all(sql, [seller]))
    return {source: seller} | {theirs[currency]: ours[currency] for currency in theirs}


def _add_up(seller: str, now: int) -> None:
    """The sums that operations keep with each transaction."""
    not_earned = ", ".join(f"'{kind}'" for kind in sorted(NOT_EARNED))
    of = "FROM ledger_balancetransaction WHERE owner = %s AND balance_type = 'payments'"
    sums = "SUM(amount), SUM(fee), SUM(net), COUNT(*)"
    with unit_of_work():
        execute(
            "INSERT INTO ledger_dailyvolume"
            " (owner, livemode, currency, day, spread, gross, fee, net, count)"
            f" SELECT owner, livemode, currency, created / {DAY}, 0, {sums} {of}"
            f" AND reporting_category NOT IN ({not_earned}) GROUP BY 1, 2, 3, 4",
            [seller],
        )
        execute(
            "INSERT INTO ledger_dailymove"
            " (owner, livemode, currency, day, category, gross, fee, net, count)"
            f" SELECT owner, livemode, currency, created / {DAY}, reporting_category, {sums} {of}"
            " GROUP BY 1, 2, 3, 4, 5",
            [seller],
        )
        day = f"CASE WHEN available_on <= {now} THEN 0 ELSE available_on END"
        execute(
            "INSERT INTO ledger_balance"
            " (owner, livemode, currency, purpose, available_on, spread, amount)"
            f" SELECT owner, livemode, currency, 'payments', {day}, 0, SUM(net) {of}"
            " GROUP BY 1, 2, 3, 4, 5",
            [seller],
        )
        execute(
            "INSERT INTO ledger_balance"
            " (owner, livemode, currency, purpose, available_on, spread, amount)"
            " SELECT account_id, livemode, currency, 'in_transit', 0, 0, SUM(amount)"
            " FROM payouts_payout WHERE account_id = %s AND status IN ('pending', 'in_transit')"
            " GROUP BY 1, 2, 3",
            [seller],
        )


@contextmanager
def _quick() -> Iterator[None]:
    """Nothing here has to survive a power cut: it is seeded again."""
    if connection.vendor == "sqlite":
        # Sorting five million keys goes to files, not into memory.
        execute("PRAGMA synchronous = OFF")
        execute("PRAGMA temp_store = FILE")
        execute("PRAGMA cache_size = -1000000")
        execute("PRAGMA foreign_keys = OFF")
    else:
        execute("SET synchronous_commit = off")
        execute("SET maintenance_work_mem = '1GB'")
    yield


@contextmanager
def without_indexes(tables: list[str]) -> Iterator[None]:
    """Inside, these tables have their keys and no other index."""
    marks = ", ".join(["%s"] * len(tables))
    if connection.vendor == "sqlite":
        found = fetch_all(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
            f" AND tbl_name IN ({marks})",
            tables,
        )
    else:
        found = fetch_all(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()"
            f" AND tablename IN ({marks}) AND indexname NOT IN"
            " (SELECT conname FROM pg_constraint WHERE contype IN ('p', 'u'))",
            tables,
        )
    for name, _ in found:
        execute(f'DROP INDEX "{name}"')
    yield
    for _, sql in found:
        execute(sql.replace("%", "%%"))
