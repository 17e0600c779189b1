from __future__ import annotations

import pytest

from counterfoil.outbox import registry
from tests.support.committed import committed_database  # noqa: F401 - a fixture


@pytest.fixture
def handlers(monkeypatch: pytest.MonkeyPatch) -> dict[str, registry.Handler]:
    """The registry, empty for one test."""
    known: dict[str, registry.Handler] = {}
    monkeypatch.setattr(registry, "_handlers", known)
    return known
