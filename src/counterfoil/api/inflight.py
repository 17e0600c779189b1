"""Which idempotency keys are being worked on right now, where the database cannot say.

PostgreSQL has advisory locks for this. On SQLite writers wait for each other, so a second
request with the same key would simply wait and then replay; the field's answer is 409 at once.
So the key is held outside the database: a set for the threads of this process, and a byte of
`<data dir>/inflight.lock` for other processes on this machine, which the kernel gives back when
a process is killed.

POSIX record locks belong to a process and are dropped when it closes *any* descriptor of the
file. So there is one descriptor per process, opened lazily (a forked worker has a pid of its
own and inherits no lock) and never closed.
"""

from __future__ import annotations

import errno
import fcntl
import os
import threading
from pathlib import Path

_lock = threading.Lock()
_held: set[int] = set()
_descriptor: tuple[int, int] | None = None  # (pid, file descriptor)


def hold(number: int, *, directory: Path) -> bool:
    """Take a key, known by a 62-bit number; False when somebody else has it."""
    with _lock:
        descriptor = _open(directory)
        if number in _held:
            return False
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EAGAIN):
                return False
            raise
        _held.add(number)
        return True


def release(number: int, *, directory: Path) -> None:
    """Give a key back that `hold` gave."""
    with _lock:
        _held.discard(number)
        fcntl.lockf(_open(directory), fcntl.LOCK_UN, 1, number)


def _open(directory: Path) -> int:
    global _descriptor
    pid = os.getpid()
    if _descriptor is None or _descriptor[0] != pid:
        _held.clear()
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = directory / "inflight.lock"
        _descriptor = (pid, os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    return _descriptor[1]
