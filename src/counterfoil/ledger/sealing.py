"""Sealing: committed entries join a block of a hash chain, one chain per platform and mode.

Writers never queue behind the sealer: they leave their entries in `ledger_unsealed`, and it
takes what it finds there. Ids commit out of order, so a block is a set, not an id range.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from counterfoil.kit.clock import DAY, utc_day_start
from counterfoil.kit.db import (
    execute,
    fetch_all,
    fetch_one,
    insert_rows,
    lock_row_suffix,
    placeholders,
    unit_of_work,
)
from counterfoil.kit.ids import new_id
from counterfoil.ledger.canonical import (
    POSTING_FIELDS,
    TRANSACTION_FIELDS,
    block_hash,
    entry_digest,
    merkle_root,
)
from counterfoil.ledger.locks import lock_chain

GENESIS: Final = "0" * 64
BLOCK_SIZE: Final = 1000

_BALANCE_KEY: Final = ("owner", "livemode", "currency", "purpose", "available_on", "spread")
_FOLDABLE: Final = "available_on > 0 AND available_on < %s"


def seal_all(now: int) -> int:
    """Seal every entry that waits, of every platform; the number sealed. `now`: wall clock."""
    chains = fetch_all("SELECT DISTINCT platform_id, livemode FROM ledger_unsealed")
    total = 0
    for platform_id, livemode in chains:
        while sealed := seal_block(platform_id=platform_id, livemode=bool(livemode), now=now):
            total += sealed
    return total


def seal_block(*, platform_id: str, livemode: bool, now: int) -> int:
    """One block of up to BLOCK_SIZE waiting entries; the number sealed, 0 when none waits.

    The digest of each entry is taken from the rows as they stand, never from what the writer
    said: the seal is over what is stored.
    """
    with unit_of_work():
        # Two sealers of one chain: the second waits here, then builds on the first's block.
        lock_chain(platform_id=platform_id, livemode=livemode)
        ids = _waiting(platform_id, livemode)
        if not ids:
            return 0
        digests = digests_of(ids)
        leaves = [digests[entry_id] for entry_id in ids]
        height, previous = _head(platform_id, livemode)
        root = merkle_root(leaves)
        block_id = new_id("blk", now)
        seal = block_hash(
            platform_id=platform_id,
            livemode=livemode,
            height=height + 1,
            entry_count=len(ids),
            root=root,
            previous_hash=previous,
            sealed_at=now,
        )
        insert_rows(
            "ledger_block",
            (
                "id",
                "platform_id",
                "livemode",
                "height",
                "entry_count",
                "merkle_root",
                "previous_hash",
                "sealed_at",
                "hash",
            ),
            [(block_id, platform_id, livemode, height + 1, len(ids), root, previous, now, seal)],
        )
        insert_rows(
            "ledger_blockentry",
            ("entry_id", "block_id", "position"),
            [(entry_id, block_id, position) for position, entry_id in enumerate(ids)],
        )
        execute(
            f"DELETE FROM ledger_unsealed WHERE entry_id IN ({placeholders(ids)})",  # noqa: S608
            ids,
        )
        return len(ids)


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


def _waiting(platform_id: str, livemode: bool) -> list[str]:
    rows = fetch_all(
        "SELECT entry_id FROM ledger_unsealed WHERE platform_id = %s AND livemode = %s"
        " ORDER BY entry_id LIMIT %s",
        [platform_id, livemode, BLOCK_SIZE],
    )
    return [row[0] for row in rows]


def _head(platform_id: str, livemode: bool) -> tuple[int, str]:
    row = fetch_one(
        "SELECT height, hash FROM ledger_block WHERE platform_id = %s AND livemode = %s"
        " ORDER BY height DESC LIMIT 1",
        [platform_id, livemode],
    )
    return (0, GENESIS) if row is None else (row[0], row[1])
