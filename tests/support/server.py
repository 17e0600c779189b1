"""A live Counterfoil: `counterfoil serve` in a process of its own, on a throwaway database.

    def test_something(server, platform):
        client = stripe.StripeClient(platform.secret_key_test, …server.url…)

Everything goes through the console script, as a self-hoster would: `migrate` makes a template
once per test process, each server gets a copy of it (a file on SQLite, `CREATE DATABASE …
TEMPLATE` on PostgreSQL), `init` makes platforms, `check` judges the books. Nothing of Django
runs in the test's own process.

To use it, import the fixtures and the hook into the `conftest.py` beside the tests:

    from tests.support.server import (  # noqa: F401 - fixtures and a hook
        another_platform, blank_database, platform, pytest_runtest_makereport, server,
        shared_server,
    )

A test that kills its server, or wants several web processes, makes its own with
`running_server`. The log of a server is shown with a failing test.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import psycopg
import pytest

from tests.support.settings import ENGINE, POSTGRES_URL

ROOT: Final = Path(__file__).parents[2]
COUNTERFOIL: Final = str(Path(sys.executable).with_name("counterfoil"))
STOCK: Final = 30
STARTS_WITHIN: Final = 60.0  # seconds; usually half of one
LOG_SHOWN: Final = 12_000  # characters, the newest
# Below the range from which the kernel takes ports for outgoing connections: a server that is
# down for a moment finds its port free again.
PORTS: Final = range(18_000, 28_000)


@dataclass(frozen=True, slots=True)
class Platform:
    """What `counterfoil init --json` printed."""

    platform_id: str
    name: str
    secret_key_test: str
    secret_key_live: str
    publishable_key_test: str
    publishable_key_live: str
    console_url: str


@dataclass(slots=True)
class Server:
    """`counterfoil serve` on one port and one database, which survive a restart."""

    database_url: str
    data_dir: Path
    workers: int = 1
    extra_environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=lambda: free_port())
    process: subprocess.Popen[bytes] | None = None
    _platforms: list[Platform] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def log_path(self) -> Path:
        return self.data_dir / "server.log"

    def log(self) -> str:
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def start(self, **environment: str) -> None:
        """Start it and wait until it answers. `environment` counts for this start only."""
        assert self.process is None, "it runs already"
        command = ["serve", "--port", str(self.port), "--workers", str(self.workers)]
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [COUNTERFOIL, *command, "--no-worker"],
                env=self._environment() | environment,
                cwd=self.data_dir,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that all its processes can be killed together
            )
        self._wait_until_it_answers()

    def kill(self) -> None:
        """`kill -9` every process of it; does nothing when there is none."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):  # the group may have ended by itself
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def run(self, *command: str, check: bool = True) -> str:
        """What a `counterfoil` command prints, against the same database."""
        return self._output([COUNTERFOIL, *command], cwd=self.data_dir, check=check)

    def begin(self, *command: str, **environment: str) -> subprocess.Popen[str]:
        """A `counterfoil` command that goes on, against the same database; its lines are read."""
        return subprocess.Popen(
            [COUNTERFOIL, *command],
            env=self._environment() | {"PYTHONUNBUFFERED": "1"} | environment,
            cwd=self.data_dir,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def init(self, name: str, *options: str) -> Platform:
        """A platform by the command that a self-hoster uses."""
        return Platform(**json.loads(self.run("init", "--platform", name, "--json", *options)))

    def new_platform(self) -> Platform:
        """A US platform called Rocket Rides, from a stock that is made at once."""
        if not self._platforms:
            command = [sys.executable, "-m", "tests.support.platforms", str(STOCK)]
            lines = self._output(command, cwd=ROOT, check=True).splitlines()
            self._platforms = [Platform(**json.loads(line)) for line in lines]
        return self._platforms.pop()

    def check(self) -> dict[str, Any]:
        """The verdict of `counterfoil check --json` on the whole database."""
        verdict: dict[str, Any] = json.loads(self.run("check", "--json", check=False))
        return verdict

    def _output(self, command: list[str], *, cwd: Path, check: bool) -> str:
        ended = subprocess.run(
            command,
            env=self._environment(),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert not check or ended.returncode == 0, f"{command}: {ended.stdout}\n{ended.stderr}"
        return ended.stdout

    def _environment(self) -> dict[str, str]:
        # Ours without what points at Django or at a database of somebody's own.
        ours = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("COUNTERFOIL_", "DJANGO_"))
        }
        return {
            **ours,
            "COUNTERFOIL_DATABASE_URL": self.database_url,
            "COUNTERFOIL_DATA_DIR": str(self.data_dir),
            **self.extra_environment,
        }

    def _has_ended(self) -> bool:
        # Looked at without reaping: its number stays its own, so `kill` can hit nobody else.
        assert self.process is not None
        how = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self.process.pid, how) is not None

    def _wait_until_it_answers(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline:
            if self._has_ended():
                break
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:  # noqa: S310 - http, ours
                    assert answer.status == 200
                    return
            except OSError:
                time.sleep(0.03)
        self.kill()
        pytest.fail(f"the server did not start:\n{self.log()[-LOG_SHOWN:]}")


def free_port() -> int:
    """A port that nobody listens on."""
    for port in random.SystemRandom().sample(PORTS, 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    pytest.fail(f"no free port among {PORTS}")


# ---- Databases ----


@dataclass(frozen=True, slots=True)
class BlankDatabase:
    """A migrated database without a row, to be copied."""

    copy: Callable[[Path], Any]  # a context manager that gives the copy's URL


@pytest.fixture(scope="session")
def blank_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlankDatabase]:
    directory = tmp_path_factory.mktemp("blank")
    if ENGINE == "postgresql":
        with _database_of_postgresql(template=None) as (name, url):
            Server(url, directory).run("migrate", "--verbosity", "0")
            yield BlankDatabase(lambda _directory: _copy_on_postgresql(name))
    else:
        path = directory / "blank.db"
        Server(f"sqlite:///{path}", directory).run("migrate", "--verbosity", "0")
        yield BlankDatabase(lambda directory: _copy_on_sqlite(path, directory))


@contextmanager
def _copy_on_sqlite(blank: Path, directory: Path) -> Iterator[str]:
    # The command that made it has closed it: everything is in the one file.
    path = directory / "counterfoil.db"
    shutil.copyfile(blank, path)
    yield f"sqlite:///{path}"


@contextmanager
def _copy_on_postgresql(template: str) -> Iterator[str]:
    with _database_of_postgresql(template=template) as (_, url):
        yield url


@contextmanager
def _database_of_postgresql(*, template: str | None) -> Iterator[tuple[str, str]]:
    name = f"counterfoil_live_{os.getpid()}_{uuid4().hex[:8]}"
    source = "template0" if template is None else template
    with psycopg.connect(POSTGRES_URL, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        try:
            yield name, f"{POSTGRES_URL.rpartition('/')[0]}/{name}"
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


# ---- Fixtures ----


@contextmanager
def running_server(
    blank_database: BlankDatabase, directory: Path, *, workers: int = 1, **environment: str
) -> Iterator[Server]:
    """A server on a fresh database, killed at the end, its log kept in `directory`."""
    with blank_database.copy(directory) as url:
        server = Server(url, directory, workers, environment)
        server.start()
        try:
            yield server
        finally:
            server.kill()


@pytest.fixture(scope="session")
def shared_server(
    blank_database: BlankDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """One web process for every test that leaves it alive and brings a platform of its own."""
    with running_server(blank_database, tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def server(shared_server: Server) -> Iterator[Server]:
    """The shared server; a test during which it logs a traceback fails."""
    before = len(shared_server.log())
    yield shared_server
    said = shared_server.log()[before:]
    assert "Traceback" not in said, said


@pytest.fixture
def platform(server: Server) -> Platform:
    """A platform that nobody else uses."""
    return server.new_platform()


@pytest.fixture
def another_platform(server: Server) -> Platform:
    """A second one on the same server."""
    return server.new_platform()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Iterator[pytest.TestReport]:
    """Show a failing test the log of the servers it used."""
    report = yield
    if report.failed and isinstance(item, pytest.Function):
        for value in item.funcargs.values():
            if isinstance(value, Server):
                report.sections.append(("server log", value.log()[-LOG_SHOWN:]))
    return report
