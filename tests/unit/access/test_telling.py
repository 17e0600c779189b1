"""A holder hears of what guards their money, whoever changed it: the marketplace by the API, or
somebody at the pages."""

from __future__ import annotations

import msgspec
import pytest

from counterfoil.accounts import operations
from counterfoil.accounts.models import Account
from counterfoil.accounts.params import (
    CreateExternalAccount,
    UpdateAccount,
    UpdateExternalAccount,
)
from counterfoil.audit.acting import Acting, acting
from counterfoil.audit.queries import records_of
from counterfoil.kit.pages import PageRequest
from counterfoil.messaging.outbox_files import newest_messages
from counterfoil.outbox.running import run_due
from tests.support.accounts import onboarded_individual
from tests.support.builders import world  # noqa: F401 - a fixture
from tests.support.selling import Shop

PHONE, MAIL = "+14155550132", "ada@example.com"
OTHER = {
    "object": "bank_account",
    "country": "US",
    "currency": "usd",
    "routing_number": "110000000",
    "account_number": "000999999991",
}


@pytest.fixture
def shop(world, monkeypatch, settings, tmp_path):  # noqa: F811 - a fixture
    settings.DATA_DIR = tmp_path
    person = onboarded_individual()["individual"] | {"phone": PHONE}
    shop = Shop(world, monkeypatch, email=MAIL, individual=person)
    token = acting.set(Acting("platform", world.id, world.now))  # as `/v1` does
    yield shop
    acting.reset(token)


def where(shop) -> dict:
    return {
        "platform_id": shop.world.id,
        "livemode": False,
        "account_id": shop.id,
        "now": shop.world.now,
    }


def add(shop) -> str:
    params = msgspec.convert({"external_account": OTHER}, CreateExternalAccount)
    return operations.create_external_account(**where(shop), params=params).id


def change(shop, external_id: str, **sent) -> None:
    params = msgspec.convert(sent, UpdateExternalAccount)
    operations.update_external_account(**where(shop), external_id=external_id, params=params)


def update(shop, **sent) -> None:
    operations.update_account(**where(shop), params=msgspec.convert(sent, UpdateAccount))


def post(settings, shop) -> list[dict]:
    """What left since it was asked last, oldest first."""
    while run_due(shop.world.now):
        pass
    messages = newest_messages(settings.DATA_DIR, limit=100)
    for file in settings.DATA_DIR.rglob("*.jsonl"):
        file.unlink()
    return messages[::-1]


def told(settings, shop) -> dict[str, str]:
    """The newest message to each address."""
    return {one["to"]: one["text"] for one in post(settings, shop)}


def test_the_marketplace_adds_chooses_and_removes_a_bank_account(shop, settings):
    first = shop.world.external(shop.id).id
    other = add(shop)
    messages = told(settings, shop)
    assert set(messages) == {PHONE, MAIL}
    assert all("·· 9991 was added to your account" in text for text in messages.values())
    assert all("/not-me/" in text for text in messages.values())

    change(shop, other, default_for_currency=True)
    assert "go to the bank account or card ·· 9991 from now on" in told(settings, shop)[PHONE]
    change(shop, other, account_holder_name="Somebody Else")
    assert "·· 9991 of your account with" in told(settings, shop)[MAIL]
    operations.delete_external_account(**where(shop), external_id=first)
    assert "·· 6789 was removed" in told(settings, shop)[MAIL]


def test_sending_an_account_with_another_bank_account_tells_of_both(shop, settings):
    update(shop, external_account=OTHER)
    texts = " ".join(one["text"] for one in post(settings, shop))

    assert "·· 6789 was removed" in texts
    assert "·· 9991 was added" in texts
    log = records_of(shop.world.in_scope(shop.id), PageRequest(limit=9)).rows
    assert {row.action for row in log} >= {"bank_account.added", "bank_account.removed"}


def test_old_and_new_contact_hear_of_the_change_and_the_log_holds_neither(shop, settings):
    update(shop, email="new@example.com")
    messages = told(settings, shop)

    assert set(messages) == {PHONE, MAIL, "new@example.com"}
    assert "was changed" in messages[MAIL]
    (record,) = [
        row
        for row in records_of(shop.world.in_scope(shop.id), PageRequest(limit=9)).rows
        if row.action == "contact.changed"
    ]
    assert record.after == {"what": "email"}


def test_what_changes_nothing_that_guards_money_is_no_news(shop, settings):
    change(shop, shop.world.external(shop.id).id, metadata={"ours": "1"})
    update(shop, business_profile={"name": "Bowls"}, email=MAIL)

    assert told(settings, shop) == {}


@pytest.mark.parametrize(
    "changes", [{"details_submitted": False}, {"dashboard_type": "none"}], ids=str
)
def test_whoever_does_not_sign_in_here_hears_it_from_the_marketplace(shop, settings, changes):
    Account.objects.filter(id=shop.id).update(**changes)
    add(shop)

    assert told(settings, shop) == {}


def test_it_is_written_in_the_language_that_the_seller_has_chosen(shop, settings):
    Account.objects.filter(id=shop.id).update(language="de")
    add(shop)

    assert "wurde deinem Konto bei" in told(settings, shop)[MAIL]


def test_without_a_public_url_a_notice_names_no_host(shop, settings):
    settings.PUBLIC_URL = None
    add(shop)
    assert "http" not in told(settings, shop)[PHONE]

    settings.PUBLIC_URL = "https://pay.example.com"
    update(shop, email="new@example.com")
    assert "https://pay.example.com/not-me/" in told(settings, shop)[PHONE]
