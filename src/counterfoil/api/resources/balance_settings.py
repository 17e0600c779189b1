"""/v1/balance_settings, and holding an account's payouts back (reference api.md §3)."""

from __future__ import annotations

from counterfoil.accounts.queries import account_by_id
from counterfoil.api.endpoint import Call, endpoint
from counterfoil.kit.refused import InvalidRequest
from counterfoil.kit.scope import Scope
from counterfoil.payouts.operations.settings import (
    pause_payouts,
    resume_payouts,
    update_balance_settings,
)
from counterfoil.payouts.params import PausePayouts, UpdateBalanceSettings
from counterfoil.payouts.settings_wire import (
    BalanceSettingsWire,
    balance_settings_wire,
    platform_balance_settings,
)


@endpoint("GET", "balance_settings")
def retrieve(call: Call) -> BalanceSettingsWire:
    scope = call.scope
    if scope.is_platform:
        return platform_balance_settings(call.caller.platform_country)
    return balance_settings_wire(account_by_id(scope.platform_id, scope.livemode, scope.account_id))


@endpoint("POST", "balance_settings", params=UpdateBalanceSettings)
def update(call: Call, params: UpdateBalanceSettings) -> BalanceSettingsWire:
    if call.scope.is_platform:
        raise InvalidRequest(
            "The platform's own balance is not paid out here, so it has no settings. Name a"
            " connected account in the Stripe-Account header."
        )
    return update_balance_settings(scope=call.scope, params=params, now=call.now)


@endpoint("POST", "counterfoil/payout_pauses/<account>", params=PausePayouts)
def pause(call: Call, account_id: str, params: PausePayouts) -> BalanceSettingsWire:
    """Ours: the platform holds an account's payouts back, and says why."""
    return pause_payouts(scope=_account(call, account_id), params=params, now=call.now)


@endpoint("DELETE", "counterfoil/payout_pauses/<account>")
def resume(call: Call, account_id: str) -> BalanceSettingsWire:
    return resume_payouts(scope=_account(call, account_id), now=call.now)


def _account(call: Call, account_id: str) -> Scope:
    if not call.scope.is_platform:
        raise InvalidRequest(
            "Only a platform holds payouts back: leave the Stripe-Account header out.",
            code="platform_account_required",
        )
    return call.scope.of(account_id)
