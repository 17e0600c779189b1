"""What every suite shares."""

from __future__ import annotations

import pytest
from django.conf import settings


def pytest_report_header() -> str:
    return f"database engine: {settings.DATABASES['default']['ENGINE']}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is for the other engine: its own run has it, so nothing is skipped."""
    engine = settings.DATABASES["default"]["ENGINE"]
    marks = ((item, item.get_closest_marker("engine")) for item in items)
    other = [item for item, mark in marks if mark and mark.args[0] not in engine]
    if other:
        config.hook.pytest_deselected(items=other)
        items[:] = [item for item in items if item not in other]
