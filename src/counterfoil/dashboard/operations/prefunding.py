"""The refunds-and-disputes balance: putting money in, and taking it out again."""

from __future__ import annotations

from counterfoil.access.guard import Seller
from counterfoil.dashboard.operations import check_may, platform_of, scope_of
from counterfoil.payments.operations.prefunding import withdraw_prefunding
from counterfoil.payments.operations.topups import create_topup
from counterfoil.payments.topup_params import CreateTopup, WithdrawPrefunding
from counterfoil.payments.topup_rows import TopupRow

FEATURE = "top_up_prefunding"


def add_funds(*, seller: Seller, amount: int, currency: str, now: int) -> TopupRow:
    """Test mode debits the default bank account; live mode waits for a transfer with the
    reference that the row holds. `now` is the platform's clock."""
    check_may(seller, "payouts:write", FEATURE)
    return create_topup(
        platform=platform_of(seller),
        scope=scope_of(seller),
        params=CreateTopup(amount=amount, currency=currency),
        now=now,
    )


def withdraw(*, seller: Seller, amount: int, currency: str, now: int) -> None:
    """Back to the payments balance, from where it can be paid out."""
    check_may(seller, "payouts:write", FEATURE)
    withdraw_prefunding(
        scope=scope_of(seller),
        params=WithdrawPrefunding(amount=amount, currency=currency),
        now=now,
    )
