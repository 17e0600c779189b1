"""What follows from an account below zero, as pure functions (reference money-movement §8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from counterfoil.kit.calendar import EURO_COUNTRIES, add_business_days, next_business_day
from counterfoil.kit.clock import DAY, date_start, utc_date
from counterfoil.payments.shortfall_rows import ShortfallRow

WRITTEN_OFF_AFTER: Final = 180 * DAY
DEBITED_COUNTRIES: Final = frozenset({"AU", "CA", "GB", "NZ", "US"}) | EURO_COUNTRIES
MOST_DEBITS: Final = 3  # that may fail before the bank account is paused
_KEPT_BUSINESS_DAYS: Final = 3  # after a bank debit, which may still be returned


def follow(
    row: ShortfallRow, *, balance: int, liable: bool, kept_until: int | None, now: int
) -> tuple[ShortfallRow, int]:
    """The row after its account's balance changed, and what the platform's reserve grows by.

    `liable`: the platform bears the account's losses. With `kept_until` (the money came by a
    bank debit) what is no longer missing stays reserved until then.
    """
    missing = max(0, -balance)
    need = missing if liable else 0
    after = replace(row, reserved=need)
    growth = 0
    if need > row.reserved:
        after.kept = max(0, row.kept - (need - row.reserved))  # what is held already comes first
        growth = need - row.reserved - (row.kept - after.kept)
    elif kept_until is not None and need < row.reserved:
        after.kept, after.kept_until = row.kept + row.reserved - need, kept_until
    else:
        growth = need - row.reserved
    if after.kept == 0:
        after.kept_until = None
    if missing == 0:
        after.since = after.debit_at = None
        after.debits_failed = 0
    elif row.since is None:
        after.since = now
    after.next_at = next_moment(after)
    return after, growth


def next_moment(row: ShortfallRow) -> int | None:
    """When the clock does something about a shortfall."""
    written_off = None if row.since is None else row.since + WRITTEN_OFF_AFTER
    moments = (written_off, row.debit_at, row.kept_until)
    return min((moment for moment in moments if moment is not None), default=None)


def next_debit(now: int, country: str) -> int:
    """00:00 UTC of the business day after `now`: payments of today may still repay it."""
    day = utc_date(now) + timedelta(days=1)
    return date_start(next_business_day(day, country))


def kept_until(now: int, country: str) -> int:
    """Until when a reserve outlives the bank debit that repaid its account."""
    return date_start(add_business_days(utc_date(now), _KEPT_BUSINESS_DAYS, country))
