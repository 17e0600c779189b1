"""What the API accepts about payouts (reference api.md §§3, 5.3). Unknown names are refused."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from counterfoil.payments.params import Metadata, Params


class CreatePayout(Params):
    """`payout_method` (a Financial Account) is refused: money goes to banks and debit cards."""

    amount: int
    currency: str
    description: str | None = None
    destination: str | None = None
    metadata: Metadata | None = None
    method: Literal["instant", "standard"] = "standard"
    source_type: Literal["bank_account", "card", "fpx"] = "card"
    statement_descriptor: Annotated[str, Meta(max_length=22)] | None = None


class UpdatePayout(Params):
    metadata: Metadata | None = None


class ReversePayout(Params):
    metadata: Metadata | None = None


class PausePayouts(Params):
    """Ours: why the platform holds an account's payouts back."""

    reason: Annotated[str, Meta(max_length=200)]


class ScheduleParams(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    interval: Literal["daily", "manual", "monthly", "weekly"] | UnsetType = UNSET
    monthly_payout_days: list[Annotated[int, Meta(ge=1, le=31)]] | UnsetType = UNSET
    weekly_payout_days: (
        list[Literal["friday", "monday", "thursday", "tuesday", "wednesday"]] | UnsetType
    ) = UNSET


class PayoutSettingsParams(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    minimum_balance_by_currency: (
        Literal[""] | dict[str, Annotated[int, Meta(ge=0)] | Literal[""]] | UnsetType
    ) = UNSET
    schedule: ScheduleParams | UnsetType = UNSET
    statement_descriptor: Annotated[str, Meta(max_length=22)] | UnsetType = UNSET


class TimingParams(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    delay_days_override: Literal[""] | int | UnsetType = UNSET


class PaymentsParams(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    debit_negative_balances: bool | UnsetType = UNSET
    payouts: PayoutSettingsParams | UnsetType = UNSET
    settlement_timing: TimingParams | UnsetType = UNSET


class UpdateBalanceSettings(Params):
    payments: PaymentsParams | UnsetType = UNSET
