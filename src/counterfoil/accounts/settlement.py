"""When the money of a charge becomes available (reference money-movement §6.1)."""

from __future__ import annotations

from datetime import timedelta

from counterfoil.accounts.countries import counts_business_days, own_delay_days
from counterfoil.kit.calendar import add_business_days
from counterfoil.kit.clock import date_start, utc_date


def available_on(captured_at: int, *, country: str, delay_days: int | None = None) -> int:
    """00:00 UTC of the day on which a charge's money is available, as UTC seconds.

    `delay_days` is the account's own setting, None for the country's; both count in the
    country's unit. Vectors (US, 2 days, 2025): Mon 3 Nov → Wed 5; Fri 7 Nov → Wed 12;
    Sat 8 Nov → Thu 13.
    """
    days = own_delay_days(country) if delay_days is None else delay_days
    day = utc_date(captured_at)
    if counts_business_days(country):
        return date_start(add_business_days(day, days, country))
    return date_start(day + timedelta(days=days))
