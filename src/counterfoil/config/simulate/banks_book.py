"""What the simulated bank was told, in its own book, compared with what we meant to tell it."""

from __future__ import annotations

from collections.abc import Iterator

from counterfoil.kit.db import fetch_all
from counterfoil.kit.invariants import Violation


def told_once_and_rightly() -> Iterator[Violation]:
    """Every order came once, from a payout of its amount, and none that is under way is lost."""
    for key, received in fetch_all("SELECT key, received FROM rails_simulatedorder"):
        if received != 1:
            yield Violation("handed_over_once", key, f"The bank received it {received} times.")
    for key, amount, currency, ours, our_currency in fetch_all(
        "SELECT o.key, o.amount, o.currency, p.amount, p.currency"
        " FROM rails_simulatedorder o LEFT JOIN payouts_payout p ON p.id = o.key"
        " WHERE p.id IS NULL OR p.amount <> o.amount OR p.currency <> o.currency OR p.livemode"
    ):
        detail = f"The bank was told {amount} {currency}, and we have {ours} {our_currency}."
        yield Violation("bank_was_told_rightly", key, detail)
    for (key,) in fetch_all(
        "SELECT p.id FROM payouts_payout p LEFT JOIN rails_simulatedorder o ON o.key = p.id"
        " WHERE p.status = 'in_transit' AND NOT p.livemode AND o.key IS NULL"
    ):
        yield Violation("bank_was_told", key, "It is in transit, but no bank has heard of it.")
