"""Taking up what is due stays cheap however long the queue is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from counterfoil.kit.db import fetch_one, in_index_order, unit_of_work
from counterfoil.payouts import due
from counterfoil.payouts.operations.automatic import run_schedules
from counterfoil.payouts.operations.claiming import LEASE, claim
from tests.support.builders import DAY, MONDAY, World
from tests.support.paying_out import Faults

pytestmark = pytest.mark.django_db


@contextmanager
def plans_of(part: str) -> Iterator[list[str]]:
    """How PostgreSQL plans each statement that contains `part`, as it is asked."""
    plans: list[str] = []

    def explain(
        run: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        if part in sql and not sql.startswith("EXPLAIN"):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}", params)
                plans.append("\n".join(row[0] for row in cursor.fetchall()))
        return run(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield plans


@pytest.mark.engine("postgresql")
def test_the_first_due_payouts_are_read_along_the_index_whatever_the_statistics_say():
    world = World()
    with plans_of("FROM payouts_payout WHERE platform_id") as plans:
        claim(world.id, False, ("pending",), now=world.now, clock=world.now, wait=False)

    (plan,) = plans
    assert "Index Scan using payout_due" in plan
    assert "Sort" not in plan


@pytest.mark.engine("postgresql")
def test_the_first_due_accounts_are_read_along_the_index_whatever_the_statistics_say():
    world = World()
    world.give(world.seller(), 1000)
    with plans_of("FROM accounts_account WHERE platform_id") as plans:
        run_schedules(world.id, False, now=MONDAY + DAY)

    assert plans
    for plan in plans:
        assert "Index Scan using account_payout_due" in plan
        assert "Sort" not in plan


@pytest.mark.engine("postgresql")
def test_what_comes_after_in_the_transaction_is_planned_as_ever():
    with unit_of_work():
        with in_index_order():
            assert fetch_one("SHOW enable_sort") == ("off",)
        assert fetch_one("SHOW enable_sort") == ("on",)


def test_a_worker_that_is_late_has_its_payouts_to_itself_for_as_long_as_one_in_time():
    world = World()
    seller = world.seller()
    world.give(seller, 1000)
    world.schedule(seller, "manual")
    late = world.payout(1000, on=seller).next_at + 7200

    (taken,) = claim(world.id, False, ("pending",), now=late - 7200, clock=late, wait=False)

    assert claim(world.id, False, ("pending",), now=late, clock=late, wait=True) == []
    assert due.next_due(world.id, False, late + LEASE - 1) is None
    assert due.next_due(world.id, False, late + LEASE) == taken.next_at == late + LEASE


def test_a_worker_that_is_late_does_not_ask_a_silent_bank_again_and_again():
    world = World()
    seller = world.seller()
    world.give(seller, 1000)
    world.schedule(seller, "manual")
    payout = world.payout(1000, on=seller)
    late = payout.next_at + 7200
    world.bank.faults = Faults({payout.id: ["lost", "lost"]})

    due.run_due(world.id, False, payout.next_at, clock=late)

    assert due.next_due(world.id, False, late) is None
    assert due.next_due(world.id, False, late + 60) == late + 60
    world.calm_bank()
