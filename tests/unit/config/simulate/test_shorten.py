"""What is left of a history once everything that does not matter is gone."""

from __future__ import annotations

import random

import pytest

from counterfoil.config.simulate.shorten import shorten
from counterfoil.config.simulate.steps import Listed, Ref, Step

MANY = 200


def step(number: int, *targets: Ref | Listed, platform: int = 1, **more) -> Step:
    return Step(number, "act", platform, "acts", targets, **more)


def history() -> list[Step]:
    """A platform, and steps of which each speaks of an earlier one."""
    chance = random.Random(1)
    return [step(1), *(step(n, Ref(chance.randrange(1, n))) for n in range(2, MANY + 1))]


def numbers(steps) -> list[int]:
    return [one.number for one in steps]


def breaks_with(*needed: int):
    """Breaks at the last of some steps, if all of them are there in their order."""

    def breaks(steps):
        found = numbers(steps)
        return steps[found.index(needed[-1])] if set(needed) <= set(found) else None

    return breaks


@pytest.mark.parametrize("needed", [(MANY,), (7, 90, MANY), (2, 3, 5, 8, 13, 21)])
def test_only_what_is_needed_and_what_that_speaks_of_is_left(needed):
    kept = numbers(shorten(history(), breaks=breaks_with(*needed), time_left=lambda: True))

    spoken_of, waiting = set(), list(needed)
    while waiting:
        one = waiting.pop()
        spoken_of.add(one)
        waiting += [target.step for target in history()[one - 1].targets]
    assert set(kept) == spoken_of | {1}
    assert kept[-1] == needed[-1]


def test_without_time_it_is_the_whole_history():
    steps = history()

    assert shorten(steps, breaks=breaks_with(MANY), time_left=lambda: False) == steps


def test_what_it_gives_always_breaks_however_little_time_there_is():
    for tries in range(1, 30):
        left = iter([True] * tries)
        breaks = breaks_with(40, MANY)
        kept = shorten(history(), breaks=breaks, time_left=lambda left=left: next(left, False))
        assert breaks(kept) is not None


def test_other_platforms_are_left_out_first():
    steps = [step(1), step(2, platform=2), *(step(n, platform=1 + n % 2) for n in range(3, 41))]
    tried: list[list[int]] = []

    def breaks(some):
        tried.append(numbers(some))
        return breaks_with(39)(some)

    shorten(steps[:39], breaks=breaks, time_left=lambda: True)

    assert tried[0] == [2, *range(3, 40, 2)]


def test_names_in_parameters_and_lists_keep_what_they_speak_of():
    steps = [
        step(1),
        step(2),
        step(3),
        step(4),
        step(5, Listed("x/{}", 0, of=Ref(2)), params={"a": {"b": [Ref(3)]}}, on=Ref(4)),
        step(6),
    ]

    kept = shorten(steps, breaks=breaks_with(5), time_left=lambda: True)

    assert numbers(kept) == [1, 2, 3, 4, 5]
