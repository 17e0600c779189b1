"""How much there is in the books; `check` says it beside its verdict."""

from __future__ import annotations

from typing import Final

from counterfoil.kit.invariants import Snapshot

_COUNTED: Final = {
    "entries": "ledger_entry",
    "postings": "ledger_posting",
    "balance_transactions": "ledger_balancetransaction",
    "blocks": "ledger_block",
}


def counts(snapshot: Snapshot) -> dict[str, int]:
    return {
        word: snapshot.number(f"SELECT COUNT(*) FROM {table}")  # noqa: S608 - our own names
        for word, table in _COUNTED.items()
    }
