"""/v1/balance (reference api.md §3)."""

from __future__ import annotations

from counterfoil.accounts.queries import payment_accounts
from counterfoil.api.endpoint import Call, endpoint
from counterfoil.ledger.queries import balances
from counterfoil.ledger.wire import BalanceWire, balance_wire


@endpoint("GET", "balance")
def retrieve(call: Call) -> BalanceWire:
    scope = call.scope
    return balance_wire(
        balances(scope, now=call.now),
        default_currency=_default_currency(call),
        livemode=scope.livemode,
        is_platform=scope.is_platform,
    )


def _default_currency(call: Call) -> str:
    scope = call.scope
    if scope.is_platform:
        return call.caller.platform_currency
    found = payment_accounts(scope.platform_id, scope.livemode, [scope.account_id])
    return found[scope.account_id].default_currency
