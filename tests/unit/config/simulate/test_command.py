"""`counterfoil simulate`: what it prints, what it exits with, and what it leaves behind."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from counterfoil.api import idempotency
from tests.support.settings import POSTGRES_URL


@pytest.fixture(autouse=True)
def _database_allowed(django_db_blocker):
    with django_db_blocker.unblock():
        yield


def simulate(*arguments: str) -> tuple[int, str]:
    """The exit status and what was printed."""
    out, status = io.StringIO(), 0
    try:
        call_command("simulate", *arguments, stdout=out)
    except SystemExit as end:
        status = end.code
    return status, out.getvalue()


def start(tmp_path: Path, *arguments: str, hash_seed: str = "random") -> subprocess.Popen[str]:
    """The command as a process of its own, with temporary files below `tmp_path`."""
    url = POSTGRES_URL if connection.vendor == "postgresql" else f"sqlite:///{tmp_path}/own.db"
    (tmp_path / "tmp").mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-c", "from counterfoil.config.cli import main; main()", *arguments],
        env={
            **os.environ,
            "COUNTERFOIL_DATABASE_URL": url,
            "COUNTERFOIL_DATA_DIR": str(tmp_path / f"data-{hash_seed}"),
            "DJANGO_SETTINGS_MODULE": "counterfoil.config.settings",
            "PYTHONHASHSEED": hash_seed,
            "TMPDIR": str(tmp_path / "tmp"),
        },
        stdout=subprocess.PIPE,
        text=True,
    )


def left_behind(pid: int) -> set[str]:
    """Databases and folders of the simulations of a process."""
    folders = Path(tempfile.gettempdir()).glob(f"counterfoil-simulation-{pid}-*")
    here = {path.name for path in folders}
    if connection.vendor != "postgresql":
        return here
    with connection._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s",
            [f"counterfoil_simulation_{pid}_%"],
        )
        return here | {name for (name,) in cursor.fetchall()}


def test_two_processes_live_through_the_same_history(tmp_path):
    """Whatever the order of their sets and whatever their secret keys."""
    command = "simulate --seed 3 --steps 150 --json".split()
    running = [start(tmp_path, *command, hash_seed=seed) for seed in ("1", "2")]
    one, other = (json.loads(process.communicate(timeout=60)[0]) for process in running)

    assert one["digest"] == other["digest"]
    assert (one["ok"], one["steps"], one["violations"]) == (True, 150, [])
    assert not (tmp_path / "own.db").exists()


def test_it_sums_up_and_leaves_nothing_behind():
    before = left_behind(os.getpid())  # of the module's fixtures, if they are there
    database, folder = dict(connection.settings_dict), settings.DATA_DIR

    status, text = simulate("--seed", "2", "--steps", "60")

    assert status == 0
    assert "Seed 2: 60 steps" in text
    assert "Every invariant held." in text
    assert left_behind(os.getpid()) == before
    assert (connection.settings_dict, settings.DATA_DIR) == (database, folder)


def test_told_to_stop_it_leaves_nothing_behind(tmp_path):
    running = start(tmp_path, *"simulate --steps 100000".split())
    folder = tmp_path / "tmp"
    assert running.stdout.readline().strip() == "500 steps"
    running.terminate()

    assert running.wait(timeout=20) == 143
    assert list(folder.iterdir()) == []
    assert left_behind(running.pid) == set()


@pytest.mark.engine("sqlite")  # nothing of it depends on the engine
def test_a_seed_that_fails_prints_a_short_history_and_how_to_replay_it(monkeypatch):
    monkeypatch.setattr(idempotency, "keep", lambda *_, **__: None)

    status, text = simulate("--seed", "2", "--steps", "300", "--shorten-seconds", "20")

    assert status == 1
    assert re.search(r"BROKEN  (crash_then_retry|replay_is_the_same)", text)
    history = re.search(r"What led there, in (\d+) steps:\n((?:.+\n)+)", text)
    assert int(history[1]) == len(history[2].splitlines()) <= 6
    whole, short = re.findall(r"counterfoil simulate (--seed .*)", text)
    for command in (whole, short):
        again, told = simulate(*command.split(), "--shorten-seconds", "0", "--json")
        verdict = json.loads(told)
        assert again == 1
        assert verdict["violations"][0]["invariant"] in text
        assert str(verdict["steps"]) == (
            history[1] if "--only" in command else whole.rpartition(" ")[2]
        )


@pytest.mark.parametrize(
    "wrong", ["--steps 0", "--steps many", "--only 0", "--only 1,x", "--seed x"]
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(CommandError, match="argument"):
        simulate(*wrong.split())
