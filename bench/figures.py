"""Medians and their kin. A figure is never shown without how far it spreads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """A median with the tenth and the ninetieth percentile around it."""

    median: float
    low: float
    high: float


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of all are not above, between neighbours in proportion."""
    assert values, "nothing was measured"
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def median(values: Sequence[float]) -> float:
    return percentile(values, 0.5)


def spread(values: Sequence[float]) -> Spread:
    return Spread(median(values), percentile(values, 0.1), percentile(values, 0.9))


def ratios(above: Sequence[float], below: Sequence[float]) -> Spread:
    """Round by round, so that whatever slows a machine for a while slows both sides of it."""
    return spread([one / other for one, other in zip(above, below, strict=True)])
