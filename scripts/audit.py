"""Lighthouse on a seller's home and payments, as a middling phone would load them.

`make audit` calls it, beside the dependency audit; axe on every kind of page is part of
`make test`. It serves the demo from a throwaway folder and fails when a score is below what is
asked for.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from parts import Missing, find_chromium, find_node
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "scripts" / "audit"
COUNTERFOIL = str(Path(sys.executable).with_name("counterfoil"))
PAGES = ("/", "/payments")
CATEGORIES = ("performance", "accessibility", "best-practices")
LEAST = 95
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
)


def main() -> int:
    try:
        find_node(HERE)
        chromium = find_chromium()
    except Missing as reason:
        print(f"audit: Lighthouse did not run: {reason}")
        return 1
    with tempfile.TemporaryDirectory() as folder, demo_server(Path(folder)) as base:
        cookie, first_rows = signed_in(base, chromium)
        reports = [lighthouse(base + page, cookie, chromium, Path(folder)) for page in PAGES]
    good = True
    for page, report, row in zip(PAGES, reports, first_rows, strict=True):
        scores = {name: round(100 * report["categories"][name]["score"]) for name in CATEGORIES}
        good &= min(scores.values()) >= LEAST
        print(f"{page:<12}" + "  ".join(f"{name} {score}" for name, score in scores.items()))
        print(f"            {said(report)}; first row after {row:.0f} ms")
        for line in lost(report):
            print(f"            - {line}")
    print("audit: every score holds." if good else f"audit: a score is below {LEAST}.")
    return 0 if good else 1


def said(report: dict[str, Any]) -> str:
    """The figures beside the scores. The line is Lighthouse's slow one."""
    audits = report["audits"]
    names = {
        "first paint": "first-contentful-paint",
        "largest": "largest-contentful-paint",
        "shift": "cumulative-layout-shift",
    }
    told = ", ".join(f"{word} {audits[name]['displayValue']}" for word, name in names.items())
    return f"{told}, {audits['total-byte-weight']['numericValue'] / 1024:.1f} KiB transferred"


def lost(report: dict[str, Any]) -> Iterator[str]:
    """What cost points."""
    for name in CATEGORIES:
        for reference in report["categories"][name]["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                yield f"{audit['title']} ({audit['score']})"


@contextmanager
def demo_server(folder: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("COUNTERFOIL_")
    } | {"COUNTERFOIL_DATA_DIR": str(folder)}
    for command in (["migrate", "--verbosity", "0"], ["demo"]):
        subprocess.run(
            [COUNTERFOIL, *command], env=environment, check=True, stdout=subprocess.DEVNULL
        )
    server = subprocess.Popen(
        [COUNTERFOIL, "serve", "--port", str(port), "--no-worker"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://localhost:{port}"
    try:
        wait_for(f"{base}/readyz")
        yield base
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - http, ours
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("audit: the server did not start")


def signed_in(base: str, chromium: str) -> tuple[str, list[float]]:
    """The Cookie header of the first demo seller, and when each page's first row was there."""
    with urllib.request.urlopen(f"{base}/dev/sellers") as answer:  # noqa: S310 - http, ours
        found = re.search(r"acct_\w+", answer.read().decode())
    assert found is not None, "the demo has sellers"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS.split()[1:])
        page = browser.new_page()
        page.goto(f"{base}/dev/login/{found[0]}")
        page.wait_for_url("**/code")
        page.get_by_label("Six-digit code").fill("000000")
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{base}/**")
        page.wait_for_load_state()
        cookies = page.context.cookies()
        rows = [first_row(page, base + address) for address in PAGES]
        browser.close()
    return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in cookies), rows


def first_row(page: Page, url: str) -> float:
    """Milliseconds until the first row is painted on a four times slower processor, the line
    being the machine's own; the median of five cold loads."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    times = []
    for _ in range(5):
        page.goto(url)
        assert page.locator(".row, .list__row").count(), f"{url} has no row"
        script = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
        times.append(float(page.evaluate(script)))
    session.detach()
    return sorted(times)[2]


def lighthouse(url: str, cookie: str, chromium: str, folder: Path) -> dict[str, Any]:
    """One report. Its defaults are a phone with a slow line and a four times slower processor."""
    out = folder / "lighthouse.json"
    subprocess.run(
        [
            str(HERE / "node_modules" / ".bin" / "lighthouse"),
            url,
            "--quiet",
            "--output=json",
            f"--output-path={out}",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-flags={FLAGS} --user-data-dir={folder / 'profile'}",
            f"--extra-headers={json.dumps({'Cookie': cookie})}",
        ],
        env={**os.environ, "CHROME_PATH": chromium},
        stdin=subprocess.DEVNULL,
        check=True,
    )
    report: dict[str, Any] = json.loads(out.read_text())
    return report


if __name__ == "__main__":
    sys.exit(main())
