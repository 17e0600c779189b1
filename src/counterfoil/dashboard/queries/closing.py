"""What is still under way on an account, beside its balances."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.kit.db import fetch_all


@dataclass(frozen=True, slots=True)
class UnderWay:
    """How many of a kind in one currency, and for how much together."""

    currency: str
    count: int
    amount: int


def open_disputes(account_id: str, *, livemode: bool) -> list[UnderWay]:
    """Those that are not decided, about the seller's payments."""
    return _summed(
        "SELECT currency, COUNT(*), SUM(amount) FROM disputes_dispute"
        " WHERE seller_id = %s AND livemode = %s AND closed_at IS NULL"
        " GROUP BY currency ORDER BY currency",
        account_id,
        livemode,
    )


def refunds_under_way(account_id: str, *, livemode: bool) -> list[UnderWay]:
    """Those that have not reached the customer, of the seller's own payments."""
    return _summed(
        "SELECT currency, COUNT(*), SUM(amount) FROM payments_refund"
        " WHERE account_id = %s AND livemode = %s AND status IN ('pending', 'requires_action')"
        " GROUP BY currency ORDER BY currency",
        account_id,
        livemode,
    )


def _summed(sql: str, account_id: str, livemode: bool) -> list[UnderWay]:
    rows = fetch_all(sql, [account_id, livemode])
    # PostgreSQL sums bigints into a decimal.
    return [UnderWay(currency, int(count), int(amount)) for currency, count, amount in rows]
