"""Every page of the demo: each stub adds up and agrees with the books, and axe finds nothing."""

from __future__ import annotations

import os
import re
import sqlite3
import urllib.request
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page

from counterfoil.kit.currencies import exponent
from tests.browser.walking import Walk, every_page, sign_in, stubs_of
from tests.support.server import BlankDatabase, Server, running_server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = Path(__file__).parent / "node" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """
async (rules) => (await axe.run(document, {runOnly: rules})).violations.map((found) =>
  [`${found.id}: ${found.help}`, ...found.nodes.map((node) => node.html.slice(0, 160))].join(" | "))
"""


@pytest.fixture(scope="module")
def demo(
    blank_database: BlankDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server with the demo's sellers and some of their history."""
    with running_server(blank_database, tmp_path_factory.mktemp("demo")) as running:
        running.run("demo", "--payments", "300")
        yield running


def sellers_of(server: Server) -> list[str]:
    with urllib.request.urlopen(f"{server.url}/dev/sellers") as answer:  # noqa: S310 - http, ours
        found = re.findall(r"acct_\w+", answer.read().decode())
    return list(dict.fromkeys(found))


def books_of(server: Server) -> dict[str, Decimal]:
    """What each balance transaction changed its balance by, in units of its currency."""
    sql = "SELECT id, net, currency FROM ledger_balancetransaction"
    if server.database_url.startswith("sqlite"):
        with sqlite3.connect(server.database_url.removeprefix("sqlite:///")) as database:
            rows = database.execute(sql).fetchall()
    else:
        with psycopg.connect(server.database_url) as database:
            rows = database.execute(sql).fetchall()
    return {ident: Decimal(net).scaleb(-exponent(currency)) for ident, net, currency in rows}


def test_every_stub_of_every_page_adds_up_and_agrees_with_the_books(
    chromium: Browser, demo: Server, capsys: pytest.CaptureFixture[str]
):
    books = books_of(demo)
    stubs = lines = of_books = pages = 0
    for account in sellers_of(demo):
        with chromium.new_context(locale="en-US") as context:
            page = sign_in(context, demo.url, account)
            for _kind in every_page(page, demo.url, Walk()):
                pages += 1
                for stub in stubs_of(page):
                    assert sum(stub.lines) == stub.total, (page.url, stub)
                    assert stub.check == "Adds up", (page.url, stub)
                    stubs, lines = stubs + 1, lines + len(stub.lines)
                    if stub.references and stub.references[0] in books:
                        assert abs(books[stub.references[0]]) == abs(stub.total), (page.url, stub)
                        of_books += 1
    with capsys.disabled():
        print(  # noqa: T201 - the count is the point
            f"\n{pages} pages, {stubs} stubs with {lines} lines; {of_books} are in the books"
        )
    assert pages > 100
    assert stubs > 300
    assert of_books > 250


@pytest.mark.engine("sqlite")  # what a page looks like does not depend on where it is read from
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_kind_of_page(chromium: Browser, demo: Server, scheme):
    if os.environ.get("COUNTERFOIL_TEST_NODE") != "1" and not AXE.exists():
        pytest.skip("axe is not installed: npm ci in tests/browser/node")
    source, found, looked_at = AXE.read_text(), {}, set()
    for account in sellers_of(demo)[:4]:
        with chromium.new_context(
            locale="en-US", color_scheme=scheme, reduced_motion="reduce", bypass_csp=True
        ) as context:
            page = sign_in(context, demo.url, account)
            for kind in every_page(page, demo.url, Walk()):
                if kind not in looked_at:
                    looked_at.add(kind)
                    stubs_of(page)  # torn open
                    for said in violations(page, source):
                        found.setdefault(said, page.url)
    assert found == {}, "\n".join(f"{url}\n  {said}" for said, url in found.items())
    assert len(looked_at) >= 20, looked_at


def violations(page: Page, source: str) -> list[str]:
    page.evaluate(source)
    said: list[str] = page.evaluate(_RUN, RULES)
    return said
