"""Leaving the marketplace."""

from __future__ import annotations

from counterfoil.access.guard import Seller
from counterfoil.access.leaving import tell_of_closing
from counterfoil.access.session_list import end_sessions
from counterfoil.accounts import operations
from counterfoil.dashboard.closing import obstacles
from counterfoil.dashboard.operations import check_may, scope_of
from counterfoil.kit.clock import wall_now
from counterfoil.kit.db import unit_of_work
from counterfoil.kit.refused import InvalidRequest

FEATURE = "close_account"


def close_account(*, seller: Seller, now: int) -> None:
    """The account ends, every session with it, and its contacts are told.

    `now` is the platform's clock. Raises Forbidden, and InvalidRequest (`account_not_settled`)
    while anything stands against it (`closing.obstacles`).
    """
    check_may(seller, "account:write", FEATURE)

    def check() -> None:
        if obstacles(seller, now=now):
            raise InvalidRequest("Something is still to be settled.", code="account_not_settled")

    with unit_of_work():
        operations.close_account(
            platform_id=seller.platform_id,
            livemode=seller.livemode,
            account_id=seller.account_id,
            check=check,
            now=now,
        )
        tell_of_closing(scope_of(seller), now_wall=wall_now())
        end_sessions(scope_of(seller))
