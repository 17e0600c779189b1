"""The digest of every entry, against its rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from counterfoil.kit.auditing import canonical_hash
from counterfoil.kit.invariants import Broken, Invariant, Snapshot

# In the order in which the document lists them.
_POSTING = "position, owner, currency, purpose, side, amount, available_on"
_TRANSACTION = (
    "id, owner, created, type, reporting_category, balance_type, amount, fee, net, currency,"
    " available_on, description, source_id, exchange_rate, fee_details"
)


class _Beside:
    """Rows of a stream in the order of their first column, handed out with what they belong to."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, ident: str) -> list[tuple[Any, ...]]:
        """The rest of each row of `ident`; ids must be asked for in ascending order."""
        found = []
        while self._next is not None and self._next[0] <= ident:
            if self._next[0] == ident:
                found.append(self._next[1:])
            self._next = next(self._rows, None)
        return found


def wrong_digests(snapshot: Snapshot) -> Iterator[Broken]:
    # Three streams in id order, side by side: nothing is held but one entry's rows. Ids sort
    # by bytes on both engines, as Python's text does.
    postings = _Beside(
        snapshot.rows(
            f"SELECT entry_id, {_POSTING} FROM ledger_posting"  # noqa: S608 - constants
            " ORDER BY entry_id, position"
        )
    )
    transactions = _Beside(
        snapshot.rows(
            f"SELECT entry_id, {_TRANSACTION} FROM ledger_balancetransaction"  # noqa: S608 - same
            " ORDER BY entry_id, id"
        )
    )
    entries = snapshot.rows(
        "SELECT id, digest, platform_id, livemode, key, kind, effective_at FROM ledger_entry"
        " ORDER BY id"
    )
    for ident, digest, platform_id, livemode, key, kind, effective_at in entries:
        document = {
            "id": ident,
            "platform": platform_id,
            "livemode": bool(livemode),
            "key": key,
            "kind": kind,
            "effective_at": effective_at,
            "postings": postings.of(ident),
            "transactions": transactions.of(ident),
        }
        if canonical_hash(document) != digest:
            yield ident, "Its rows are not those it was written with: its digest differs."


INVARIANTS: Final = [
    Invariant(
        "entry_digest",
        "Every entry's digest is the hash of its rows as they stand.",
        wrong_digests,
    ),
]
