"""From a blank account to a payable one, on a phone: by a link of the official SDK, and no longer
than three minutes. The same account made over the API alone is the same in the end."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
import stripe
from playwright.sync_api import Browser, Page, expect

from tests.contract.sdk_types import assert_valid
from tests.support.accounts import address, bank

pytestmark = pytest.mark.browser

SAMPLE = "Fill in test values"
SAVE = "Save and go on"
ITS_OWN = {"id", "created", "url", "account", "fingerprint", "date", "ip", "user_agent", "metadata"}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64 + b"IEND\xaeB`\x82"


@pytest.fixture
def phone(chromium: Browser, watch, javascript):
    with chromium.new_context(
        java_script_enabled=javascript, locale="en-US", viewport={"width": 390, "height": 844}
    ) as context:
        context.set_default_timeout(10_000)
        watch.over(context)
        yield context.new_page()


def onboarding(client: stripe.StripeClient, server, account_id: str) -> str:
    back = f"{server.url}/healthz"
    return client.v1.account_links.create(
        {
            "account": account_id,
            "type": "account_onboarding",
            "return_url": back,
            "refresh_url": f"{back}?again",
        }
    ).url


def opened(page: Page, link: str, javascript: bool) -> None:
    page.goto(link)
    if not javascript:
        page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/onboarding/steps/**")


def press(page: Page, name: str) -> None:
    before = page.url
    page.get_by_role("button", name=name).click()
    if name != SAMPLE:
        page.wait_for_url(lambda url: url != before)


def prove(page: Page, javascript: bool) -> None:
    """With the code that a test account always takes; without a script it is asked for first."""
    if not javascript:
        page.get_by_role("button", name="Send the code").click()
    page.get_by_label("Six-digit code").fill("000000")
    press(page, "Confirm")


def fill_in(page: Page, kind: str, javascript: bool) -> list[str]:
    """Every form, until the platform has the seller back; what they were called."""
    walked = []
    while "/onboarding" in page.url:
        name = re.sub("person_[A-Za-z0-9]+", "person", page.url.rsplit("/", 1)[-1])
        walked.append(name)
        assert page.locator("h1").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
        if name == "code":
            prove(page, javascript)
        elif name == "kind":
            page.get_by_label("Myself" if kind == "individual" else "A company").check()
            press(page, SAVE)
        elif name == "people":
            press(page, "All are named")
        elif name == "terms":
            page.get_by_label(re.compile("I accept")).check()
            press(page, "Accept and send")
        else:
            press(page, SAMPLE)
            press(page, SAVE)
        assert len(walked) < 15, walked
    return walked


@pytest.mark.parametrize(
    ("country", "kind", "javascript"),
    [
        ("US", "individual", True),
        ("US", "company", False),
        ("GB", "individual", False),
        ("GB", "company", True),
        ("DE", "individual", True),
        ("DE", "company", False),
    ],
)
def test_from_blank_to_payable_and_the_same_as_over_the_api(
    phone, client, server, country, kind, javascript
):
    account = client.v1.accounts.create({"type": "express", "country": country})
    began = time.monotonic()
    opened(phone, onboarding(client, server, account.id), javascript)

    fill_in(phone, kind, javascript)

    assert time.monotonic() - began < 180
    assert phone.url == f"{server.url}/healthz"
    by_browser = client.v1.accounts.retrieve(account.id)
    assert (by_browser.charges_enabled, by_browser.payouts_enabled) == (True, True)
    by_api = over_the_api(client, country, kind)
    assert_valid(by_browser)
    assert_valid(by_api)
    assert bare(by_browser) == bare(by_api)


def over_the_api(client: stripe.StripeClient, country: str, kind: str) -> stripe.Account:
    """The same details, sent in another order and in pieces."""
    where = {"city": "Berlin", **address(country)}
    who: dict[str, Any] = {
        "first_name": "Jenny",
        "last_name": "Rosen",
        "email": "jenny@example.com",
        "phone": "0000000000",
        "dob": {"day": 1, "month": 1, "year": 1901},
        "address": where,
    }
    if country == "US":
        who["ssn_last_4"] = "0000"
    accounts = client.v1.accounts
    made = accounts.create({"type": "express", "country": country}).id
    accounts.update(made, {"external_account": _without_holder(bank(country))})
    accounts.update(made, {"tos_acceptance": {"date": 1_700_000_000, "ip": "203.0.113.7"}})
    accounts.update(made, {"business_type": kind})
    if kind == "individual":
        accounts.update(made, {"individual": who})
    else:
        role = {"representative": True, "title": "Managing director"}
        client.v1.accounts.persons.create(made, who | {"relationship": role})
        company = {
            "name": "Rosen Ceramics",
            "tax_id": "000000000",
            "phone": "0000000000",
            "address": where,
            "owners_provided": True,
            "directors_provided": True,
            "executives_provided": True,
        }
        accounts.update(made, {"company": company})
    business = {
        "mcc": "5970",
        "url": "https://accessible.stripe.com",
        "product_description": "Hand-made bowls and cups.",
    }
    return accounts.update(made, {"business_profile": business})


def _without_holder(numbers: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in numbers.items() if "holder" not in name}


def bare(value: Any) -> Any:
    """An object without what is its own: ids, moments, addresses."""
    if isinstance(value, stripe.StripeObject):
        value = value.to_dict()
    if isinstance(value, dict):
        return {name: bare(one) for name, one in value.items() if name not in ITS_OWN}
    return [bare(one) for one in value] if isinstance(value, list) else value


def test_a_refused_document_is_replaced(phone, client, server, javascript, watch):
    watch.expected_statuses.add(422)
    account = client.v1.accounts.create({"type": "express", "country": "GB"})
    opened(phone, onboarding(client, server, account.id), javascript)
    phone.get_by_label("Myself").check()
    press(phone, SAVE)
    press(phone, SAMPLE)
    press(phone, SAVE)
    for part, value in (("Day", "2"), ("Month", "2"), ("Year", "1980")):
        phone.get_by_label(part, exact=True).fill(value)
    press(phone, SAVE)
    press(phone, SAMPLE)
    press(phone, SAVE)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Identity document")

    def hand_in(name: str, content: bytes) -> None:
        file = {"name": name, "mimeType": "image/png", "buffer": content}
        phone.get_by_label(re.compile("Front")).set_input_files(file)
        phone.get_by_role("button", name="Hand in").click()

    hand_in("notes.png", b"not a picture")
    expect(phone.get_by_role("alert")).to_contain_text("not a JPEG, PNG or PDF file")
    hand_in("identity_document_failure.png", PNG)
    expect(phone.get_by_role("alert")).to_contain_text("could not be accepted")
    hand_in("passport.png", PNG)
    expect(phone.get_by_role("heading", level=1)).to_have_text("What you sell")

    errors = client.v1.accounts.retrieve(account.id).requirements.errors
    assert errors == []


def test_a_deadline_is_missed_and_cured(phone, client, seller, server, javascript):
    issue = {"account": seller.id, "issue_type": "additional_info"}
    client.raw_request("post", "/v1/test_helpers/demo/merchant_issue", **issue)
    phone.goto(client.v1.accounts.login_links.create(seller.id).url)
    if not javascript:
        phone.get_by_role("button", name="Send the code").click()
    phone.wait_for_url("**/code")
    phone.get_by_label("Six-digit code").fill("000000")
    phone.get_by_role("button", name="Sign in").click()
    expect(phone.get_by_text("Needed by")).to_be_visible()

    advance = "/v1/test_helpers/clock/advance"
    client.raw_request("post", advance, seconds=15 * 86_400)
    phone.goto(f"{server.url}/")
    expect(phone.get_by_text("Payouts are paused").first).to_be_visible()
    assert not client.v1.accounts.retrieve(seller.id).payouts_enabled

    phone.get_by_role("link", name="Fill it in").click()
    phone.get_by_label("Your answer").fill("Bowls and cups, to people who drink tea.")
    phone.get_by_role("button", name="Send the answer").click()
    expect(phone.get_by_text("Nothing is asked of you")).to_be_visible()

    assert client.v1.accounts.retrieve(seller.id).payouts_enabled
    assert server.check()["violations"] == []
