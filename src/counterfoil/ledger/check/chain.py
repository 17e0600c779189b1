"""The books' chain of blocks, one per platform and mode."""

from __future__ import annotations

from typing import Final

from counterfoil.kit.auditing import ChainTables

CHAIN: Final = ChainTables(
    sealed="ledger_entry",
    blocks="ledger_block",
    leaves="ledger_blockentry",
    waiting="ledger_unsealed",
    noun="an entry",
    nouns="entries",
)
INVARIANTS: Final = CHAIN.invariants()
