"""Two tabs, and many hands, at the same moment: in a database where they really meet."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from counterfoil.access.codes import enter_code, send_code
from counterfoil.access.models import Session, SignInCode
from counterfoil.access.queries import Entry, entry_of
from counterfoil.access.self_serve import begin_sign_in, finish_sign_in, waiting_for
from counterfoil.kit.refused import Refused
from counterfoil.outbox.models import Job
from tests.support.committed import in_threads
from tests.unit.access.world import World

MANY = 8


def open_entry(world: World, *, livemode: bool = True) -> Entry:
    seller = world.seller(livemode=livemode)
    entry = entry_of(seller.id, world.token(seller))
    assert entry is not None
    return entry


def sent(entry: Entry, world: World) -> Entry:
    """The link as the pages find it once its code is out."""
    send_code(entry, channel=None, again=False, host=None, client=None, now_wall=world.wall.now)
    return replace(entry, code_channel="sms")


def attempt(entry: Entry, code: str, now: int) -> str:
    try:
        enter_code(entry, code, ip=None, user_agent=None, now_wall=now)
    except Refused as refusal:
        return type(refusal).__name__
    return "in"


def test_one_of_two_tabs_wins(committed_world):
    world = committed_world
    entry = open_entry(world)
    entry = sent(entry, world)
    code = world.code()

    outcomes = in_threads(*[lambda: attempt(entry, code, world.wall.now)] * MANY)

    assert Counter(outcomes) == {"in": 1, "LinkUsed": MANY - 1}
    assert Session.objects.count() == 1


def test_racing_guesses_get_five_tries_between_them(committed_world):
    world = committed_world
    entry = open_entry(world, livemode=False)
    entry = sent(entry, world)

    outcomes = in_threads(*[lambda: attempt(entry, "999999", world.wall.now)] * MANY)

    assert Counter(outcomes) == {"WrongCode": 5, "CodeSpent": MANY - 5}
    assert SignInCode.objects.get().tries_left == 0


def test_clicking_in_many_tabs_sends_one_code(committed_world):
    world = committed_world
    entry = open_entry(world)

    in_threads(
        *[
            lambda: send_code(
                entry, channel=None, again=False, host=None, client=None, now_wall=world.wall.now
            )
        ]
        * MANY
    )

    assert Job.objects.count() == 1
    assert SignInCode.objects.count() == 1


def test_a_right_code_at_the_door_lets_in_once(committed_world):
    world = committed_world
    world.seller(livemode=True)
    token = begin_sign_in(
        channel="email", address="ada@example.com", host=None, client=None, now_wall=world.wall.now
    )
    code = world.code()
    waiting = waiting_for(token, now_wall=world.wall.now)

    def enter() -> str:
        try:
            finish_sign_in(waiting, code, ip=None, user_agent=None, now_wall=world.wall.now)
        except Refused as refusal:
            return type(refusal).__name__
        return "in"

    assert Counter(in_threads(*[enter] * MANY)) == {"in": 1, "CodeSpent": MANY - 1}
    assert Session.objects.count() == 1
