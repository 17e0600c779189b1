"""Paying oneself out: what it costs and when it arrives, once, or why not."""

from __future__ import annotations

import pytest

from counterfoil.access import guard
from counterfoil.kit.db import execute
from counterfoil.payouts.operations.settings import pause_payouts
from counterfoil.payouts.params import PausePayouts
from tests.support.builders import world  # noqa: F401 - a fixture
from tests.support.selling import Read, Shop

NEW = "/payouts/new"


@pytest.fixture
def shop(world, monkeypatch):  # noqa: F811 - a fixture
    """A seller who is paid out by hand, with 90.00 available."""
    shop = Shop(world, monkeypatch)
    world.schedule(shop.id, "manual")
    world.give(shop.id, 9000)
    return shop


def wish(shop, amount="50", **more):
    return {
        "amount": amount,
        "currency": "usd",
        "method": "standard",
        "destination": shop.world.external(shop.id).id,
        **more,
    }


def preview(shop, amount="50", **more):
    answer = shop.send(NEW, step="preview", **wish(shop, amount, **more))
    assert answer.status_code == 200, Read(answer.content.decode()).text
    return Read(answer.content.decode())


def test_all_that_is_available_is_offered(shop):
    page = shop.page(NEW)

    assert page.inputs["amount"] == "90.00"
    assert "At most $90.00." in page.text
    assert "Where payouts usually go" in page.text


def test_what_it_takes_and_when_it_arrives_is_shown_before(shop):
    page = preview(shop)

    assert "Send $50.00 to STRIPE TEST BANK ·· 6789?" in page.text
    assert "expected in your bank on Monday, November 3" in page.text
    assert "Reaches your bank $50.00 Adds up" in page.text.replace("  ", " ")
    assert "Your balance after it: $40.00" in page.text
    assert shop.world.payouts(shop.id) == []


def test_it_is_sent_as_it_was_shown(shop):
    page = preview(shop)
    address = shop.done(NEW, key=page.inputs["form_key"], step="send", debited="5000", **wish(shop))

    (row,) = shop.world.payout_rows(shop.id)
    assert (address, row.amount, row.decided_by) == (f"/payouts/{row.id}", 5000, "seller")
    assert "$50.00 is on its way to STRIPE TEST BANK ·· 6789." in shop.page(address).text


def test_two_clicks_make_one_payout(shop):
    key = preview(shop).inputs["form_key"]
    sent = {"step": "send", "debited": "5000", **wish(shop)}
    first, second = (shop.send(NEW, key=key, **sent) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert shop.world.payouts(shop.id) == ["pending 5000"]


def test_what_another_payout_took_meanwhile_is_told(shop):
    key = preview(shop).inputs["form_key"]
    shop.world.payout(8000, on=shop.id)
    page = shop.refused(NEW, key=key, step="send", debited="5000", **wish(shop))

    assert "You have $10.00 available." in page.text
    assert page.inputs["amount"] == "50"
    assert shop.world.payouts(shop.id) == ["pending 8000"]


def test_a_fee_that_changed_is_shown_again(shop):
    shop.world.add_card(shop.id)
    sent = wish(shop, "49", method="instant")
    page = shop.refused(NEW, step="send", debited="5001", **sent)

    assert "Its cost has changed since it was shown." in page.text
    assert page.inputs["debited"] == "5000"
    assert shop.world.payouts(shop.id) == []


def test_an_instant_one_costs_its_fee_and_arrives_at_once(shop):
    page = preview(shop, "49", method="instant")

    assert "within 30 minutes" in page.text
    assert "Fee for the instant payout −$1.00" in page.text
    sent = wish(shop, "49", method="instant")
    shop.done(NEW, key=page.inputs["form_key"], step="send", debited="5000", **sent)
    (row,) = shop.world.payout_rows(shop.id)
    assert (row.method, row.application_fee_amount) == ("instant", 100)


def test_the_most_that_can_go_instantly_leaves_room_for_the_fee(shop):
    assert shop.page(f"{NEW}?method=instant").inputs["amount"] == "88.20"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("90.01", "You have $90.00 available."),
        ("0", "The smallest payout is $0.01."),
        ("-5", "The smallest payout is $0.01."),
        ("", "Write an amount, like $1,234.50."),
        ("ten", "This cannot be read as an amount."),
        ("1.001", "more decimals"),
        ("99999999999999", "more than any amount here can be"),
    ],
)
def test_what_cannot_be_sent_says_why_and_keeps_what_was_typed(shop, typed, words):
    page = shop.refused(NEW, step="preview", **wish(shop, typed))

    assert words in page.text
    assert page.inputs["amount"] == typed
    assert shop.world.payouts(shop.id) == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [("0.49", "The smallest payout is $0.50."), ("89", "At most $88.20 can be sent instantly")],
)
def test_instant_payouts_have_limits_of_their_own(shop, typed, words):
    assert words in shop.refused(NEW, step="preview", **wish(shop, typed, method="instant")).text


def test_a_place_the_bank_refused_is_no_place(shop):
    refused = shop.world.external(shop.id).id
    shop.world.fail_payout(shop.world.payout(1000, on=shop.id))
    page = shop.page(NEW)
    assert "Your bank refused STRIPE TEST BANK ·· 6789" in page.text
    assert page.links["Mend it"] == "/settings/payouts"

    other = shop.world.add_bank(shop.id, account_number="000999999991")
    assert "The bank refused it. Confirm or change it first." in shop.page(NEW).text
    for destination in (refused, "ba_nobody", ""):
        page = shop.refused(NEW, step="preview", **wish(shop, destination=destination))
        assert "Choose" in page.text or "refused" in page.text
    assert preview(shop, destination=other)


def test_others_bank_accounts_are_no_place_either(shop):
    other = shop.world.seller()
    page = shop.refused(
        NEW, step="preview", **wish(shop, destination=shop.world.external(other).id)
    )

    assert "Choose where to send it." in page.text


def test_a_pause_is_told_with_its_reason(shop):
    key = shop.page(NEW).inputs["form_key"]
    pause_payouts(
        scope=shop.world.in_scope(shop.id),
        params=PausePayouts(reason="We are looking at an order"),
        now=shop.world.now,
    )

    for address in (NEW, "/"):
        text = shop.page(address).text
        assert "Bazaar has paused your payouts" in text
        assert "They say: We are looking at an order." in text
    page = shop.refused(NEW, key=key, step="send", debited="5000", **wish(shop))
    assert "paused" in page.text
    assert shop.world.payouts(shop.id) == []


def test_below_zero_nothing_is_offered(shop):
    shop.world.payout(9000, on=shop.id)

    assert "Nothing can be paid out now" in shop.page(NEW).text


def test_a_schedule_pays_by_itself(shop):
    key = shop.page(NEW).inputs["form_key"]
    shop.switch_on("manual_payouts")
    shop.world.schedule(shop.id, "daily")

    assert "Payouts are made by your schedule" in shop.page(NEW).text
    page = shop.refused(NEW, key=key, step="send", debited="5000", **wish(shop))
    assert "Payouts are made by your schedule" in page.text
    assert shop.world.payouts(shop.id) == []
    assert "Pay out" not in shop.page("/").links


@pytest.mark.parametrize(
    ("features", "links"),
    [
        ([], set()),
        (["manual_payouts"], {"Pay out"}),
        (["instant_payouts"], {"Pay out instantly"}),
        (["manual_payouts", "instant_payouts"], {"Pay out", "Pay out instantly"}),
    ],
)
def test_home_offers_what_is_switched_on(shop, features, links):
    shop.switch_on(*features)

    assert {"Pay out", "Pay out instantly"} & set(shop.page("/").links) == links


def test_the_switch_and_the_role_are_asked_again_when_it_is_sent(shop, monkeypatch):
    sent = {"step": "send", "debited": "5000", **wish(shop)}
    key = preview(shop).inputs["form_key"]
    shop.switch_on("instant_payouts")
    assert "not possible here" in shop.refused(NEW, key=key, **sent).text
    monkeypatch.setattr(guard, "ROLES", {"owner": frozenset()})

    assert shop.browser.post(NEW, sent).status_code == 403
    assert shop.world.payouts(shop.id) == []


def test_a_form_without_its_key_does_nothing(shop):
    sent = {"step": "send", "debited": "5000", **wish(shop)}
    answer = shop.browser.post(NEW, sent)

    assert answer.status_code == 422
    assert "not sent as a whole" in answer.content.decode()
    assert shop.world.payouts(shop.id) == []


def test_a_disabled_account_says_so(shop):
    execute("UPDATE accounts_account SET payouts_enabled = %s WHERE id = %s", [False, shop.id])

    assert "Payouts are paused" in shop.page(NEW).text
    assert "Payouts are paused" in shop.page("/").text
