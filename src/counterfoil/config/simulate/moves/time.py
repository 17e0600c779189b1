"""Time passes: test mode's clock is moved, or real days go by and a worker comes round."""

from __future__ import annotations

from typing import Final

from counterfoil.config.simulate.draft import Draft
from counterfoil.config.simulate.faults import PAYOUT_POINTS
from counterfoil.config.simulate.steps import Step

_HOUR: Final = 3600
_FAR: Final = (1, 60, 600, _HOUR, 3 * _HOUR, 9 * _HOUR, 24 * _HOUR, 48 * _HOUR)


def advance(draft: Draft) -> Step | None:
    number, _ = draft.chance.choice(draft.platforms)
    seconds = (
        draft.chance.choice(_FAR)
        if draft.often(0.98)
        else draft.chance.choice((7, 40)) * 24 * _HOUR
    )
    params = {"seconds": seconds + draft.chance.randrange(300)}
    return draft.step("advance", number, "test_helpers/clock/advance", params=params)


def days_pass(draft: Draft) -> Step | None:
    """On the wall clock, for every platform and both modes; then a worker does what is due."""
    fault = f"crash:{draft.chance.choice(PAYOUT_POINTS)}" if draft.often(0.3) else ""
    params = {"seconds": draft.chance.choice((600, _HOUR, 9 * _HOUR, 24 * _HOUR))}
    return draft.step("worker", draft.platforms[0][0], params=params, fault=fault)
