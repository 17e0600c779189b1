"""An account's calendar changes while its payments post, in transactions that really commit.

At NOW it is still the 3rd in New York, and the 4th on Kiritimati: whichever comes first, the
earnings must stand on the day of the calendar that the account has in the end.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import msgspec
import pytest
from django.db import transaction

from counterfoil.accounts.operations import update_account
from counterfoil.accounts.params import UpdateAccount
from counterfoil.kit.db import fetch_all
from tests.support.books import violations
from tests.support.builders import World
from tests.support.committed import in_threads
from tests.unit.disputes.world import dispute_of

EPOCH = date(1970, 1, 1).toordinal()
PATIENCE = 0.4  # seconds that one waits to see whether the other does


@pytest.fixture
def world(committed_database):
    return World()


def move(world: World, account: str, zone: str = "Pacific/Kiritimati") -> None:
    settings = {"dashboard": {"timezone": zone}}
    update_account(
        platform_id=world.id,
        livemode=False,
        account_id=account,
        params=msgspec.convert({"settings": settings}, UpdateAccount),
        now=world.now,
    )


def overlapping(first: Callable[[], object], second: Callable[[], object]) -> None:
    """`first` does its work, and commits only once `second` has begun, and waits or is done."""
    worked, done = threading.Event(), threading.Event()

    def one() -> None:
        with transaction.atomic():
            first()
            worked.set()
            done.wait(PATIENCE)

    def other() -> None:
        worked.wait(10)
        try:
            second()
        finally:
            done.set()

    in_threads(one, other)


def days(account: str) -> list[tuple[int, int]]:
    """(day in November 2025, how many earnings) as they are kept."""
    rows = fetch_all(
        "SELECT day, SUM(count) FROM ledger_dailyvolume WHERE owner = %s GROUP BY day", [account]
    )
    return [(date.fromordinal(day + EPOCH).day, int(count)) for day, count in rows]


@pytest.mark.parametrize(("kind", "before"), [("direct", 0), ("transfer", 1), ("dispute", 1)])
@pytest.mark.parametrize("order", ["payment first", "calendar first"])
def test_a_payment_beside_a_change_of_the_calendar_stands_on_one_day(world, before, kind, order):
    account = world.seller(settings={"dashboard": {"timezone": "America/New_York"}})
    world.fund(20_000)
    charges = [world.charge(1000, on=account) for _ in range(before)]
    pay = {
        "direct": lambda: world.charge(1000, on=account),
        "dispute": lambda: dispute_of(world, charges[0]),
        "transfer": lambda: world.transfer(1000, to=account),
    }[kind]

    def change() -> None:
        move(world, account)

    overlapping(*((pay, change) if order == "payment first" else (change, pay)))

    assert days(account) == [(4, before + 1)]
    assert violations(with_payments=True) == []
