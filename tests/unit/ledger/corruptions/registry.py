"""Every corruption, under the one invariant it breaks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

Corruption = Callable[[], object]
CORRUPTIONS: dict[str, list[Corruption]] = defaultdict(list)


def breaks(invariant: str) -> Callable[[Corruption], Corruption]:
    """Register a corruption under the one invariant it breaks."""

    def register(corruption: Corruption) -> Corruption:
        CORRUPTIONS[invariant].append(corruption)
        return corruption

    return register
