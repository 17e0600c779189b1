"""`counterfoil backup` and `counterfoil restore`: what comes back, and what is refused."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from django.db import connection

from counterfoil.config.simulate.throwaway import created
from tests.support.builders import World

KEY = "a secret key for backups, of more than 32 characters"


class Installation:
    """A database and a data directory, and our command on them."""

    def __init__(self, url: str, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.environment = {
            **{name: v for name, v in os.environ.items() if not name.startswith("COUNTERFOIL_")},
            "DJANGO_SETTINGS_MODULE": "counterfoil.config.settings",
            "COUNTERFOIL_DATABASE_URL": url,
            "COUNTERFOIL_DATA_DIR": str(folder),
            **environment,
        }

    def run(self, *words: str) -> tuple[int, str]:
        """The exit status, and what was printed."""
        done = subprocess.run(
            [sys.executable, "-m", "counterfoil", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def here(committed_database, tmp_path) -> Installation:
    world = World()
    seller = world.seller()
    world.charge(2000, on=seller)
    data = tmp_path / "here"
    (data / "files" / "2025").mkdir(parents=True)
    (data / "files" / "2025" / "passport.png").write_bytes(b"\x89PNG passport")
    return Installation(committed_database, data)


@pytest.fixture
def elsewhere(here, tmp_path):
    """An empty installation on a server of the same kind."""
    data = tmp_path / "elsewhere"
    if connection.vendor == "sqlite":
        yield Installation(f"sqlite:///{data / 'counterfoil.db'}", data)
        return
    name = f"counterfoil_elsewhere_{os.getpid()}"
    url = here.environment["COUNTERFOIL_DATABASE_URL"]
    with created(name):
        yield Installation(url.replace(connection.settings_dict["NAME"], name), data)


def test_a_backup_comes_back_whole_and_says_so(here, elsewhere, tmp_path):
    archive, then = tmp_path / "backup.tar.gz", counted(here)
    status, said = here.run("backup", str(archive))
    assert status == 0, said
    assert archive.stat().st_mode & 0o777 == 0o600
    World().fund(1000)

    status, said = elsewhere.run("restore", str(archive))

    assert status == 0, said
    assert "Every invariant holds" in said
    assert counted(elsewhere) == then != counted(here)
    assert (elsewhere.folder / "files/2025/passport.png").read_bytes() == b"\x89PNG passport"
    assert (elsewhere.folder / "secret-key").read_text() == (here.folder / "secret-key").read_text()


def counted(installation: Installation) -> list[str]:
    """What `check` has counted, and the heads."""
    return [
        line
        for line in installation.run("check")[1].splitlines()
        if line.startswith(("Checked", "Head"))
    ]


def test_practice_touches_nothing(here, tmp_path):
    archive, before = tmp_path / "backup.tar", everything_in(here.folder)
    assert here.run("backup", str(archive))[0] == 0

    status, said = here.run("restore", "--drill", str(archive))

    assert status == 0, said
    assert "Every invariant holds" in said
    assert everything_in(here.folder) >= before
    status, said = here.run("restore", str(archive))
    assert (status, "is not empty" in said) == (1, True)
    status, said = here.run("backup", str(archive))
    assert (status, "exists already" in said) == (1, True)


def everything_in(folder: Path) -> set[tuple[str, bytes]]:
    return {(str(path), path.read_bytes()) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.engine("sqlite")
def test_a_key_that_the_environment_gives_is_not_in_the_file(here, elsewhere, tmp_path):
    here.environment["COUNTERFOIL_SECRET_KEY"] = KEY
    path = tmp_path / "keyless.tar"
    status, said = here.run("backup", str(path))
    assert "is not in this file: keep it as well" in said
    with tarfile.open(path) as tar:
        assert "secret-key" not in tar.getnames()

    status, said = elsewhere.run("restore", str(path))
    assert status == 1
    assert "is not the one that this backup was made with" in said
    elsewhere.environment["COUNTERFOIL_SECRET_KEY"] = KEY
    status, said = elsewhere.run("restore", str(path))
    assert status == 0, said
