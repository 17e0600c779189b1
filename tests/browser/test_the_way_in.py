"""Live sellers get in: by link and SMS, by address with two accounts, with a lost phone, and out of
a window inside an app."""

from __future__ import annotations

import json
import re

import pytest
import stripe
from playwright.sync_api import Browser, Page, expect

from tests.contract.sdk import official_client
from tests.support.accounts import onboarded_individual
from tests.support.server import Platform, Server

pytestmark = pytest.mark.browser

BANK = {
    "object": "bank_account",
    "country": "US",
    "currency": "usd",
    "routing_number": "021000021",
    "account_number": "000111222333",
}
INSTAGRAM = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Mobile/21F90 Instagram 340.0.0.22.96 (iPhone15,3; iOS 17_5)"
)


class Post:
    """What live sellers receive on this server, once a worker has run."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def newest(self, channel: str, to: str) -> str:
        path = self.server.data_dir / "outbox" / f"{channel}.jsonl"
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        return next(str(line["text"]) for line in reversed(lines) if line["to"] == to)

    def code(self, channel: str, to: str) -> str:
        self.server.run("worker", "--once")
        return re.findall(r"\b\d{6}\b", self.newest(channel, to))[0]


@pytest.fixture
def post(server: Server) -> Post:
    return Post(server)


def live_seller(server: Server, platform: Platform, number: str, email: str) -> stripe.Account:
    """A live account that has given everything."""
    client = official_client(server.url, platform.secret_key_live)
    person = onboarded_individual()["individual"] | {"phone": number, "email": email}
    return client.v1.accounts.create(
        onboarded_individual(email=email, external_account=BANK, individual=person)
    )


@pytest.fixture
def numbers(platform: Platform) -> tuple[str, str]:
    """Two phone numbers that no other test has."""
    seed = sum(map(ord, platform.platform_id)) * 31 % 9000 + 1000
    return f"+1212555{seed}", f"+1646555{seed}"


def link_of(server: Server, platform: Platform, account: stripe.Account) -> str:
    client = official_client(server.url, platform.secret_key_live)
    return str(client.v1.accounts.login_links.create(account.id).url)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def type_code(page: Page, code: str, button: str = "Sign in") -> None:
    page.get_by_label("Six-digit code").fill(code)
    press(page, button)


def follow(page: Page, link: str, javascript: bool) -> None:
    page.goto(link)
    if not javascript:
        press(page, "Send the code")
    expect(page.get_by_label("Six-digit code")).to_be_visible()


def is_home(page: Page, platform_name: str) -> None:
    expect(page.get_by_role("heading", level=1, name="Home")).to_be_attached()
    expect(page.get_by_text(platform_name).first).to_be_visible()


def test_a_link_and_a_text_message_lead_home(
    page, server, platform, post, numbers, javascript, watch
):
    number, _ = numbers
    account = live_seller(server, platform, number, f"{number[-7:]}@example.com")

    server.run("accounts", "verify", account.id)
    follow(page, link_of(server, platform, account), javascript)
    type_code(page, post.code("sms", number))

    is_home(page, platform.name)
    page.goto(page.url)
    is_home(page, platform.name)


@pytest.mark.parametrize("javascript", [True], indirect=True)
def test_whoever_has_two_accounts_signs_in_by_address_and_chooses(
    page, server, platform, another_platform, post, numbers
):
    number, other_number = numbers
    email = f"{number[-7:]}@example.com"
    live_seller(server, platform, number, email)
    second = live_seller(server, another_platform, other_number, email)

    page.goto(f"{server.url}/login")
    page.get_by_label("E-mail or mobile number").fill(email.upper())
    press(page, "Send the code")
    expect(page.get_by_text(f"If there is an account with {email.upper()}")).to_be_visible()
    type_code(page, post.code("email", email))

    expect(page.get_by_role("heading", name="Which account?")).to_be_visible()
    page.locator(f"button[value={second.id}]").click()
    is_home(page, another_platform.name)
    page.get_by_text("Account:").locator("..").click()
    page.get_by_role("link", name="Your accounts").click()
    expect(page.get_by_text("open now")).to_have_count(1)


def test_a_lost_phone_is_replaced_by_way_of_the_mailbox(
    page, server, platform, post, numbers, javascript
):
    number, new = numbers
    email = f"{number[-7:]}@example.com"
    account = live_seller(server, platform, number, email)

    follow(page, link_of(server, platform, account), javascript)
    page.get_by_role("link", name="I no longer have this phone number").click()
    press(page, "Mail the code")
    type_code(page, post.code("email", email), "Continue")
    page.get_by_label("Mobile number").fill(f"({new[2:5]}) {new[5:8]}-{new[8:]}")
    press(page, "Text the code")
    expect(page.get_by_text(f"•••• {new[-2:]}")).to_be_visible()
    type_code(page, post.code("sms", new), "Use this number and sign in")

    is_home(page, platform.name)
    expect(page.get_by_text(f"Codes go to •••• {new[-2:]} from now on.")).to_be_visible()
    server.run("worker", "--once")
    assert "Was this not you?" in post.newest("sms", number)
    assert "Was this not you?" in post.newest("email", email)


def test_a_window_inside_an_app_hands_over_and_the_link_opens_in_the_browser(
    chromium: Browser, page, server, platform, post, numbers, javascript, watch
):
    number, _ = numbers
    account = live_seller(server, platform, number, f"{number[-7:]}@example.com")
    link = link_of(server, platform, account)

    with chromium.new_context(user_agent=INSTAGRAM, java_script_enabled=javascript) as app:
        watch.over(app)
        window = app.new_page()
        window.goto(f"{link}#/account")
        expect(window.get_by_text("You are in a window of Instagram")).to_be_visible()
        fragment = "#/account" if javascript else ""
        address = window.get_by_label("Or copy this address into it")
        expect(address).to_have_value(f"{link}{fragment}")
        expect(window.get_by_role("button", name="Copy the address")).to_be_visible(
            visible=javascript
        )
        carried_over = address.input_value()

    follow(page, carried_over, javascript)
    type_code(page, post.code("sms", number))
    if javascript:
        expect(page).to_have_url(f"{server.url}/settings")
        expect(page.get_by_role("heading", level=1, name="Account")).to_be_visible()
    else:
        is_home(page, platform.name)
