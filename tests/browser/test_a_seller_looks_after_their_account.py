"""What customers see is changed; an account with money stays open, an empty one is closed."""

from __future__ import annotations

import pytest
import stripe
from playwright.sync_api import Page, expect

from tests.support.accounts import onboarded_individual

pytestmark = pytest.mark.browser


def signed_in(page: Page, client: stripe.StripeClient, account: str, javascript: bool) -> Page:
    page.goto(client.v1.accounts.login_links.create(account).url)
    if not javascript:
        page.get_by_role("button", name="Send the code").click()
    page.wait_for_url("**/code")
    page.get_by_label("Six-digit code").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1, name="Home")).to_be_attached()
    return page


def settings(client: stripe.StripeClient) -> None:
    on = {"features": {"close_account": True}}
    client.raw_request("post", "/v1/counterfoil/settings", **on)


def test_what_customers_see_is_changed_and_seen_at_once(page, client, seller, server, javascript):
    signed_in(page, client, seller.id, javascript)
    page.goto(f"{server.url}/settings")
    page.get_by_role("link", name="Public details").click()
    seen = page.get_by_role("complementary", name="How customers see you")

    page.get_by_label("On card statements").fill("Adas bowls")
    page.get_by_label("E-mail for customers").fill("help@example.com")
    if not javascript:
        page.get_by_role("button", name="Show how it looks").click()
    expect(seen).to_contain_text("ADAS BOWLS")
    expect(seen).to_contain_text("help@example.com")
    assert client.v1.accounts.retrieve(seller.id).settings.payments.statement_descriptor is None
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")

    account = client.v1.accounts.retrieve(seller.id)
    assert account.settings.payments.statement_descriptor == "ADAS BOWLS"
    assert account.business_profile.support_email == "help@example.com"
    charge = client.v1.charges.create(
        {"amount": 2500, "currency": "usd", "source": "tok_visa"}, {"stripe_account": seller.id}
    )
    assert charge.calculated_statement_descriptor == "ADAS BOWLS"


def test_an_account_with_money_left_does_not_close(page, client, seller, server, javascript):
    settings(client)
    signed_in(page, client, seller.id, javascript)
    page.goto(f"{server.url}/settings")

    page.get_by_role("link", name="Close account").click()

    expect(page.get_by_text("is still in your balance")).to_be_visible()
    expect(page.get_by_text("is not available yet")).to_be_visible()
    expect(page.get_by_role("button", name="Close account")).to_have_count(0)
    assert client.v1.accounts.retrieve(seller.id).charges_enabled


def test_an_empty_account_is_closed_and_its_login_link_refused(page, client, server, javascript):
    settings(client)
    account = client.v1.accounts.create(onboarded_individual())
    signed_in(page, client, account.id, javascript)
    page.goto(f"{server.url}/settings/closing")
    page.get_by_label("I know what follows.").check()
    page.get_by_role("button", name="Close account").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Your account is closed")
    page.goto(f"{server.url}/")
    page.wait_for_url("**/login")
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.accounts.login_links.create(account.id)
    assert refusal.value.http_status == 400
    assert "no longer connected to your platform" in str(refusal.value.user_message)
    with pytest.raises(stripe.PermissionError):
        client.v1.balance.retrieve({}, {"stripe_account": account.id})
    assert server.check()["violations"] == []
