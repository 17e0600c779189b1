"""Settings as `/v1/counterfoil/settings` shows them. Ours, not Stripe's."""

from __future__ import annotations

from typing import Literal

import msgspec

from counterfoil.platforms.exchange import ExchangeTable
from counterfoil.platforms.settings import (
    DisputeFees,
    Features,
    InstantPayouts,
    PlatformSettings,
    SecondFactor,
    Tariff,
)


class PlatformSettingsWire(msgspec.Struct):
    livemode: bool
    features: Features
    tariffs: dict[str, Tariff]
    dispute_fees: dict[str, DisputeFees]
    instant_payouts: InstantPayouts
    exchange: ExchangeTable
    settlement_currencies: list[str]
    topup_bank_details: dict[str, str]
    large_refunds: dict[str, int]
    replaced_contact_hold_days: int
    second_factor: SecondFactor
    support: dict[str, str]
    object: Literal["counterfoil.settings"] = "counterfoil.settings"


class AccountSettingsWire(msgspec.Struct):
    """The switches that count for an account, and which of them are its own."""

    account: str
    livemode: bool
    features: Features
    own_features: dict[str, bool]
    object: Literal["counterfoil.account_settings"] = "counterfoil.account_settings"


def platform_settings_wire(settings: PlatformSettings, *, livemode: bool) -> PlatformSettingsWire:
    return PlatformSettingsWire(livemode=livemode, **msgspec.structs.asdict(settings))
