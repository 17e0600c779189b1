"""Sealing: what was committed joins a block of a hash chain, one chain per platform and mode.

Writers never queue behind the sealer: they leave what they wrote in a queue, and it takes what
it finds there. Ids commit out of order, so a block is a set, not an id range. The books and the
audit log are sealed this way, each in tables of its own (docs/concepts/ledger.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from counterfoil.kit.db import (
    execute,
    fetch_all,
    fetch_one,
    insert_rows,
    placeholders,
    unit_of_work,
)
from counterfoil.kit.ids import new_id

GENESIS: Final = "0" * 64
BLOCK_SIZE: Final = 1000

_encoder = msgspec.json.Encoder(order="sorted")


def canonical_digest(document: Mapping[str, Any]) -> str:
    """SHA-256 in hex of a document as JSON with sorted keys, no spaces and UTF-8 text."""
    return hashlib.sha256(_encoder.encode(document)).hexdigest()


def merkle_root(leaves: Sequence[str]) -> str:
    """Root in hex over digests, with RFC 6962's prefixes so leaf and node never mix."""
    level = [hashlib.sha256(b"\x00" + bytes.fromhex(leaf)).digest() for leaf in leaves]
    assert level, "a block holds at least one entry"
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        parents = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]
        # An odd node rises unpaired, as in RFC 6962.
        level = parents + level[len(parents) * 2 :]
    return level[0].hex()


def block_hash(
    *,
    platform_id: str,
    livemode: bool,
    height: int,
    entry_count: int,
    root: str,
    previous_hash: str,
    sealed_at: int,
) -> str:
    """SHA-256 in hex of a block's header as canonical JSON."""
    return canonical_digest(
        {
            "platform": platform_id,
            "livemode": livemode,
            "height": height,
            "entry_count": entry_count,
            "merkle_root": root,
            "previous_hash": previous_hash,
            "sealed_at": sealed_at,
        }
    )


@dataclass(frozen=True, slots=True)
class Chain:
    """The tables of one kind of chain, and how to read what goes into it.

    `digests` answers the digest of each id from the rows as they stand, never from what their
    writer said: the seal is over what is stored. `lock(platform_id=…, livemode=…)` holds one
    chain until the transaction ends.
    """

    blocks: str
    leaves: str
    waiting: str
    digests: Callable[[list[str]], dict[str, str]]
    lock: Callable[..., None]

    def seal_all(self, now: int) -> int:
        """Seal all that waits, of every platform; how many. `now`: wall clock."""
        chains = fetch_all(
            f"SELECT DISTINCT platform_id, livemode FROM {self.waiting}"  # noqa: S608 - our names
        )
        total = 0
        for platform_id, livemode in chains:
            while sealed := self.seal_block(
                platform_id=platform_id, livemode=bool(livemode), now=now
            ):
                total += sealed
        return total

    def seal_block(self, *, platform_id: str, livemode: bool, now: int) -> int:
        """One block of what waits, up to BLOCK_SIZE; how many, 0 when nothing does."""
        with unit_of_work():
            # Two sealers of one chain: the second waits here, then builds on the first's block.
            self.lock(platform_id=platform_id, livemode=livemode)
            ids = self._waiting(platform_id, livemode)
            if not ids:
                return 0
            digests = self.digests(ids)
            height, previous = self._head(platform_id, livemode)
            root = merkle_root([digests[ident] for ident in ids])
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
            block = (block_id, platform_id, livemode, height + 1, len(ids), root, previous, now)
            insert_rows(self.blocks, _BLOCK, [(*block, seal)])
            leaves = [(ident, block_id, position) for position, ident in enumerate(ids)]
            insert_rows(self.leaves, ("entry_id", "block_id", "position"), leaves)
            execute(
                f"DELETE FROM {self.waiting}"  # noqa: S608 - our names and placeholders
                f" WHERE entry_id IN ({placeholders(ids)})",
                ids,
            )
            return len(ids)

    def _waiting(self, platform_id: str, livemode: bool) -> list[str]:
        rows = fetch_all(
            f"SELECT entry_id FROM {self.waiting}"  # noqa: S608 - our names
            " WHERE platform_id = %s AND livemode = %s ORDER BY entry_id LIMIT %s",
            [platform_id, livemode, BLOCK_SIZE],
        )
        return [row[0] for row in rows]

    def _head(self, platform_id: str, livemode: bool) -> tuple[int, str]:
        row = fetch_one(
            f"SELECT height, hash FROM {self.blocks}"  # noqa: S608 - our names
            " WHERE platform_id = %s AND livemode = %s ORDER BY height DESC LIMIT 1",
            [platform_id, livemode],
        )
        return (0, GENESIS) if row is None else (row[0], row[1])


_BLOCK: Final = (
    "id",
    "platform_id",
    "livemode",
    "height",
    "entry_count",
    "merkle_root",
    "previous_hash",
    "sealed_at",
    "hash",
)
