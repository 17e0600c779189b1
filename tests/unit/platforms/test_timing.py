"""Test mode's clock: forwards only, and everything on the way happens at its own moment."""

from __future__ import annotations

import json

import msgspec
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from counterfoil.kit.clock import wall_now
from counterfoil.kit.db import fetch_all
from counterfoil.payments.operations.refunds import create_refund
from counterfoil.payments.refund_params import CreateRefund
from counterfoil.payments.rows import RefundRow
from counterfoil.platforms.queries import platform_time
from counterfoil.platforms.timing import advance_clock, run_everything_due
from tests.support.builders import DAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """A platform whose clock shows the real time: clocks cannot be tested in the past."""
    return World(now=wall_now())


@pytest.fixture
def slow_refund(world):
    """A refund that the network takes a day for."""
    world.fund(50_000)
    charge = world.charge(1000, source="tok_pendingRefund")
    params = msgspec.convert({"charge": charge.id}, CreateRefund)
    return create_refund(scope=world.scope, params=params, now=world.now)


def clock(world: World) -> int:
    return platform_time(world.id, livemode=False, now_wall=world.now)


def test_moving_the_clock_does_what_falls_due_on_the_way(world, slow_refund):
    assert slow_refund.status == "pending"

    done = advance_clock(platform_id=world.id, to=world.now + 3 * DAY, now_wall=world.now)

    assert done == 1
    assert clock(world) == world.now + 3 * DAY
    assert world.find(RefundRow, slow_refund.id).status == "succeeded"
    moments = fetch_all("SELECT created FROM events_event WHERE type = 'refund.updated'")
    assert moments == [(slow_refund.next_at,)]


def test_what_is_not_due_yet_stays(world, slow_refund):
    assert advance_clock(platform_id=world.id, to=world.now + 60, now_wall=world.now) == 0
    assert world.find(RefundRow, slow_refund.id).status == "pending"


def test_a_clock_never_goes_back(world):
    advance_clock(platform_id=world.id, to=world.now + DAY, now_wall=world.now)
    for moment in (world.now, world.now + DAY):
        with pytest.raises(Exception, match="only move forwards"):
            advance_clock(platform_id=world.id, to=moment, now_wall=world.now)
    assert clock(world) == world.now + DAY


def test_live_mode_keeps_real_time(world):
    advance_clock(platform_id=world.id, to=world.now + DAY, now_wall=world.now)
    assert platform_time(world.id, livemode=True, now_wall=world.now) == world.now


def test_the_worker_does_what_real_time_brings(world, slow_refund):
    assert run_everything_due(world.now + DAY - 1) == 0
    assert run_everything_due(world.now + DAY) == 1
    assert run_everything_due(world.now + DAY) == 0
    assert world.find(RefundRow, slow_refund.id).status == "succeeded"


def post(world: World, **params) -> tuple[int, dict]:
    answer = Client().post(
        "/v1/test_helpers/clock/advance",
        "&".join(f"{name}={value}" for name, value in params.items()),
        content_type="application/x-www-form-urlencoded",
        headers={"Authorization": f"Bearer {params.pop('key', world.key)}"},
    )
    return answer.status_code, json.loads(answer.content)


def test_the_api_moves_the_clock_and_answers_when_all_is_done(world, slow_refund):
    status, shown = post(world, seconds=2 * DAY)

    assert (status, shown["object"], shown["done"]) == (200, "clock", 1)
    assert world.find(RefundRow, slow_refund.id).status == "succeeded"


@pytest.mark.parametrize("params", [{}, {"seconds": 1, "to": 2}, {"seconds": -5}, {"seconds": 0}])
def test_the_api_wants_one_way_to_say_how_far(world, params):
    status, answer = post(world, **params)
    assert status == 400
    assert answer["error"]["param"] == "seconds"


def test_the_command_shows_and_moves_it(world, slow_refund, capsys):
    call_command("clock", "advance", "3d", platform=world.id)
    assert "1 due, all of it done." in capsys.readouterr().out
    with pytest.raises(CommandError, match="forwards"):
        call_command("clock", "set", "2020-01-01", platform=world.id)
    with pytest.raises(CommandError, match="number and s, m, h, d or w"):
        call_command("clock", "advance", "soon", platform=world.id)
    with pytest.raises(CommandError, match="No such platform"):
        call_command("clock", "show", platform="acct_nobody")
