"""Part A's end: a login link of the official SDK leads to the numbers that the API says."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import UTC, datetime

import pytest
import stripe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

CODE = "000000"


def test_a_seller_follows_the_link_and_sees_what_the_api_says(
    page, client, seller, platform, javascript
):
    page.goto(new_link(client, seller))
    expect(page.get_by_text(platform.name).first).to_be_visible()
    send_the_code(page, javascript)
    expect(page.get_by_text(platform.name).first).to_be_visible()
    enter(page, CODE)

    on_seller = {"stripe_account": seller.id}
    balance = client.v1.balance.retrieve({}, on_seller)
    rows = client.v1.balance_transactions.list({"limit": 100}, on_seller).data
    expect(page.get_by_text(platform.name).first).to_be_visible()
    expect(page.locator(".hero__amount")).to_have_text(usd(balance.available[0].amount))
    assert pending_on_page(page) == pending_per_day(rows)
    assert sum(pending_per_day(rows).values()) == balance.pending[0].amount
    expect(page.locator(".hero__facts")).to_contain_text(usd(balance.pending[0].amount))
    assert transactions_on_page(page) == [
        (said_by(row, client, seller, platform.name), usd(row.net, sign="+"), is_pending(row))
        for row in rows
    ]


def test_each_amount_tears_open_into_its_parts(page, client, seller, javascript):
    sign_in(page, client, seller, javascript)
    row = page.locator("details", has_text="Bowl no. 7")
    row.locator("summary").click()
    expect(row.get_by_text("Processing fee").first).to_be_visible()

    lines = [line.inner_text().split("\n") for line in row.locator("dl").first.locator("div").all()]
    *parts, (_, total) = lines
    # 2.9 % + 30 of 1,234.56 is 36.10.
    assert dict(parts) == {
        "Payment": "$1,234.56",
        "Processing fee": "−$36.10",
        "Rocket Rides fee": "−$23.45",
    }
    assert total == "$1,175.01"
    assert 123_456 - 3610 - 2345 == 117_501


def test_d2_opening_a_link_does_not_use_it_up_entering_the_code_does(
    page, client, seller, javascript, watch
):
    link = new_link(client, seller)
    for _ in range(3):
        assert page.request.get(link).status == 200
    page.goto(link)
    page.goto(link)
    send_the_code(page, javascript)
    enter(page, CODE)
    expect(page.get_by_role("heading", level=1, name="Home")).to_be_attached()

    watch.expected_statuses.add(410)
    page.context.clear_cookies()
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link has been used")
    expect(page.get_by_text(re.compile("Go back to Rocket Rides"))).to_be_visible()
    assert page.goto(f"{origin(link)}/").url.startswith(f"{origin(link)}/login")


def test_a_used_link_leads_on_to_the_dashboard_or_back_to_the_platform(
    page, client, seller, javascript, watch
):
    back = "https://platform.example.com/sellers"
    link = client.v1.accounts.login_links.create(seller.id, {"redirect_url": back}).url
    page.goto(link)
    send_the_code(page, javascript)
    enter(page, CODE)

    watch.expected_statuses.add(410)
    page.goto(link)
    page.get_by_role("link", name="Go to your dashboard").click()
    expect(page.get_by_role("heading", level=1, name="Home")).to_be_attached()
    page.context.clear_cookies()
    page.goto(link)
    onward = page.get_by_role("link", name="Back to platform.example.com")
    assert onward.get_attribute("href") == back


def test_a_wrong_code_is_refused_and_a_right_one_still_works(
    page, client, seller, javascript, watch
):
    watch.expected_statuses.add(422)
    page.goto(new_link(client, seller))
    send_the_code(page, javascript)
    enter(page, "123456")
    expect(page.get_by_role("alert")).to_contain_text("That is not the code")
    assert page.goto(f"{origin(page.url)}/").url.startswith(f"{origin(page.url)}/login")

    page.goto(new_link(client, seller))
    send_the_code(page, javascript)
    enter(page, CODE)
    expect(page.get_by_role("heading", level=1, name="Home")).to_be_attached()


def test_every_page_of_the_way_has_one_heading_and_fits_a_phone(page, client, seller, javascript):
    page.set_viewport_size({"width": 360, "height": 740})
    link = new_link(client, seller)
    seen = []

    def look() -> None:
        seen.append(page.title())
        headings = page.locator("h1").all_inner_texts()
        assert len(headings) == 1, (page.url, headings)
        assert widest(page) <= 360, page.url

    if not javascript:  # with script this page is gone at once
        page.goto(link)
        look()
    page.goto(link)
    send_the_code(page, javascript)
    look()
    enter(page, CODE)
    look()
    for summary in page.locator("main .tear > summary").all():
        summary.click()
    look()
    for panel in page.locator("details.filter, details.menu").all():
        panel.locator("summary").click()
        look()
        panel.locator("summary").click()
    page.goto(f"{origin(link)}/transactions")
    look()
    assert len(set(seen)) >= 3
    assert all("Rocket Rides" in title for title in seen)


def test_the_keyboard_alone_is_enough(page, client, seller, javascript):
    page.goto(new_link(client, seller))
    if not javascript:
        tab_to(page, "Send the code")
        page.keyboard.press("Enter")
    page.wait_for_url("**/code")
    tab_to(page, "Six-digit code")
    page.keyboard.type(CODE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Home")).to_be_attached()

    page.keyboard.press("Tab")
    assert name_of_focus(page) == "Skip to the content"
    page.keyboard.press("Enter")
    tab_to(page, "Available now")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your balance")).to_be_visible()
    tab_to(page, "Account:")
    page.keyboard.press("Enter")
    tab_to(page, "Log out")
    page.keyboard.press("Enter")
    page.wait_for_url("**/login")


# ---- The way in ----


def new_link(client: stripe.StripeClient, seller: stripe.Account) -> str:
    return client.v1.accounts.login_links.create(seller.id).url


def send_the_code(page: Page, javascript: bool) -> None:
    """A script presses the button at once; without one the person does."""
    if not javascript:
        page.get_by_role("button", name="Send the code").click()
    page.wait_for_url("**/code")


def enter(page: Page, code: str) -> None:
    page.get_by_label("Six-digit code").fill(code)
    page.get_by_role("button", name="Sign in").click()


def sign_in(
    page: Page, client: stripe.StripeClient, seller: stripe.Account, javascript: bool
) -> None:
    page.goto(new_link(client, seller))
    send_the_code(page, javascript)
    enter(page, CODE)
    expect(page.get_by_role("heading", level=1, name="Home")).to_be_attached()


def origin(url: str) -> str:
    return "/".join(url.split("/")[:3])


# ---- What the page says ----


def pending_on_page(page: Page) -> dict[str, int]:
    """Minor units by ISO day, from the money calendar; today stands for what is available."""
    found = {}
    for day in page.get_by_role("list", name="When money becomes available").locator("li").all():
        amount = day.locator(".calendar__amount").inner_text()
        iso = day.locator("time").get_attribute("datetime")
        if amount and iso != datetime.now(UTC).date().isoformat():
            found[iso] = cents(amount)
    return found


def transactions_on_page(page: Page) -> list[tuple[str, str, bool]]:
    """What, how much and whether it is still pending, newest first."""
    section = page.locator("section", has=page.get_by_role("heading", name="Latest transactions"))
    return [
        (
            row.locator(".row__what").inner_text(),
            row.locator(".row__amount").inner_text(),
            row.locator(".row__state").count() == 1,
        )
        for row in section.locator("details").all()
    ]


# ---- What the API says ----


def pending_per_day(rows: list[stripe.BalanceTransaction]) -> dict[str, int]:
    days: dict[str, int] = defaultdict(int)
    for row in rows:
        if is_pending(row):
            days[datetime.fromtimestamp(row.available_on, UTC).date().isoformat()] += row.net
    return dict(days)


def is_pending(row: stripe.BalanceTransaction) -> bool:
    return row.status == "pending"


def said_by(
    row: stripe.BalanceTransaction,
    client: stripe.StripeClient,
    seller: stripe.Account,
    platform: str,
) -> str:
    """Its charge's description; without one, what the reference says (express-dashboard §11)."""
    charge = client.v1.charges.retrieve(row.source, {}, {"stripe_account": seller.id})
    if charge.description:
        return charge.description
    return f"Payment from {platform}" if charge.source_transfer else "Payment"


def usd(amount: int, sign: str = "") -> str:
    """As en-US writes it, with a true minus."""
    before = "−" if amount < 0 else sign
    return f"{before}${abs(amount) / 100:,.2f}"


def cents(text: str) -> int:
    return int(text.replace("−", "-").replace("$", "").replace(",", "").replace(".", ""))


# ---- What only the browser knows (asked of it directly, so also where script is off) ----


def widest(page: Page) -> int:
    """How far the page reaches, in CSS pixels: more than the window means sideways scrolling."""
    return int(page.evaluate("document.documentElement.scrollWidth"))


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the words of what has the focus say this."""
    for _ in range(60):
        if name in name_of_focus(page):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {name}")


def name_of_focus(page: Page) -> str:
    """The words of what has the focus, which must be seen to have it."""
    name, is_seen = page.evaluate(
        """() => {
          const focused = document.activeElement;
          if (!focused || focused.matches("body, main")) return ["", true];
          const label = focused.labels?.[0] ?? focused;
          const isSeen = (element) => {
            const { outlineStyle, outlineWidth } = getComputedStyle(element);
            return outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
          };
          return [
            focused.getAttribute("aria-label") ?? label.innerText,
            isSeen(focused) || isSeen(label),
          ];
        }"""
    )
    assert is_seen, f"nobody sees that {name!r} has the focus"
    return str(name)
