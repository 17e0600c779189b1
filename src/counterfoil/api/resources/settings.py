"""/v1/counterfoil/settings: what a platform sets, and for which account otherwise. Ours.

Without a Stripe-Account header these are the platform's settings of the key's mode; with one,
the switches of that account.
"""

from __future__ import annotations

import msgspec

from counterfoil.accounts.operations.features import set_own_features
from counterfoil.accounts.queries import account_by_id
from counterfoil.api.endpoint import Call, endpoint
from counterfoil.kit.refused import InvalidRequest
from counterfoil.platforms.operations import update_settings
from counterfoil.platforms.params import UpdateSettings
from counterfoil.platforms.settings import features_of, read_own_features
from counterfoil.platforms.wire import (
    AccountSettingsWire,
    PlatformSettingsWire,
    platform_settings_wire,
)


@endpoint("GET", "counterfoil/settings")
def retrieve(call: Call) -> PlatformSettingsWire | AccountSettingsWire:
    scope = call.scope
    if scope.is_platform:
        return platform_settings_wire(call.caller.settings, livemode=scope.livemode)
    return _of_account(call)


@endpoint("POST", "counterfoil/settings", params=UpdateSettings)
def update(call: Call, params: UpdateSettings) -> PlatformSettingsWire | AccountSettingsWire:
    scope = call.scope
    if scope.is_platform:
        settings = update_settings(
            platform_id=scope.platform_id, livemode=scope.livemode, params=params
        )
        return platform_settings_wire(settings, livemode=scope.livemode)
    for name, value in msgspec.structs.asdict(params).items():
        if name != "features" and value is not None:
            raise InvalidRequest(
                f"{name} is the same for all accounts of a platform: leave the Stripe-Account"
                " header out to set it.",
                param=name,
                code="platform_account_required",
            )
    set_own_features(scope=scope, params=params.features)
    return _of_account(call)


def _of_account(call: Call) -> AccountSettingsWire:
    scope = call.scope
    account = account_by_id(scope.platform_id, scope.livemode, scope.account_id)
    return AccountSettingsWire(
        account=call.scope.account_id,
        livemode=call.scope.livemode,
        features=features_of(
            call.caller.settings, account.features, losses_payments=account.losses_payments
        ),
        own_features=read_own_features(account.features),
    )
