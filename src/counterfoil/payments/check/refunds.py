"""What was given back is what the books gave back (reference money-movement §§3 and 5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from counterfoil.kit.invariants import Broken, Invariant, Snapshot

# A refund counts from the moment it is asked for until it fails or is canceled.
_SUMS: Final = {
    "payments_charge": """
        SELECT c.id, c.amount_refunded, COALESCE(SUM(r.amount), 0)
        FROM payments_charge c LEFT JOIN payments_refund r
          ON r.charge_id = c.id AND r.status NOT IN ('failed', 'canceled')
        GROUP BY c.id, c.amount_refunded
        HAVING c.amount_refunded <> COALESCE(SUM(r.amount), 0)
    """,
    "payments_transfer": """
        SELECT t.id, t.amount_reversed, COALESCE(SUM(r.amount), 0)
        FROM payments_transfer t LEFT JOIN payments_transferreversal r ON r.transfer_id = t.id
        GROUP BY t.id, t.amount_reversed
        HAVING t.amount_reversed <> COALESCE(SUM(r.amount), 0)
    """,
    "payments_applicationfee": """
        SELECT f.id, f.amount_refunded, COALESCE(SUM(r.amount), 0)
        FROM payments_applicationfee f LEFT JOIN payments_feerefund r ON r.fee_id = f.id
        GROUP BY f.id, f.amount_refunded
        HAVING f.amount_refunded <> COALESCE(SUM(r.amount), 0)
    """,
}


def wrong_sums(snapshot: Snapshot) -> Iterator[Broken]:
    for sql in _SUMS.values():
        for ident, said, summed in snapshot.rows(sql):
            yield ident, f"It says that {said} was given back; the parts sum to {summed}."


# What one row must look like in the books: whose, about what, how much.
_SHOWN: Final = """
    t.owner = r.account_id AND t.livemode = r.livemode AND t.source_id = r.id
    AND (t.currency <> r.currency OR t.amount = {sign}r.amount)
"""
_TAKEN = f"""
SELECT r.id, r.status, r.amount, r.balance_transaction_id
FROM payments_refund r
LEFT JOIN ledger_balancetransaction t
  ON t.id = r.balance_transaction_id AND {_SHOWN.format(sign="-")}
WHERE t.id IS NULL AND (r.status = 'succeeded' OR r.balance_transaction_id IS NOT NULL)
"""  # noqa: S608 - constants of this module
_RETURNED = f"""
SELECT r.id, r.status, r.amount, r.failure_transaction_id
FROM payments_refund r
LEFT JOIN ledger_balancetransaction t
  ON t.id = r.failure_transaction_id AND {_SHOWN.format(sign="")}
WHERE (r.status IN ('failed', 'canceled') AND r.balance_transaction_id IS NOT NULL)
      <> (r.failure_transaction_id IS NOT NULL)
   OR (r.failure_transaction_id IS NOT NULL AND t.id IS NULL)
"""  # noqa: S608 - constants of this module


def refunds_off_the_books(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, status, amount, line in snapshot.rows(_TAKEN):
        yield ident, f"It is {status}, but {line} does not show that it took {amount}."
    for ident, status, amount, line in snapshot.rows(_RETURNED):
        yield ident, f"It is {status}; what it took, {amount}, and its return {line} do not fit."


_REVERSALS = f"""
SELECT r.id, r.amount, r.balance_transaction_id, p.id
FROM payments_transferreversal r
LEFT JOIN ledger_balancetransaction t
  ON t.id = r.balance_transaction_id AND {_SHOWN.format(sign="")}
LEFT JOIN payments_refund p
  ON p.id = r.destination_payment_refund_id AND p.source_transfer_reversal_id = r.id
 AND p.livemode = r.livemode AND (p.currency <> r.currency OR p.amount = r.amount)
WHERE t.id IS NULL OR p.id IS NULL
"""  # noqa: S608 - constants of this module
_FEE_REFUNDS = f"""
SELECT r.id, r.amount, r.balance_transaction_id, r.fee_id
FROM payments_feerefund r
LEFT JOIN ledger_balancetransaction t
  ON t.id = r.balance_transaction_id AND {_SHOWN.format(sign="-")}
LEFT JOIN payments_applicationfee f ON f.id = r.fee_id
WHERE t.id IS NULL OR NOT EXISTS (
    SELECT 1 FROM ledger_balancetransaction s
    WHERE s.entry_id = t.entry_id AND s.owner = f.connected_account_id
)
"""  # noqa: S608 - constants of this module


def reversals_off_the_books(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, amount, line, payment in snapshot.rows(_REVERSALS):
        yield (
            ident,
            f"It takes {amount} back, but {line} or the refund of the payment, {payment}, says"
            " otherwise.",
        )


def fee_refunds_off_the_books(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, amount, line, fee in snapshot.rows(_FEE_REFUNDS):
        yield (
            ident,
            (
                f"It returns {amount} of {fee}, but {line} does not show it, or the account that"
                " paid the fee has no line beside it."
            ),
        )


_LINES = """
SELECT t.id, t.type, t.source_id
FROM ledger_balancetransaction t
LEFT JOIN payments_refund r
  ON r.id = t.source_id
 AND ((t.type IN ('refund', 'payment_refund') AND r.balance_transaction_id = t.id)
      OR (t.type = 'refund_failure' AND r.failure_transaction_id = t.id))
LEFT JOIN payments_transferreversal v
  ON t.type = 'transfer_refund' AND v.id = t.source_id AND v.balance_transaction_id = t.id
LEFT JOIN payments_feerefund f
  ON t.type = 'application_fee_refund' AND f.id = t.source_id AND f.balance_transaction_id = t.id
WHERE t.type IN ('refund', 'payment_refund', 'refund_failure', 'transfer_refund',
                 'application_fee_refund')
  AND r.id IS NULL AND v.id IS NULL AND f.id IS NULL
"""


def lines_without_refund(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, kind, source in snapshot.rows(_LINES):
        yield ident, f"A {kind} of {source}, but no such object names this line as its own."


INVARIANTS: Final = [
    Invariant(
        "given_back_sums",
        "What a charge, a transfer or a fee says was given back is the sum of its parts.",
        wrong_sums,
    ),
    Invariant(
        "refund_in_books",
        "A refund that was paid has taken exactly its amount; one that failed has returned it.",
        refunds_off_the_books,
    ),
    Invariant(
        "reversal_in_books",
        "A reversal, its balance transaction and the refund of the payment agree.",
        reversals_off_the_books,
    ),
    Invariant(
        "fee_refund_in_books",
        "A fee refund and its balance transaction agree, and its account has a line of it too.",
        fee_refunds_off_the_books,
    ),
    Invariant(
        "refund_line_has_refund",
        "Every line of a refund, reversal or fee refund belongs to the one object that names it.",
        lines_without_refund,
    ),
]
