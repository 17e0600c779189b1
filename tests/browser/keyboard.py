"""Somebody without a mouse: Tab, arrows and Enter, with script and without."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

CODE = "000000"


def sign_in(page: Page, link: str, javascript: bool) -> None:
    """From a login link to home."""
    page.goto(link)
    if not javascript:  # a script presses the button at once
        press(page, page.get_by_role("button", name="Send the code"))
    page.wait_for_url("**/code")
    tab_to(page, page.get_by_label("Six-digit code"))
    page.keyboard.type(CODE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Home")).to_be_attached()


def tab_to(page: Page, wanted) -> None:
    """Press Tab until it has the focus, as somebody without a mouse does."""
    expect(wanted).to_be_visible()
    for _ in range(120):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {wanted}")


def press(page: Page, wanted, key: str = "Enter") -> None:
    tab_to(page, wanted)
    page.keyboard.press(key)


def write(page: Page, label: str, text: str) -> None:
    tab_to(page, page.get_by_label(label, exact=True))
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def choose(page: Page, label: re.Pattern[str]) -> None:
    """One of several radio buttons: they are one stop, and arrows move."""
    wanted = page.get_by_label(label)
    group = page.locator(f"input[name={wanted.get_attribute('name')}]:checked")
    tab_to(page, group)
    for _ in range(6):
        if wanted.is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no arrow leads to {label}")
