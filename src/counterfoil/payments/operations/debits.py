"""What follows from how a bank debit ended that was to repay a negative balance."""

from __future__ import annotations

from counterfoil.accounts.models import Account, ExternalAccount
from counterfoil.accounts.operations import mark_errored
from counterfoil.kit.db import fetch_all
from counterfoil.payments import rows
from counterfoil.payments.operations.reserving import hold_position
from counterfoil.payments.shortfall_policy import (
    MOST_DEBITS,
    kept_until,
    next_debit,
    next_moment,
)
from counterfoil.payments.shortfall_rows import ShortfallRow
from counterfoil.payments.topup_rows import TopupRow


def reserve_kept_until(topup: TopupRow, *, now: int) -> int | None:
    """Until when the reserve outlives this top-up; None for one that its owner asked for."""
    return kept_until(now, _country(topup)) if topup.initiated_by == "stripe" else None


def debit_failed(topup: TopupRow, *, now: int) -> None:
    """Try again on the next business day; after the last try the bank account is paused.

    A paused bank account is errored: it is neither debited nor paid out to until it is updated.
    """
    # The account before its position: the order in which a payout that failed takes them too.
    Account.objects.select_for_update(no_key=True).filter(id=topup.account_id).first()
    hold_position(account_id=topup.account_id, livemode=topup.livemode, currency=topup.currency)
    row = shortfall_of(topup.account_id, livemode=topup.livemode, currency=topup.currency)
    if row is None or row.since is None or row.topup_id != topup.id:
        return
    row.debits_failed += 1
    row.debit_at = next_debit(now, _country(topup))
    if row.debits_failed >= MOST_DEBITS:
        row.debits_failed = 0  # another bank account, or this one updated, gets its own tries
        if topup.external_account_id is not None:
            mark_errored(
                platform_id=topup.platform_id,
                livemode=topup.livemode,
                account_id=topup.account_id,
                external_id=topup.external_account_id,
                now=now,
            )
    row.next_at = next_moment(row)
    rows.save(row)


def shortfall_of(account_id: str, *, livemode: bool, currency: str) -> ShortfallRow | None:
    """What is known of an account below zero. Hold its position before changing it."""
    names = rows.names_of(ShortfallRow)
    found = fetch_all(
        f"SELECT {', '.join(names)} FROM payments_shortfall"  # noqa: S608 - columns of ours
        " WHERE account_id = %s AND livemode = %s AND currency = %s",
        [account_id, livemode, currency],
    )
    return ShortfallRow(**dict(zip(names, found[0], strict=True))) if found else None


def _country(topup: TopupRow) -> str:
    bank = ExternalAccount.objects.filter(id=topup.external_account_id).first()
    return bank.country if bank else "US"
