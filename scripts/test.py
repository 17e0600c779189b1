"""Runs every suite that this machine can run, and says loudly what it could not.

`make test` calls it. Arguments are passed to pytest: `.venv/bin/python scripts/test.py -k payout`.
With CI=true anything skipped is a failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from parts import Missing, find_chromium, find_djstripe, find_node, find_postgresql

ROOT = Path(__file__).resolve().parent.parent
WORKERS = "2"
RULE = "=" * 88


@dataclass(frozen=True, slots=True)
class Run:
    """One pytest run: its exit status, counts, and skips with their reasons."""

    engine: str
    status: int
    passed: int
    failed: int
    skipped: Counter[str]


def main() -> int:
    environment = clean_environment()
    missing: list[str] = []
    engines = ["sqlite"]
    try:
        environment["COUNTERFOIL_TEST_POSTGRES_URL"] = find_postgresql()
        engines.append("postgresql")
    except Missing as reason:
        missing.append(f"the whole suite on PostgreSQL: {reason}")
    try:
        for folder in ("contract", "browser"):
            find_node(ROOT / "tests" / folder / "node")
        environment["COUNTERFOIL_TEST_NODE"] = "1"
    except Missing as reason:
        missing.append(f"the npm SDK: {reason}")
    try:
        environment["COUNTERFOIL_TEST_DJSTRIPE"] = find_djstripe(
            ROOT / "tests" / "contract" / "djstripe" / "requirements.txt", ROOT / "var" / "djstripe"
        )
    except Missing as reason:
        missing.append(f"dj-stripe: {reason}")
    try:
        environment["COUNTERFOIL_TEST_CHROMIUM"] = find_chromium()
    except Missing as reason:
        missing.append(f"the browser: {reason}")

    runs = [run(engine, environment) for engine in engines]
    skipped = say_what_ran(runs, missing)
    if any(one.status for one in runs):
        return 1
    if skipped and os.environ.get("CI") == "true":
        print("CI=true: what is skipped counts as failed.")
        return 1
    return 0


def clean_environment() -> dict[str, str]:
    """Ours without COUNTERFOIL_*: no test may touch the database that a shell points at."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith("COUNTERFOIL_")
    }


def run(engine: str, environment: dict[str, str]) -> Run:
    print(f"\n{RULE}\nEvery test on {engine}\n{RULE}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-n", WORKERS, f"--junit-xml={report}"]
        status = subprocess.run(
            [*command, *sys.argv[1:]],
            cwd=ROOT,
            env={**environment, "COUNTERFOIL_TEST_ENGINE": engine},
            stdin=subprocess.DEVNULL,
            check=False,
        ).returncode
        # No report: pytest itself could not start, and has said why.
        return count(engine, status, read_cases(report) if report.exists() else [])


def read_cases(report: Path) -> list[ElementTree.Element]:
    tree = ElementTree.parse(report)  # noqa: S314 - our own pytest has just written it
    return list(tree.iter("testcase"))


def count(engine: str, status: int, cases: list[ElementTree.Element]) -> Run:
    """Read pytest's report. An expected failure stands there as skipped, but it ran."""
    skipped: Counter[str] = Counter()
    passed = failed = 0
    for case in cases:
        skip = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif skip is None:
            passed += 1
        elif skip.get("type") != "pytest.xfail":
            skipped[skip.get("message", "no reason given")] += 1
    return Run(engine, status, passed, failed, skipped)


def say_what_ran(runs: list[Run], missing: list[str]) -> bool:
    """Print the summary; answer whether anything was skipped."""
    print(f"\n{RULE}")
    for one in runs:
        ending = "" if one.status in (0, 1) else f", pytest ended with status {one.status}"
        print(
            f"{one.engine:<12}{one.passed} passed, {one.failed} failed, "
            f"{one.skipped.total()} skipped{ending}"
        )
    skips = [
        f"{times} on {one.engine}: {why}" for one in runs for why, times in one.skipped.items()
    ]
    if missing or skips:
        print("\nSKIPPED: NOT EVERYTHING RAN")
        for line in [*missing, *skips]:
            print(f"  - {line}")
    else:
        print("Nothing was skipped.")
    print(RULE, flush=True)
    return bool(missing or skips)


if __name__ == "__main__":
    sys.exit(main())
