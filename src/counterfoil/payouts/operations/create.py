"""A payout that a person asks for, standard or instant (reference money-movement §6)."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from counterfoil.accounts.models import Account
from counterfoil.accounts.profile import read_profile
from counterfoil.accounts.queries import account_by_id
from counterfoil.audit.operations import record_decision
from counterfoil.events.operations import origin
from counterfoil.kit.clock import DAY, utc_day_start
from counterfoil.kit.db import unit_of_work
from counterfoil.kit.failpoints import failpoint
from counterfoil.kit.ids import new_id
from counterfoil.kit.metadata import merge_metadata
from counterfoil.kit.money import percentage
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.ledger.locks import lock_funds, lock_many_funds
from counterfoil.ledger.queries import available_balance
from counterfoil.payments.details import text_of
from counterfoil.payments.operations.batch import Batch
from counterfoil.payments.operations.reserving import below_zero
from counterfoil.payments.rows import ApplicationFeeRow
from counterfoil.payments.wire import application_fee_wire
from counterfoil.payments.wire.intent import application_of
from counterfoil.payouts import arrival, lines
from counterfoil.payouts.arrival import Timing
from counterfoil.payouts.books import PayoutFacts, PayoutFee, ProviderFee, payout_entry
from counterfoil.payouts.operations.claiming import rail_of
from counterfoil.payouts.params import CreatePayout
from counterfoil.payouts.policy import (
    Target,
    check_allowed,
    check_amount,
    check_daily_limit,
    check_funds,
    check_instant,
    check_not_held,
    check_owes_nothing,
    check_target,
    currency_of,
    instant_fee,
)
from counterfoil.payouts.queries import (
    default_target,
    instant_used,
    same_day_used,
    target_by_id,
)
from counterfoil.payouts.rows import PayoutRow
from counterfoil.payouts.wire import payout_wire
from counterfoil.platforms.queries import Caller

DAILY_LIMIT_ZONE: Final = "America/Chicago"


def create_payout(*, platform: Caller, scope: Scope, params: CreatePayout, now: int) -> PayoutRow:
    """Set money aside for a bank account or card. Handing it over is a worker's work.

    Lines are taken oldest first and the last row is split. `now` is the platform's clock, UTC
    seconds. Raises InvalidRequest, ResourceMissing, and BalanceInsufficient.
    """
    currency = currency_of(params.currency)
    with unit_of_work():
        account = _account(scope)
        settings = read_profile(account.profile).settings
        target = _target(scope, params, currency)
        check_not_held(target, now=now)
        check_amount(params.amount, currency=currency)
        fee = provider_fee = 0
        if params.method == "instant":
            _check_rail(scope)
            costs = platform.settings.instant_payouts
            check_instant(target, params.amount, platform_currency=platform.platform_currency)
            fee = instant_fee(params.amount, costs.basis_points)
            provider_fee = percentage(params.amount, costs.provider_basis_points)
        _hold_funds(scope, currency, with_platform=provider_fee > 0 or fee > 0)
        if params.method == "instant":
            _check_daily(platform, params.amount, currency, now=now)
        _check_available(scope, params, currency, needed=params.amount + fee, now=now)
        timing = _timing(scope, params, target, now=now)
        row = PayoutRow(
            id=new_id("po", now),
            platform_id=scope.platform_id,
            livemode=scope.livemode,
            account_id=scope.account_id,
            created=now,
            amount=params.amount,
            currency=currency,
            status="pending",
            automatic=False,
            method=params.method,
            decided_by=origin.get().actor,
            destination_id=target.id,
            destination_type=target.object,
            balance_transaction_id=new_id("txn", now),
            source_type=params.source_type,
            statement_descriptor=(
                params.statement_descriptor or settings.payout_statement_descriptor
            ),
            description=params.description,
            metadata=text_of(merge_metadata({}, params.metadata)),
            provider_fee=provider_fee,
            arrival_date=timing.arrival_date,
            lands_at=timing.lands_at,
            next_at=timing.hand_over_at,
        )
        batch = Batch(scope.platform_id, scope.livemode, now)
        batch.add(row)
        _write(batch, row, fee=fee)
        record_decision(
            "payout.created",
            scope=scope,
            object_id=row.id,
            after={
                "amount": row.amount,
                "currency": currency,
                "destination": target.id,
                "method": row.method,
            },
        )
        transaction.on_commit(partial(failpoint, "payouts.after_commit"))
        failpoint("payouts.before_commit")
    return row


def _check_rail(scope: Scope) -> None:
    if rail_of(scope.livemode) is None:
        raise InvalidRequest(
            "Live payouts are carried to the bank by an operator: none is instant. Send"
            " method=standard.",
            param="method",
            code="instant_payouts_config_disabled",
        )


def _account(scope: Scope) -> Account:
    """The account, if its payouts are not held back."""
    if scope.is_platform:
        raise InvalidRequest(
            "The platform's own balance is not paid out here. Name the connected account in the"
            " Stripe-Account header.",
            code="payouts_not_allowed",
        )
    account = account_by_id(scope.platform_id, scope.livemode, scope.account_id)
    profile = read_profile(account.profile)
    check_allowed(
        enabled=account.payouts_enabled,
        paused=profile.settings.payouts_paused,
        disabled_reason=profile.requirements.disabled_reason,
    )
    return account


def _target(scope: Scope, params: CreatePayout, currency: str) -> Target:
    if params.destination is None:
        return check_target(default_target(scope.account_id, currency), currency=currency)
    target = target_by_id(scope.account_id, params.destination)
    if target is None:
        raise ResourceMissing("external account", params.destination, param="destination")
    return check_target(target, currency=currency)


def _hold_funds(scope: Scope, currency: str, *, with_platform: bool) -> None:
    if with_platform:
        # The platform's row too, so that two accounts cannot both use the last of its limit.
        funds = [(scope.account_id, currency), (scope.platform_id, currency)]
        lock_many_funds(funds, livemode=scope.livemode)
    else:
        lock_funds(owner=scope.account_id, livemode=scope.livemode, currency=currency)


def _check_daily(platform: Caller, amount: int, currency: str, *, now: int) -> None:
    limit = platform.settings.instant_payouts.daily_limits.get(currency)
    if limit is None:
        return
    local = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(DAILY_LIMIT_ZONE))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    used = instant_used(
        platform_id=platform.platform_id,
        livemode=platform.livemode,
        currency=currency,
        since=int(midnight.timestamp()),
    )
    check_daily_limit(amount, used=used, limit=limit, currency=currency)


def _check_available(
    scope: Scope, params: CreatePayout, currency: str, *, needed: int, now: int
) -> None:
    available = 0
    if params.source_type == "card":  # all the money that comes in comes from cards
        available = available_balance(
            owner=scope.account_id, livemode=scope.livemode, currency=currency, now=now
        )
    check_funds(needed, available=available, currency=currency)
    owing = below_zero([scope.account_id], scope.livemode)
    check_owes_nothing(owing.get((scope.account_id, currency), 0), currency=currency)


def _timing(scope: Scope, params: CreatePayout, target: Target, *, now: int) -> Timing:
    if params.method == "instant":
        return arrival.instant(now)
    same_day = True
    since = arrival.same_day_window(now, country=target.country)
    if since is not None:
        used = same_day_used(scope, currency=params.currency.lower(), since=since)
        same_day = used < arrival.SAME_DAY_PAYOUTS and params.amount <= arrival.SAME_DAY_AMOUNT
    return arrival.standard(now, country=target.country, same_day=same_day)


def _write(batch: Batch, row: PayoutRow, *, fee: int) -> None:
    """Lines, books, the platform's fee, events."""
    claim = lines.Claim(row.id, row.account_id, row.currency)
    needed = row.amount + fee
    # Where balances are kept by the day, what became available today is available.
    until = utc_day_start(row.created) + DAY - 1
    if not lines.claim_oldest(claim, livemode=row.livemode, amount=needed, now=until):
        # A run of the next day was faster: its payout is not in today's balance yet.
        check_funds(needed, available=0, currency=row.currency)
    lines.leave_queue([row.id])
    lines.shorten_split(row.id)
    total, row.line_count = lines.sums([row.id])[row.id]
    if fee:
        lines.add_lines([(row.id, row.line_count, row.balance_transaction_id, -fee)])
        total, row.line_count = lines.sums([row.id])[row.id]
    assert total == row.amount, f"{row.id}: lines of {total} for a payout of {row.amount}"
    row.lines_hash = lines.content_hashes([row.id])[row.id]
    platform_fee = _platform_fee(batch, row, fee) if fee else None
    provider = None
    if row.provider_fee:
        provider = ProviderFee(new_id("txn", row.created), row.provider_fee)
    facts = PayoutFacts(
        payout_id=row.id,
        transaction_id=row.balance_transaction_id,
        platform_id=row.platform_id,
        account_id=row.account_id,
        amount=row.amount,
        currency=row.currency,
        at=row.created,
        description=row.description,
        fee=platform_fee,
        provider_fee=provider,
    )
    batch.entries.append(payout_entry(facts))
    batch.event("payout.created", row.scope, payout_wire(row), row.id)
    batch.write()


def _platform_fee(batch: Batch, row: PayoutRow, amount: int) -> PayoutFee:
    """The platform's fee object, with its event."""
    fee = ApplicationFeeRow(
        id=new_id("fee", row.created),
        platform_id=row.platform_id,
        livemode=row.livemode,
        account_id=row.platform_id,
        created=row.created,
        amount=amount,
        currency=row.currency,
        connected_account_id=row.account_id,
        balance_transaction_id=new_id("txn", row.created),
        payout_id=row.id,
    )
    row.application_fee_id, row.application_fee_amount = fee.id, amount
    batch.add(fee)
    batch.event("application_fee.created", fee.scope, application_fee_wire(fee), fee.id)
    application = application_of(row.platform_id)
    return PayoutFee(fee.id, fee.balance_transaction_id, amount, application)
