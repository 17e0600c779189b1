"""Medians, percentiles and ratios round by round."""

from __future__ import annotations

import pytest

from bench.figures import median, percentile, ratios, spread


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([7], 0.99, 7),
        ([1, 2, 3], 0.5, 2),
        ([4, 1, 3, 2], 0.5, 2.5),
        (range(101), 0.99, 99),
        (range(101), 0.1, 10),
        ([1, 2], 1, 2),
        ([1, 2], 0, 1),
    ],
)
def test_a_percentile_lies_between_its_neighbours(values, share, expected):
    assert percentile(list(values), share) == pytest.approx(expected)


def test_nothing_measured_has_no_median():
    with pytest.raises(AssertionError, match="nothing"):
        median([])


def test_a_spread_holds_the_middle_eight_tenths():
    found = spread(list(range(11)))
    assert (found.low, found.median, found.high) == (1, 5, 9)


def test_a_slow_round_slows_both_sides_and_leaves_the_ratio():
    assert ratios([2, 20, 2], [1, 10, 1]).median == 2
    with pytest.raises(ValueError, match="shorter"):
        ratios([1, 2], [1])
