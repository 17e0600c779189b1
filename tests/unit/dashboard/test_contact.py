"""Another address or number for codes and notices: who is there, a code to it, both hear of it."""

from __future__ import annotations

import pytest

from counterfoil.access.models import NewContact, Session
from counterfoil.access.sweeping import sweep
from counterfoil.accounts.models import Account
from counterfoil.audit.models import Record
from counterfoil.messaging.outbox_files import newest_messages
from counterfoil.outbox.running import run_due
from tests.support.accounts import onboarded_individual
from tests.support.builders import DAY, world  # noqa: F401 - a fixture
from tests.support.selling import Shop

PROFILE = "/settings/profile"
EMAIL, PHONE = f"{PROFILE}/email", f"{PROFILE}/phone"
OLD_PHONE, NEW_PHONE = "+14155550132", "+14155550199"


@pytest.fixture
def shop(world, monkeypatch, settings, tmp_path):  # noqa: F811 - a fixture
    settings.DATA_DIR = tmp_path
    person = onboarded_individual()["individual"] | {"phone": OLD_PHONE}
    return Shop(world, monkeypatch, email="old@example.com", individual=person)


def account(shop: Shop) -> Account:
    return Account.objects.get(id=shop.id)


def stale(shop: Shop) -> None:
    Session.objects.filter(account_id=shop.id).update(fresh_at=shop.world.now - DAY)


def told(shop: Shop, settings) -> set[str]:
    run_due(shop.world.now)
    run_due(shop.world.now)
    lines = newest_messages(settings.DATA_DIR, limit=20)
    return {line["to"] for line in lines if "was changed" in line["text"]}


@pytest.mark.parametrize(
    ("page", "typed", "column", "contacts"),
    [
        (EMAIL, "new@example.com", "email", {"old@example.com", "new@example.com", OLD_PHONE}),
        (PHONE, "(415) 555-0199", "phone", {OLD_PHONE, NEW_PHONE, "old@example.com"}),
    ],
)
def test_it_is_used_once_its_code_was_typed_and_old_and_new_hear_of_it(
    shop, settings, page, typed, column, contacts
):
    before = getattr(account(shop), column)
    answer = shop.browser.post(page, {"address": typed})
    assert answer.headers["Location"] == f"{page}/code"
    assert getattr(account(shop), column) == before
    assert shop.browser.post(f"{page}/code", {"code": "12"}).status_code == 422
    assert shop.browser.post(f"{page}/code", {"code": "123456"}).status_code == 422
    assert getattr(account(shop), column) == before

    done = shop.browser.post(f"{page}/code", {"code": "000000"})

    assert done.headers["Location"] == PROFILE
    assert getattr(account(shop), column) == {EMAIL: typed, PHONE: NEW_PHONE}[page]
    assert told(shop, settings) == contacts
    assert Record.objects.filter(account_id=shop.id, action="contact.changed").count() == 1
    assert NewContact.objects.count() == 0


def test_whoever_finds_an_open_browser_changes_nothing(shop):
    stale(shop)
    answer = shop.browser.post(EMAIL, {"address": "thief@example.com"})
    assert answer.headers["Location"].startswith("/step-up/")
    assert NewContact.objects.count() == 0

    Session.objects.filter(account_id=shop.id).update(fresh_at=shop.world.now)
    shop.browser.post(EMAIL, {"address": "thief@example.com"})
    stale(shop)
    answer = shop.browser.post(f"{EMAIL}/code", {"code": "000000"})

    assert answer.headers["Location"].startswith("/step-up/")
    assert account(shop).email == "old@example.com"


def test_a_code_is_good_for_its_own_address_and_session_only(shop):
    shop.browser.post(EMAIL, {"address": "new@example.com"})
    other = shop.as_somebody(shop.id)

    assert other.get(f"{EMAIL}/code").headers["Location"] == EMAIL
    assert shop.browser.get(f"{PHONE}/code").headers["Location"] == PHONE
    NewContact.objects.update(address="thief@example.com")
    assert shop.browser.post(f"{EMAIL}/code", {"code": "000000"}).status_code == 422
    assert account(shop).email == "old@example.com"


@pytest.mark.parametrize(
    ("page", "typed", "words"),
    [
        (EMAIL, "ada", "not an e-mail address"),
        (EMAIL, "+14155550199", "not an e-mail address"),
        (EMAIL, "old@example.com", "the one on file"),
        (PHONE, "12", "not a phone number"),
        (PHONE, "ada@example.com", "not a phone number"),
    ],
)
def test_what_cannot_be_is_told_before_it_asks_who_is_there(shop, page, typed, words):
    stale(shop)

    answer = shop.browser.post(page, {"address": typed})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert f'value="{typed}"' in answer.content.decode()


def test_a_company_changes_its_own_number(world, monkeypatch):  # noqa: F811 - a fixture
    shop = Shop(world, monkeypatch, company=True)
    shop.browser.post(PHONE, {"address": NEW_PHONE})
    shop.browser.post(f"{PHONE}/code", {"code": "000000"})

    assert account(shop).phone == NEW_PHONE


def test_another_code_may_be_asked_for_and_what_is_over_is_forgotten(shop):
    shop.browser.post(EMAIL, {"address": "new@example.com"})
    again = shop.browser.post(f"{EMAIL}/code", {"again": "yes"})
    assert again.headers["Location"] == f"{EMAIL}/code"

    sweep(shop.world.now + DAY)

    assert NewContact.objects.count() == 0
    assert shop.browser.get(f"{PROFILE}/fax").status_code == 404
