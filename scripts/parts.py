"""The parts of the suite that a machine may not have: PostgreSQL, Node, dj-stripe, Chromium.

Each function finds one and returns what tests need to know, or raises `Missing` with a sentence
that says what would help.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import psycopg

OLDEST_POSTGRESQL: Final = 14
OLDEST_NODE: Final = 20
CHROMIUM_NAMES: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

# The local socket and the default port, as oneself and as the user that Debian's package makes.
LOCAL_POSTGRESQL: Final = (
    "postgresql:///postgres",
    "postgresql://postgres@/postgres",
    "postgresql://localhost:5432/postgres",
    "postgresql://postgres@localhost:5432/postgres",
)


class Missing(Exception):
    """A part is not here, or does not serve; the message says why."""


def find_postgresql() -> str:
    """The URL of a server where we may make databases."""
    given = os.environ.get("COUNTERFOIL_TEST_POSTGRES_URL")
    reasons: list[str] = []
    for url in [given] if given else LOCAL_POSTGRESQL:
        try:
            _check_postgresql(url)
        except Missing as reason:
            if str(reason) not in reasons:
                reasons.append(str(reason))
        else:
            return url
    # Without a URL the first attempt, as oneself over the socket, tells most.
    where = "at COUNTERFOIL_TEST_POSTGRES_URL" if given else "on the default socket and port"
    raise Missing(f"none that serves {where} ({reasons[0]})")


def _check_postgresql(url: str) -> None:
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            row = connection.execute(
                "select rolcreatedb or rolsuper, current_setting('server_version_num')::int / 10000"
                " from pg_roles where rolname = current_user"
            ).fetchone()
    except psycopg.Error as error:
        raise Missing(" ".join(str(error).split())) from error
    assert row is not None, "current_user is always in pg_roles"
    may_create, version = row
    if version < OLDEST_POSTGRESQL:
        raise Missing(f"PostgreSQL {version} is older than {OLDEST_POSTGRESQL}")
    if not may_create:
        raise Missing("this user may not create databases; ALTER ROLE … CREATEDB")


def find_node(folder: Path) -> None:
    """Make sure that Node is new enough and the npm SDK is installed in `folder`."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise Missing(f"there is no Node with npm; Node {OLDEST_NODE} or newer runs it")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.", said)
    if version is None or int(version[1]) < OLDEST_NODE:
        raise Missing(f"Node {said.strip() or '(silent)'} is older than {OLDEST_NODE}")

    lock = folder / "package-lock.json"
    installed = folder / "node_modules" / ".package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    print("Installing the npm SDK (npm ci)", flush=True)
    ended = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if ended.returncode:
        raise Missing("`npm ci` failed, as shown at the beginning")


def find_djstripe(lock: Path, venv: Path) -> str:
    """The interpreter of dj-stripe's own virtual environment, made from its lock when it is old.

    It is not in ours, because it needs an older `stripe` than we test with.
    """
    python, stamp = venv / "bin" / "python", venv / "installed"
    if stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return str(python)
    print("Installing dj-stripe in an environment of its own", flush=True)
    install = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(venv)],
        [*install, "--require-hashes", "--only-binary", ":all:", "-r", str(lock)],
    ):
        if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode:
            raise Missing("its installation failed, as shown at the beginning; is PyPI reachable?")
    stamp.write_bytes(lock.read_bytes())
    return str(python)


def find_chromium() -> str:
    """The path of a Chromium that starts; root on Debian gets one installed."""
    given = os.environ.get("COUNTERFOIL_TEST_CHROMIUM")
    if path := _working_chromium((given,) if given else CHROMIUM_NAMES):
        return path
    if given:
        raise Missing(f"COUNTERFOIL_TEST_CHROMIUM, {given}, does not start")
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise Missing("there is no Chromium; on Debian: apt-get install chromium")

    print("Installing Chromium (apt-get install chromium)", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # Without recommendations it brings no font, and a page without letters proves little.
    install = ["install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"]
    for arguments in (["update"], install):
        ended = subprocess.run(
            [apt, "-qq", *arguments],
            env=quiet,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=False,
        )
        if ended.returncode:
            raise Missing(f"`apt-get {arguments[0]}` failed, as shown at the beginning")
    if path := _working_chromium(CHROMIUM_NAMES):
        return path
    raise Missing("the chromium package is installed, but it does not start")


def _working_chromium(names: tuple[str, ...]) -> str | None:
    for name in names:
        path = shutil.which(name)
        if path is None:
            continue
        # Asked by running it: some systems have a placeholder of that name.
        ended = subprocess.run(
            [path, "--version"], stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        if ended.returncode == 0:
            return path
    return None
