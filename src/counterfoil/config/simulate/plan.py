"""What happens, from a seed alone: asked for more steps, it begins with the same ones."""

from __future__ import annotations

import random
from typing import Final

from counterfoil.config.simulate.draft import Draft
from counterfoil.config.simulate.moves import WEIGHTS, people
from counterfoil.config.simulate.steps import Step

PLATFORMS: Final = 2
SELLERS: Final = 6
LIVE_SELLERS: Final = 2


def plan(seed: int, count: int) -> list[Step]:
    """The first `count` steps of a seed's history: some people, then whatever comes."""
    draft = Draft(random.Random(f"plan:{seed}"))  # noqa: S311 - a repeatable history
    steps: list[Step] = [people.platform(draft) for _ in range(PLATFORMS)]
    for livemode in (False,) * SELLERS + (True,) * LIVE_SELLERS:
        step = people.open_account(draft, livemode=livemode)
        assert step is not None
        steps.append(step)
    moves, weights = tuple(WEIGHTS), tuple(WEIGHTS.values())
    while len(steps) < count:
        drawn = draft.chance.choices(moves, weights)[0](draft)
        if drawn is not None:
            steps.append(drawn)
    return steps[:count]
