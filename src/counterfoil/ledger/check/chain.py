"""The chain of blocks, one per platform and mode: whole, linked, and over what is stored.

A leaf is an entry's digest column; `entry_digest` holds that column to the rows, so together
they prove every stored row of a sealed entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from counterfoil.kit.invariants import Broken, Invariant, Snapshot
from counterfoil.ledger.check.digests import canonical_hash, merkle_root

BEFORE_THE_FIRST: Final = "0" * 64

_NOT_ONCE = """
SELECT e.id, l.entry_id IS NOT NULL
FROM ledger_entry e
LEFT JOIN ledger_blockentry l ON l.entry_id = e.id
LEFT JOIN ledger_unsealed u ON u.entry_id = e.id
WHERE (l.entry_id IS NULL) = (u.entry_id IS NULL)
"""
_WAITS_WRONGLY = """
SELECT u.entry_id, e.id IS NOT NULL
FROM ledger_unsealed u LEFT JOIN ledger_entry e ON e.id = u.entry_id
WHERE e.id IS NULL OR e.platform_id <> u.platform_id OR e.livemode <> u.livemode
"""


def neither_sealed_nor_waiting(snapshot: Snapshot) -> Iterator[Broken]:
    for entry_id, sealed in snapshot.rows(_NOT_ONCE):
        state = "is sealed and still waits" if sealed else "is in no block and does not wait"
        yield entry_id, f"It {state} for its seal."
    for entry_id, exists in snapshot.rows(_WAITS_WRONGLY):
        reason = "says another platform or mode" if exists else "does not exist"
        yield entry_id, f"It waits for its seal, but the entry {reason}."


_STRAY_LEAVES = """
SELECT l.entry_id, l.block_id, b.id IS NULL, e.id IS NULL
FROM ledger_blockentry l
LEFT JOIN ledger_block b ON b.id = l.block_id
LEFT JOIN ledger_entry e ON e.id = l.entry_id
WHERE b.id IS NULL OR e.id IS NULL
   OR b.platform_id <> e.platform_id OR b.livemode <> e.livemode
"""


def stray_leaves(snapshot: Snapshot) -> Iterator[Broken]:
    for entry_id, block_id, no_block, no_entry in snapshot.rows(_STRAY_LEAVES):
        if no_block:
            yield entry_id, f"It is a leaf of the block {block_id}, which does not exist."
        elif no_entry:
            yield entry_id, f"The block {block_id} seals this entry, which does not exist."
        else:
            yield entry_id, f"The block {block_id} that seals it is of another platform or mode."


@dataclass(frozen=True, slots=True)
class Header:
    """A block as stored."""

    id: str
    platform_id: str
    livemode: bool
    height: int
    entry_count: int
    merkle_root: str
    previous_hash: str
    hash: str
    sealed_at: int

    @property
    def chain(self) -> tuple[str, bool]:
        return self.platform_id, bool(self.livemode)

    def computed_hash(self) -> str:
        return canonical_hash(
            {
                "platform": self.platform_id,
                "livemode": bool(self.livemode),
                "height": self.height,
                "entry_count": self.entry_count,
                "merkle_root": self.merkle_root,
                "previous_hash": self.previous_hash,
                "sealed_at": self.sealed_at,
            }
        )


def headers(snapshot: Snapshot) -> Iterator[Header]:
    """Every block, chain by chain, from the first on."""
    for row in snapshot.rows(
        "SELECT id, platform_id, livemode, height, entry_count, merkle_root, previous_hash, hash,"
        " sealed_at FROM ledger_block ORDER BY platform_id, livemode, height"
    ):
        yield Header(*row)


def missing_heights(snapshot: Snapshot) -> Iterator[Broken]:
    for _, blocks in groupby(headers(snapshot), key=lambda header: header.chain):
        expected = 1
        for block in blocks:
            if block.height != expected:
                yield block.id, f"Its height is {block.height}; {expected} is missing before it."
            expected = block.height + 1


def broken_links(snapshot: Snapshot) -> Iterator[Broken]:
    for _, blocks in groupby(headers(snapshot), key=lambda header: header.chain):
        before = BEFORE_THE_FIRST
        for block in blocks:
            if block.previous_hash != before:
                yield block.id, "Its previous hash is not the hash of the block before it."
            before = block.hash


def wrong_hashes(snapshot: Snapshot) -> Iterator[Broken]:
    for block in headers(snapshot):
        if block.computed_hash() != block.hash:
            yield block.id, f"Its header hashes to {block.computed_hash()}, not to {block.hash}."


# Ordered as two unique indexes have it: neither engine needs to sort.
_LEAVES = """
SELECT b.id, b.entry_count, b.merkle_root, l.position, e.digest
FROM ledger_block b
LEFT JOIN ledger_blockentry l ON l.block_id = b.id
LEFT JOIN ledger_entry e ON e.id = l.entry_id
ORDER BY b.platform_id, b.livemode, b.height, l.position
"""


def _blocks(snapshot: Snapshot) -> Iterator[tuple[str, int, str, list[tuple[Any, ...]]]]:
    """Each block's id, entry count, root, and the (position, digest) of its leaves."""
    rows = snapshot.rows(_LEAVES)
    for (ident, count, root), group in groupby(rows, key=lambda row: row[:3]):
        yield ident, count, root, [row[3:] for row in group if row[3] is not None]


def wrong_counts(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, count, _, leaves in _blocks(snapshot):
        if count != len(leaves) or count < 1:
            yield ident, f"It says it holds {count} entries; it has {len(leaves)} leaves."


def wrong_positions(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, _, _, leaves in _blocks(snapshot):
        if [position for position, _ in leaves] != list(range(len(leaves))):
            yield ident, "The positions of its leaves do not count up from 0."


def wrong_roots(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, _, root, leaves in _blocks(snapshot):
        digests = [digest for _, digest in leaves]
        if digests and (None in digests or _root(digests) != root):
            yield ident, "Its Merkle root is not the root over its entries."


def _root(digests: list[str]) -> str | None:
    try:
        return merkle_root(digests)
    except ValueError:  # a digest that is not hex: no root at all
        return None


INVARIANTS: Final = [
    Invariant(
        "entry_sealed_or_waiting",
        "Every entry is in one block or waits for its seal, never both, never neither.",
        neither_sealed_nor_waiting,
    ),
    Invariant(
        "leaf_in_own_chain",
        "Every leaf belongs to a block and an entry of one platform and mode.",
        stray_leaves,
    ),
    Invariant("block_heights", "The heights of a chain count up from 1.", missing_heights),
    Invariant("block_links", "Every block carries the hash of the one before it.", broken_links),
    Invariant("block_hash", "Every block's hash is the hash of its header.", wrong_hashes),
    Invariant("block_entry_count", "Every block has as many leaves as it says.", wrong_counts),
    Invariant("block_positions", "The leaves of a block count up from 0.", wrong_positions),
    Invariant(
        "block_merkle_root", "Every block's Merkle root is that of its entries.", wrong_roots
    ),
]
