"""Taking back a payout that is not on its way yet."""

from __future__ import annotations

from counterfoil.access.guard import Seller
from counterfoil.dashboard.operations import check_may, scope_of
from counterfoil.payouts.operations.ending import cancel_payout as cancel
from counterfoil.payouts.rows import PayoutRow


def cancel_payout(*, seller: Seller, payout_id: str, now: int) -> PayoutRow:
    """The money is in the balance again. `now` is the platform's clock, UTC seconds.

    Raises Forbidden, ResourceMissing, and InvalidRequest once it cannot be taken back any more.
    """
    check_may(seller, "payouts:write", "manual_payouts")
    return cancel(scope=scope_of(seller), payout_id=payout_id, now=now)
