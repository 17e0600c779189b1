"""What of the books the database itself keeps append-only (`kit/append_only.py`)."""

from __future__ import annotations

from typing import Any, Final

from counterfoil.kit.append_only import guard_tables

APPEND_ONLY: Final = (
    "ledger_entry",
    "ledger_posting",
    "ledger_balancetransaction",
    "ledger_block",
    "ledger_blockentry",
)


def install_triggers(using: str = "default", **_signal: Any) -> None:
    """Guard every append-only table of the books that exists. Safe to run again."""
    guard_tables(APPEND_ONLY, using)
