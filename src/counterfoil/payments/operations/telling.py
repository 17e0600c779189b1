"""`balance.available`: money came that can be used at once."""

from __future__ import annotations

from counterfoil.accounts.queries import default_currency_of
from counterfoil.events.operations import EventDraft, record_events
from counterfoil.kit.scope import Scope
from counterfoil.ledger.queries import balances
from counterfoil.ledger.wire import balance_wire
from counterfoil.platforms.queries import platform_facts


def tell_balance_available(scope: Scope, *, at: int) -> None:
    """Record the event with the balance as it is now: call it after the books were written."""
    if scope.is_platform:
        currency = platform_facts(scope.platform_id, livemode=scope.livemode).currency
    else:
        currency = default_currency_of(scope.account_id)
    wire = balance_wire(
        balances(scope, now=at),
        default_currency=currency,
        livemode=scope.livemode,
        is_platform=scope.is_platform,
    )
    record_events([EventDraft("balance.available", scope, wire, scope.account_id, at)])
