"""Who reads what we write."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from counterfoil.wording.languages import written_for


@pytest.fixture
def english() -> Iterator[None]:
    """Words for an American seller in New York."""
    with written_for("en", "US", "America/New_York"):
        yield
