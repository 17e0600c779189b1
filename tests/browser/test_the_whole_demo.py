"""Every page of the demo: each stub adds up and agrees with the books, and axe finds nothing."""

from __future__ import annotations

import os
import re
import sqlite3
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page

from counterfoil.kit.currencies import exponent
from tests.browser.walking import Stub, Walk, every_page, sign_in, stubs_of
from tests.support.server import BlankDatabase, Server, running_server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = Path(__file__).parent / "node" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Scheme, locale and direction: each is seen once, on a phone.
STATES = [("light", "en-US", "rtl"), ("dark", "de-DE", "ltr")]
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


@dataclass(frozen=True)
class Entry:
    """A balance transaction. `net` is in units of its currency."""

    id: str
    owner: str
    net: Decimal
    source: str | None


def books_of(server: Server) -> list[Entry]:
    """Every balance transaction, newest first."""
    sql = (
        "SELECT id, owner, net, currency, source_id FROM ledger_balancetransaction"
        " ORDER BY created DESC, id DESC"
    )
    if server.database_url.startswith("sqlite"):
        with sqlite3.connect(server.database_url.removeprefix("sqlite:///")) as database:
            rows = database.execute(sql).fetchall()
    else:
        with psycopg.connect(server.database_url) as database:
            rows = database.execute(sql).fetchall()
    return [
        Entry(ident, owner, Decimal(net).scaleb(-exponent(currency)), source)
        for ident, owner, net, currency, source in rows
    ]


def test_every_stub_of_every_page_adds_up_and_agrees_with_the_books(
    chromium: Browser, demo: Server, capsys: pytest.CaptureFixture[str]
):
    entries = books_of(demo)
    books = {entry.id: entry for entry in entries}
    moved = {entry.source for entry in entries}
    stubs = lines = of_books = pages = 0
    for account in sellers_of(demo):
        own = [entry for entry in entries if entry.owner == account]
        with chromium.new_context(locale="en-US") as context:
            page = sign_in(context, demo.url, account)
            for kind in every_page(page, demo.url, Walk()):
                pages += 1
                found = stubs_of(page)
                for stub in found:
                    assert sum(stub.lines) == stub.total, (page.url, stub)
                    assert stub.check == "Adds up", (page.url, stub)
                    stubs, lines = stubs + 1, lines + len(stub.lines)
                    if stub.references and stub.references[0] in books:
                        agree_with(books[stub.references[0]], stub, page.url)
                        of_books += 1
                none_is_missing(page, kind, found, own, moved)
    with capsys.disabled():
        print(  # noqa: T201 - the count is the point
            f"\n{pages} pages, {stubs} stubs with {lines} lines; {of_books} are in the books"
        )
    assert pages > 100
    assert stubs > 300
    assert of_books > 250


def agree_with(entry: Entry, stub: Stub, where: str) -> None:
    """A line of a list has the sign of the books; a payout's page says what arrives."""
    if stub.shown is None:
        assert abs(entry.net) == abs(stub.total), (where, stub)
    else:
        assert entry.net == stub.total == stub.shown, (where, stub)


def none_is_missing(
    page: Page, kind: str, found: list[Stub], own: list[Entry], moved: set[str | None]
) -> None:
    """Where money moved there is something to open: each line of a list, each thing's own page."""
    assert page.locator("details.row").count() == page.locator("details.row .stub").count()
    opened = [stub.references[0] for stub in found if stub.shown is not None]
    newest = [entry.id for entry in own[: len(opened)]]
    if kind == "/transactions":
        assert opened == newest, page.url
        assert len(opened) == min(len(own), 50), page.url
    if kind == "/":
        assert opened == newest, page.url
        assert len(opened) == min(len(own), 20), page.url
        assert len(found) > len(opened), "the balance itself"
    thing = page.url.partition("?")[0].rpartition("/")[2]
    if kind in ("/payments/*", "/payouts/*") and thing in moved:
        assert found, page.url
    if kind == "/disputes/*" and any(entry.source == thing for entry in own):
        assert found, page.url  # of others the platform lost the money


@pytest.mark.engine("sqlite")  # what a page looks like does not depend on where it is read from
def test_axe_finds_nothing_on_any_kind_of_page(chromium: Browser, demo: Server):
    if os.environ.get("COUNTERFOIL_TEST_NODE") != "1" and not AXE.exists():
        pytest.skip("axe is not installed: npm ci in tests/browser/node")
    source, found, looked_at = AXE.read_text(), {}, set()
    for account in sellers_of(demo)[:4]:
        with chromium.new_context(
            locale="en-US", reduced_motion="reduce", bypass_csp=True
        ) as context:
            page = sign_in(context, demo.url, account)
            for kind in every_page(page, demo.url, Walk(most=2)):
                if kind in looked_at:
                    continue
                looked_at.add(kind)
                stubs_of(page)  # torn open
                for scheme in ("light", "dark"):
                    page.emulate_media(color_scheme=scheme)
                    for said in violations(page, source):
                        found.setdefault(said, f"{page.url}, {scheme}")
    assert found == {}, "\n".join(f"{url}\n  {said}" for said, url in found.items())
    assert len(looked_at) >= 50, looked_at


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize(("scheme", "locale", "direction"), STATES)
def test_axe_finds_nothing_in_states_that_no_link_leads_to(
    chromium: Browser, demo: Server, scheme, locale, direction
):
    if os.environ.get("COUNTERFOIL_TEST_NODE") != "1" and not AXE.exists():
        pytest.skip("axe is not installed: npm ci in tests/browser/node")
    source, found = AXE.read_text(), {}
    with chromium.new_context(
        locale=locale,
        color_scheme=scheme,
        reduced_motion="reduce",
        bypass_csp=True,
        viewport={"width": 390, "height": 844},
    ) as context:
        page = sign_in(context, demo.url, seller_with_payments(demo))
        for state in states(page, demo.url, locale[:2]):
            page.evaluate("(dir) => { document.documentElement.dir = dir; }", direction)
            for said in violations(page, source):
                found.setdefault(said, state)
    assert found == {}, "\n".join(f"{state}\n  {said}" for said, state in found.items())


def states(page: Page, base: str, language: str) -> Iterator[str]:
    """What is seen when something is wrong, open or empty; stop at each."""
    for state in ("full", "trouble", "empty"):
        page.goto(f"{base}/patterns?state={state}&lang={language}")
        stubs_of(page)  # torn open
        yield f"patterns, {state}"
    page.goto(f"{base}/payments?from=nonsense&q=nobody")
    yield "a filter with a mistake, and nothing found"
    page.goto(f"{base}/nothing")
    yield "404"
    page.goto(base)
    page.locator(".menu > summary").click()
    yield "the menu"
    page.goto(f"{base}/payments?status=successful")
    page.locator(".payment").first.click()
    page.locator("a[data-sheet]").first.click()
    page.wait_for_selector("#sheet[open] [name=amount]")
    yield "the sheet"
    page.fill("#sheet [name=amount]", "x")
    page.locator("#sheet .form button").first.click()
    page.wait_for_selector("#sheet [aria-invalid=true]")
    yield "the sheet with a mistake"


def seller_with_payments(server: Server) -> str:
    """One who may refund: direct charges, in the demo those of the bookbinders."""
    with urllib.request.urlopen(f"{server.url}/dev/sellers") as answer:  # noqa: S310 - http, ours
        page = answer.read().decode()
    found = re.search(r"Buchbinderei.*?(acct_\w+)", page, re.DOTALL)
    assert found is not None, "the demo has the bookbinders"
    return found[1]


def violations(page: Page, source: str) -> list[str]:
    page.evaluate(source)
    said: list[str] = page.evaluate(_RUN, RULES)
    return said
