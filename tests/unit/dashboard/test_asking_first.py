"""Which of a seller's acts wait until they have shown once more who they are, and which do not."""

from __future__ import annotations

import re

import pytest

from counterfoil.access.models import Session
from counterfoil.accounts.models import Account
from counterfoil.accounts.operations import update_account
from counterfoil.accounts.params import UpdateAccount
from counterfoil.accounts.profile import read_profile, write_profile
from counterfoil.kit.db import execute, fetch_all
from counterfoil.platforms.settings import Features, PlatformSettings, write_settings
from tests.support.builders import DAY, MONDAY, world  # noqa: F401 - a fixture
from tests.support.selling import Shop

FRESH = 10 * 60


@pytest.fixture
def shop(world, monkeypatch):  # noqa: F811 - a fixture
    shop = Shop(world, monkeypatch)
    world.give(shop.id, 900_000)
    return shop


def long_ago(shop) -> None:
    """The seller signed in, and has shown nothing since."""
    _ = shop.browser
    Session.objects.update(fresh_at=shop.world.now - FRESH)


def sent(shop, address: str, **fields):
    """Whether the form waits for a proof; the answer."""
    key = shop.page(address).inputs["form_key"]
    long_ago(shop)
    answer = shop.send(address, key=key, **fields)
    assert answer.status_code == 303, answer.content.decode()[-2000:]
    return answer["Location"].startswith("/step-up/"), answer


def goes_on(shop, waiting: str) -> str:
    """The six zeros are typed, and the browser sends what waits once more; where that leads."""
    shop.browser.post(waiting)
    assert shop.browser.post(waiting, {"code": "000000"}).status_code == 303
    page = shop.browser.get(waiting).content.decode()
    path = re.search(r'action="([^"]+)"', page)[1]
    token = re.search(r'name="held" value="(\w+)"', page)[1]
    return shop.browser.post(path, {"held": token})["Location"]


# ---- Refunds ----


@pytest.mark.parametrize(("amount", "waits"), [("499.99", False), ("500", True)])
def test_a_large_refund_waits_and_then_happens(shop, amount, waits):
    charge = shop.world.charge(90_000, on=shop.id, source="tok_bypassPending").id
    asked, answer = sent(
        shop, f"/payments/{charge}/refund", amount=amount, reason="requested_by_customer"
    )
    refunds = fetch_all("SELECT id FROM payments_refund")
    assert (asked, len(refunds)) == (waits, 0 if waits else 1)
    if waits:
        assert "a large amount" in shop.page(answer["Location"]).text
        assert goes_on(shop, answer["Location"]) == f"/payments/{charge}"
        assert fetch_all("SELECT amount FROM payments_refund") == [(50_000,)]


def test_what_went_back_before_counts_along(shop):
    charge = shop.world.charge(90_000, on=shop.id, source="tok_bypassPending").id
    form = {"amount": "300", "reason": "requested_by_customer"}

    assert sent(shop, f"/payments/{charge}/refund", **form)[0] is False
    assert sent(shop, f"/payments/{charge}/refund", **form)[0] is True


def test_looking_at_a_large_refund_asks_nothing(shop):
    charge = shop.world.charge(90_000, on=shop.id, source="tok_bypassPending").id
    long_ago(shop)
    form = {"amount": "900", "reason": "requested_by_customer", "look": "yes"}

    assert shop.send(f"/payments/{charge}/refund", **form).status_code == 200


def test_the_marketplace_says_what_is_large(shop):
    settings = PlatformSettings(features=Features.all_on(), large_refunds={"usd": 0})
    execute("UPDATE platforms_platform SET settings = %s", [write_settings(settings)])
    charge = shop.world.charge(90_000, on=shop.id, source="tok_bypassPending").id
    form = {"amount": "0.01", "reason": "requested_by_customer"}

    assert sent(shop, f"/payments/{charge}/refund", **form)[0] is True


@pytest.mark.parametrize(
    ("currency", "amount"), [("usd", 50_000), ("jpy", 50_000), ("kwd", 500_000)]
)
def test_what_is_large_where_nothing_is_set(currency, amount):
    assert PlatformSettings().large_refund_in(currency) == amount


# ---- Payouts ----


def payout(shop):
    target = shop.world.external(shop.id).id
    wish = {"amount": "50", "currency": "usd", "method": "standard", "destination": target}
    return sent(shop, "/payouts/new", step="send", debited="5000", **wish)


def test_the_first_payout_to_an_account_waits_and_later_ones_do_not(shop):
    shop.done("/settings/payouts/schedule", step="save", interval="manual")
    asked, answer = payout(shop)
    assert (asked, shop.world.payouts(shop.id)) == (True, [])
    assert "an account that is new" in shop.page(answer["Location"]).text
    assert goes_on(shop, answer["Location"]).startswith("/payouts/po_")
    assert payout(shop)[0] is True, "nothing has arrived there yet"
    shop.world.run_until(MONDAY + 9 * DAY)

    assert shop.world.payouts(shop.id)[0].startswith("paid")
    assert payout(shop)[0] is False


# ---- Details ----


def without(shop, **details) -> None:
    """The marketplace takes something out of the account, so that it is asked for again."""
    account = Account.objects.get(id=shop.id)
    profile = read_profile(account.profile)
    for name, value in details.items():
        setattr(profile.individual, name, value)
    account.profile = write_profile(profile)
    account.save()
    update_account(
        platform_id=shop.world.id,
        livemode=False,
        account_id=shop.id,
        params=UpdateAccount(),
        now=shop.world.now,
    )


def test_a_new_phone_number_waits_and_a_name_does_not(shop):
    without(shop, phone=None)
    asked, answer = sent(
        shop, "/requirements/individual-name", **{"individual.phone": "0000000000"}
    )
    assert asked
    assert "how you are reached" in shop.page(answer["Location"]).text
    goes_on(shop, answer["Location"])
    assert read_profile(Account.objects.get(id=shop.id).profile).individual.phone

    without(shop, last_name=None)
    form = {"individual.last_name": "Rosen"}
    assert sent(shop, "/requirements/individual-name", **form)[0] is False


def test_what_is_wrong_is_said_before_a_code_is_asked_for(shop):
    without(shop, phone=None)
    key = shop.page("/requirements/individual-name").inputs["form_key"]
    long_ago(shop)
    form = {"individual.phone": "twelve"}

    assert shop.send("/requirements/individual-name", key=key, **form).status_code == 422
