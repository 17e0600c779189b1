"""Choosing when payouts run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from counterfoil.access.guard import Seller
from counterfoil.dashboard.operations import check_may, scope_of
from counterfoil.payouts.operations.settings import update_balance_settings
from counterfoil.payouts.params import UpdateBalanceSettings


def change_schedule(
    *,
    seller: Seller,
    interval: str,
    weekdays: Sequence[str] = (),
    month_days: Sequence[int] = (),
    now: int,
) -> None:
    """`now` is the platform's clock. Raises Forbidden, and InvalidRequest for an interval that
    the country does not have."""
    check_may(seller, "payouts:write", "edit_payout_schedule")
    schedule: dict[str, Any] = {"interval": interval}
    if interval == "weekly":
        schedule["weekly_payout_days"] = list(weekdays)
    if interval == "monthly":
        schedule["monthly_payout_days"] = list(month_days)
    params = msgspec.convert(
        {"payments": {"payouts": {"schedule": schedule}}}, UpdateBalanceSettings
    )
    update_balance_settings(scope=scope_of(seller), params=params, now=now)
