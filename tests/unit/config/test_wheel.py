"""`pip install`, `counterfoil demo`, `counterfoil serve`: everything is in the wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.support.server import free_port

pytestmark = pytest.mark.engine("sqlite")  # what is in the wheel is the same on both
ROOT = Path("src/counterfoil")


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory) -> Path:
    """The wheel, built without the network and unpacked as pip would."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"),
            *("--no-build-isolation", "--wheel-dir", str(folder), "."),
        ],
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("counterfoil-*-py3-none-any.whl")  # no compiler: it fits any machine
    with zipfile.ZipFile(wheel) as file:
        file.extractall(folder / "installed")
    return folder / "installed"


def test_every_file_of_the_program_is_in_it(unpacked):
    ours = {p.relative_to("src") for p in ROOT.rglob("*") if p.is_file() and p.suffix != ".pyc"}

    assert {p.relative_to(unpacked) for p in unpacked.glob("counterfoil/**/*.*")} >= ours


def test_in_an_empty_folder_a_demo_is_made_and_served(unpacked, tmp_path):
    environment = {
        **{name: v for name, v in os.environ.items() if not name.startswith("COUNTERFOIL_")},
        "DJANGO_SETTINGS_MODULE": "counterfoil.config.settings",
        "PYTHONPATH": str(unpacked),
    }
    command = [sys.executable, "-m", "counterfoil"]
    made = subprocess.run(
        [*command, "demo", "--accounts", "1", "--payments", "3"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    port = free_port()
    serving = subprocess.Popen(
        [*command, "serve", "--port", str(port), "--workers", "1", "--no-worker"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        page = first_answer(f"http://localhost:{port}/dev/sellers")
        style = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
        assert "color" in first_answer(f"http://localhost:{port}{style}")
    finally:
        serving.terminate()
        serving.wait(timeout=30)


def first_answer(url: str) -> str:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - ours
                return answer.read().decode()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
