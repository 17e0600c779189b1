"""Random marketplaces, with everything that can go wrong: every invariant holds at every step.

20,000 steps on SQLite, 2,000 on PostgreSQL. When one fails, `counterfoil simulate --seed S
--steps N` lives through it again and shortens its history.
"""

from __future__ import annotations

import pytest
from django.conf import settings

from counterfoil.config.simulate.life import live
from counterfoil.config.simulate.plan import plan

ON_POSTGRESQL = "postgresql" in settings.DATABASES["default"]["ENGINE"]
SEEDS, STEPS = (range(1, 3), 1000) if ON_POSTGRESQL else (range(1, 11), 2000)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_invariant_holds_after_every_step(a_life, seed):
    story = live(seed, plan(seed, STEPS))

    again = f"counterfoil simulate --seed {seed} --steps {story.steps}"
    assert not story.violations, f"{story.broken_at}\n{story.violations}\n{again}"
    assert story.steps == STEPS
    assert story.checks == STEPS // 500 + 1  # and when all had come to its end
