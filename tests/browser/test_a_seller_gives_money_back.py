"""A seller finds a payment by its e-mail address and refunds part of it, by keyboard alone."""

from __future__ import annotations

import re

import pytest
import stripe
from playwright.sync_api import Page, expect

from tests.browser.keyboard import choose, press, sign_in, tab_to, write
from tests.support.accounts import onboarded_individual

pytestmark = pytest.mark.browser


@pytest.fixture
def shop(page: Page, client: stripe.StripeClient, javascript: bool) -> stripe.Account:
    """A seller with three customers, at their home page."""
    switches = {"view_payments": True, "issue_refunds": True}
    client.raw_request("post", "/v1/counterfoil/settings", features=switches)
    account = client.v1.accounts.create(onboarded_individual())
    for name, amount in (("ada", 9000), ("grace", 4118), ("alan", 2500)):
        client.v1.payment_intents.create(
            {
                "amount": amount,
                "currency": "usd",
                "confirm": True,
                "payment_method_data": {
                    "type": "card",
                    "card": {"token": "tok_bypassPending"},
                    "billing_details": {"name": name.title(), "email": f"{name}@example.com"},
                },
                "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
            },
            {"stripe_account": account.id},
        )
    sign_in(page, client.v1.accounts.login_links.create(account.id).url, javascript)
    return account


def test_a_payment_is_found_by_e_mail_and_part_of_it_refunded(page, shop, client, javascript):
    press(page, page.get_by_role("link", name="Payments").first)
    expect(page.get_by_role("heading", level=1, name="Payments")).to_be_visible()
    tab_to(page, page.get_by_role("searchbox", name="Search"))
    page.keyboard.type("Grace@example.com")
    page.keyboard.press("Enter")
    found = page.locator("a.payment")
    expect(found).to_have_count(1)
    press(page, found)
    expect(page.get_by_text("grace@example.com")).to_be_visible()
    press(page, page.get_by_role("link", name="Refund", exact=True))
    expect(page.get_by_role("heading", name="Refund the customer")).to_be_visible()
    expect(page.get_by_label("Amount", exact=True)).to_have_value("41.18")
    write(page, "Amount", "11.18")
    if not javascript:
        press(page, page.get_by_role("button", name="Look at it first"))
    preview = page.locator("#refund-preview")
    expect(preview).to_contain_text("Leaves your balance−$11.18")
    expect(preview).to_contain_text("The processing fee of $1.49 is not returned.")
    choose(page, re.compile("Charged twice"))
    press(page, page.get_by_role("button", name="Refund the customer"))

    expect(page.get_by_text("$11.18 goes back to the customer.")).to_be_visible()
    expect(page.get_by_text("Partly refunded")).to_be_visible()
    (refund,) = client.v1.refunds.list(options={"stripe_account": shop.id}).data
    assert (refund.amount, refund.status, refund.reason) == (1118, "succeeded", "duplicate")


def test_more_than_is_left_is_told_beside_the_amount(page, shop, watch):
    watch.expected_statuses.add(422)
    press(page, page.get_by_role("link", name="Payments").first)
    press(page, page.locator("a.payment", has_text="Ada"))
    press(page, page.get_by_role("link", name="Refund", exact=True))
    write(page, "Amount", "90.01")
    press(page, page.get_by_role("button", name="Refund the customer"))

    expect(page.get_by_role("alert")).to_contain_text("At most $90.00 of this payment")
    expect(page.get_by_label("Amount", exact=True)).to_have_value("90.01")
