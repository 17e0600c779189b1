"""Walking through every page of a seller, as far as links lead."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, expect

# Pages of one kind look alike: some of each are walked. Lists go on for a few pages.
MOST_OF_A_KIND = 4
_ID = re.compile(r"/[a-z]{2,6}_[A-Za-z0-9]{10,}")
_LINKS = "Array.from(document.querySelectorAll('a[href]'), (a) => a.getAttribute('href'))"
_STUBS = """
() => {
  for (const tear of document.querySelectorAll("details.tear")) tear.open = true;
  const text = (node) => node.textContent.trim();
  // The minor units are an element of their own, so that no language's comma is a riddle.
  const amount = (node) => {
    const minor = node.querySelector(".money i")?.textContent ?? "";
    const all = text(node);
    const whole = all.replace(minor, "").replace(/\\D/g, "");
    const sign = all.includes("\u2212") ? "-" : "";
    return `${sign}${whole}.${minor.replace(/\\D/g, "") || 0}`;
  };
  const line = ".stub__figures dl > div:not(.stub__total) > dd";
  return Array.from(document.querySelectorAll(".stub"), (stub) => ({
    lines: Array.from(stub.querySelectorAll(line), amount),
    total: amount(stub.querySelector(".stub__total > dd")),
    check: text(stub.querySelector(".stub__check")),
    references: Array.from(stub.querySelectorAll(".stub__why dl > dd"), text),
    // What a line of a list says before it is opened.
    shown: stub.closest("details.row")?.querySelector(".row__amount") ?? null,
  })).map((stub) => ({ ...stub, shown: stub.shown && amount(stub.shown) }));
}
"""


@dataclass
class Stub:
    """What a person reads in one. Amounts are of one currency, in its smallest unit."""

    lines: list[Decimal]
    total: Decimal
    check: str
    references: list[str]
    shown: Decimal | None  # by the line of a list that opens into it


@dataclass
class Walk:
    """Where one has been, by kind of page, and how many of a kind are enough."""

    most: int = MOST_OF_A_KIND
    seen: set[str] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)


def sign_in(context: BrowserContext, base: str, account: str) -> Page:
    """A seller of test mode, by the door that development has."""
    page = context.new_page()
    page.goto(f"{base}/dev/login/{account}")
    page.wait_for_url("**/code")
    code = page.locator("[autocomplete=one-time-code]")  # in whatever language
    code.fill("000000")
    code.press("Enter")
    expect(page.locator("#hero")).to_be_attached()
    return page


def every_page(page: Page, base: str, walk: Walk) -> Iterator[str]:
    """Go from home wherever links lead, and stop at each page once; the kind it is of."""
    waiting = ["/"]
    while waiting:
        address = waiting.pop(0)
        if address in walk.seen:
            continue
        walk.seen.add(address)
        kind = kind_of(address)
        walk.kinds[kind] += 1
        if walk.kinds[kind] > walk.most:
            continue
        answer = page.goto(base + address)
        assert answer is not None, address
        assert answer.status == 200, f"{address} answers {answer.status}"
        yield kind
        here = urlsplit(address).path
        for link in page.evaluate(_LINKS):
            target = f"{here}{link}" if link.startswith("?") else link
            if target.startswith("/") and not target.startswith(("/static/", "/dev/", "/files/")):
                waiting.append(target.partition("#")[0])


def kind_of(address: str) -> str:
    """`/payouts/po_123?x=1` is of the kind `/payouts/*?x`."""
    parts = urlsplit(address)
    names = sorted({pair.partition("=")[0] for pair in parts.query.split("&") if pair})
    return _ID.sub("/*", parts.path) + (f"?{'&'.join(names)}" if names else "")


def stubs_of(page: Page) -> list[Stub]:
    """Every stub of the page, torn open."""
    return [
        Stub(
            [Decimal(line) for line in found["lines"]],
            Decimal(found["total"]),
            found["check"],
            found["references"],
            Decimal(found["shown"]) if found["shown"] else None,
        )
        for found in page.evaluate(_STUBS)
    ]
