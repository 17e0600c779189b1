"""The books' chain of blocks (`kit/sealing.py`), and the folding of balances of days past."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from counterfoil.kit.clock import DAY, utc_day_start
from counterfoil.kit.db import (
    execute,
    fetch_all,
    insert_rows,
    lock_row_suffix,
    placeholders,
    unit_of_work,
)
from counterfoil.kit.sealing import Chain
from counterfoil.ledger.canonical import (
    POSTING_FIELDS,
    TRANSACTION_FIELDS,
    entry_digest,
)
from counterfoil.ledger.locks import lock_chain

_BALANCE_KEY: Final = ("owner", "livemode", "currency", "purpose", "available_on", "spread")
_FOLDABLE: Final = "available_on > 0 AND available_on < %s"


_CHAIN: Final = Chain(
    blocks="ledger_block",
    leaves="ledger_blockentry",
    waiting="ledger_unsealed",
    digests=lambda ids: digests_of(ids),
    lock=lock_chain,
)


def seal_all(now: int) -> int:
    """Seal every entry that waits, of every platform; the number sealed. `now`: wall clock."""
    return _CHAIN.seal_all(now)


def seal_block(*, platform_id: str, livemode: bool, now: int) -> int:
    """One block of waiting entries of one chain; the number sealed, 0 when none waits."""
    return _CHAIN.seal_block(platform_id=platform_id, livemode=livemode, now=now)


_FOLD_EVERY: Final = 600  # seconds, in each worker
_next_fold = 0


def fold_when_due(now: int) -> int:
    """`fold_balances`, at most every ten minutes in each worker. `now`: wall clock."""
    global _next_fold
    if now < _next_fold:
        return 0
    _next_fold = now + _FOLD_EVERY
    return fold_balances(now)


def fold_balances(now: int) -> int:
    """Fold balance rows of days long past into one; the number folded. `now`: wall clock.

    The platform's clock is never behind the wall clock, so a day past here is past there.
    Balances do not change: what was available stays available.
    """
    past = utc_day_start(now) - 2 * DAY
    with unit_of_work():
        if suffix := lock_row_suffix():
            # In the order in which writers take them, so that neither waits for the other.
            execute(
                f"SELECT 1 FROM ledger_balance WHERE {_FOLDABLE}"  # noqa: S608 - constants
                f" ORDER BY {', '.join(_BALANCE_KEY)}{suffix}",
                [past],
            )
        rows = fetch_all(
            f"DELETE FROM ledger_balance WHERE {_FOLDABLE}"  # noqa: S608 - a constant
            " RETURNING owner, livemode, currency, purpose, spread, amount",
            [past],
        )
        sums: dict[tuple[Any, ...], int] = defaultdict(int)
        for owner, livemode, currency, purpose, spread, amount in rows:
            sums[owner, bool(livemode), currency, purpose, 0, spread] += amount
        insert_rows(
            "ledger_balance",
            (*_BALANCE_KEY, "amount"),
            [(*key, amount) for key, amount in sorted(sums.items())],
            conflict=(
                f"ON CONFLICT ({', '.join(_BALANCE_KEY)})"
                " DO UPDATE SET amount = ledger_balance.amount + excluded.amount"
            ),
        )
        return len(rows)


def digests_of(entry_ids: list[str]) -> dict[str, str]:
    """The digest of each entry, from the rows as they stand now."""
    within = f"IN ({placeholders(entry_ids)})"
    entries = fetch_all(
        "SELECT id, platform_id, livemode, key, kind, effective_at"  # noqa: S608 - placeholders
        " FROM ledger_entry"
        f" WHERE id {within}",
        entry_ids,
    )
    postings = _grouped("ledger_posting", POSTING_FIELDS, within, entry_ids, "position")
    transactions = _grouped(
        "ledger_balancetransaction", TRANSACTION_FIELDS, within, entry_ids, "id"
    )
    return {
        ident: entry_digest(
            entry_id=ident,
            platform_id=platform_id,
            livemode=bool(livemode),
            key=key,
            kind=kind,
            effective_at=effective_at,
            postings=postings[ident],
            transactions=transactions[ident],
        )
        for ident, platform_id, livemode, key, kind, effective_at in entries
    }


def _grouped(
    table: str, columns: tuple[str, ...], within: str, entry_ids: list[str], order: str
) -> dict[str, list[tuple[Any, ...]]]:
    rows = fetch_all(
        f"SELECT entry_id, {', '.join(columns)} FROM {table}"  # noqa: S608 - our own names
        f" WHERE entry_id {within} ORDER BY entry_id, {order}",
        entry_ids,
    )
    grouped: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for entry_id, *row in rows:
        grouped[entry_id].append(tuple(row))
    return grouped
