"""What `check` says beside its verdict: the heads to keep, and how much there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from counterfoil.kit.invariants import Broken, Invariant, Snapshot
from counterfoil.ledger.check.chain import headers

_COUNTED: Final = {
    "entries": "ledger_entry",
    "postings": "ledger_posting",
    "balance_transactions": "ledger_balancetransaction",
    "blocks": "ledger_block",
}


@dataclass(frozen=True, slots=True)
class Head:
    """The last block of a chain. Who keeps its hash elsewhere can prove the books later."""

    platform: str
    livemode: bool
    height: int
    hash: str


def heads(snapshot: Snapshot) -> list[Head]:
    """The head of each chain."""
    last = {block.chain: block for block in headers(snapshot)}
    return [Head(*chain, block.height, block.hash) for chain, block in last.items()]


def unsealed(snapshot: Snapshot) -> int:
    """How many entries wait for their seal."""
    return snapshot.number("SELECT COUNT(*) FROM ledger_unsealed")


def counts(snapshot: Snapshot) -> dict[str, int]:
    return {
        word: snapshot.number(f"SELECT COUNT(*) FROM {table}")  # noqa: S608 - our own names
        for word, table in _COUNTED.items()
    }


def earlier_heads(hashes: Sequence[str]) -> Invariant:
    """That each head noted earlier is still in a chain: nothing before it was rewritten."""

    def missing(snapshot: Snapshot) -> Iterator[Broken]:
        for one in hashes:
            if not snapshot.number("SELECT COUNT(*) FROM ledger_block WHERE hash = %s", [one]):
                yield one, "No block has this hash: the chain it headed was rewritten or cut."

    return Invariant("earlier_heads", "Every head noted earlier is still in its chain.", missing)
