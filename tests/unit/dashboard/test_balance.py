"""The balance component: what comes next, what stands in its way, what can be done."""

from __future__ import annotations

import re
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command

from counterfoil.access import guard
from counterfoil.accounts.shapes import Requirements
from counterfoil.dashboard.balance import hindrance_of
from counterfoil.dashboard.funds import Funds
from counterfoil.dashboard.queries.payout_terms import payout_terms
from counterfoil.kit.db import execute, fetch_one
from tests.support.builders import DAY, MONDAY, NOW, WEDNESDAY, world  # noqa: F401 - a fixture
from tests.support.selling import Shop
from tests.unit.payments.owing import change


@pytest.fixture
def shop(world, monkeypatch):  # noqa: F811 - a fixture
    return Shop(world, monkeypatch)


def test_the_next_payout_is_what_the_engine_then_makes(shop):
    shop.world.charge(10_000, to=shop.id, fee=1000)  # available on Wednesday
    shop.world.give(shop.id, 500)
    shop.world.run_until(MONDAY + 20 * 3600)
    shop.world.charge(2000, to=shop.id, fee=200)
    text = shop.page("/").text

    assert "Next payout $5.00 on Tue, Nov 4" in text
    assert "In your bank Wed, Nov 5" in text
    shop.world.run_until(MONDAY + DAY + 3600)
    text = shop.page("/").text
    assert "Next payout $108.00 on Wed, Nov 5" in text
    assert re.search(r"Available Wed, Nov 5\s*\$108.00\s*Will be sent\s*\$108.00.*?Adds up", text)
    assert "On the way to your bank $5.00 arrives Wed, Nov 5" in text
    shop.world.run_until(WEDNESDAY)
    assert shop.world.payouts(shop.id)[-1] == "in_transit 10800"


def test_a_minimum_balance_stays(shop):
    shop.world.balance_settings(shop.id, payouts={"minimum_balance_by_currency": {"usd": 300}})
    shop.world.give(shop.id, 500)
    text = shop.page("/").text

    assert "Next payout $2.00 on Tue, Nov 4" in text
    assert "Stays in your balance−$3.00" in text.replace("balance −", "balance−")
    shop.world.run_until(MONDAY + DAY)
    assert shop.world.payouts(shop.id) == ["in_transit 200"]


def test_a_run_with_nothing_to_send_is_passed_over(shop):
    shop.world.schedule(shop.id, "weekly", weekly_payout_days=["tuesday"])
    shop.world.charge(10_000, to=shop.id, fee=1000)  # available only on Wednesday

    # The 11th is a holiday.
    assert "Next payout $90.00 on Wed, Nov 12" in shop.page("/").text
    assert "Every week on Tuesday" in shop.page("/").text


def test_without_money_the_next_run_is_named(shop):
    assert "Nothing to send on Tue, Nov 4 yet." in shop.page("/").text


def test_the_activity_page_begins_with_what_is_still_to_come(shop):
    shop.world.give(shop.id, 500)
    shop.world.run_until(MONDAY + 20 * 3600)
    shop.world.run_until(MONDAY + DAY + 3600)  # $5.00 has left; $20.00 leave tomorrow
    shop.world.give(shop.id, 2000)
    text = shop.page("/activity").text

    assert re.search(
        r"Coming up \$5.00 arrives at your bank .*? Wed, Nov 5"
        r" \$20.00 will be paid out Expected Thu, Nov 6 at .*? Wed, Nov 5",
        text,
    ), text
    assert "Coming up" in shop.page("/activity?about=payouts").text
    assert "Coming up" not in shop.page("/activity?about=refunds").text
    shop.world.schedule(shop.id, "manual")
    assert "will be paid out" not in shop.page("/activity").text


def test_by_hand_nothing_comes_by_itself(shop):
    shop.world.schedule(shop.id, "manual")

    assert "Next payout When you ask for it." in shop.page("/").text


def test_a_refused_account_leads_to_where_it_is_mended(shop):
    shop.world.give(shop.id, 9000)
    shop.world.fail_payout(shop.world.payout(1000, on=shop.id))
    page = shop.page("/")

    assert "Your bank refused STRIPE TEST BANK ·· 6789" in page.text
    assert page.links["Mend it"] == "/settings/payouts"
    assert "None for now: see above." in page.text


def test_a_new_account_after_a_lost_phone_waits_and_says_until_when(shop):
    shop.world.give(shop.id, 9000)
    ident = shop.world.external(shop.id).id
    until = MONDAY + 7 * DAY
    execute("UPDATE accounts_externalaccount SET held_until = %s WHERE id = %s", [until, ident])

    assert "begin after Monday, November 10" in shop.page("/").text
    assert "receives its first payout after" in shop.page("/settings/payouts").text
    shop.world.schedule(shop.id, "manual")
    assert "begin after Monday, November 10" in shop.page("/payouts/new").text


def test_a_currency_without_an_account_asks_for_one(shop):
    terms = payout_terms(shop.id, livemode=False)
    hindrance = hindrance_of(terms, Funds("eur"), platform="Bazaar", now=NOW)

    assert hindrance_of(terms, Funds("usd"), platform="Bazaar", now=NOW) is None
    assert hindrance.title == "Add a bank account for EUR"
    assert hindrance.href == "/settings/payouts/accounts/new"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("requirements.past_due", "Some of your details are missing."),
        ("requirements.pending_verification", "There is nothing to do for you now."),
        ("rejected.other", "closed for payouts. Ask Bazaar."),
        (None, "Ask Bazaar what is needed."),
    ],
)
def test_why_payouts_are_not_enabled(shop, reason, words):
    due = Requirements(disabled_reason=reason)
    terms = replace(payout_terms(shop.id, livemode=False), enabled=False, requirements=due)

    assert words in hindrance_of(terms, Funds("usd"), platform="Bazaar", now=NOW).text


def test_below_zero_is_explained_by_what_made_it_so(shop):
    shop.world.schedule(shop.id, "manual")
    shop.world.charge(10_000, on=shop.id, source="tok_bypassPending", description="Order 7")
    available = shop.world.balance(shop.id).available
    shop.world.payout(available, on=shop.id)
    disputed = shop.world.charge(5000, on=shop.id, source="tok_createDispute")
    assert disputed
    shop.world.run_until(MONDAY + 5 * DAY)
    below = shop.world.balance(shop.id).available
    text = shop.page("/").text

    assert below < 0
    assert "Below zero." in text
    assert re.search(r"Balance before.*Dispute.*Below zero.*Adds up", text)
    assert "Payouts go on as soon as it is above zero." in text
    assert "may be debited from STRIPE TEST BANK" in text


def test_no_payout_is_promised_while_more_is_owed_than_there_is(shop):
    shop.world.give(shop.id, 5000)
    change(shop.world, (shop.id, -9000), on=WEDNESDAY)  # of a charge that is pending
    page = shop.page("/")

    assert "Nothing is paid out for now" in page.text
    assert "$40.00 is missing." in page.text
    assert "None for now: see above." in page.text
    shop.world.schedule(shop.id, "manual")
    assert "Pay out" not in shop.page("/").links
    assert "$40.00 is missing." in shop.page("/payouts/new").text

    change(shop.world, (shop.id, 4500))
    assert "Pay out" in shop.page("/").links


# ---- Refunds and disputes ----


ADD = "/prefunding/addition"
TAKE = "/prefunding/withdrawal"


def prefunding(shop):
    row = fetch_one(
        "SELECT COALESCE(SUM(amount), 0) FROM ledger_balance"
        " WHERE owner = %s AND purpose = 'prefunding'",
        [shop.id],
    )
    return int(row[0])


def test_funds_are_added_from_the_bank_account_and_taken_out_again(shop):
    assert "Taken from STRIPE TEST BANK ·· 6789." in shop.page(ADD).text
    assert shop.done(ADD, amount="50", currency="usd") == "/"
    assert "$50.00 is taken from your bank account." in shop.page("/").text
    assert "$50.00 is being taken from your bank account since" in shop.page(ADD).text
    shop.world.run_until(MONDAY + 9 * DAY)
    assert prefunding(shop) == 5000

    assert shop.page(TAKE).inputs["amount"] == "50.00"
    assert shop.done(TAKE, amount="20", currency="usd") == "/"
    text = shop.page("/").text
    assert "$20.00 is in your available balance now." in text
    assert "Refunds and disputes $30.00 kept for them" in text
    assert prefunding(shop) == 3000


def test_live_funds_wait_for_a_transfer_with_its_reference(shop, monkeypatch):
    shop.go_live(topup_bank_details={"usd": "Acme Bank, 021000021, account 12345"})
    assert shop.page("/prefunding/addition").inputs["amount"] == ""
    key = shop.page("/prefunding/addition").inputs["form_key"]
    for _ in range(2):
        there = shop.done("/prefunding/addition", key=key, currency="usd", amount="75")
    page = shop.page(there).text

    reference, status = fetch_one("SELECT reference, status FROM payments_topup")
    assert status == "pending"
    assert "Send $75.00 to the account below, with its reference." in page
    assert f"To Acme Bank, 021000021, account 12345 Reference {reference}" in page
    assert "$0.00 is kept for them now." in page
    call_command("topups", "confirm", reference, stdout=StringIO())
    page = shop.page("/prefunding/addition").text
    assert "$75.00 is kept for them now." in page
    assert "Acme Bank" not in page
    assert "$75.00 kept for them" in shop.page("/").text


def test_where_no_account_is_named_the_platform_is_asked(shop):
    shop.go_live()
    shop.done("/prefunding/addition", currency="usd", amount="75")

    assert "ask Bazaar for the account" in shop.page("/prefunding/addition").text


def test_twice_the_same_form_adds_once(shop):
    key = shop.page(ADD).inputs["form_key"]
    for _ in range(2):
        shop.done(ADD, key=key, amount="50", currency="usd")

    assert fetch_one("SELECT COUNT(*) FROM payments_topup") == (1,)


@pytest.mark.parametrize(
    ("address", "typed", "words"),
    [
        (ADD, "", "Write an amount"),
        (ADD, "0", "Write an amount above zero."),
        (ADD, "x", "cannot be read as an amount"),
        (TAKE, "1", "There is $0.00 in it."),
        (TAKE, "-1", "Write an amount above zero."),
    ],
)
def test_amounts_that_cannot_be_are_told_beside_them(shop, address, typed, words):
    page = shop.refused(address, amount=typed, currency="usd")

    assert words in page.text
    assert page.inputs["amount"] == typed


def test_without_a_bank_account_there_is_nothing_to_take_it_from(shop):
    shop.world.give(shop.id, 9000)
    shop.world.fail_payout(shop.world.payout(1000, on=shop.id))

    assert "Add one first." in shop.refused(ADD, amount="50", currency="usd").text


def test_only_where_it_is_switched_on_and_for_who_may(shop, monkeypatch):
    shop.switch_on("manual_payouts")
    for address in (ADD, TAKE):
        assert shop.get(address).status_code == 404
        assert shop.browser.post(address, {"amount": "1"}).status_code == 404
    assert "Add funds" not in shop.page("/").links
    shop.switch_on("top_up_prefunding")
    assert "Add funds" in shop.page("/").links
    monkeypatch.setattr(guard, "ROLES", {"owner": frozenset()})
    assert shop.get(ADD).status_code == 403
    assert "Add funds" not in shop.page("/").links
