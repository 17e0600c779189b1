"""The bytes that are hashed: one documented form of an entry (docs/concepts/ledger.md).

An entry is a JSON object with sorted keys, no spaces and UTF-8 text: its id, platform, mode,
key, kind and moment, its postings in order, and its balance transactions by id.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from counterfoil.kit.sealing import canonical_digest

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
    return canonical_digest(
        {
            "id": entry_id,
            "platform": platform_id,
            "livemode": livemode,
            "key": key,
            "kind": kind,
            "effective_at": effective_at,
            "postings": postings,
            "transactions": transactions,
        }
    )
