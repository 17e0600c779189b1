"""/v1/balance (reference api.md §3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from counterfoil.accounts.queries import payment_accounts
from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.expand import loader
from counterfoil.ledger.queries import balances
from counterfoil.ledger.wire import (
    BalanceWire,
    InstantAvailable,
    NetAvailable,
    SourceTypes,
    balance_wire,
)
from counterfoil.payouts.policy import largest_instant, takes_instant
from counterfoil.payouts.queries import default_targets
from counterfoil.platforms.queries import Caller


@endpoint("GET", "balance")
def retrieve(call: Call) -> BalanceWire:
    scope = call.scope
    wire = balance_wire(
        balances(scope, now=call.now),
        default_currency=_default_currency(call),
        livemode=scope.livemode,
        is_platform=scope.is_platform,
    )
    if instantly := _instantly(call.caller, wire):
        wire.instant_available = instantly
    return wire


@loader("net_available", NetAvailable, by_owner=True)
def load_net_available(ids: Sequence[str], caller: Caller) -> Mapping[str, list[NetAvailable]]:
    """By currency and amount: what is left of it where instant payouts go by default."""
    assert caller.account_id is not None
    targets = default_targets([caller.account_id])
    basis_points = caller.settings.instant_payouts.basis_points
    found = {}
    for ident in ids:
        currency, _, amount = ident.partition(":")
        net = largest_instant(int(amount), basis_points)
        target = targets[caller.account_id, currency]
        found[ident] = [NetAvailable(net, target.id, SourceTypes(net))]
    return found


def _instantly(caller: Caller, wire: BalanceWire) -> list[InstantAvailable]:
    """What the account could be paid out within minutes; the platform itself never is."""
    scope = caller.scope
    some = [one for one in wire.available if one.amount > 0]
    if scope.is_platform or not some:
        return []
    targets = default_targets([scope.account_id])
    found = []
    for one in some:
        target = targets.get((scope.account_id, one.currency))
        if target is not None and takes_instant(
            target, platform_currency=caller.platform_currency, now=caller.now()
        ):
            amount = one.amount
            found.append(InstantAvailable(amount, one.currency, SourceTypes(amount)))
    return found


def _default_currency(call: Call) -> str:
    scope = call.scope
    if scope.is_platform:
        return call.caller.platform_currency
    found = payment_accounts(scope.platform_id, scope.livemode, [scope.account_id])
    return found[scope.account_id].default_currency
