"""Rules of the books as pure functions."""

from __future__ import annotations

from typing import Final

# Money that moves between an owner's own pockets is not earned (express-dashboard §4.4).
NOT_EARNED: Final = frozenset(
    {
        "payout",
        "payout_reversal",
        "payout_minimum_balance_hold",
        "payout_minimum_balance_release",
        "topup",
        "topup_reversal",
        "connect_reserved_funds",
        "risk_reserved_funds",
        "connect_collection_transfer",
        "advance",
        "advance_funding",
    }
)


def is_earning(reporting_category: str, balance_type: str) -> bool:
    """Whether a balance transaction counts as net volume on the earnings chart."""
    return balance_type == "payments" and reporting_category not in NOT_EARNED


def is_claimable(kind: str, balance_type: str, net: int) -> bool:
    """Whether a payout may settle a balance transaction: anything on `payments` but a payout's
    own row (design §3)."""
    return balance_type == "payments" and kind != "payout" and net != 0
