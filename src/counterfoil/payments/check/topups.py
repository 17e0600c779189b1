"""Top-ups brought exactly what they say, and nobody else did (reference money-movement §7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from counterfoil.kit.invariants import Broken, Invariant, Snapshot

_CAME = "u.status IN ('succeeded', 'reversed')"

_TOPUPS = f"""
SELECT u.id, u.status, u.amount, u.currency, t.id, t.amount, t.currency
FROM payments_topup u
LEFT JOIN ledger_balancetransaction t ON t.id = u.balance_transaction_id
WHERE ({_CAME} AND (
        t.id IS NULL OR t.owner <> u.account_id OR t.livemode <> u.livemode
        OR t.source_id IS NULL OR t.source_id <> u.id OR t.type <> 'topup'
        OR t.amount <> u.amount OR t.currency <> u.currency OR t.fee <> 0
        OR t.balance_type <> u.purpose))
   OR (NOT {_CAME} AND u.balance_transaction_id IS NOT NULL)
"""  # noqa: S608 - a constant of this module

_REVERSED = """
SELECT u.id, u.status, u.amount, u.currency, t.id, t.amount, t.currency
FROM payments_topup u
LEFT JOIN ledger_balancetransaction t ON t.id = u.reversal_transaction_id
WHERE (u.status = 'reversed' AND (
        t.id IS NULL OR t.owner <> u.account_id OR t.livemode <> u.livemode
        OR t.source_id IS NULL OR t.source_id <> u.id OR t.type <> 'topup_reversal'
        OR t.amount <> -u.amount OR t.currency <> u.currency OR t.fee <> 0
        OR t.balance_type <> u.purpose))
   OR (u.status <> 'reversed' AND u.reversal_transaction_id IS NOT NULL)
"""


def off_the_books(snapshot: Snapshot) -> Iterator[Broken]:
    for sql in (_TOPUPS, _REVERSED):
        for ident, status, amount, currency, line, seen, other in snapshot.rows(sql):
            yield ident, f"It is {status} with {amount} {currency}; {line} shows {seen} {other}."


# A withdrawal moves money between two balances of one owner: its two rows have no source.
_LINES = """
SELECT t.id, t.type, t.source_id FROM ledger_balancetransaction t
LEFT JOIN payments_topup u
  ON u.id = t.source_id AND t.id IN (u.balance_transaction_id, u.reversal_transaction_id)
WHERE t.type IN ('topup', 'topup_reversal') AND u.id IS NULL AND t.source_id IS NOT NULL
"""
_WITHDRAWALS = """
SELECT entry_id, SUM(net), COUNT(DISTINCT owner) FROM ledger_balancetransaction
WHERE type IN ('topup', 'topup_reversal') AND source_id IS NULL
GROUP BY entry_id HAVING SUM(net) <> 0 OR COUNT(DISTINCT owner) <> 1
"""


def lines_without_topup(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, kind, source in snapshot.rows(_LINES):
        yield ident, f"A {kind} of {source}, but no top-up names this line as its own."
    for entry_id, rest, owners in snapshot.rows(_WITHDRAWALS):
        yield entry_id, f"A withdrawal between balances leaves {rest}, for {owners} owners."


_WAITING = """
SELECT id, status, next_at, livemode FROM payments_topup
WHERE (status = 'pending' AND NOT livemode) <> (next_at IS NOT NULL)
   OR (livemode AND reference IS NULL) OR (livemode AND next_at IS NOT NULL)
"""


def waiting_for_nothing(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, status, next_at, livemode in snapshot.rows(_WAITING):
        mode = "live" if livemode else "test"
        yield ident, f"It is {status} in {mode} mode, and its bank answers at {next_at}."


INVARIANTS: Final = [
    Invariant(
        "topup_in_books",
        "A top-up that succeeded has brought exactly its amount; a reversed one has given it back.",
        off_the_books,
    ),
    Invariant(
        "topup_line_has_topup",
        "Every line of a top-up belongs to the one top-up that names it; withdrawals cancel out.",
        lines_without_topup,
    ),
    Invariant(
        "topup_moves_on",
        "A pending test top-up knows when its bank answers; any other waits for no clock.",
        waiting_for_nothing,
    ),
]
