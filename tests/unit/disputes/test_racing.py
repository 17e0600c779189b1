"""Two at once: banks, sellers and workers that do not wait for each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from counterfoil.disputes import due
from counterfoil.kit.db import fetch_all
from counterfoil.kit.refused import Refused
from counterfoil.outbox.registry import handler_of
from tests.support.builders import DAY, NOW, World
from tests.support.committed import in_threads
from tests.unit.disputes.world import (
    answer,
    broken,
    current,
    decided,
    dispute_of,
    disputes_of,
    refund,
    told_of,
    world_with_fees,
)

TIMES = 4


@pytest.fixture
def world(committed_database):
    world = world_with_fees(1500, 500)
    yield world
    assert broken() == set()


def attempts(*verbs: Callable[[], Any]) -> list[Any]:
    """All at once; of each what it answered, or the code with which it was refused."""

    def attempt(verb: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            try:
                return verb()
            except Refused as refusal:
                return refusal.code

        return run

    return in_threads(*(attempt(verb) for verb in verbs))


def test_workers_that_hear_of_a_card_at_once_open_its_disputes_once(world: World):
    charge = world.charge(5000, source="tok_createMultipleDisputes")
    payload = {
        "platform_id": world.id,
        "account_id": world.id,
        "livemode": False,
        "charge_id": charge.id,
        "scenario": "dispute_multiple",
    }
    job = handler_of("disputes.open_from_card")
    in_threads(*[lambda: job(payload, NOW)] * TIMES)

    assert [each["amount"] for each in disputes_of(world, charge)] == [2500, 2500]


def test_evidence_submitted_at_once_is_submitted_once(world: World):
    dispute = dispute_of(world, world.charge(5000))
    answers = attempts(*[lambda: answer(world, dispute, "Receipt")] * TIMES)

    refused = [one for one in answers if isinstance(one, str)]
    assert refused == ["status_transition_invalid"] * (TIMES - 1)
    assert [row for row in world.rows(P=world.id) if "P adjustment 0" in row] == [
        "P adjustment 0 500 -500 dp_"
    ]


def test_a_dispute_ends_in_one_way(world: World):
    dispute = dispute_of(world, world.charge(5000))
    attempts(
        lambda: decided(world, dispute, "win"),
        lambda: decided(world, dispute, "lose"),
        lambda: decided(world, dispute, "win"),
        lambda: answer(world, dispute, "losing_evidence"),
    )

    ends = [told for told in told_of(world) if told.startswith("closed")]
    assert len(ends) == 1


def test_of_refunds_and_disputes_at_once_no_money_goes_twice(world: World):
    charge = world.charge(5000)
    attempts(
        lambda: refund(world, charge, amount=3000),
        lambda: dispute_of(world, charge, amount=3000),
        lambda: refund(world, charge, amount=3000),
        lambda: dispute_of(world, charge, amount=3000),
    )

    held = sum(each["amount"] for each in disputes_of(world, charge))
    assert held + current(world, charge).amount_refunded == 3000


def test_workers_that_watch_one_deadline_lose_a_dispute_once(world: World):
    dispute_of(world, world.charge(5000))
    over = NOW + 30 * DAY
    moved = in_threads(*[lambda: due.run_due(world.id, False, over)] * TIMES)

    assert sum(moved) == 1
    assert told_of(world)[2:] == ["closed lost"]


def test_disputes_of_many_charges_at_once_take_each_its_own(world: World):
    account = world.seller()
    charges = [world.charge(1000, on=account) for _ in range(TIMES)]
    in_threads(*[lambda charge=charge: dispute_of(world, charge) for charge in charges])

    assert len(fetch_all("SELECT 1 FROM disputes_dispute")) == TIMES
    assert sum(row.net for row in world.transactions(account)) == TIMES * (941 - 2500)
