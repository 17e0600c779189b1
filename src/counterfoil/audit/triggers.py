"""What of the log the database itself keeps append-only (`kit/append_only.py`)."""

from __future__ import annotations

from typing import Any, Final

from counterfoil.kit.append_only import guard_tables

APPEND_ONLY: Final = ("audit_record", "audit_block", "audit_blockentry")


def install_triggers(using: str = "default", **_signal: Any) -> None:
    """Guard every append-only table of the log that exists. Safe to run again."""
    guard_tables(APPEND_ONLY, using)
