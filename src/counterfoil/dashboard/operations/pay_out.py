"""Asking for a payout: what it would be, computed by the rules that then act, and the asking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from counterfoil.access.guard import Seller
from counterfoil.dashboard.operations import check_may, platform_of, scope_of
from counterfoil.dashboard.queries.payout_terms import External
from counterfoil.kit.refused import InvalidRequest
from counterfoil.payouts import arrival
from counterfoil.payouts.operations.create import create_payout
from counterfoil.payouts.params import CreatePayout
from counterfoil.payouts.policy import (
    check_amount,
    check_funds,
    check_instant,
    check_not_held,
    check_target,
    granularity,
    instant_fee,
    largest_instant,
)
from counterfoil.payouts.rows import PayoutRow
from counterfoil.platforms.queries import platform_facts

Method = Literal["standard", "instant"]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a payout would take, cost and bring. Minor units; `arrival_date` UTC seconds."""

    amount: int  # what reaches the bank
    fee: int
    arrival_date: int

    @property
    def debited(self) -> int:
        return self.amount + self.fee


def largest(seller: Seller, available: int, *, currency: str, method: Method) -> int:
    """The most that one payout can send of what is available."""
    if method == "instant":
        return largest_instant(available, _basis_points(seller))
    return max(available - available % granularity(currency), 0)


def preview(
    *, seller: Seller, target: External, amount: int, method: Method, available: int, now: int
) -> Preview:
    """Refuses what `pay_out` would refuse, as far as it can be known now."""
    facts = platform_facts(seller.platform_id, livemode=seller.livemode)
    currency = target.currency
    check_target(target.target, currency=currency)
    check_not_held(target.target, now=now)
    check_amount(amount, currency=currency)
    fee = 0
    if method == "instant":
        check_instant(target.target, amount, platform_currency=facts.currency)
        fee = instant_fee(amount, facts.settings.instant_payouts.basis_points)
        timing = arrival.instant(now)
    else:
        timing = arrival.standard(now, country=target.country)
    check_funds(amount + fee, available=available, currency=currency)
    return Preview(amount, fee, timing.arrival_date)


def pay_out(
    *,
    seller: Seller,
    amount: int,
    currency: str,
    target_id: str,
    method: Method,
    manual_schedule: bool,
    now: int,
) -> PayoutRow:
    """Set the money aside for the bank. `now` is the platform's clock, UTC seconds.

    Raises Forbidden, and what `create_payout` raises.
    """
    check_may(
        seller,
        "payouts:write",
        "instant_payouts" if method == "instant" else "manual_payouts",
    )
    if method == "standard" and not manual_schedule:
        raise InvalidRequest("Payouts are made by the schedule.", code="payouts_by_schedule")
    return create_payout(
        platform=platform_of(seller),
        scope=scope_of(seller),
        params=CreatePayout(amount=amount, currency=currency, destination=target_id, method=method),
        now=now,
    )


def _basis_points(seller: Seller) -> int:
    return platform_facts(
        seller.platform_id, livemode=seller.livemode
    ).settings.instant_payouts.basis_points
