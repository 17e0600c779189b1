"""Reads of payouts: where they may go, their lines, what is due. Plain SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from counterfoil.kit.crypt import unseal
from counterfoil.kit.db import fetch_all, fetch_one, placeholders
from counterfoil.kit.pages import Page, PageRequest
from counterfoil.kit.scope import Scope
from counterfoil.ledger.queries import TRANSACTION_COLUMNS, TransactionFilter, TransactionRow
from counterfoil.ledger.queries import conditions as transaction_conditions
from counterfoil.payouts.policy import Target
from counterfoil.payouts.rows import PayoutRow
from counterfoil.rails.base import Beneficiary


class _Details(msgspec.Struct):
    """The part of an external account's details that payouts need."""

    instant: bool = False
    routing_number: str | None = None
    account_holder_name: str | None = None
    name: str | None = None


_details = msgspec.json.Decoder(_Details)
_TARGET: Final = "id, object, country, currency, status, details, held_until"


def target_by_id(account_id: str, external_id: str) -> Target | None:
    """An external account of this account, or None."""
    return _target(
        fetch_one(
            f"SELECT {_TARGET} FROM accounts_externalaccount"
            " WHERE id = %s AND account_id = %s AND deleted_at IS NULL",
            [external_id, account_id],
        )
    )


def default_target(account_id: str, currency: str) -> Target | None:
    """Where payouts in a currency go unless another place is named, or None."""
    return _target(
        fetch_one(
            f"SELECT {_TARGET} FROM accounts_externalaccount WHERE account_id = %s"
            " AND currency = %s AND default_for_currency AND deleted_at IS NULL",
            [account_id, currency],
        )
    )


def default_targets(account_ids: Sequence[str]) -> dict[tuple[str, str], Target]:
    """The defaults of many accounts, by (account, currency)."""
    if not account_ids:
        return {}
    rows = fetch_all(
        f"SELECT account_id, {_TARGET} FROM accounts_externalaccount"
        f" WHERE account_id IN ({placeholders(account_ids)})"
        " AND default_for_currency AND deleted_at IS NULL",
        list(account_ids),
    )
    found = {}
    for account_id, *row in rows:
        target = _target(tuple(row))
        assert target is not None
        found[account_id, target.currency] = target
    return found


def _target(row: tuple[Any, ...] | None) -> Target | None:
    if row is None:
        return None
    ident, kind, country, currency, status, details, held_until = row
    instant = _details.decode(details).instant
    return Target(ident, kind, country, currency, status, instant, held_until)


def beneficiaries(external_ids: Sequence[str]) -> dict[str, Beneficiary]:
    """Numbers in the clear, for a rail. Deleted ones too: a payout may be on its way there."""
    if not external_ids:
        return {}
    rows = fetch_all(
        "SELECT id, object, country, sealed_number, details FROM accounts_externalaccount"
        f" WHERE id IN ({placeholders(external_ids)})",
        list(external_ids),
    )
    found = {}
    for ident, kind, country, sealed, text in rows:
        details = _details.decode(text)
        holder = details.account_holder_name or details.name
        found[ident] = Beneficiary(kind, country, unseal(sealed), details.routing_number, holder)
    return found


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line, with the net of the transaction that it settles or settles a part of."""

    position: int
    txn_id: str
    amount: int
    net: int


def lines_page(
    payout_id: str, *, limit: int, after: int | None = None, before: int | None = None
) -> Page[LineRow]:
    """Lines in their order, `after` or `before` a position; every page costs the same."""
    params: list[object] = [payout_id]
    where, way = "", "ASC"
    if after is not None:
        where, params = " AND l.position > %s", [payout_id, after]
    elif before is not None:
        where, way, params = " AND l.position < %s", "DESC", [payout_id, before]
    rows = fetch_all(
        "SELECT l.position, l.txn_id, l.amount, t.net FROM payouts_line l"
        " JOIN ledger_balancetransaction t ON t.id = l.txn_id"
        f" WHERE l.payout_id = %s{where} ORDER BY l.position {way} LIMIT {limit + 1:d}",
        params,
    )
    kept = [LineRow(*row) for row in rows[:limit]]
    if way == "DESC":
        kept.reverse()
    return Page(kept, has_more=len(rows) > limit)


def position_in(payout: PayoutRow, txn_id: str) -> int | None:
    """Where a transaction stands in a payout; the payout's own row stands after all lines."""
    if txn_id == payout.balance_transaction_id:
        return payout.line_count
    row = fetch_one(
        "SELECT position FROM payouts_line WHERE txn_id = %s AND payout_id = %s",
        [txn_id, payout.id],
    )
    return None if row is None else int(row[0])


def transactions_of(
    payout: PayoutRow, wanted: TransactionFilter, page: PageRequest, *, cursor: int | None
) -> Page[TransactionRow]:
    """What an automatic payout settled, newest first, its own row before all.

    `cursor` is the position (`position_in`) of the row that the page starts beside. Pages go by
    position, so that the last of 50,000 rows costs what the first does.
    """
    newer = page.direction == "newer" and cursor is not None
    conditions, params = transaction_conditions(wanted, prefix="t.")
    of_cursor = "" if cursor is None else f" AND l.position {'>' if newer else '<'} %s"
    rows = fetch_all(
        f"SELECT {', '.join(f't.{name}' for name in TRANSACTION_COLUMNS)}"
        " FROM payouts_line l JOIN ledger_balancetransaction t ON t.id = l.txn_id"
        f" WHERE l.payout_id = %s{of_cursor}{conditions}"
        f" ORDER BY l.position {'ASC' if newer else 'DESC'} LIMIT {page.limit + 1:d}",
        [payout.id, *([] if cursor is None else [cursor]), *params],
    )
    found = [TransactionRow(*row) for row in rows]
    if cursor is None:
        found = [*_own_row(payout, wanted), *found]
    elif newer and cursor < payout.line_count:
        found = [*found, *_own_row(payout, wanted)]
    kept = found[: page.limit]
    if newer:
        kept.reverse()
    return Page(kept, has_more=len(found) > page.limit)


def _own_row(payout: PayoutRow, wanted: TransactionFilter) -> list[TransactionRow]:
    conditions, params = transaction_conditions(wanted, prefix="t.")
    rows = fetch_all(
        f"SELECT {', '.join(f't.{name}' for name in TRANSACTION_COLUMNS)}"
        f" FROM ledger_balancetransaction t WHERE t.id = %s{conditions}",
        [payout.balance_transaction_id, *params],
    )
    return [TransactionRow(*row) for row in rows]


def instant_used(*, platform_id: str, livemode: bool, currency: str, since: int) -> int:
    """What a platform's accounts have sent instantly since a moment."""
    row = fetch_one(
        "SELECT COALESCE(SUM(amount), 0) FROM payouts_payout WHERE platform_id = %s"
        " AND livemode = %s AND currency = %s AND method = 'instant' AND created >= %s"
        " AND status IN ('pending', 'in_transit', 'paid')",
        [platform_id, livemode, currency, since],
    )
    assert row is not None
    return int(row[0])


def same_day_used(scope: Scope, *, currency: str, since: int) -> int:
    """How many standard payouts an account has asked for since a moment, to arrive that day."""
    row = fetch_one(
        "SELECT COUNT(*) FROM payouts_payout WHERE account_id = %s AND livemode = %s"
        " AND created >= %s AND currency = %s AND NOT automatic AND method = 'standard'"
        " AND arrival_date <= created AND status <> 'canceled'",
        [scope.account_id, scope.livemode, since, currency],
    )
    assert row is not None
    return int(row[0])
