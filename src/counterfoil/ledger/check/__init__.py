"""The books, judged: every invariant of the ledger (docs/operate/check.md).

Nothing here imports the code that writes, folds, seals or reads the books: constants and
hashing are written a second time, from docs/concepts/ledger.md, so that one mistake cannot
hide behind itself.
"""

from __future__ import annotations

from counterfoil.kit.invariants import Invariant
from counterfoil.ledger.check import balances, chain, digests, entries, guards, transactions


def checks() -> list[Invariant]:
    """The ledger's invariants, in the order in which one wants to hear them."""
    return [
        *entries.INVARIANTS,
        *transactions.INVARIANTS,
        *balances.INVARIANTS,
        *digests.INVARIANTS,
        *chain.INVARIANTS,
        *guards.INVARIANTS,
    ]
