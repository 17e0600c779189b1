"""A seller and their bank: the schedule, the bank account, a payout, one that comes back.

By keyboard alone: the mouse is never touched, with script and without.
"""

from __future__ import annotations

import re

import pytest
import stripe
from playwright.sync_api import Page, expect

from tests.browser.keyboard import choose, press, sign_in, write
from tests.support.accounts import onboarded_individual

pytestmark = pytest.mark.browser

CLOSED = "000111111113"  # a test number: payouts to it come back
GOOD = "000999999991"
FEATURES = ("manual_payouts", "edit_payout_schedule", "instant_payouts", "top_up_prefunding")


@pytest.fixture
def shop(page: Page, client: stripe.StripeClient, server, javascript: bool) -> stripe.Account:
    """A seller with 90.00 available, at their home page."""
    switches = dict.fromkeys(FEATURES, True)
    client.raw_request("post", "/v1/counterfoil/settings", features=switches)
    account = client.v1.accounts.create(onboarded_individual())
    client.v1.charges.create({"currency": "usd", "amount": 20_000, "source": "tok_bypassPending"})
    client.v1.transfers.create({"amount": 9000, "currency": "usd", "destination": account.id})
    sign_in(page, client.v1.accounts.login_links.create(account.id).url, javascript)
    return account


def test_the_schedule_is_changed(page, shop, client):
    press(page, page.get_by_role("link", name="Change the schedule"))
    expect(page.get_by_role("heading", name="When shall we pay you out?")).to_be_visible()
    choose(page, re.compile("Every week"))
    friday = page.get_by_label("Friday")
    if friday.is_checked():
        press(page, friday, "Space")
    press(page, page.get_by_label("Tuesday"), "Space")
    press(page, page.get_by_role("button", name="Show the next days"))
    expect(page.get_by_role("heading", name="Every week on Tuesday")).to_be_visible()
    press(page, page.get_by_role("button", name="Save"))
    expect(page.get_by_text("Saved: Every week on Tuesday.")).to_be_visible()

    settings = client.v1.accounts.retrieve(shop.id).settings
    assert settings.payouts.schedule.interval == "weekly"
    assert settings.payouts.schedule.weekly_payout_days == ["tuesday"]


def test_money_is_paid_out_by_hand(page, shop, client):
    client.v1.accounts.update(
        shop.id, {"settings": {"payouts": {"schedule": {"interval": "manual"}}}}
    )
    page.reload()
    press(page, page.get_by_role("link", name="Pay out", exact=True))
    expect(page.get_by_label("Amount that reaches your bank")).to_have_value("90.00")
    write(page, "Amount that reaches your bank", "50")
    press(page, page.get_by_role("button", name="Continue"))
    expect(page.get_by_role("heading", name=re.compile(r"Send \$50\.00 to"))).to_be_visible()
    press(page, page.get_by_role("button", name="Pay out $50.00"))
    expect(page.get_by_text("$50.00 is on its way to")).to_be_visible()
    expect(page.get_by_text("Adds up")).to_be_visible()

    (payout,) = client.v1.payouts.list(options={"stripe_account": shop.id}).data
    assert (payout.amount, payout.status, payout.automatic) == (5000, "pending", False)


def test_a_payout_comes_back_the_account_is_mended_and_the_money_arrives(
    page, shop, client, server
):
    on_shop = {"stripe_account": shop.id}
    client.v1.accounts.external_accounts.create(
        shop.id,
        {
            "external_account": {
                "object": "bank_account",
                "country": "US",
                "currency": "usd",
                "routing_number": "110000000",
                "account_number": CLOSED,
            },
            "default_for_currency": True,
        },
    )
    days_pass(client, 4)
    (failed,) = client.v1.payouts.list(options=on_shop).data
    assert (failed.status, failed.failure_code) == ("failed", "account_closed")

    page.goto(re.sub(r"(https?://[^/]+)/.*", r"\1/", page.url))
    expect(page.get_by_text("Your bank refused")).to_be_visible()
    press(page, page.get_by_role("link", name="Mend it"))
    press(page, page.get_by_role("link", name="Add a bank account"))
    write(page, "Routing number", "110000000")
    write(page, "Account number", GOOD)
    press(page, page.get_by_role("button", name="Add the account"))
    expect(page.get_by_text("Account ·· 9991 was added.")).to_be_visible()

    days_pass(client, 5)
    again = client.v1.payouts.list(options=on_shop).data[0]
    assert (again.status, again.amount) == ("paid", 9000)
    page.goto(re.sub(r"(https?://[^/]+)/.*", rf"\1/payouts/{failed.id}", page.url))
    expect(page.get_by_text("the account is closed")).to_be_visible()
    press(page, page.get_by_role("link", name="See that payout"))
    expect(page.get_by_text("Arrived").first).to_be_visible()
    assert server.check()["ok"]


def days_pass(client: stripe.StripeClient, count: int) -> None:
    client.raw_request("post", "/v1/test_helpers/clock/advance", seconds=count * 86_400)
