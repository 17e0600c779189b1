"""The triggers that make the books append-only: all there, switched on, and refusing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from counterfoil.kit.invariants import Broken, Invariant, Snapshot

GUARDED: Final = (
    "ledger_balancetransaction",
    "ledger_block",
    "ledger_blockentry",
    "ledger_entry",
    "ledger_posting",
)

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


def missing_guards(snapshot: Snapshot) -> Iterator[Broken]:
    on_postgresql = snapshot.vendor == "postgresql"
    standing = _on_postgresql(snapshot) if on_postgresql else _on_sqlite(snapshot)
    verbs = ["update", "delete", *(["truncate"] if on_postgresql else [])]
    for table in GUARDED:
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


INVARIANTS: Final = [
    Invariant(
        "append_only",
        "The database itself refuses to change or remove what is in the books.",
        missing_guards,
    ),
]
