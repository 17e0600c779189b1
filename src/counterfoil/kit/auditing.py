"""Judging what is append-only and sealed: hashing a second time, chains, and the guards.

Written from docs/concepts/ledger.md and sharing nothing with `sealing.py` and `append_only.py`,
so that one mistake cannot hide behind itself.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from counterfoil.kit.invariants import Broken, Invariant, Snapshot

BEFORE_THE_FIRST: Final = "0" * 64

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def canonical_hash(document: dict[str, Any]) -> str:
    """SHA-256 in hex of a document's canonical bytes."""
    return hashlib.sha256(_encode(document).encode()).hexdigest()


def merkle_root(leaves: Sequence[str]) -> str:
    """RFC 6962's tree over hex digests, as its recursive definition has it; never empty."""
    return _subtree([bytes.fromhex(leaf) for leaf in leaves]).hex()


def _subtree(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1  # the largest power of two below the count
    left, right = _subtree(leaves[:split]), _subtree(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


# ---- Chains ----


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


@dataclass(frozen=True, slots=True)
class Head:
    """The last block of a chain. Who keeps its hash elsewhere can prove the chain later."""

    platform: str
    livemode: bool
    height: int
    hash: str


@dataclass(frozen=True, slots=True)
class ChainTables:
    """The chains of one kind, one per platform and mode: whole, linked, over what is stored.

    A leaf is the `digest` column of what is sealed; another invariant of its package holds that
    column to the rows, so together they prove every stored row that is sealed. `noun` is one of
    what is sealed, with its article; `names` begins the names of the invariants.
    """

    sealed: str
    blocks: str
    leaves: str
    waiting: str
    noun: str
    nouns: str
    names: str = ""

    def invariants(self) -> list[Invariant]:
        """In the order in which one wants to hear them."""
        item = self.noun.split()[-1]
        block = f"{self.names}block"
        return [
            Invariant(
                f"{self.names}{item}_sealed_or_waiting",
                f"Every {item} is in one block or waits for its seal, never both, never neither.",
                self.neither_sealed_nor_waiting,
            ),
            Invariant(
                f"{self.names}leaf_in_own_chain",
                f"Every leaf belongs to a block and {self.noun} of one platform and mode.",
                self.stray_leaves,
            ),
            Invariant(
                f"{block}_heights", "The heights of a chain count up from 1.", self.missing_heights
            ),
            Invariant(
                f"{block}_links",
                "Every block carries the hash of the one before it.",
                self.broken_links,
            ),
            Invariant(
                f"{block}_hash", "Every block's hash is the hash of its header.", self.wrong_hashes
            ),
            Invariant(
                f"{block}_entry_count",
                "Every block has as many leaves as it says.",
                self.wrong_counts,
            ),
            Invariant(
                f"{block}_positions",
                "The leaves of a block count up from 0.",
                self.wrong_positions,
            ),
            Invariant(
                f"{block}_merkle_root",
                f"Every block's Merkle root is that of its {self.nouns}.",
                self.wrong_roots,
            ),
        ]

    def headers(self, snapshot: Snapshot) -> Iterator[Header]:
        """Every block, chain by chain, from the first on."""
        for row in snapshot.rows(
            "SELECT id, platform_id, livemode, height, entry_count,"  # noqa: S608 - our names
            " merkle_root, previous_hash, hash, sealed_at"
            f" FROM {self.blocks} ORDER BY platform_id, livemode, height"
        ):
            yield Header(*row)

    def heads(self, snapshot: Snapshot) -> list[Head]:
        """The head of each chain."""
        last = {block.chain: block for block in self.headers(snapshot)}
        return [Head(*chain, block.height, block.hash) for chain, block in last.items()]

    def unsealed(self, snapshot: Snapshot) -> int:
        """How many wait for their seal."""
        return snapshot.number(f"SELECT COUNT(*) FROM {self.waiting}")  # noqa: S608 - our names

    def neither_sealed_nor_waiting(self, snapshot: Snapshot) -> Iterator[Broken]:
        for entry_id, sealed in snapshot.rows(
            "SELECT e.id, l.entry_id IS NOT NULL"  # noqa: S608 - our names
            f" FROM {self.sealed} e"
            f" LEFT JOIN {self.leaves} l ON l.entry_id = e.id"
            f" LEFT JOIN {self.waiting} u ON u.entry_id = e.id"
            " WHERE (l.entry_id IS NULL) = (u.entry_id IS NULL)"
        ):
            state = "is sealed and still waits" if sealed else "is in no block and does not wait"
            yield entry_id, f"It {state} for its seal."
        item = self.noun.split()[-1]
        for entry_id, exists in snapshot.rows(
            "SELECT u.entry_id, e.id IS NOT NULL"  # noqa: S608 - our names
            f" FROM {self.waiting} u LEFT JOIN {self.sealed} e ON e.id = u.entry_id"
            " WHERE e.id IS NULL OR e.platform_id <> u.platform_id OR e.livemode <> u.livemode"
        ):
            reason = "says another platform or mode" if exists else "does not exist"
            yield entry_id, f"It waits for its seal, but the {item} {reason}."

    def stray_leaves(self, snapshot: Snapshot) -> Iterator[Broken]:
        item = self.noun.split()[-1]
        rows = snapshot.rows(
            "SELECT l.entry_id, l.block_id, b.id IS NULL, e.id IS NULL"  # noqa: S608 - our names
            f" FROM {self.leaves} l"
            f" LEFT JOIN {self.blocks} b ON b.id = l.block_id"
            f" LEFT JOIN {self.sealed} e ON e.id = l.entry_id"
            " WHERE b.id IS NULL OR e.id IS NULL"
            " OR b.platform_id <> e.platform_id OR b.livemode <> e.livemode"
        )
        for entry_id, block_id, no_block, no_entry in rows:
            if no_block:
                yield entry_id, f"It is a leaf of the block {block_id}, which does not exist."
            elif no_entry:
                yield entry_id, f"The block {block_id} seals this {item}, which does not exist."
            else:
                other = f"The block {block_id} that seals it is of another platform or mode."
                yield entry_id, other

    def missing_heights(self, snapshot: Snapshot) -> Iterator[Broken]:
        for _, blocks in groupby(self.headers(snapshot), key=lambda header: header.chain):
            expected = 1
            for block in blocks:
                if block.height != expected:
                    missing = f"Its height is {block.height}; {expected} is missing before it."
                    yield block.id, missing
                expected = block.height + 1

    def broken_links(self, snapshot: Snapshot) -> Iterator[Broken]:
        for _, blocks in groupby(self.headers(snapshot), key=lambda header: header.chain):
            before = BEFORE_THE_FIRST
            for block in blocks:
                if block.previous_hash != before:
                    yield block.id, "Its previous hash is not the hash of the block before it."
                before = block.hash

    def wrong_hashes(self, snapshot: Snapshot) -> Iterator[Broken]:
        for block in self.headers(snapshot):
            if (computed := block.computed_hash()) != block.hash:
                yield block.id, f"Its header hashes to {computed}, not to {block.hash}."

    def wrong_counts(self, snapshot: Snapshot) -> Iterator[Broken]:
        for ident, count, _, leaves in self._blocks(snapshot):
            if count != len(leaves) or count < 1:
                yield ident, f"It says it holds {count} {self.nouns}; it has {len(leaves)} leaves."

    def wrong_positions(self, snapshot: Snapshot) -> Iterator[Broken]:
        for ident, _, _, leaves in self._blocks(snapshot):
            if [position for position, _ in leaves] != list(range(len(leaves))):
                yield ident, "The positions of its leaves do not count up from 0."

    def wrong_roots(self, snapshot: Snapshot) -> Iterator[Broken]:
        for ident, _, root, leaves in self._blocks(snapshot):
            digests = [digest for _, digest in leaves]
            if digests and (None in digests or _root(digests) != root):
                yield ident, f"Its Merkle root is not the root over its {self.nouns}."

    def _blocks(self, snapshot: Snapshot) -> Iterator[tuple[str, int, str, list[tuple[Any, ...]]]]:
        """Each block's id, count, root, and the (position, digest) of its leaves."""
        # Ordered as two unique indexes have it: neither engine needs to sort.
        rows = snapshot.rows(
            "SELECT b.id, b.entry_count, b.merkle_root, l.position, e.digest"  # noqa: S608 - our names
            f" FROM {self.blocks} b"
            f" LEFT JOIN {self.leaves} l ON l.block_id = b.id"
            f" LEFT JOIN {self.sealed} e ON e.id = l.entry_id"
            " ORDER BY b.platform_id, b.livemode, b.height, l.position"
        )
        for (ident, count, root), group in groupby(rows, key=lambda row: row[:3]):
            yield ident, count, root, [row[3:] for row in group if row[3] is not None]


def earlier_heads(hashes: Sequence[str], *, among: Sequence[ChainTables]) -> Invariant:
    """That each head noted earlier is still in a chain: nothing before it was rewritten."""

    def missing(snapshot: Snapshot) -> Iterator[Broken]:
        for one in hashes:
            found = sum(
                snapshot.number(
                    f"SELECT COUNT(*) FROM {chain.blocks} WHERE hash = %s",  # noqa: S608 - our names
                    [one],
                )
                for chain in among
            )
            if not found:
                yield one, "No block has this hash: the chain it headed was rewritten or cut."

    return Invariant("earlier_heads", "Every head noted earlier is still in its chain.", missing)


def _root(digests: list[str]) -> str | None:
    try:
        return merkle_root(digests)
    except ValueError:  # a digest that is not hex: no root at all
        return None


# ---- Guards ----

_SQLITE = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'"

# tgtype is a set of bits (pg_trigger.h): 1 each row, 2 before, 8 delete, 16 update,
# 32 truncate. A trigger with a condition or for some columns only would let others through.
_POSTGRES = """
SELECT c.relname, t.tgname, t.tgtype, p.prosrc
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
  AND t.tgqual IS NULL AND t.tgattr = ''::int2vector
  AND pg_table_is_visible(c.oid)
"""
_POSTGRES_BITS: Final = {1 + 2 + 16: "update", 1 + 2 + 8: "delete", 2 + 32: "truncate"}
_POSTGRES_REFUSAL: Final = re.compile(r"\s*BEGIN\s+RAISE\s+EXCEPTION\b", re.IGNORECASE)


def missing_guards(tables: Sequence[str], snapshot: Snapshot) -> Iterator[Broken]:
    """The triggers that make tables append-only: all there, switched on, and refusing."""
    on_postgresql = snapshot.vendor == "postgresql"
    standing = _on_postgresql(snapshot) if on_postgresql else _on_sqlite(snapshot)
    verbs = ["update", "delete", *(["truncate"] if on_postgresql else [])]
    for table in tables:
        for verb in verbs:
            if (table, verb) not in standing:
                yield table, f"No trigger refuses {verb}: run `counterfoil migrate` to restore it."


def _on_postgresql(snapshot: Snapshot) -> set[tuple[str, str]]:
    return {
        (table, _POSTGRES_BITS[kind])
        for table, _, kind, source in snapshot.rows(_POSTGRES)
        if kind in _POSTGRES_BITS and _POSTGRES_REFUSAL.match(source)
    }


def _on_sqlite(snapshot: Snapshot) -> set[tuple[str, str]]:
    standing = set()
    for table, name, sql in snapshot.rows(_SQLITE):
        for verb in ("update", "delete"):
            refusal = (
                rf'\s*CREATE TRIGGER "?{name}"? BEFORE {verb} ON "?{table}"?'
                r"\s+BEGIN\s+SELECT\s+RAISE\(ABORT,"
            )
            if re.match(refusal, sql, re.IGNORECASE):
                standing.add((table, verb))
    return standing
