"""Starting and stopping what is measured: the application, and the floor beside it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.machine import children

ROOT: Final = Path(__file__).resolve().parent.parent
_PATIENCE: Final = 30.0  # seconds to start, and to stop


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    pid: int

    def web_processes(self) -> list[int]:
        """The processes that answer: granian's workers, below the one that watches them."""
        return children(self.pid)


@contextmanager
def application(environment: Mapping[str, str], *, processes: int, log: Path) -> Iterator[Server]:
    """`counterfoil serve` without its background worker."""
    port = _free_port()
    command = ["counterfoil", "serve", "--port", str(port), "--no-worker"]
    with _running([*command, "--workers", str(processes)], environment, port, log) as server:
        yield server


@contextmanager
def floor(
    environment: Mapping[str, str], *, threads: int, plan: Path, page: Path, log: Path
) -> Iterator[Server]:
    """`floor.py` under granian, set as `counterfoil serve` sets it, in one process."""
    port = _free_port()
    options = {
        "--interface": "wsgi",
        "--port": str(port),
        "--workers": "1",
        "--blocking-threads": str(threads),
        "--log-level": "warning",
    }
    flat = [part for option in options.items() for part in option]
    command = ["granian", *flat, "--no-ws", "--no-access-log", "bench.floor:application"]
    known = {**environment, "BENCH_PLAN": str(plan), "BENCH_PAGE": str(page)}
    with _running(command, known, port, log) as server:
        yield server


def clean_environment(**ours: str) -> dict[str, str]:
    """Ours without the COUNTERFOIL_* of the shell: no bench may touch a real database."""
    kept = {name: value for name, value in os.environ.items() if "COUNTERFOIL_" not in name}
    return {**kept, **ours}


def inside(environment: Mapping[str, str], *arguments: object) -> None:
    """Run `inside.py` to its end. Raises CalledProcessError; it has said what is wrong."""
    command = [sys.executable, "-m", "bench.inside", *map(str, arguments)]
    subprocess.run(command, cwd=ROOT, env=dict(environment), check=True)


@contextmanager
def _running(
    module: list[str], environment: Mapping[str, str], port: int, log: Path
) -> Iterator[Server]:
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *module],
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        try:
            _wait_for(port, process)
            yield Server(port, process.pid)
        except BaseException:
            # The log goes with the scratch folder, and it may say why.
            print(f"{module}:\n{log.read_text()[-3000:]}", file=sys.stderr)
            raise
        finally:
            process.terminate()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    gives_up = time.monotonic() + _PATIENCE
    while time.monotonic() < gives_up and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("a server did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
