"""Workers that are there at once: a process that has loaded everything forks them.

Starting Python and Django takes half a second, and a test that kills two hundred workers would do
little else. So one process is started, makes Django ready and waits; `WarmWorkers.run` has it fork
a worker for each setting of `COUNTERFOIL_TEST_FAILPOINTS`, and gives how each ended. A forked
worker is a process of its own with connections of its own; it runs what `counterfoil worker
--once` runs, and is killed by its failpoint (`kit/failpoints.py`) as `kill -9` would kill it.

    with warm_workers(url, folder, batches={"…automatic": 80}) as workers:
        workers.run("payouts.before_commit:1", "")     # [-9, 0]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

import django

from counterfoil.kit import failpoints

if TYPE_CHECKING:
    from counterfoil.config.duties import Duty

ROOT: Final = Path(__file__).resolve().parent.parent.parent
LOG: Final = "failpoints.log"
_BATCHES: Final = "WARM_WORKERS_BATCHES"


class WarmWorkers:
    """Forks workers; `log` is the file in which failpoints that fired are counted."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self._process = process
        self.log = log

    def run(self, *failpoints: str) -> list[int]:
        """Workers side by side, each with its failpoints armed, to their ends.

        Answers with their exit statuses, -9 for one that was killed.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(failpoints) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the process that forks workers has ended"
        statuses: list[int] = json.loads(answer)
        return statuses


@contextmanager
def warm_workers(
    database_url: str, folder: Path, *, batches: Mapping[str, int], **environment: str
) -> Iterator[WarmWorkers]:
    """`batches` sets `BATCH` of modules: small ones give more moments at which to die."""
    log = folder / LOG
    with (folder / "workers.log").open("ab") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.warm_workers"],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "counterfoil.config.settings",
                "COUNTERFOIL_DATABASE_URL": database_url,
                "COUNTERFOIL_DATA_DIR": str(folder),
                "COUNTERFOIL_TEST_FAILPOINT_LOG": str(log),
                _BATCHES: json.dumps(batches),
                **environment,
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        with process:  # closes its input, at which it ends, and waits
            yield WarmWorkers(process, log)


def main() -> None:
    """Load everything, then fork workers for each line, until there are no more lines."""
    armed = _Armed()
    # Before anybody imports it from there: each worker arms its own.
    vars(failpoints)["failpoint"] = armed
    django.setup()
    found = _loaded()
    for line in sys.stdin:
        workers = [_fork(setting, armed, found) for setting in json.loads(line)]
        ended = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in workers]
        sys.stdout.write(json.dumps(ended) + "\n")
        sys.stdout.flush()


class _Armed:
    """The failpoint that all code calls; what it does is set in the forked process."""

    def __init__(self) -> None:
        self.act: Callable[[str], None] = failpoints.from_environment({})

    def __call__(self, name: str) -> None:
        self.act(name)


def _loaded() -> list[Duty]:
    """What a worker does, with all that it would otherwise load or work out first."""
    from counterfoil.config.duties import duties
    from counterfoil.kit.calendar import is_business_day
    from counterfoil.platforms.timing import _due_functions

    found = duties()
    _due_functions()
    is_business_day(datetime.now(UTC).date(), "US")
    for module, size in json.loads(os.environ[_BATCHES]).items():
        vars(import_module(module))["BATCH"] = size
    return found


def _fork(setting: str, armed: _Armed, found: Sequence[Duty]) -> int:
    if pid := os.fork():
        return pid
    status = 1
    try:
        armed.act = failpoints.from_environment({**os.environ, failpoints.POINTS: setting})
        from counterfoil.config.management.commands.worker import drain

        drain(found)
        status = 0
    except Exception:  # noqa: BLE001 - whatever it is, it is said, and the exit status tells
        traceback.print_exc()
    finally:
        os._exit(status)  # the child must not go on as its parent does


if __name__ == "__main__":
    main()
