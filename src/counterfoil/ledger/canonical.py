"""The bytes that are hashed: one documented form of an entry (docs/concepts/ledger.md).

An entry is a JSON object with sorted keys, no spaces and UTF-8 text: its id, platform, mode,
key, kind and moment, its postings in order, and its balance transactions by id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

import msgspec

POSTING_FIELDS: Final = (
    "position",
    "owner",
    "currency",
    "purpose",
    "side",
    "amount",
    "available_on",
)
TRANSACTION_FIELDS: Final = (
    "id",
    "owner",
    "created",
    "type",
    "reporting_category",
    "balance_type",
    "amount",
    "fee",
    "net",
    "currency",
    "available_on",
    "description",
    "source_id",
    "exchange_rate",
    "fee_details",
)
_encoder = msgspec.json.Encoder(order="sorted")


def entry_digest(
    *,
    entry_id: str,
    platform_id: str,
    livemode: bool,
    key: str,
    kind: str,
    effective_at: int,
    postings: Sequence[Sequence[Any]],
    transactions: Sequence[Sequence[Any]],
) -> str:
    """SHA-256 in hex of the canonical bytes.

    `postings` are rows of POSTING_FIELDS by position, `transactions` rows of
    TRANSACTION_FIELDS by id.
    """
    document = {
        "id": entry_id,
        "platform": platform_id,
        "livemode": livemode,
        "key": key,
        "kind": kind,
        "effective_at": effective_at,
        "postings": postings,
        "transactions": transactions,
    }
    return hashlib.sha256(_encoder.encode(document)).hexdigest()


def merkle_root(leaves: Sequence[str]) -> str:
    """Root in hex over entry digests, with RFC 6962's prefixes so leaf and node never mix."""
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
    header = {
        "platform": platform_id,
        "livemode": livemode,
        "height": height,
        "entry_count": entry_count,
        "merkle_root": root,
        "previous_hash": previous_hash,
        "sealed_at": sealed_at,
    }
    return hashlib.sha256(_encoder.encode(header)).hexdigest()
