"""Charges, transfers and fees say what the books say (reference money-movement §§1, 2).

Reads tables only: nothing here is imported from the operations that wrote them. Amounts are
compared within one currency; what was converted is held by the entry's own balance.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from counterfoil.kit.invariants import Broken, Invariant, Snapshot

_AMOUNTS = """
SELECT id, amount, amount_captured, amount_refunded FROM payments_charge
WHERE NOT (0 <= amount_refunded AND amount_refunded <= amount_captured
           AND amount_captured <= amount)
"""


def charge_amounts(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, amount, captured, refunded in snapshot.rows(_AMOUNTS):
        yield ident, f"Of {amount}, {captured} is captured and {refunded} refunded."


_CHARGES = """
SELECT c.id, c.amount_captured, c.currency, t.id, t.owner, t.source_id, t.amount, t.currency
FROM payments_charge c
LEFT JOIN ledger_balancetransaction t ON t.id = c.balance_transaction_id
WHERE c.status = 'succeeded' AND c.captured
  AND (t.id IS NULL OR t.owner <> c.account_id OR t.livemode <> c.livemode
       OR t.source_id IS NULL OR t.source_id <> c.id
       OR (t.currency = c.currency AND t.amount <> c.amount_captured))
"""
_UNPAID = """
SELECT id, status, amount_captured, balance_transaction_id FROM payments_charge
WHERE NOT (status = 'succeeded' AND captured)
  AND (amount_captured <> 0 OR balance_transaction_id IS NOT NULL)
"""


def charges_off_the_books(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, captured, currency, line, *seen in snapshot.rows(_CHARGES):
        if line is None:
            yield ident, "It is captured, but its balance transaction does not exist."
        else:
            owner, source, amount, line_currency = seen
            yield (
                ident,
                f"It captured {captured} {currency}, but {line} shows {owner} {amount}"
                f" {line_currency} from {source}.",
            )
    for ident, status, captured, line in snapshot.rows(_UNPAID):
        yield ident, f"It is {status}, not captured, yet has {captured} captured in {line}."


_INTENTS = """
SELECT i.id, i.amount_received, COALESCE(SUM(c.amount_captured), 0)
FROM payments_paymentintent i
LEFT JOIN payments_charge c ON c.payment_intent_id = i.id AND c.status = 'succeeded'
GROUP BY i.id, i.amount_received
HAVING i.amount_received <> COALESCE(SUM(c.amount_captured), 0)
"""


def intents_received(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, received, captured in snapshot.rows(_INTENTS):
        yield ident, f"It received {received}, but its charges captured {captured}."


_TRANSFERS = """
SELECT r.id, r.amount, r.currency, t.id, t.amount, p.id, p.amount
FROM payments_transfer r
LEFT JOIN ledger_balancetransaction t ON t.id = r.balance_transaction_id
LEFT JOIN payments_charge p ON p.id = r.destination_payment_id
WHERE t.id IS NULL OR t.owner <> r.account_id OR t.livemode <> r.livemode
   OR t.source_id IS NULL OR t.source_id <> r.id
   OR t.currency <> r.currency OR t.amount <> -r.amount
   OR p.id IS NULL OR p.account_id <> r.destination OR p.livemode <> r.livemode
   OR p.source_transfer_id IS NULL OR p.source_transfer_id <> r.id
   OR (p.currency = r.currency AND p.amount <> r.amount)
"""


def transfers_off_the_books(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, amount, currency, line, seen, payment, paid in snapshot.rows(_TRANSFERS):
        yield (
            ident,
            f"It moves {amount} {currency}; its balance transaction {line} has {seen}, the payment"
            f" {payment} at its destination {paid}: they do not belong together.",
        )


# The limit is in the currency of the transfers: the charge's own, or what it was settled in.
_WITHIN = """
SELECT r.source_transaction, r.currency, SUM(r.amount), MAX(
    CASE WHEN r.currency = c.currency THEN c.amount_captured
         WHEN r.currency = t.currency THEN t.amount ELSE 0 END)
FROM payments_transfer r
LEFT JOIN payments_charge c ON c.id = r.source_transaction
LEFT JOIN ledger_balancetransaction t ON t.id = c.balance_transaction_id
WHERE r.source_transaction IS NOT NULL
GROUP BY r.source_transaction, r.currency
HAVING SUM(r.amount) > MAX(
    CASE WHEN r.currency = c.currency THEN c.amount_captured
         WHEN r.currency = t.currency THEN t.amount ELSE 0 END)
"""


def transfers_beyond_charge(snapshot: Snapshot) -> Iterator[Broken]:
    for charge, currency, moved, limit in snapshot.rows(_WITHIN):
        yield charge, f"{moved} {currency} was transferred from a charge of {limit}."


_FEES = """
SELECT f.id, f.amount, f.currency, t.id, t.amount, t.currency
FROM payments_applicationfee f
LEFT JOIN ledger_balancetransaction t ON t.id = f.balance_transaction_id
WHERE t.id IS NULL OR t.owner <> f.account_id OR t.livemode <> f.livemode
   OR t.source_id IS NULL OR t.source_id <> f.id
   OR (t.currency = f.currency AND t.amount <> f.amount)
"""


def fees_off_the_books(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, amount, currency, line, seen, other in snapshot.rows(_FEES):
        yield (
            ident,
            f"It is {amount} {currency}, but its balance transaction {line} has {seen} {other}.",
        )


_LINES = """
SELECT t.id, t.type, t.source_id
FROM ledger_balancetransaction t
LEFT JOIN payments_charge c
  ON t.type IN ('charge', 'payment') AND c.id = t.source_id AND c.balance_transaction_id = t.id
LEFT JOIN payments_transfer r
  ON t.type = 'transfer' AND r.id = t.source_id AND r.balance_transaction_id = t.id
LEFT JOIN payments_applicationfee f
  ON t.type = 'application_fee' AND f.id = t.source_id AND f.balance_transaction_id = t.id
WHERE t.type IN ('charge', 'payment', 'transfer', 'application_fee')
  AND c.id IS NULL AND r.id IS NULL AND f.id IS NULL
"""


def lines_without_object(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, kind, source in snapshot.rows(_LINES):
        yield ident, f"A {kind} of {source}, but no such object names this line as its own."


INVARIANTS: Final = [
    Invariant(
        "charge_amounts",
        "A charge's refunds are within what was captured, and that within its amount.",
        charge_amounts,
    ),
    Invariant(
        "charge_in_books",
        "A captured charge has a balance transaction of its own account and amount; any other"
        " charge has none.",
        charges_off_the_books,
    ),
    Invariant(
        "intent_received",
        "A payment intent received what its charges captured.",
        intents_received,
    ),
    Invariant(
        "transfer_in_books",
        "A transfer, its balance transaction and the payment at its destination agree.",
        transfers_off_the_books,
    ),
    Invariant(
        "transfers_within_charge",
        "What is transferred from a charge, and not taken back, is no more than the charge.",
        transfers_beyond_charge,
    ),
    Invariant(
        "fee_in_books",
        "An application fee and its balance transaction agree.",
        fees_off_the_books,
    ),
    Invariant(
        "line_has_object",
        "Every line of a charge, payment, transfer or application fee belongs to the one object"
        " that names it.",
        lines_without_object,
    ),
]
