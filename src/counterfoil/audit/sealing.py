"""The log's chain of blocks (`kit/sealing.py`)."""

from __future__ import annotations

from typing import Final

from counterfoil.audit.canonical import FIELDS, record_digest
from counterfoil.kit.db import fetch_all, insert_rows, lock_row_suffix, placeholders
from counterfoil.kit.sealing import Chain


def seal_all(now: int) -> int:
    """Seal every record that waits, of every platform; how many. `now`: wall clock."""
    return _CHAIN.seal_all(now)


def digests_of(ids: list[str]) -> dict[str, str]:
    """The digest of each record, from its row as it stands now."""
    rows = fetch_all(
        f"SELECT {', '.join(FIELDS)} FROM audit_record"  # noqa: S608 - our own names
        f" WHERE id IN ({placeholders(ids)})",
        ids,
    )
    return {row[0]: record_digest(row) for row in rows}


def _lock(*, platform_id: str, livemode: bool) -> None:
    key = (platform_id, livemode)
    insert_rows(
        "audit_chainlock", ("platform_id", "livemode"), [key], conflict="ON CONFLICT DO NOTHING"
    )
    fetch_all(
        "SELECT 1 FROM audit_chainlock"  # noqa: S608 - a fixed suffix
        " WHERE platform_id = %s AND livemode = %s" + lock_row_suffix(),
        key,
    )


_CHAIN: Final = Chain(
    blocks="audit_block",
    leaves="audit_blockentry",
    waiting="audit_unsealed",
    digests=digests_of,
    lock=_lock,
)
