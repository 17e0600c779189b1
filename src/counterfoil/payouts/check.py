"""Payouts are the sum of what they settle, and the books agree (design §3).

Reads tables only: nothing here is imported from the operations that wrote them. A *claim* is a
line on another transaction than the payout's own row; a line on that row is an instant fee.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from counterfoil.kit.invariants import Broken, Invariant, Snapshot

_SUMS: Final = """
SELECT p.id, p.amount, p.line_count, COALESCE(SUM(l.amount), 0), COUNT(l.payout_id)
FROM payouts_payout p LEFT JOIN payouts_line l ON l.payout_id = p.id
GROUP BY p.id, p.amount, p.line_count
HAVING p.amount <> COALESCE(SUM(l.amount), 0) OR p.line_count <> COUNT(l.payout_id)
"""


def payouts_not_their_lines(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, amount, count, total, lines in snapshot.rows(_SUMS):
        yield (
            ident,
            f"It is {amount} in {count} lines, but has {lines} lines that sum to {int(total)}.",
        )


_ORPHANS: Final = """
SELECT l.payout_id, l.position, l.txn_id FROM payouts_line l
LEFT JOIN payouts_payout p ON p.id = l.payout_id
LEFT JOIN ledger_balancetransaction t ON t.id = l.txn_id
WHERE p.id IS NULL OR t.id IS NULL OR t.owner <> p.account_id OR t.livemode <> p.livemode
   OR t.currency <> p.currency OR t.balance_type <> 'payments'
   OR (t.type = 'payout' AND t.id <> p.balance_transaction_id)
"""


def lines_of_others(snapshot: Snapshot) -> Iterator[Broken]:
    for payout, position, txn in snapshot.rows(_ORPHANS):
        yield f"{payout}-{position}", f"It settles {txn}, which is not there for it to settle."


# Claims of the owners below are written per transaction, and what is unclaimed beside them.
_CLAIMED: Final = """
SELECT l.txn_id AS id, SUM(l.amount) AS claimed
FROM payouts_line l JOIN payouts_payout p ON p.id = l.payout_id
WHERE l.txn_id <> p.balance_transaction_id
GROUP BY l.txn_id
"""
_EXCEEDED: Final = f"""
SELECT t.id, t.net, c.claimed FROM ({_CLAIMED}) c
JOIN ledger_balancetransaction t ON t.id = c.id
WHERE (t.net >= 0 AND (c.claimed < 0 OR c.claimed > t.net))
   OR (t.net < 0 AND (c.claimed > 0 OR c.claimed < t.net))
"""  # noqa: S608 - constants of this module


def claims_beyond_rows(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, net, claimed in snapshot.rows(_EXCEEDED):
        yield ident, f"Its net is {net}, and payouts settle {int(claimed)} of it."


_RESTS: Final = f"""
SELECT t.id, t.net, COALESCE(c.claimed, 0), COALESCE(u.rest, 0)
FROM ledger_balancetransaction t
LEFT JOIN ({_CLAIMED}) c ON c.id = t.id
LEFT JOIN ledger_unclaimed u ON u.txn_id = t.id
WHERE t.owner <> t.platform_id AND t.balance_type = 'payments' AND t.type <> 'payout'
  AND t.net <> COALESCE(c.claimed, 0) + COALESCE(u.rest, 0)
"""  # noqa: S608 - constants of this module
_QUEUED: Final = """
SELECT u.txn_id, t.id FROM ledger_unclaimed u
LEFT JOIN ledger_balancetransaction t ON t.id = u.txn_id
WHERE t.id IS NULL OR t.owner = t.platform_id OR t.balance_type <> 'payments'
   OR t.type = 'payout' OR t.owner <> u.owner OR t.livemode <> u.livemode
   OR t.currency <> u.currency OR t.available_on <> u.available_on OR t.created <> u.created
"""


def rests_that_do_not_add_up(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, net, claimed, rest in snapshot.rows(_RESTS):
        yield ident, f"Its net is {net}; {int(claimed)} is claimed and {rest} waits to be."
    for ident, known in snapshot.rows(_QUEUED):
        what = "does not exist" if known is None else "is another row, or not one to settle"
        yield ident, f"It waits for a payout, but the transaction {what}."


_IN_TRANSIT: Final = """
SELECT owner, livemode, currency, SUM(booked), SUM(flying) FROM (
    SELECT owner, livemode, currency, amount AS booked, 0 AS flying
    FROM ledger_balance WHERE purpose = 'in_transit'
    UNION ALL
    SELECT account_id, livemode, currency, 0, amount
    FROM payouts_payout WHERE status IN ('pending', 'in_transit')
) both_sides
GROUP BY owner, livemode, currency HAVING SUM(booked) <> SUM(flying)
"""


def in_transit_is_not_in_flight(snapshot: Snapshot) -> Iterator[Broken]:
    for owner, livemode, currency, booked, flying in snapshot.rows(_IN_TRANSIT):
        yield (
            f"{owner}/{'live' if livemode else 'test'}/{currency}",
            f"The books have {int(booked)} in transit, and payouts in flight are {int(flying)}.",
        )


_OWN_ROWS: Final = """
SELECT p.id, p.amount, COALESCE(p.application_fee_amount, 0), t.id, t.amount, t.fee,
       (SELECT COALESCE(SUM(l.amount), 0) FROM payouts_line l
        WHERE l.payout_id = p.id AND l.txn_id = p.balance_transaction_id)
FROM payouts_payout p
LEFT JOIN ledger_balancetransaction t ON t.id = p.balance_transaction_id
WHERE t.id IS NULL OR t.type <> 'payout' OR t.owner <> p.account_id OR t.livemode <> p.livemode
   OR t.currency <> p.currency OR t.source_id IS NULL OR t.source_id <> p.id
   OR t.amount <> -p.amount OR t.fee <> COALESCE(p.application_fee_amount, 0)
   OR t.fee <> -(SELECT COALESCE(SUM(l.amount), 0) FROM payouts_line l
                 WHERE l.payout_id = p.id AND l.txn_id = p.balance_transaction_id)
"""
_NAMELESS: Final = """
SELECT t.id, t.source_id FROM ledger_balancetransaction t
LEFT JOIN payouts_payout p ON p.balance_transaction_id = t.id
WHERE t.type = 'payout' AND p.id IS NULL
"""


def payouts_off_the_books(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, amount, fee, row, seen, seen_fee, fee_line in snapshot.rows(_OWN_ROWS):
        yield (
            ident,
            f"It pays {amount} for a fee of {fee}, a line of {int(fee_line)}; its row {row} has"
            f" {seen} and a fee of {seen_fee}.",
        )
    for row, source in snapshot.rows(_NAMELESS):
        yield row, f"It is the row of {source}, but no such payout names it."


_RESTORED: Final = """
SELECT p.id, p.status, t.net, f.id, f.net
FROM payouts_payout p
LEFT JOIN ledger_balancetransaction t ON t.id = p.balance_transaction_id
LEFT JOIN ledger_balancetransaction f ON f.id = p.failure_transaction_id
LEFT JOIN payments_applicationfee a ON a.id = p.application_fee_id
WHERE (p.status IN ('failed', 'canceled') AND (
        f.id IS NULL OR f.owner <> p.account_id OR f.livemode <> p.livemode
        OR f.currency <> p.currency OR f.balance_type <> 'payments'
        OR f.type <> CASE p.status WHEN 'failed' THEN 'payout_failure' ELSE 'payout_cancel' END
        OR f.amount <> p.amount
        OR f.fee > 0 OR f.fee < -COALESCE(p.application_fee_amount, 0)
        OR a.amount_refunded <> a.amount))
   OR (p.status NOT IN ('failed', 'canceled') AND p.failure_transaction_id IS NOT NULL)
"""
_RETURNS: Final = """
SELECT t.id, t.type, t.source_id FROM ledger_balancetransaction t
LEFT JOIN payouts_payout p ON p.failure_transaction_id = t.id AND p.id = t.source_id
WHERE t.type IN ('payout_failure', 'payout_cancel') AND p.id IS NULL
"""


def failures_not_restored(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, status, net, back, returned in snapshot.rows(_RESTORED):
        yield (
            ident,
            f"It is {status}: {net} left, and {back} brought {returned} back.",
        )
    for ident, kind, source in snapshot.rows(_RETURNS):
        yield ident, f"A {kind} of {source}, which did not end so."


_LINES: Final = """
SELECT p.id, p.lines_hash, l.txn_id, l.amount
FROM payouts_payout p JOIN payouts_line l ON l.payout_id = p.id
ORDER BY p.id, l.position
"""


def hashes_of_other_lines(snapshot: Snapshot) -> Iterator[Broken]:
    rows = snapshot.rows(_LINES)
    for (ident, kept), lines in groupby(rows, key=lambda row: (row[0], row[1])):
        digest, comma = hashlib.sha256(b"["), ""
        for _, _, txn, amount in lines:
            digest.update((comma + json.dumps([txn, amount], separators=(",", ":"))).encode())
            comma = ","
        digest.update(b"]")
        if digest.hexdigest() != kept:
            yield ident, "Its lines are not those that its content hash was made of."


_PAIRS: Final = """
SELECT p.id, p.original_payout_id, p.amount, o.amount, o.reversed_by_id
FROM payouts_payout p LEFT JOIN payouts_payout o ON o.id = p.original_payout_id
WHERE p.original_payout_id IS NOT NULL
  AND (o.id IS NULL OR o.amount <> -p.amount OR o.reversed_by_id IS NULL
       OR o.reversed_by_id <> p.id OR o.account_id <> p.account_id OR o.currency <> p.currency)
"""
_POSITIVE: Final = """
SELECT id, amount, reversed_by_id FROM payouts_payout p
WHERE (amount < 0 AND original_payout_id IS NULL)
   OR (reversed_by_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM payouts_payout r
        WHERE r.id = p.reversed_by_id AND r.original_payout_id = p.id))
"""


def reversals_of_nothing(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, original, amount, paid, reversed_by in snapshot.rows(_PAIRS):
        yield (
            ident,
            f"It collects {amount} of {original}, which paid {paid} and was reversed by"
            f" {reversed_by}.",
        )
    for ident, amount, reversed_by in snapshot.rows(_POSITIVE):
        yield ident, f"It is {amount}, reversed by {reversed_by}: one of a pair that is none."


_INVARIANTS: Final = [
    Invariant(
        "payout_is_sum_of_lines",
        "A payout is the sum of its lines, and has as many as it says.",
        payouts_not_their_lines,
    ),
    Invariant(
        "line_settles_own_row",
        "A line settles a transaction of the payout's own account, mode and currency.",
        lines_of_others,
    ),
    Invariant(
        "claims_within_row",
        "What payouts settle of a transaction never exceeds it.",
        claims_beyond_rows,
    ),
    Invariant(
        "unclaimed_and_claimed_are_all",
        "What waits for a payout and what payouts settled are together the transaction's net.",
        rests_that_do_not_add_up,
    ),
    Invariant(
        "in_transit_is_in_flight",
        "What the books have in transit is what payouts in flight add up to.",
        in_transit_is_not_in_flight,
    ),
    Invariant(
        "payout_in_books",
        "A payout and its own balance transaction agree, the fee and its line included.",
        payouts_off_the_books,
    ),
    Invariant(
        "failed_payout_restored",
        "A failed or canceled payout gave back exactly what it took; no other payout did.",
        failures_not_restored,
    ),
    Invariant(
        "payout_content_hash",
        "The content hash of a payout is that of its lines.",
        hashes_of_other_lines,
    ),
    Invariant(
        "payout_reversal",
        "A reversal and the payout it reverses are a pair of opposite amounts.",
        reversals_of_nothing,
    ),
]


def checks() -> list[Invariant]:
    return list(_INVARIANTS)
