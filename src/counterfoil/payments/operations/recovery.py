"""What the clock does about accounts below zero (reference money-movement §8).

In test mode their bank accounts are debited; reserves that outlived a debit are given back;
after 180 days the debt is written off, to the platform or to the world.
"""

from __future__ import annotations

from counterfoil.accounts.models import Account
from counterfoil.accounts.profile import read_profile
from counterfoil.accounts.queries import bearers_of_losses
from counterfoil.kit.db import execute, unit_of_work
from counterfoil.kit.ids import new_id
from counterfoil.kit.scope import Scope
from counterfoil.ledger.models import Purpose
from counterfoil.payments import rows
from counterfoil.payments.operations.batch import Batch
from counterfoil.payments.operations.debits import shortfall_of
from counterfoil.payments.operations.funding import sellers_bank
from counterfoil.payments.operations.reserving import hold_position
from counterfoil.payments.operations.topups import new_topup
from counterfoil.payments.shortfall_books import reserve_entry, write_off_entry
from counterfoil.payments.shortfall_policy import (
    DEBITED_COUNTRIES,
    WRITTEN_OFF_AFTER,
    next_debit,
    next_moment,
)
from counterfoil.payments.shortfall_rows import ShortfallRow
from counterfoil.payments.topup_rows import TopupRow
from counterfoil.payments.wire.topup import topup_wire


def move_shortfall_on(*, shortfall_id: str, scope: Scope, now: int) -> None:
    """Do what is due for one account and currency; nothing when it was done meanwhile."""
    while _step(shortfall_id, scope, now=now):
        pass


def _step(shortfall_id: str, scope: Scope, *, now: int) -> bool:
    """Do the first thing that is due; whether there was one."""
    with unit_of_work():
        seen = rows.find(ShortfallRow, shortfall_id, scope)
        if seen is None:
            return False
        balance = hold_position(
            account_id=seen.account_id, livemode=seen.livemode, currency=seen.currency
        )
        row = shortfall_of(seen.account_id, livemode=seen.livemode, currency=seen.currency)
        if row is None or row.next_at is None or row.next_at > now:
            return False
        if row.kept_until is not None and row.kept_until <= now:
            _give_back(row, now=now)
        elif row.since is not None and row.since + WRITTEN_OFF_AFTER <= now:
            _write_off(row, -balance, now=now)
        elif row.debit_at is not None and row.debit_at <= now:
            _debit(row, -balance, now=now)
        return True


def _give_back(row: ShortfallRow, *, now: int) -> None:
    batch = Batch(row.platform_id, row.livemode, now)
    batch.entries.append(
        reserve_entry(
            key=f"reserve_kept:{row.id}:{row.kept_until}",
            transaction_id=new_id("txn", now),
            platform_id=row.platform_id,
            account_id=row.account_id,
            growth=-row.kept,
            currency=row.currency,
            at=now,
        )
    )
    row.kept, row.kept_until = 0, None
    row.next_at = next_moment(row)
    if row.since is None:
        execute("DELETE FROM payments_shortfall WHERE id = %s", [row.id])
    else:
        rows.save(row)
    batch.write()


def _write_off(row: ShortfallRow, missing: int, *, now: int) -> None:
    bearer, _country = bearers_of_losses([row.account_id]).get(row.account_id, ("stripe", ""))
    batch = Batch(row.platform_id, row.livemode, now)
    batch.keeps(row.account_id)
    batch.entries.append(
        write_off_entry(
            key=f"write_off:{row.id}:{row.since}",
            transaction_ids=(new_id("txn", now), new_id("txn", now)),
            platform_id=row.platform_id,
            account_id=row.account_id,
            liable=bearer == "application",
            amount=missing,
            currency=row.currency,
            at=now,
        )
    )
    batch.write()  # the reserve is released with it, since nothing is missing any more


def _debit(row: ShortfallRow, missing: int, *, now: int) -> None:
    """Ask the seller's bank for what is missing; without one that allows it, look again later."""
    scope = row.scope
    account = Account.objects.get(id=row.account_id)
    row.debit_at = next_debit(now, account.country)
    bank = None
    if read_profile(account.profile).settings.debit_negative_balances:
        bank = sellers_bank(row.account_id, row.currency)
    waiting = None if row.topup_id is None else rows.find(TopupRow, row.topup_id, scope)
    if waiting is not None and waiting.status == "pending":
        pass  # its answer decides: a failed one is tried again, one that came repays
    elif bank is not None and bank.country in DEBITED_COUNTRIES:
        topup = new_topup(
            scope,
            amount=missing,
            currency=row.currency,
            purpose=Purpose.PAYMENTS,
            bank=bank,
            now=now,
        )
        topup.initiated_by = "stripe"
        topup.description = "Debit for a negative balance"
        row.topup_id, row.debit_at = topup.id, topup.expected_on
        batch = Batch(row.platform_id, row.livemode, now)
        batch.add(topup)
        batch.event("topup.created", scope, topup_wire(topup), topup.id)
        batch.write()
    row.next_at = next_moment(row)
    rows.save(row)
