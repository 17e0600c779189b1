"""The days of one seller: everything happens in its order, and test mode's clock with it."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

from counterfoil.kit.scope import Scope
from counterfoil.platforms.timing import run_due_until

Act = Callable[[int], object]


class Days:
    """Acts by their moments (UTC seconds, the platform's clock); an act may bring further ones.

    Before each act all that has fallen due is done at its own moment: schedules run, payouts
    arrive or come back. What other sellers wait for is done by then, so it is this one's.
    """

    def __init__(self, platform: Scope, *, now: int) -> None:
        self._platform = platform
        self._now = now
        self._acts: list[tuple[int, int, Act]] = []
        self._planned = 0

    def at(self, moment: int, act: Act) -> None:
        """Do it then, with the moment; what would lie in the future never happens."""
        if moment <= self._now:
            self._planned += 1
            heappush(self._acts, (moment, self._planned, act))

    def pass_by(self) -> None:
        """Let all of it happen, up to now."""
        while self._acts:
            moment, _, act = heappop(self._acts)
            self._run_due(moment)
            act(moment)
        self._run_due(self._now)

    def _run_due(self, moment: int) -> None:
        run_due_until(self._platform.platform_id, livemode=False, until=moment)
