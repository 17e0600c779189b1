"""Whatever happens, in whatever order and at once: reserved is what the accounts owe."""

from __future__ import annotations

import random
from collections import defaultdict
from functools import partial

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.kit.invariants import examine, snapshot
from counterfoil.payments.check import reserves
from tests.support.books import violations
from tests.support.builders import DAY, Balance, World
from tests.support.committed import in_threads
from tests.unit.payments.owing import change, reserved

CURRENCIES = ("usd", "eur")
steps = st.lists(
    st.one_of(
        # whose money, how much, in what, in how many days it is available
        st.tuples(
            st.integers(0, 2),
            st.integers(-3000, 3000).filter(bool),
            st.sampled_from(CURRENCIES),
            st.integers(0, 3),
        ),
        st.integers(1, 90),  # days that pass
    ),
    min_size=1,
    max_size=14,
)


def cast_of(world: World) -> list[str]:
    """The platform bears the losses of two sellers, one of whom may be debited."""
    no_debits = {"payouts": {"debit_negative_balances": False}}
    controller = {"fees": {"payer": "account"}, "losses": {"payments": "stripe"}}
    express = {"stripe_dashboard": {"type": "express"}}
    return [
        world.seller(),
        world.seller(settings=no_debits),
        world.seller(type=None, controller=controller | express),
    ]


def broken(now: int) -> list[str]:
    with snapshot(now) as moment:
        return [
            f"{one.subject}: {one.detail}"
            for invariant in reserves.INVARIANTS
            for one in examine(invariant, moment).violations
        ]


@pytest.mark.django_db
@settings(max_examples=40, deadline=None)
@given(steps)
def test_reserves_are_what_accounts_owe_after_every_step(history):
    with transaction.atomic():
        world = World()
        sellers = cast_of(world)
        for step in history:
            if isinstance(step, int):
                world.pass_until(world.now + step * DAY)
            else:
                who, amount, currency, days = step
                when = world.now + days * DAY
                change(world, (sellers[who], amount), currency=currency, on=when)
            assert broken(world.now) == []
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(-3000, 3000).filter(bool)), min_size=1))
def test_a_model_of_two_lines_agrees(history):
    with transaction.atomic():
        world = World()
        sellers = cast_of(world)
        model: dict[int, int] = defaultdict(int)
        for who, amount in history:
            change(world, (sellers[who], amount))
            model[who] += amount
            assert reserved(world) == max(0, -model[0]) + max(0, -model[1])
        assert world.balance() == Balance(available=-reserved(world))
        transaction.set_rollback(True)


def test_changes_of_the_same_accounts_at_once_never_leave_a_wrong_reserve(committed_database):
    world = World()
    sellers = cast_of(world)[:2]
    chance = random.Random(8)
    amounts = [[chance.choice((-700, -300, -1, 1, 400, 650)) for _ in range(12)] for _ in range(8)]

    def work(place: int) -> None:
        for turn, amount in enumerate(amounts[place]):
            # Pending money lies in other rows than today's: they must wait for each other too.
            day = world.now + (turn % 3) * DAY
            pair = [(sellers[turn % 2], amount), (sellers[(turn + 1) % 2], -amount)]
            change(world, *pair[: 1 + place % 2], on=day)

    in_threads(*[partial(work, place) for place in range(8)])

    assert violations(with_payments=True) == []
    total = [world.balance(seller) for seller in sellers]
    owed = sum(max(0, -(one.available + one.pending)) for one in total)
    assert reserved(world) == owed
