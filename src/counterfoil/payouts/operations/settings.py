"""Changing how an account is paid out: its balance settings, and holding payouts back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from msgspec import UNSET

from counterfoil.accounts.changes import previous_attributes
from counterfoil.accounts.countries import MAXIMUM_DELAY_DAYS, own_delay_days
from counterfoil.accounts.models import Account, ExternalAccount
from counterfoil.accounts.operations.details import merge_schedule
from counterfoil.accounts.operations.saving import (
    account_events,
    copied,
    lock_account,
    save,
    settle,
    shown,
)
from counterfoil.accounts.params import ScheduleParams as AccountSchedule
from counterfoil.accounts.payout_schedule import check_interval
from counterfoil.accounts.profile import Profile, Settings, read_profile
from counterfoil.audit.operations import record_decision
from counterfoil.events.operations import EventDraft, record_events
from counterfoil.kit.db import unit_of_work
from counterfoil.kit.refused import InvalidRequest
from counterfoil.kit.scope import Scope
from counterfoil.payouts.params import (
    PausePayouts,
    PayoutSettingsParams,
    ScheduleParams,
    TimingParams,
    UpdateBalanceSettings,
)
from counterfoil.payouts.policy import currency_of
from counterfoil.payouts.settings_wire import BalanceSettingsWire, balance_settings_wire

Change = Callable[[Account, Profile], None]


def update_balance_settings(
    *, scope: Scope, params: UpdateBalanceSettings, now: int
) -> BalanceSettingsWire:
    """Merge what was sent (reference api.md §3). It shows in the account's settings too.

    `now` is the platform's clock, UTC seconds. Raises ResourceMissing and InvalidRequest.
    """

    def change(account: Account, profile: Profile) -> None:
        sent = params.payments
        if sent is UNSET:
            return
        settings = profile.settings
        if sent.debit_negative_balances is not UNSET:
            settings.debit_negative_balances = sent.debit_negative_balances
        if sent.payouts is not UNSET:
            _payouts(settings, sent.payouts, country=account.country)
        if sent.settlement_timing is not UNSET:
            _timing(account, sent.settlement_timing)

    return _changed(scope, change, now=now)


def pause_payouts(*, scope: Scope, params: PausePayouts, now: int) -> BalanceSettingsWire:
    """Hold an account's payouts back, by schedule and by hand, until they are resumed.

    What is on its way stays on its way. `now` is the platform's clock. Raises ResourceMissing.
    """

    def change(_account: Account, profile: Profile) -> None:
        profile.settings.payouts_paused = params.reason

    return _changed(scope, change, now=now)


def resume_payouts(*, scope: Scope, now: int) -> BalanceSettingsWire:
    """Let payouts go on; the schedule's next run takes what has gathered meanwhile."""

    def change(_account: Account, profile: Profile) -> None:
        profile.settings.payouts_paused = None

    return _changed(scope, change, now=now)


def _changed(scope: Scope, change: Change, *, now: int) -> BalanceSettingsWire:
    with unit_of_work():
        account = lock_account(
            platform_id=scope.platform_id, livemode=scope.livemode, account_id=scope.account_id
        )
        before, settings_before = shown(account), balance_settings_wire(account)
        profile = read_profile(account.profile)
        former, asked_before = copied(profile.capabilities), _on_record(profile.settings)
        change(account, profile)
        any_external = ExternalAccount.objects.filter(account_id=account.id, deleted_at=None)
        settle(account, profile, has_external=any_external.exists(), now=now)
        after, settings_after = shown(account), balance_settings_wire(account)
        previous = previous_attributes(settings_before, settings_after)
        save(account, visibly=bool(previous) or after != before)
        events = account_events(before, after, former, profile, scope=scope, at=now)
        if previous:
            kind = "balance_settings.updated"
            events.append(EventDraft(kind, scope, settings_after, account.id, now, previous))
        asked = _on_record(profile.settings)
        changed = {name for name, value in asked.items() if value != asked_before[name]}
        if changed:
            record_decision(
                "payout_settings.changed",
                scope=scope,
                object_id=account.id,
                before={name: asked_before[name] for name in changed},
                after={name: asked[name] for name in changed},
            )
        record_events(events)
    return settings_after


def _on_record(settings: Settings) -> dict[str, str | int | bool | None]:
    """What of the settings the audit log keeps, each as one value."""
    schedule = settings.schedule
    days = {"weekly": schedule.weekly_payout_days, "monthly": schedule.monthly_payout_days}
    return {
        "debit_negative_balances": settings.debit_negative_balances,
        "interval": schedule.interval,
        "days": ", ".join(map(str, days.get(schedule.interval) or ())),
        "minimum_balances": ", ".join(
            f"{amount} {currency}"
            for currency, amount in sorted(settings.minimum_balance_by_currency.items())
        ),
        "paused": settings.payouts_paused,
        "statement_descriptor": settings.payout_statement_descriptor,
    }


def _payouts(settings: Settings, sent: PayoutSettingsParams, *, country: str) -> None:
    if sent.minimum_balance_by_currency is not UNSET:
        settings.minimum_balance_by_currency = _minimum_balances(
            settings.minimum_balance_by_currency, sent.minimum_balance_by_currency
        )
    if sent.statement_descriptor is not UNSET:
        settings.payout_statement_descriptor = sent.statement_descriptor or None
    if sent.schedule is not UNSET:
        settings.schedule = merge_schedule(settings.schedule, _account_schedule(sent.schedule))
        check_interval(
            settings.schedule, country=country, param="payments[payouts][schedule][interval]"
        )


def _account_schedule(sent: ScheduleParams) -> AccountSchedule:
    return AccountSchedule(
        interval=sent.interval,
        monthly_payout_days=sent.monthly_payout_days,
        weekly_payout_days=sent.weekly_payout_days,
    )


def _minimum_balances(
    present: Mapping[str, int], sent: Mapping[str, int | Literal[""]] | Literal[""]
) -> dict[str, int]:
    """Merged by currency; "" removes one, or all."""
    if isinstance(sent, str):
        return {}
    merged = dict(present)
    for name, amount in sent.items():
        currency = currency_of(name)
        if isinstance(amount, str):
            merged.pop(currency, None)
        else:
            merged[currency] = amount
    return merged


def _timing(account: Account, sent: TimingParams) -> None:
    override = sent.delay_days_override
    if override is UNSET:
        return
    if isinstance(override, str):
        account.delay_days = None
        return
    least = own_delay_days(account.country)
    if not least <= override <= MAXIMUM_DELAY_DAYS:
        raise InvalidRequest(
            f"In {account.country}, delays are from {least} to {MAXIMUM_DELAY_DAYS} days. Send an"
            " empty value for the least.",
            param="payments[settlement_timing][delay_days_override]",
        )
    account.delay_days = override
