"""Reading the books: balances and balance transactions, in plain SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Final

from counterfoil.kit.db import fetch_all, placeholders
from counterfoil.kit.pages import Page, PageRequest, cut, keyset
from counterfoil.kit.scope import Scope
from counterfoil.ledger.models import Purpose


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One (currency, purpose): minor units that are available, and those that will be."""

    currency: str
    purpose: str
    available: int
    pending: int


_BALANCES = """
SELECT currency, purpose,
       SUM(CASE WHEN available_on <= %s THEN amount ELSE 0 END),
       SUM(CASE WHEN available_on > %s THEN amount ELSE 0 END)
FROM ledger_balance
WHERE owner = %s AND livemode = %s
GROUP BY currency, purpose ORDER BY currency, purpose
"""


def balances(scope: Scope, *, now: int) -> list[BalanceRow]:
    """All balances of an account; `now` is the platform's clock, UTC seconds."""
    rows = fetch_all(_BALANCES, [now, now, scope.account_id, scope.livemode])
    return [BalanceRow(c, p, int(available), int(pending)) for c, p, available, pending in rows]


# What there is now, and at the moment of the newest entry, if that is later.
_AVAILABLE = """
SELECT COALESCE(SUM(CASE WHEN b.available_on <= %s THEN b.amount ELSE 0 END), 0),
       COALESCE(SUM(b.amount), 0)
FROM ledger_balance b
WHERE b.owner = %s AND b.livemode = %s AND b.currency = %s AND b.purpose = %s
  AND (b.available_on <= %s OR b.available_on <= (
      SELECT t.created FROM ledger_balancetransaction t
      WHERE t.owner = %s AND t.livemode = %s ORDER BY t.created DESC LIMIT 1
  ))
"""


def available_balance(
    *, owner: str, livemode: bool, currency: str, now: int, purpose: Purpose = Purpose.PAYMENTS
) -> int:
    """Minor units that may be spent now. Decide by it only while holding `lock_funds`.

    A request that began before midnight may come to its turn after one of the next day. What that
    one took is gone, although it left a later day's balance: so the lesser of the two counts.
    """
    ((at_its_moment, at_the_newest),) = fetch_all(
        _AVAILABLE,
        [now, owner, livemode, currency, purpose.value, now, owner, livemode],
    )
    return min(int(at_its_moment), int(at_the_newest))


@dataclass(frozen=True, slots=True)
class TransactionRow:
    """A balance transaction as stored; `fee_details` is JSON text."""

    id: str
    owner: str
    created: int
    type: str
    reporting_category: str
    balance_type: str
    amount: int
    fee: int
    net: int
    currency: str
    available_on: int
    description: str | None
    source_id: str | None
    exchange_rate: str | None
    fee_details: str


TRANSACTION_COLUMNS: Final = tuple(one.name for one in fields(TransactionRow))
_COLUMNS: Final = ", ".join(TRANSACTION_COLUMNS)


@dataclass(frozen=True, slots=True)
class TransactionFilter:
    """What a list is narrowed to. `created` holds (sign, UTC seconds) pairs."""

    type: str | None = None
    currency: str | None = None
    source_id: str | None = None
    created: Sequence[tuple[str, int]] = field(default=())


def conditions(wanted: TransactionFilter, *, prefix: str = "") -> tuple[str, list[object]]:
    """A filter as ` AND …` with its parameters. `prefix` is the table's name with a dot."""
    found, params = "", list[object]()
    for column in ("type", "currency", "source_id"):
        value = getattr(wanted, column)
        if value is not None:
            found += f" AND {prefix}{column} = %s"
            params.append(value)
    for sign, moment in wanted.created:
        assert sign in (">", ">=", "<", "<=", "="), sign
        found += f" AND {prefix}created {sign} %s"
        params.append(moment)
    return found, params


def list_transactions(
    scope: Scope, wanted: TransactionFilter, page: PageRequest
) -> Page[TransactionRow]:
    narrowed, params = conditions(wanted)
    beyond, more, tail = keyset(page)
    rows = fetch_all(
        f"SELECT {_COLUMNS} FROM ledger_balancetransaction"
        f" WHERE owner = %s AND livemode = %s{narrowed}{beyond} {tail}",
        [scope.account_id, scope.livemode, *params, *more],
    )
    return cut([TransactionRow(*row) for row in rows], page)


def transactions_by_id(
    ids: Sequence[str], *, platform_id: str, livemode: bool
) -> dict[str, TransactionRow]:
    """Transactions of any account of a platform in one mode; unknown ids are left out."""
    if not ids:
        return {}
    rows = fetch_all(
        f"SELECT {_COLUMNS} FROM ledger_balancetransaction"
        f" WHERE id IN ({placeholders(ids)}) AND platform_id = %s AND livemode = %s",
        [*ids, platform_id, livemode],
    )
    return {row[0]: TransactionRow(*row) for row in rows}
