"""Keys at work, between threads and between processes."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from counterfoil.api import inflight

HOLDER = """
import sys
from pathlib import Path
from counterfoil.api import inflight
taken = inflight.hold(int(sys.argv[2]), directory=Path(sys.argv[1]))
print("taken" if taken else "refused", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(inflight, "_descriptor", None)
    return tmp_path / "made when needed"


def other_process(directory: Path, number: int) -> subprocess.Popen[str]:
    """Another process that tries to take a key and keeps it while its input is open."""
    command = [sys.executable, "-c", HOLDER, str(directory), str(number)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_key_is_held_once_and_given_back(directory):
    assert inflight.hold(5, directory=directory)
    assert not inflight.hold(5, directory=directory)
    assert inflight.hold(6, directory=directory)
    inflight.release(5, directory=directory)

    assert inflight.hold(5, directory=directory)


def test_threads_of_one_process_exclude_each_other(directory):
    inflight.hold(5, directory=directory)
    taken: list[bool] = []

    thread = threading.Thread(target=lambda: taken.append(inflight.hold(5, directory=directory)))
    thread.start()
    thread.join()

    assert taken == [False]


def test_processes_exclude_each_other(directory):
    inflight.hold(2**62 - 1, directory=directory)

    with other_process(directory, 2**62 - 1) as same, other_process(directory, 7) as different:
        assert said(same) == "refused"
        assert said(different) == "taken"
        assert not inflight.hold(7, directory=directory)


def test_a_killed_process_gives_its_keys_back(directory):
    with other_process(directory, 9) as holder:
        assert said(holder) == "taken"
        assert not inflight.hold(9, directory=directory)
        holder.kill()
        holder.wait()

    assert inflight.hold(9, directory=directory)


def test_releasing_one_key_keeps_the_others(directory):
    """The kernel drops all locks of a process that closes the file, so it stays open."""
    inflight.hold(1, directory=directory)
    inflight.hold(2, directory=directory)
    inflight.release(1, directory=directory)

    with other_process(directory, 2) as other:
        assert said(other) == "refused"


def test_a_forked_worker_holds_nothing_of_its_parent(directory):
    inflight.hold(1, directory=directory)
    results = multiprocessing.get_context("fork").SimpleQueue()

    child = os.fork()
    if child == 0:
        results.put([inflight.hold(1, directory=directory), inflight.hold(2, directory=directory)])
        os._exit(0)
    os.waitpid(child, 0)

    assert results.get() == [False, True]
    assert not inflight.hold(1, directory=directory)
    assert inflight.hold(2, directory=directory)  # the child is gone
