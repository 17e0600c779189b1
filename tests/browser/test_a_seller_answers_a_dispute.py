"""A seller answers a dispute with a file: the draft keeps itself, and it is sent once.

By keyboard alone, but for the file, which a person chooses in the system's own window.
"""

from __future__ import annotations

import pytest
import stripe
from playwright.sync_api import Page, expect

from tests.browser.keyboard import press, sign_in, write
from tests.support.accounts import onboarded_individual

pytestmark = pytest.mark.browser

LABEL = {"name": "label.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 a label"}
PAGE = {"name": "label.pdf", "mimeType": "application/pdf", "buffer": b"<html>a page</html>"}


@pytest.fixture
def shop(page: Page, client: stripe.StripeClient, javascript: bool) -> stripe.Account:
    """A seller of whom a customer says that nothing arrived, at their home page."""
    switches = {"view_payments": True, "manage_disputes": True}
    client.raw_request("post", "/v1/counterfoil/settings", features=switches)
    account = client.v1.accounts.create(onboarded_individual())
    on_seller = {"stripe_account": account.id}
    charge = client.v1.charges.create(
        {"amount": 9000, "currency": "usd", "source": "tok_bypassPending"}, on_seller
    )
    client.raw_request(
        "post",
        "/v1/test_helpers/disputes",
        charge=charge.id,
        reason="product_not_received",
        stripe_account=account.id,
    )
    sign_in(page, client.v1.accounts.login_links.create(account.id).url, javascript)
    return account


def test_a_dispute_is_answered_with_a_file(page, shop, client, javascript, watch):
    watch.expected_statuses.add(422)
    page.goto(page.url.rstrip("/") + "/disputes")
    press(page, page.locator("a.list__row"))
    expect(page.get_by_text("9 days left")).to_be_visible()
    press(page, page.get_by_role("link", name="Answer the dispute"))
    write(page, "Carrier", "DHL")
    write(page, "Tracking number", "00340434161094021501")
    if javascript:
        # Kept without a button, and the focus stays where one writes.
        expect(page.get_by_text("Saved at")).to_be_visible()
        expect(page.get_by_label("Tracking number")).to_be_focused()
    place = page.locator("#upload-shipping_documentation")
    place.locator("input[type=file][name]").set_input_files(PAGE)
    if not javascript:
        press(page, page.get_by_role("button", name="Save draft"))
    expect(place.get_by_role("alert")).to_contain_text("This is no JPEG or PNG picture and no PDF")
    expect(page.get_by_label("Carrier")).to_have_value("DHL")
    place.locator("input[type=file][name]").set_input_files(LABEL)
    if not javascript:
        press(page, page.get_by_role("button", name="Save draft"))
    expect(place.get_by_text("label.pdf")).to_be_visible()
    press(page, page.get_by_role("button", name="Go on to sending"))

    expect(page.get_by_text("It can be sent once.")).to_be_visible()
    expect(page.get_by_text("label.pdf")).to_be_visible()
    press(page, page.get_by_role("button", name="Send to the bank"))
    expect(page.get_by_text("Sent. The bank decides")).to_be_visible()
    expect(page.get_by_role("link", name="Answer the dispute")).to_have_count(0)
    (dispute,) = client.v1.disputes.list(options={"stripe_account": shop.id}).data
    assert (dispute.status, dispute.evidence_details.submission_count) == ("under_review", 1)
    assert dispute.evidence.shipping_carrier == "DHL"
    assert dispute.evidence.shipping_documentation.startswith("file_")


def test_a_dispute_is_accepted_after_a_warning(page, shop, client):
    page.goto(page.url.rstrip("/") + "/disputes")
    press(page, page.locator("a.list__row"))
    press(page, page.get_by_role("link", name="Accept the dispute"))
    expect(page.get_by_text("This cannot be undone.")).to_be_visible()
    press(page, page.get_by_role("button", name="Accept the dispute"))

    expect(page.get_by_text("Accepted. There is nothing more to do.")).to_be_visible()
    (dispute,) = client.v1.disputes.list(options={"stripe_account": shop.id}).data
    assert dispute.status == "lost"
