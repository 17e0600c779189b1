"""The triggers that make the books append-only."""

from __future__ import annotations

from functools import partial
from typing import Final

from counterfoil.kit.auditing import missing_guards
from counterfoil.kit.invariants import Invariant

GUARDED: Final = (
    "ledger_balancetransaction",
    "ledger_block",
    "ledger_blockentry",
    "ledger_entry",
    "ledger_posting",
)
INVARIANTS: Final = [
    Invariant(
        "append_only",
        "The database itself refuses to change or remove what is in the books.",
        partial(missing_guards, GUARDED),
    ),
]
