"""What `/v1/counterfoil/settings` accepts; ours (design §2). Unknown names are refused.

What is not sent stays. In a map each key is set for itself, and "" takes a key out again.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from counterfoil.platforms.settings import SecondFactor

BasisPoints = Annotated[int, Meta(ge=0, le=10_000)]
MinorUnits = Annotated[int, Meta(ge=0)]
Empty = Literal[""]
Switch = bool | Empty | None  # "": as by default, for an account as its platform has it


class Part(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A hash inside a request: an unknown parameter is an error."""


class FeatureParams(Part):
    view_payments: Switch = None
    issue_refunds: Switch = None
    manage_disputes: Switch = None
    capture_payments: Switch = None
    manual_payouts: Switch = None
    edit_payout_schedule: Switch = None
    instant_payouts: Switch = None
    top_up_prefunding: Switch = None
    close_account: Switch = None
    collect_eventually_due: Switch = None


class TariffParams(Part):
    basis_points: BasisPoints | None = None
    fixed: MinorUnits | None = None
    international_basis_points: BasisPoints | None = None
    conversion_basis_points: BasisPoints | None = None


class DisputeFeeParams(Part):
    received: MinorUnits | None = None
    countered: MinorUnits | None = None


class InstantPayoutParams(Part):
    basis_points: BasisPoints | None = None
    provider_basis_points: BasisPoints | None = None
    daily_limits: dict[str, MinorUnits | Empty] | None = None


class ExchangeParams(Part):
    values: dict[str, str] | None = None
    margin_basis_points: Annotated[int, Meta(ge=0, le=5000)] | None = None


class UpdateSettings(Part):
    features: FeatureParams | None = None
    tariffs: dict[str, TariffParams | Empty] | None = None
    dispute_fees: dict[str, DisputeFeeParams | Empty] | None = None
    instant_payouts: InstantPayoutParams | None = None
    exchange: ExchangeParams | None = None
    settlement_currencies: list[str] | Empty | None = None
    topup_bank_details: dict[str, Annotated[str, Meta(max_length=500)]] | None = None
    large_refunds: dict[str, MinorUnits | Empty] | None = None
    replaced_contact_hold_days: Annotated[int, Meta(ge=0, le=90)] | None = None
    second_factor: SecondFactor | None = None
    support: dict[str, Annotated[str, Meta(max_length=320)]] | None = None


def given_switches(params: FeatureParams | None) -> dict[str, bool | Empty]:
    """The switches that a request named, and "" for one that goes back."""
    if params is None:
        return {}
    given = msgspec.structs.asdict(params)
    return {name: value for name, value in given.items() if value is not None}
