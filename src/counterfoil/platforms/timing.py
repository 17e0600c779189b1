"""What time brings about, in the order in which it falls due.

Packages that wait for moments have a `due.py` with two functions, which are found by name:

    next_due(platform_id, livemode, until) -> int | None    the next moment, `until` at the latest
    run_due(platform_id, livemode, moment, *, clock) -> int   do all of it; how much there was

Moments are the platform's clock, UTC seconds. `clock` is what it shows, `moment` or later: a worker
may be late, and a lease or a pause that ran from `moment` might be over before it began. `run_due`
must leave nothing due at `moment`, and running it twice must change nothing more.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Final, Protocol

from django.apps import apps

from counterfoil.kit.db import execute, fetch_all
from counterfoil.kit.refused import InvalidRequest
from counterfoil.platforms.queries import platform_time

NextDue = Callable[[str, bool, int], int | None]
_STUCK: Final = 1000  # rounds at one moment: then something never gets done

log = logging.getLogger(__name__)


class RunDue(Protocol):
    def __call__(self, platform_id: str, livemode: bool, moment: int, *, clock: int) -> int: ...


def advance_clock(*, platform_id: str, to: int, now_wall: int) -> int:
    """Move test mode's clock to `to` (UTC seconds), doing all that falls due on the way.

    Each thing happens at its own moment, in order. Returns how much was done. Raises
    InvalidRequest for a moment that is not ahead of the clock.
    """
    if to <= platform_time(platform_id, livemode=False, now_wall=now_wall):
        raise InvalidRequest("Test clocks only move forwards.", param="to")
    done = run_due_until(
        platform_id,
        livemode=False,
        until=to,
        at_moment=lambda moment: _set_clock(platform_id, moment - now_wall),
    )
    _set_clock(platform_id, to - now_wall)
    return done


def run_everything_due(now_wall: int) -> int:
    """The worker's duty: whatever is due now by each platform's own clock; how much it was."""
    done = 0
    for (platform_id,) in fetch_all("SELECT id FROM platforms_platform"):
        for livemode in (False, True):
            now = platform_time(platform_id, livemode=livemode, now_wall=now_wall)
            done += run_due_until(platform_id, livemode=livemode, until=now)
    return done


def run_due_until(
    platform_id: str,
    *,
    livemode: bool,
    until: int,
    at_moment: Callable[[int], None] | None = None,
) -> int:
    """Do all that falls due up to `until`, at its own moments and in their order; how much it
    was. `at_moment` hears of each moment before."""
    done, rounds, last = 0, 0, None
    while (moment := _next_moment(platform_id, livemode, until)) is not None:
        rounds = rounds + 1 if moment == last else 0
        last = moment
        if rounds > _STUCK:
            log.error("something due at %d is never done: platform=%s", moment, platform_id)
            break
        clock = until
        if at_moment is not None:
            at_moment(moment)
            clock = moment
        done += sum(run(platform_id, livemode, moment, clock=clock) for _, run in _due_functions())
    return done


def _next_moment(platform_id: str, livemode: bool, until: int) -> int | None:
    moments = (find(platform_id, livemode, until) for find, _ in _due_functions())
    return min((moment for moment in moments if moment is not None), default=None)


@cache
def _due_functions() -> Sequence[tuple[NextDue, RunDue]]:
    found = []
    for config in apps.get_app_configs():
        name = f"{config.name}.due"
        if config.name.startswith("counterfoil.") and find_spec(name) is not None:
            module = import_module(name)
            found.append((module.next_due, module.run_due))
    return found


def _set_clock(platform_id: str, offset: int) -> None:
    # It only grows: a clock that was moved further meanwhile stays where it is.
    execute(
        "UPDATE platforms_platform SET test_clock_offset = %s"
        " WHERE id = %s AND test_clock_offset < %s",
        [offset, platform_id, offset],
    )
