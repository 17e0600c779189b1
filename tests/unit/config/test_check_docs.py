"""docs/operate/check.md says of every invariant what holds and what to do when it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterfoil.config.management.commands.check import every_invariant
from counterfoil.kit.auditing import earlier_heads
from counterfoil.kit.invariants import Invariant

ROWS = [
    [cell.strip() for cell in line.strip().strip("|").split("|")]
    for line in Path("docs/operate/check.md").read_text().splitlines()
    if line.startswith("| `")
]
EVERY = [*every_invariant(), earlier_heads([], among=[])]


@pytest.mark.parametrize("invariant", EVERY, ids=lambda invariant: invariant.name)
def test_every_invariant_is_explained(invariant: Invariant) -> None:
    (row,) = [row for row in ROWS if row[0] == f"`{invariant.name}`"]

    assert row[1].startswith(invariant.promise[:-1])
    assert len(row[2]) > 10, "what to do when it does not hold"


def test_nothing_is_explained_that_is_not_checked() -> None:
    assert {row[0].strip("`") for row in ROWS} == {invariant.name for invariant in EVERY}
