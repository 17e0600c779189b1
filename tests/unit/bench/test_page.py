"""The floor of a page is rendered without our application, in a process that knows no settings."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.engine("sqlite")  # it has no database


def test_a_page_is_rendered_where_there_are_no_settings():
    without = {name: value for name, value in os.environ.items() if "DJANGO" not in name}

    done = subprocess.run(
        [sys.executable, "-c", "import bench.page"],
        env=without,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
