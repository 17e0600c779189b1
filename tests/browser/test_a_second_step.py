"""A seller sets up a passkey or an authenticator app, signs in with it, and confirms with it."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import stripe
from django_otp.oath import TOTP
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def local(server: Server) -> str:
    """The server under the one name that passkeys are bound to here."""
    return f"http://localhost:{urlsplit(server.url).port}"


@pytest.fixture
def context(chromium: Browser, local: str, server: Server) -> Iterator[BrowserContext]:
    problems: list[str] = []
    with chromium.new_context(locale="en-US", viewport={"width": 390, "height": 844}) as context:
        context.set_default_timeout(10_000)
        context.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
        context.on("weberror", lambda error: problems.append(str(error.error)))
        yield context
    assert [line for line in problems if "the server responded with" not in line] == []


@pytest.fixture
def device(context: BrowserContext) -> Page:
    """A page of a phone that keeps passkeys and knows its owner's finger."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def sign_in(page: Page, local: str, account: stripe.Account) -> None:
    page.goto(f"{local}/dev/login/{account.id}")
    page.get_by_label("Six-digit code").fill("000000")
    press(page, "Sign in")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def log_out(page: Page, local: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{local}/login")


def test_a_passkey_is_made_and_opens_the_dashboard(
    device: Page, local: str, seller: stripe.Account
) -> None:
    sign_in(device, local, seller)
    device.goto(f"{local}/settings/security")
    press(device, "Add a passkey")
    press(device, "Make the passkey")
    expect(device.get_by_role("heading", name="Keep these codes")).to_be_visible()
    expect(device.locator(".security__codes li")).to_have_count(10)
    device.get_by_role("link", name="I have kept them").click()
    expect(device.get_by_text("Passkey ·", exact=False)).to_be_visible()

    log_out(device, local)
    sign_in(device, local, seller)
    expect(device.get_by_role("heading", name="One more step")).to_be_visible()
    press(device, "Use your passkey")
    expect(device).to_have_url(f"{local}/")


def test_a_passkey_of_somebody_else_opens_nothing(
    device: Page, context: BrowserContext, local: str, seller: stripe.Account
) -> None:
    sign_in(device, local, seller)
    device.goto(f"{local}/settings/security")
    press(device, "Add a passkey")
    press(device, "Make the passkey")
    expect(device.get_by_role("heading", name="Keep these codes")).to_be_visible()
    log_out(device, local)

    other = context.new_page()  # without that device
    session = context.new_cdp_session(other)
    session.send("WebAuthn.enable")
    sign_in(other, local, seller)
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "usb",
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    other.goto(f"{local}/payouts")
    expect(other.get_by_role("heading", name="One more step")).to_be_visible()
    press(other, "Use your passkey")
    other.wait_for_timeout(500)
    expect(other.get_by_role("heading", name="One more step")).to_be_visible()


def test_an_authenticator_app_is_set_up_signs_in_and_confirms(
    context: BrowserContext, local: str, seller: stripe.Account
) -> None:
    page = context.new_page()
    sign_in(page, local, seller)
    page.goto(f"{local}/settings/security")
    press(page, "Add an authenticator app")
    secret = page.locator(".security__key .mono").inner_text().replace(" ", "")
    app = TOTP(base64.b32decode(secret))
    page.get_by_label("Code that the app shows").fill(f"{app.token():06d}")
    press(page, "Set it up")
    expect(page.get_by_role("heading", name="Keep these codes")).to_be_visible()
    recovery = page.locator(".security__codes li").first.inner_text()

    log_out(page, local)
    sign_in(page, local, seller)
    # The code of the step that set it up is used; the next one is accepted a little early.
    app.time = time.time() + 30
    page.get_by_label("Code from your app").fill(f"{app.token():06d}")
    press(page, "Confirm")
    expect(page).to_have_url(f"{local}/")

    log_out(page, local)
    sign_in(page, local, seller)
    page.get_by_label("Code from your app").fill(recovery)
    press(page, "Confirm")
    expect(page).to_have_url(f"{local}/")
