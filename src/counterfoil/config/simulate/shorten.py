"""Fewer steps that break the same thing: what a person has to read to understand it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from counterfoil.config.simulate.steps import Listed, Ref, Step

Breaks = Callable[[Sequence[Step]], Step | None]  # the step at which it broke, None: it did not


def shorten(
    steps: Sequence[Step], *, breaks: Breaks, time_left: Callable[[], bool]
) -> Sequence[Step]:
    """Leave steps out while the rest still breaks, large parts first.

    The last step is the one at which it broke. Ends when no single step can be left out, or
    when there is no time left: what it gives always breaks.
    """
    kept = _about_the_same(steps, breaks) if time_left() else steps
    size = len(kept) // 2
    while size >= 1:
        start, shorter = 0, False
        while start < len(kept) and time_left():
            fewer = [*kept[:start], *kept[start + size :]]
            if (at := _tried(fewer, breaks)) is not None:
                kept, shorter = at, True
            else:
                start += size
        if not time_left():
            break
        if size > 1 or not shorter:
            size //= 2
    return kept


def _about_the_same(steps: Sequence[Step], breaks: Breaks) -> Sequence[Step]:
    """Only the last step's platform, if that is enough."""
    last = steps[-1].platform
    fewer = [step for step in steps if step.platform == last or step.verb == "worker"]
    return _tried(fewer, breaks) or steps


def _tried(steps: Sequence[Step], breaks: Breaks) -> Sequence[Step] | None:
    """The steps as far as the one that breaks, without those that speak of missing ones."""
    steps = _without_orphans(steps)
    at = breaks(steps) if steps else None
    if at is None:
        return None
    return steps[: [step.number for step in steps].index(at.number) + 1]


def _without_orphans(steps: Sequence[Step]) -> list[Step]:
    there: set[int] = set()
    kept = []
    for step in steps:
        named = set(_named((step.targets, step.params, step.on)))
        if named <= there and (step.platform == step.number or step.platform in there):
            there.add(step.number)
            kept.append(step)
    return kept


def _named(value: Any) -> list[int]:
    if isinstance(value, Ref):
        return [value.step]
    if isinstance(value, Listed):
        return _named(value.of)
    if isinstance(value, dict):
        return [number for part in value.values() for number in _named(part)]
    if isinstance(value, list | tuple):
        return [number for part in value for number in _named(part)]
    return []
