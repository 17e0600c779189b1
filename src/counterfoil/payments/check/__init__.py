"""Payments, judged: what they say and what the books say (docs/operate/check.md).

Nothing here imports the code that it judges.
"""

from __future__ import annotations

from counterfoil.kit.invariants import Invariant
from counterfoil.payments.check import charges, conversions, refunds, reserves, topups


def checks() -> list[Invariant]:
    """The invariants of payments, in the order in which one wants to hear them."""
    return [
        *charges.INVARIANTS,
        *refunds.INVARIANTS,
        *conversions.INVARIANTS,
        *topups.INVARIANTS,
        *reserves.INVARIANTS,
    ]
