from __future__ import annotations

import pytest

from counterfoil.kit import clock
from tests.support.committed import committed_database  # noqa: F401 - a fixture
from tests.support.reading import english  # noqa: F401 - a fixture
from tests.unit.dashboard.world import NOW, open_account, open_platform, signed_in


@pytest.fixture
def committed_seller(committed_database, monkeypatch: pytest.MonkeyPatch):  # noqa: F811 - a fixture
    """`seller`, in a database where transactions really commit."""
    return _seller(monkeypatch)


@pytest.fixture
def seller(db, monkeypatch: pytest.MonkeyPatch):
    """The browser of a signed-in seller with empty books; the wall clock stands at NOW."""
    return _seller(monkeypatch)


def _seller(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "wall_now", lambda: NOW)
    open_platform()
    open_account()
    return signed_in()
