"""An account's settings."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from counterfoil.accounts.profile import Schedule, Settings
from counterfoil.accounts.shapes import Branding, DeclineOn


class BacsDebitPayments(msgspec.Struct):
    display_name: str | None = None
    service_user_number: str | None = None


class CardIssuingTos(msgspec.Struct):
    date: int | None = None
    ip: str | None = None


class CardIssuing(msgspec.Struct):
    tos_acceptance: CardIssuingTos = msgspec.field(default_factory=CardIssuingTos)


class CardPayments(msgspec.Struct):
    decline_on: DeclineOn
    statement_descriptor_prefix: str | None
    statement_descriptor_prefix_kana: str | None = None
    statement_descriptor_prefix_kanji: str | None = None


class Dashboard(msgspec.Struct):
    display_name: str | None
    timezone: str | None


class Invoices(msgspec.Struct):
    default_account_tax_ids: list[str] | None = None
    hosted_payment_method_save: str | None = None


class Payments(msgspec.Struct):
    statement_descriptor: str | None
    statement_descriptor_kana: str | None = None
    statement_descriptor_kanji: str | None = None
    statement_descriptor_prefix_kana: str | None = None
    statement_descriptor_prefix_kanji: str | None = None


class PayoutSchedule(msgspec.Struct):
    delay_days: int
    interval: str
    monthly_anchor: int | UnsetType = UNSET
    monthly_payout_days: list[int] | UnsetType = UNSET
    weekly_anchor: str | UnsetType = UNSET
    weekly_payout_days: list[str] | UnsetType = UNSET


class Payouts(msgspec.Struct):
    debit_negative_balances: bool
    schedule: PayoutSchedule
    statement_descriptor: str | None


class SepaDebitPayments(msgspec.Struct):
    """Nothing of it is known here."""


class SettingsWire(msgspec.Struct):
    branding: Branding
    card_payments: CardPayments
    dashboard: Dashboard
    payments: Payments
    payouts: Payouts
    bacs_debit_payments: BacsDebitPayments = msgspec.field(default_factory=BacsDebitPayments)
    card_issuing: CardIssuing = msgspec.field(default_factory=CardIssuing)
    invoices: Invoices = msgspec.field(default_factory=Invoices)
    sepa_debit_payments: SepaDebitPayments = msgspec.field(default_factory=SepaDebitPayments)


def settings_wire(
    settings: Settings, *, display_name: str | None, timezone: str, delay_days: int
) -> SettingsWire:
    return SettingsWire(
        branding=settings.branding,
        card_payments=CardPayments(settings.decline_on, settings.statement_descriptor_prefix),
        dashboard=Dashboard(display_name, timezone),
        payments=Payments(settings.statement_descriptor),
        payouts=Payouts(
            settings.debit_negative_balances,
            _schedule(settings.schedule, delay_days),
            settings.payout_statement_descriptor,
        ),
    )


def _schedule(schedule: Schedule, delay_days: int) -> PayoutSchedule:
    wire = PayoutSchedule(delay_days, schedule.interval)
    if schedule.interval == "weekly":
        wire.weekly_anchor = schedule.weekly_anchor or UNSET
        wire.weekly_payout_days = schedule.weekly_payout_days or UNSET
    if schedule.interval == "monthly":
        wire.monthly_anchor = schedule.monthly_anchor or UNSET
        wire.monthly_payout_days = schedule.monthly_payout_days or UNSET
    return wire
