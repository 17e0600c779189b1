"""Ways to corrupt `books.small_world()` by SQL, each breaking exactly one invariant."""

from tests.unit.ledger.corruptions import balances, chain, entries, guards, transactions
from tests.unit.ledger.corruptions.registry import CORRUPTIONS

__all__ = ["CORRUPTIONS", "balances", "chain", "entries", "guards", "transactions"]
