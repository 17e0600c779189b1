"""The bytes that are hashed: a record as one JSON object (docs/concepts/audit-log.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from counterfoil.kit.sealing import canonical_digest

FIELDS: Final = (
    "id",
    "platform_id",
    "livemode",
    "account_id",
    "created",
    "action",
    "object_id",
    "actor",
    "actor_id",
    "network",
    "browser",
    "system",
    "before",
    "after",
)


def record_digest(values: Sequence[Any]) -> str:
    """SHA-256 in hex of a row of FIELDS."""
    document = dict(zip(FIELDS, values, strict=True))
    document["livemode"] = bool(document["livemode"])  # SQLite knows numbers only
    return canonical_digest(document)
