"""What was converted is what its rate says, and goes back as it came (money-movement §9).

The arithmetic is written a second time here, from the reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from counterfoil.kit.currencies import exponent, granularity
from counterfoil.kit.invariants import Broken, Invariant, Snapshot

# Rows in one currency are compared with their lines where they are described: charges, refunds.
_CONVERTED_ONE: Final = "({0}.settled_amount IS NOT NULL OR t.currency <> {0}.currency)"
_SETTLED: Final = "COALESCE({0}.settled_amount, {0}.{1})"
_SETTLED_IN: Final = "COALESCE({0}.settled_currency, {0}.currency)"

_CHARGES = f"""
SELECT c.id, {_SETTLED.format("c", "amount_captured")}, {_SETTLED_IN.format("c")},
       c.exchange_rate, t.amount, t.currency, t.exchange_rate
FROM payments_charge c JOIN ledger_balancetransaction t ON t.id = c.balance_transaction_id
WHERE ({_CONVERTED_ONE.format("c")} AND (
        t.amount <> {_SETTLED.format("c", "amount_captured")}
        OR t.currency <> {_SETTLED_IN.format("c")}))
   OR COALESCE(t.exchange_rate, '') <> COALESCE(c.exchange_rate, '')
   OR (c.settled_amount IS NULL) <> (c.settled_currency IS NULL)
   OR (c.settled_amount IS NULL) <> (c.exchange_rate IS NULL)
"""  # noqa: S608 - constants of this module

_FEES = f"""
SELECT f.id, {_SETTLED.format("f", "amount")}, {_SETTLED_IN.format("f")}, f.exchange_rate,
       t.amount, t.currency, t.exchange_rate
FROM payments_applicationfee f
JOIN ledger_balancetransaction t ON t.id = f.balance_transaction_id
WHERE {_CONVERTED_ONE.format("f")} AND (
    t.amount <> {_SETTLED.format("f", "amount")} OR t.currency <> {_SETTLED_IN.format("f")})
"""  # noqa: S608 - constants of this module

_REFUNDS = f"""
SELECT r.id, -{_SETTLED.format("r", "amount")}, {_SETTLED_IN.format("r")}, NULL, t.amount,
       t.currency, t.exchange_rate
FROM payments_refund r JOIN ledger_balancetransaction t ON t.id = r.balance_transaction_id
WHERE {_CONVERTED_ONE.format("r")} AND (
    t.amount <> -{_SETTLED.format("r", "amount")} OR t.currency <> {_SETTLED_IN.format("r")})
"""  # noqa: S608 - constants of this module


def settled_otherwise(snapshot: Snapshot) -> Iterator[Broken]:
    for sql in (_CHARGES, _FEES, _REFUNDS):
        for ident, amount, currency, rate, seen, other, its_rate in snapshot.rows(sql):
            yield (
                ident,
                f"It settled as {amount} {currency} at {rate}, but its line shows {seen} {other}"
                f" at {its_rate}.",
            )


_CONVERTED = """
SELECT id, amount_captured, currency, exchange_rate, settled_amount, settled_currency
FROM payments_charge WHERE exchange_rate IS NOT NULL
"""


def off_rate(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, amount, currency, rate, settled, settled_in in snapshot.rows(_CONVERTED):
        shift = exponent(settled_in) - exponent(currency)
        exact = Fraction(rate) * amount * Fraction(10) ** shift
        step = granularity(settled_in)
        steps, half = divmod(exact, step)
        right = int(steps + (1 if 2 * half >= step else 0)) * step
        if settled != right:
            yield ident, f"{amount} {currency} at {rate} is {right} {settled_in}, not {settled}."


# Refunds that stand: their money left, and did not come back.
_RETURNED = """
SELECT c.id, c.settled_amount, c.settled_currency, c.amount_captured, SUM(r.amount),
       SUM(r.settled_amount)
FROM payments_charge c JOIN payments_refund r ON r.charge_id = c.id
WHERE c.settled_amount IS NOT NULL
  AND r.balance_transaction_id IS NOT NULL AND r.failure_transaction_id IS NULL
GROUP BY c.id, c.settled_amount, c.settled_currency, c.amount_captured
HAVING SUM(r.settled_amount) > c.settled_amount
   OR (SUM(r.amount) = c.amount_captured AND SUM(r.settled_amount) <> c.settled_amount)
"""


def returned_otherwise(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, settled, currency, captured, refunded, returned in snapshot.rows(_RETURNED):
        yield (
            ident,
            f"It settled as {settled} {currency}; for {refunded} of {captured} refunded,"
            f" {returned} was taken back.",
        )


INVARIANTS: Final = [
    Invariant(
        "settled_as_its_line",
        "What a charge, fee or refund says it settled as is what its balance transaction shows.",
        settled_otherwise,
    ),
    Invariant(
        "converted_at_its_rate",
        "What was converted is its amount at the rate it names, rounded half up.",
        off_rate,
    ),
    Invariant(
        "conversion_goes_back_whole",
        "Refunds of a converted charge take back no more than it brought, and all of it in full.",
        returned_otherwise,
    ),
]
