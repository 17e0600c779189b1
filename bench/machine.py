"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from importlib.metadata import version
from pathlib import Path

from bench.figures import median

_PACKAGES = ("Django", "granian", "Jinja2", "msgspec", "psycopg")


def machine(scratch: Path) -> dict[str, object]:
    """Cores, processor, versions, and how long this disk takes to make 4 KiB durable."""
    return {
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "packages": {name: version(name) for name in _PACKAGES},
        "fsync_ms": round(_fsync_ms(scratch), 3),
        "load_before": round(os.getloadavg()[0], 2),
    }


def resident_mb(pid: int) -> dict[str, float]:
    """A process' resident memory in MB: all of it, and what is not pages of mapped files.

    The second is known on Linux only. Pages of the database file that SQLite maps count in the
    first; the kernel drops them when memory is short.
    """
    shown = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True
    )
    found = {"resident": int(shown.stdout) / 1024}
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("RssAnon:"):
                found["own"] = int(line.split()[1]) / 1024
    return found


def cpu_seconds(pid: int) -> float | None:
    """Processor time of a process so far, all its threads together; None but on Linux."""
    if platform.system() != "Linux":
        return None
    return time.clock_gettime(~pid << 3 | 2)  # what clock_getcpuclockid(3) would answer


def children(pid: int) -> list[int]:
    """Direct children of a process."""
    shown = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    )
    pairs = (line.split() for line in shown.stdout.splitlines())
    return [int(child) for child, parent in pairs if int(parent) == pid]


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def _fsync_ms(scratch: Path) -> float:
    path = scratch / "fsync"
    took = []
    with path.open("wb", buffering=0) as file:
        for _ in range(100):
            file.write(bytes(4096))
            began = time.perf_counter()
            os.fsync(file.fileno())
            took.append((time.perf_counter() - began) * 1000)
    path.unlink()
    return median(took)
