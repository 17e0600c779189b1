"""Disputes say what the books say (reference money-movement §4).

Reads tables only: nothing here is imported from the operations that wrote them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from counterfoil.kit.invariants import Broken, Invariant, Snapshot

_WITHDRAWN = "d.status IN ('needs_response', 'under_review', 'won', 'lost')"
# In the currency of the charge's balance transaction.
_TAKEN = "COALESCE(d.settled_amount, d.amount)"
_TAKEN_IN = "COALESCE(d.settled_currency, d.currency)"

_WITHDRAWALS = f"""
SELECT d.id, d.status, {_TAKEN}, {_TAKEN_IN}, d.withdrawal_id, t.owner, t.source_id, t.amount,
       t.currency
FROM disputes_dispute d
LEFT JOIN ledger_balancetransaction t ON t.id = d.withdrawal_id
WHERE ({_WITHDRAWN} AND (
        t.id IS NULL OR t.owner <> d.account_id OR t.livemode <> d.livemode
        OR t.source_id IS NULL OR t.source_id <> d.id OR t.amount <> -{_TAKEN}
        OR t.currency <> {_TAKEN_IN} OR t.reporting_category <> 'dispute'
        OR t.balance_type <> d.purpose OR t.available_on <> d.available_on))
   OR (NOT {_WITHDRAWN} AND d.withdrawal_id IS NOT NULL)
"""  # noqa: S608 - constants of this module


def withdrawals(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, status, amount, currency, line, owner, source, seen, other in snapshot.rows(
        _WITHDRAWALS
    ):
        yield (
            ident,
            f"It is {status} and about {amount} {currency}; {line} shows {owner} {seen} {other}"
            f" from {source}.",
        )


_REVERSALS = f"""
SELECT d.id, d.status, {_TAKEN}, {_TAKEN_IN}, d.reversal_id, t.owner, t.source_id, t.amount,
       t.currency
FROM disputes_dispute d
LEFT JOIN ledger_balancetransaction t ON t.id = d.reversal_id
WHERE (d.status = 'won' AND (
        t.id IS NULL OR t.owner <> d.account_id OR t.livemode <> d.livemode
        OR t.source_id IS NULL OR t.source_id <> d.id OR t.amount <> {_TAKEN}
        OR t.currency <> {_TAKEN_IN} OR t.reporting_category <> 'dispute_reversal'
        OR t.balance_type <> d.purpose))
   OR (d.status <> 'won' AND d.reversal_id IS NOT NULL)
"""  # noqa: S608 - constants of this module


def reversals(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, status, amount, currency, line, owner, source, seen, other in snapshot.rows(
        _REVERSALS
    ):
        yield (
            ident,
            f"It is {status} and about {amount} {currency}; {line} shows {owner} {seen} {other}"
            f" from {source}.",
        )


# What a dispute cost, whoever bore it: fees of its lines, and the platform's own lines.
_FEES = """
SELECT d.id, d.received_fee, d.countered_fee, d.status, COALESCE(SUM(
           CASE WHEN t.type = 'stripe_fee' THEN -t.amount ELSE t.fee END), 0) AS paid
FROM disputes_dispute d
LEFT JOIN ledger_balancetransaction t ON t.source_id = d.id
GROUP BY d.id, d.received_fee, d.countered_fee, d.status
HAVING COALESCE(SUM(CASE WHEN t.type = 'stripe_fee' THEN -t.amount ELSE t.fee END), 0)
    <> d.received_fee + CASE WHEN d.status = 'won' THEN 0 ELSE d.countered_fee END
"""


def fees(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, received, countered, status, paid in snapshot.rows(_FEES):
        yield (
            ident,
            f"It is {status} and cost {received} and {countered} for countering, but its lines"
            f" charge {paid}.",
        )


_LINES = """
SELECT t.id, t.reporting_category, t.source_id
FROM ledger_balancetransaction t
LEFT JOIN disputes_dispute d ON d.id = t.source_id AND d.platform_id = t.platform_id
WHERE t.reporting_category IN ('dispute', 'dispute_reversal')
  AND (d.id IS NULL
       OR (t.amount <> 0 AND t.reporting_category = 'dispute'
           AND (d.withdrawal_id IS NULL OR d.withdrawal_id <> t.id))
       OR (t.amount <> 0 AND t.reporting_category = 'dispute_reversal'
           AND (d.reversal_id IS NULL OR d.reversal_id <> t.id)))
"""


def lines(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, category, source in snapshot.rows(_LINES):
        yield ident, f"A {category} of {source}, but no dispute names this line as its own."


_HELD = f"""
SELECT c.id, c.amount_captured, c.amount_refunded, SUM(d.amount)
FROM disputes_dispute d JOIN payments_charge c ON c.id = d.charge_id
WHERE {_WITHDRAWN} AND d.status <> 'won'
GROUP BY c.id, c.amount_captured, c.amount_refunded
HAVING SUM(d.amount) + c.amount_refunded > c.amount_captured
"""  # noqa: S608 - a constant of this module


def beyond_charge(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, captured, refunded, held in snapshot.rows(_HELD):
        yield ident, f"Of {captured} captured, {refunded} is refunded and {held} withdrawn."


# Refunds and disputes that stand, of charges that were converted.
_CONVERTED = f"""
SELECT c.id, c.settled_amount, c.settled_currency, c.amount_captured, SUM(g.amount),
       SUM(g.settled_amount)
FROM payments_charge c JOIN (
    SELECT charge_id, amount, settled_amount FROM payments_refund
    WHERE balance_transaction_id IS NOT NULL AND failure_transaction_id IS NULL
    UNION ALL
    SELECT charge_id, amount, settled_amount FROM disputes_dispute d
    WHERE {_WITHDRAWN} AND d.status <> 'won'
) g ON g.charge_id = c.id
WHERE c.settled_amount IS NOT NULL
GROUP BY c.id, c.settled_amount, c.settled_currency, c.amount_captured
HAVING SUM(g.settled_amount) > c.settled_amount
   OR (SUM(g.amount) = c.amount_captured AND SUM(g.settled_amount) <> c.settled_amount)
"""  # noqa: S608 - constants of this module


def converted(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, settled, currency, captured, gone, taken in snapshot.rows(_CONVERTED):
        yield (
            ident,
            f"It settled as {settled} {currency}; for {gone} of {captured} refunded or disputed,"
            f" {taken} was taken back.",
        )


_SETTLED_ELSEWHERE = """
SELECT d.id, d.status, d.settled_amount, d.settled_currency, c.settled_currency
FROM disputes_dispute d JOIN payments_charge c ON c.id = d.charge_id
WHERE (d.withdrawal_id IS NULL AND d.settled_amount IS NOT NULL)
   OR (d.withdrawal_id IS NOT NULL
       AND COALESCE(d.settled_currency, '') <> COALESCE(c.settled_currency, ''))
   OR (d.settled_amount IS NULL) <> (d.settled_currency IS NULL)
"""


def settled_elsewhere(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, status, amount, currency, other in snapshot.rows(_SETTLED_ELSEWHERE):
        yield (
            ident,
            f"It is {status} and took {amount} {currency} of a charge that settled in {other}.",
        )


_FLAGS = f"""
SELECT c.id, c.disputed FROM payments_charge c
WHERE c.disputed <> EXISTS (
    SELECT 1 FROM disputes_dispute d
    WHERE d.charge_id = c.id AND d.account_id = c.account_id
      AND {_WITHDRAWN} AND d.status <> 'won')
"""  # noqa: S608 - a constant of this module


def charge_flags(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, disputed in snapshot.rows(_FLAGS):
        word = "says" if disputed else "does not say"
        yield ident, f"It {word} that it is disputed, and its disputes say otherwise."


_CHARGES = """
SELECT d.id, d.charge_id FROM disputes_dispute d
LEFT JOIN payments_charge c ON c.id = d.charge_id
WHERE c.id IS NULL OR c.account_id <> d.account_id OR c.livemode <> d.livemode
   OR c.currency <> d.currency
"""


def charges(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, charge in snapshot.rows(_CHARGES):
        yield ident, f"Its charge {charge} is not one of its account, in its currency."


_MOVES = """
SELECT id, status, due_by, next_at, closed_at FROM disputes_dispute
WHERE CASE status
    WHEN 'warning_needs_response' THEN next_at IS NULL OR due_by IS NULL OR closed_at IS NOT NULL
    WHEN 'warning_under_review' THEN next_at IS NULL OR closed_at IS NOT NULL
    WHEN 'needs_response' THEN
        next_at IS NULL OR due_by IS NULL OR next_at <> due_by + 1 OR closed_at IS NOT NULL
    WHEN 'under_review' THEN next_at IS NOT NULL OR closed_at IS NOT NULL
    ELSE next_at IS NOT NULL OR closed_at IS NULL END
"""


def moves(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, status, due_by, next_at, closed_at in snapshot.rows(_MOVES):
        yield (
            ident,
            f"It is {status}, to be answered by {due_by}, moves on at {next_at} and closed at"
            f" {closed_at}: these do not fit.",
        )


_WARNINGS = """
SELECT w.id FROM disputes_earlyfraudwarning w
LEFT JOIN payments_charge c ON c.id = w.charge_id
WHERE c.id IS NULL OR c.account_id <> w.account_id OR c.livemode <> w.livemode
   OR (w.actionable AND c.disputed)
"""


def warnings(snapshot: Snapshot) -> Iterator[Broken]:
    for (ident,) in snapshot.rows(_WARNINGS):
        yield ident, "It is not about a charge of its account, or asks to prevent a dispute."


_PLACE = """
SELECT d.id FROM {table} d JOIN payments_charge c ON c.id = d.charge_id
WHERE d.charge_created <> c.created OR COALESCE(d.seller_id, '') <> COALESCE(c.seller_id, '')
"""
_PLACES = [
    _PLACE.format(table=table) for table in ("disputes_dispute", "disputes_earlyfraudwarning")
]


def places(snapshot: Snapshot) -> Iterator[Broken]:
    for sql in _PLACES:
        for (ident,) in snapshot.rows(sql):
            yield ident, "Its charge stands in another list, or elsewhere in it."


_INVARIANTS: Final = [
    Invariant(
        "dispute_withdrawal",
        "A chargeback has taken exactly its amount from its account; an inquiry has taken nothing.",
        withdrawals,
    ),
    Invariant(
        "dispute_reversal",
        "A dispute that was won has given its amount back to where it was taken; no other has.",
        reversals,
    ),
    Invariant(
        "dispute_fees",
        "The lines of a dispute charge its fees; the one for countering is returned on a win.",
        fees,
    ),
    Invariant(
        "dispute_line_has_dispute",
        "Every line about a dispute belongs to the one dispute that names it.",
        lines,
    ),
    Invariant(
        "disputes_within_charge",
        "What is withdrawn and refunded of a charge is no more than was captured.",
        beyond_charge,
    ),
    Invariant(
        "disputes_of_converted_charge",
        "Disputes and refunds of a converted charge take back what it brought: in full, all of it.",
        converted,
    ),
    Invariant(
        "dispute_settles_as_charge",
        "What a dispute takes is in the currency that its charge was settled in.",
        settled_elsewhere,
    ),
    Invariant(
        "charge_disputed_flag",
        "A charge is disputed exactly while a bank holds money of it.",
        charge_flags,
    ),
    Invariant(
        "dispute_has_charge",
        "A dispute is about a charge of its own account, in its currency.",
        charges,
    ),
    Invariant(
        "dispute_moves_on",
        "An open dispute that waits for somebody knows until when; a closed one waits for nothing.",
        moves,
    ),
    Invariant(
        "fraud_warning_has_charge",
        "An early fraud warning is about a charge of its account and not actionable once disputed.",
        warnings,
    ),
    Invariant(
        "dispute_in_list",
        "A dispute, or a warning, is found where its charge stands in the seller's list.",
        places,
    ),
]


def checks() -> list[Invariant]:
    return list(_INVARIANTS)
