"""Leaving the marketplace: what has to be settled first, in words, and what follows."""

from __future__ import annotations

import re

import msgspec
import pytest
from django.db import transaction

from counterfoil.access import guard
from counterfoil.access.links import create_login_link
from counterfoil.access.models import Session
from counterfoil.access.policy import CLOSED
from counterfoil.accounts.models import Account
from counterfoil.audit.models import Record
from counterfoil.dashboard.operations import close_account
from counterfoil.dashboard.views import closing
from counterfoil.events.models import Event
from counterfoil.kit.crypt import unseal
from counterfoil.kit.refused import InvalidRequest
from counterfoil.outbox.models import Job
from tests.support.builders import DAY, world  # noqa: F401 - a fixture
from tests.support.selling import Shop
from tests.unit.dashboard.test_disputes import disputed

PAGE = "/settings/closing"
FORM = 'name="sure"'


@pytest.fixture
def shop(world, monkeypatch):  # noqa: F811 - a fixture
    return Shop(world, monkeypatch)


def account(shop: Shop) -> Account:
    return Account.objects.get(id=shop.id)


def close(shop: Shop):
    return shop.browser.post(PAGE, {"sure": "yes"})


def messages() -> list[dict]:
    jobs = Job.objects.filter(kind="messaging.send")
    return [msgspec.json.decode(unseal(msgspec.json.decode(job.payload)["sealed"])) for job in jobs]


# ---- What stands against it ----


def test_money_that_is_left_is_named_with_the_way_to_settle_it(shop):
    shop.world.charge(5000, on=shop.id, source="tok_bypassPending")
    page = shop.page(PAGE)
    assert "$48.25 is still in your balance" in page.text
    assert "sent to your bank on" in page.text
    assert FORM not in shop.get(PAGE).content.decode()

    answer = close(shop)

    assert answer.status_code == 422
    assert account(shop).deleted_at is None


def test_by_hand_it_leads_to_the_payout_and_waits_for_one_on_its_way(shop):
    shop.world.schedule(shop.id, "manual")
    shop.world.charge(5000, on=shop.id, source="tok_bypassPending")
    assert shop.page(PAGE).links["Pay out"] == "/payouts/new?currency=usd"

    shop.world.payout(4825, on=shop.id)

    page = shop.page(PAGE)
    assert "still in your balance" not in page.text
    assert "$48.25 is on its way to your bank" in page.text
    assert re.search("It arrives by .*November [0-9]+. Close the account once", page.text)
    assert page.links["See it"].startswith("/payouts/po_")


def test_what_is_pending_has_its_day(shop):
    shop.world.charge(1000, on=shop.id)

    text = shop.page(PAGE).text

    assert "$9.41 is not available yet" in text
    assert re.search("It becomes available by .*November 5", text)


def test_an_open_dispute_and_what_it_cost_have_their_amounts(shop):
    disputed(shop.world, shop.id)

    page = shop.page(PAGE)

    assert "1 dispute about $100.00 is open" in page.text
    assert page.links["See disputes"] == "/disputes"
    owed = re.search(r"You owe \$([0-9.]+)", page.text)
    assert owed
    assert f"${owed[1]} more in payments fills it" in page.text
    assert "Or ask Bazaar how to pay it back" in page.text


# ---- Closing ----


def test_an_empty_account_is_closed_everybody_is_out_and_told(shop):
    second = shop.as_somebody(shop.id)
    assert "Nothing is left to settle" in shop.page(PAGE).text
    refused = shop.browser.post(PAGE, {})
    assert refused.status_code == 422
    assert "Say that you know what follows" in refused.content.decode()

    answer = close(shop)

    assert "Your account is closed" in answer.content.decode()
    assert account(shop).deleted_at == shop.world.now
    assert Session.objects.filter(account_id=shop.id).count() == 0
    assert second.get("/").headers["Location"] == "/login"
    assert Record.objects.filter(account_id=shop.id, action="account.closed").count() == 1
    told = {one["channel"]: one for one in messages() if "is closed" in one["text"]}
    assert set(told) == {"sms", "email"}
    assert "Tell Bazaar at once" in told["email"]["text"]
    (event,) = Event.objects.filter(type="account.application.deauthorized")
    assert event.account_id == shop.id


def test_the_login_link_of_a_closed_account_is_refused_as_the_reference_says(shop):
    close(shop)

    with pytest.raises(InvalidRequest) as refusal:
        create_login_link(
            account_id=shop.id,
            platform_id=shop.world.id,
            livemode=False,
            redirect_url=None,
            now_wall=shop.world.now,
        )
    assert (refusal.value.message, refusal.value.code) == (CLOSED, None)


def test_it_waits_for_a_proof_of_who_is_there(shop):
    Session.objects.filter(account_id=shop.id).update(fresh_at=shop.world.now - DAY)

    answer = close(shop)

    assert answer.headers["Location"].startswith("/step-up/")
    assert account(shop).deleted_at is None


def test_money_that_comes_in_between_stops_it(shop, monkeypatch):
    """What the page saw is looked at once more when nobody can post any more."""
    monkeypatch.setattr(close_account, "unit_of_work", transaction.atomic)  # as for `once`
    shop.world.charge(1000, on=shop.id)
    monkeypatch.setattr(closing, "obstacles", lambda _seller, now: [])

    answer = close(shop)

    assert answer.status_code == 422
    assert "Nothing was closed" in answer.content.decode()
    assert account(shop).deleted_at is None


def test_it_is_there_for_those_who_may_and_where_the_marketplace_has_it_on(shop, monkeypatch):
    assert PAGE in shop.page("/settings").links.values()
    with monkeypatch.context() as nobody:
        nobody.setitem(guard.ROLES, "owner", frozenset())
        assert close(shop).status_code == 403

    shop.switch_on("view_payments")
    assert shop.get(PAGE).status_code == 404
    assert close(shop).status_code == 404
    assert PAGE not in shop.page("/settings").links.values()
