"""BalanceSettings (reference api.md §3): `settings.payouts` of the account, said another way."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from counterfoil.accounts.countries import own_delay_days
from counterfoil.accounts.models import Account
from counterfoil.accounts.profile import Schedule, Settings, read_profile


class ScheduleWire(msgspec.Struct):
    interval: str | None
    monthly_payout_days: list[int] | UnsetType = UNSET
    weekly_payout_days: list[str] | UnsetType = UNSET


class PayoutSettings(msgspec.Struct):
    minimum_balance_by_currency: dict[str, int] | None
    schedule: ScheduleWire
    statement_descriptor: str | None
    status: str
    # There are none. Not null: the official Python SDK reads its items without looking.
    automatic_transfer_rules_by_currency: dict[str, list[object]] = {}


class SettlementTiming(msgspec.Struct):
    delay_days: int
    delay_days_override: int | UnsetType = UNSET
    start_of_day: None = None  # days begin at 00:00 UTC


class PaymentsSettings(msgspec.Struct):
    debit_negative_balances: bool
    payouts: PayoutSettings
    settlement_timing: SettlementTiming


class BalanceSettingsWire(msgspec.Struct):
    payments: PaymentsSettings
    object: str = "balance_settings"


def balance_settings_wire(account: Account) -> BalanceSettingsWire:
    settings = read_profile(account.profile).settings
    own = own_delay_days(account.country)
    override = UNSET if account.delay_days is None else account.delay_days
    return _wire(
        settings,
        enabled=account.payouts_enabled,
        timing=SettlementTiming(own if override is UNSET else override, override),
    )


def platform_balance_settings(country: str) -> BalanceSettingsWire:
    """Of a platform's own balance, from which nothing is paid out here."""
    settings = Settings(schedule=Schedule("manual"), debit_negative_balances=False)
    return _wire(settings, enabled=False, timing=SettlementTiming(own_delay_days(country)))


def _wire(settings: Settings, *, enabled: bool, timing: SettlementTiming) -> BalanceSettingsWire:
    schedule = ScheduleWire(settings.schedule.interval)
    if settings.schedule.interval == "weekly":
        schedule.weekly_payout_days = settings.schedule.weekly_payout_days or UNSET
    if settings.schedule.interval == "monthly":
        schedule.monthly_payout_days = settings.schedule.monthly_payout_days or UNSET
    return BalanceSettingsWire(
        PaymentsSettings(
            settings.debit_negative_balances,
            PayoutSettings(
                settings.minimum_balance_by_currency or None,
                schedule,
                settings.payout_statement_descriptor,
                "enabled" if enabled else "disabled",
            ),
            timing,
        )
    )
