"""A headless Chromium that nobody else uses, watched for everything a page must not do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import stripe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.contract.sdk import official_client
from tests.support.accounts import onboarded_individual
from tests.support.server import (  # noqa: F401 - fixtures and a hook
    Platform,
    Server,
    another_platform,
    blank_database,
    platform,
    pytest_runtest_makereport,
    server,
    shared_server,
)

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """For one module: its event loop must not be running when other tests use the ORM."""
    path = os.environ.get("COUNTERFOIL_TEST_CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.skip("there is no Chromium: COUNTERFOIL_TEST_CHROMIUM names one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield browser
        browser.close()


class Watch:
    """What pages did that they must not: errors, refused content, requests to elsewhere."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.complaints: list[str] = []
        self.expected_statuses: set[int] = set()

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        context.on("request", lambda request: self._address(request.url))
        context.on("requestfailed", lambda request: self._lost(request.url, request.failure))
        context.on("response", lambda answer: self._status(answer.status, answer.url))

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium's own line about a status is judged where the status is.
        if message.type in ("error", "warning") and "the server responded with" not in message.text:
            self.complaints.append(f"console: {message.text}")

    def _address(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "data" and parts.netloc != self.host:
            self.complaints.append(f"request to elsewhere: {url}")

    def _lost(self, url: str, why: str | None) -> None:
        if why != "net::ERR_ABORTED":  # the test went on before a page was whole
            self.complaints.append(f"{why}: {url}")

    def _status(self, status: int, url: str) -> None:
        if status >= 400 and status not in self.expected_statuses:
            self.complaints.append(f"{status}: {url}")


@pytest.fixture
def watch(server: Server) -> Iterator[Watch]:  # noqa: F811 - a fixture
    """Judges at the end; a test that expects a refusal names its status."""
    watching = Watch(urlsplit(server.url).netloc)
    yield watching
    assert watching.complaints == []


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def javascript(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def page(chromium: Browser, watch: Watch, javascript: bool) -> Iterator[Page]:
    """A new profile for each test, in English, 1280 px wide, with script and without."""
    with chromium.new_context(
        java_script_enabled=javascript,
        locale="en-US",
        timezone_id="America/New_York",
        viewport={"width": 1280, "height": 900},
    ) as context:
        context.set_default_timeout(10_000)
        watch.over(context)
        yield context.new_page()


@pytest.fixture
def client(server: Server, platform: Platform) -> stripe.StripeClient:  # noqa: F811 - fixtures
    return official_client(server.url, platform.secret_key_test)


@pytest.fixture
def seller(client: stripe.StripeClient) -> stripe.Account:
    """A seller with money: some available, some pending, from all three kinds of payment."""
    account = client.v1.accounts.create(onboarded_individual())
    on_seller = {"stripe_account": account.id}
    charge = {"currency": "usd", "source": "tok_visa"}
    at_once = {**charge, "source": "tok_bypassPending"}
    client.v1.charges.create(
        {**at_once, "amount": 123_456, "application_fee_amount": 2345, "description": "Bowl no. 7"},
        on_seller,
    )
    client.v1.charges.create({**charge, "amount": 1000, "application_fee_amount": 123}, on_seller)
    client.v1.charges.create(
        {
            **charge,
            "amount": 4200,
            "application_fee_amount": 200,
            "transfer_data": {"destination": account.id},
        }
    )
    separate = client.v1.charges.create({**charge, "amount": 10_000})
    client.v1.transfers.create(
        {
            "amount": 7000,
            "currency": "usd",
            "destination": account.id,
            "source_transaction": separate.id,
        }
    )
    return account
