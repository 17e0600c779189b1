"""Dying at a named place: only when told to, and counted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from counterfoil.kit import failpoints

PASSES = """
from counterfoil.kit.failpoints import failpoint
for _ in range(5):
    failpoint("api.before_commit")
    print("passed", flush=True)
"""


def run(points: str, log: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {failpoints.POINTS: points, failpoints.LOG: str(log)}
    return subprocess.run(
        [sys.executable, "-c", PASSES],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("points", "passed"),
    [
        ("api.before_commit:1", 0),
        ("api.before_commit:3", 2),
        ("api.before_commit:1.0", 0),
        ("api.after_commit:1,api.before_commit:2", 1),
    ],
)
def test_the_process_is_killed_and_the_log_says_where(points, passed, tmp_path):
    log = tmp_path / "fired"

    done = run(points, log)

    assert done.returncode == -signal.SIGKILL
    assert done.stdout.splitlines() == ["passed"] * passed
    assert log.read_text() == "api.before_commit\n"


@pytest.mark.parametrize("points", ["", "api.before_commit:0.0", "api.after_commit:1"])
def test_nothing_happens_at_other_places(points, tmp_path):
    done = run(points, tmp_path / "fired")

    assert (done.returncode, done.stdout.splitlines()) == (0, ["passed"] * 5)
    assert not (tmp_path / "fired").exists()


def test_it_is_off_unless_the_environment_says_so():
    assert failpoints.from_environment({}) is failpoints._inert
    assert not failpoints.ARMED


@pytest.mark.parametrize(
    "environment",
    [
        {failpoints.POINTS: "api.before_commit:1"},
        {failpoints.POINTS: "api.before_commit", failpoints.LOG: "x"},
        {failpoints.POINTS: "api.before_commit:often", failpoints.LOG: "x"},
    ],
)
def test_a_setting_that_is_none_is_refused(environment):
    with pytest.raises(ValueError, match=r"COUNTERFOIL_TEST_FAILPOINT|invalid literal"):
        failpoints.from_environment(environment)


def test_whoever_acts_hears_of_each_passing_until_it_is_over():
    heard: list[str] = []
    with failpoints.acting(heard.append):
        failpoints.failpoint("api.before_commit")
        failpoints.failpoint("api.after_commit")
    failpoints.failpoint("api.before_answer")

    assert heard == ["api.before_commit", "api.after_commit"]
