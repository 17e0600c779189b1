"""Payday: sellers who are all due at once, and payouts of few lines and of many.

Made by the project's own functions; how they are so many so soon says `support/many_sellers.py`.
"""

from __future__ import annotations

from typing import Final

import msgspec
from django.db import connection

from bench.world import LongPayout, Payday, Request
from counterfoil.accounts.operations import create_account
from counterfoil.accounts.params import CreateAccount
from counterfoil.accounts.payout_schedule import next_run
from counterfoil.accounts.profile import Schedule
from counterfoil.kit.clock import wall_now
from counterfoil.kit.db import execute, fetch_all
from counterfoil.payouts.operations.automatic import run_schedules
from counterfoil.payouts.operations.claiming import rail_of
from counterfoil.payouts.operations.sending import hand_over_due
from counterfoil.platforms.operations import create_platform
from tests.support.accounts import onboarded_individual
from tests.support.many_sellers import copies_of, give

LINES: Final = (50, 50_000)
LATE: Final = 600  # seconds by which the clock has passed the moment of the schedules


def seed_payday(accounts: int) -> Payday:
    """Sellers with a bank account and one balance transaction each, whose payout is due."""
    now = wall_now()
    platform_id = create_platform(name="Bazaar", now=now).platform.id
    copies_of(_seller(platform_id, now), accounts, platform_id=platform_id, now=now)
    clock = _first_run(now) + LATE
    execute(
        "UPDATE platforms_platform SET test_clock_offset = %s WHERE id = %s",
        [clock - now, platform_id],
    )
    if connection.vendor == "postgresql":
        execute("VACUUM ANALYZE")
        execute("CHECKPOINT")
    return Payday(platform_id, accounts, clock)


def seed_long_payouts() -> list[LongPayout]:
    """One automatic payout of few lines and one of many, both at the bank."""
    now = wall_now()
    made = create_platform(name="Bazaar", now=now)
    platform_id, key = made.platform.id, made.secret_test.text
    sellers = {count: _seller(platform_id, now) for count in LINES}
    for count, seller in sellers.items():
        give([(seller, 100 + n % 900) for n in range(count)], platform_id=platform_id, now=now)
    run = _first_run(now)
    run_schedules(platform_id, False, now=run)
    rail = rail_of(False)
    assert rail is not None
    while hand_over_due(platform_id, False, rail, now=run, clock=run):
        pass
    if connection.vendor == "postgresql":
        execute("VACUUM ANALYZE")
        execute("CHECKPOINT")
    return [_long_payout(seller, count, key) for count, seller in sellers.items()]


def _long_payout(seller: str, count: int, key: str) -> LongPayout:
    """Pages of ten: the first, and one with four fifths of the lines before it."""
    ((payout_id, has),) = fetch_all(
        "SELECT id, line_count FROM payouts_payout WHERE account_id = %s", [seller]
    )
    assert has == count, f"the payout has {has} lines"
    # The other list is newest first.
    ((early,),) = fetch_all(
        "SELECT txn_id FROM payouts_line WHERE payout_id = %s AND position = %s",
        [payout_id, count // 5],
    )
    headers = {"Authorization": f"Bearer {key}", "Stripe-Account": seller}
    lines = f"/v1/payouts/{payout_id}/lines?limit=10"
    transactions = f"/v1/balance_transactions?payout={payout_id}&limit=10"
    targets = {
        "lines of a payout": lines,
        "lines of a payout, far down": f"{lines}&starting_after={payout_id}-{count * 8 // 10 - 1}",
        "transactions of a payout": transactions,
        "transactions of a payout, far down": f"{transactions}&starting_after={early}",
    }
    pages = {name: Request("GET", target, headers) for name, target in targets.items()}
    return LongPayout(count, pages)


def _seller(platform_id: str, now: int) -> str:
    params = msgspec.convert(onboarded_individual(), CreateAccount)
    return create_account(platform_id=platform_id, livemode=False, params=params, now=now).id


def _first_run(now: int) -> int:
    run = next_run(Schedule(), country="US", after=now)
    assert run is not None
    return run
