"""`/payouts` and the page of one payout."""

from __future__ import annotations

import re

import pytest

from counterfoil.access import guard
from counterfoil.dashboard import payouts as pages
from counterfoil.dashboard.payout_words import state
from counterfoil.dashboard.queries.payouts import payout_detail, payout_lines
from counterfoil.kit.db import execute
from counterfoil.payouts.models import STATUSES
from tests.support.builders import DAY, MONDAY, WEDNESDAY, world  # noqa: F401 - a fixture
from tests.support.paying_out import Faults
from tests.support.reading import english  # noqa: F401 - a fixture
from tests.support.selling import Read, Shop


@pytest.fixture
def shop(world, monkeypatch):  # noqa: F811 - a fixture
    return Shop(world, monkeypatch)


def one(shop, amount=5000, **more):
    """A payout by hand of part of 90.00."""
    shop.world.schedule(shop.id, "manual")
    shop.world.give(shop.id, 9000)
    return shop.world.payout(amount, on=shop.id, **more)


def test_a_stranger_is_sent_to_the_way_in(client, db):
    for address in ("/payouts", "/payouts/po_1"):
        assert client.get(address)["Location"] == "/login"


# ---- The list ----


def test_a_new_seller_reads_what_will_be_here(shop):
    assert "No payouts yet" in shop.page("/payouts").text


def test_each_payout_has_its_amount_state_bank_and_arrival(shop):
    shop.world.charge(10_000, to=shop.id, fee=1000)
    shop.world.run_until(WEDNESDAY)
    text = shop.page("/payouts").text

    assert "To STRIPE TEST BANK ·· 6789" in text
    assert "$90.00" in text
    assert "Wed, Nov 5 · Automatic · arrives Thu, Nov 6" in text
    assert "On the way" in text
    shop.world.run_until(WEDNESDAY + 2 * DAY)
    assert "Automatic · arrived Thu, Nov 6" in shop.page("/payouts").text


def test_the_list_can_be_narrowed_to_a_state(shop):
    payout = one(shop)
    shop.world.cancel_payout(payout)
    shop.world.payout(700, on=shop.id)

    assert {"$7.00", "$50.00"} <= set(re.findall(r"\$\d+\.\d\d", shop.page("/payouts").text))
    assert "$50.00" not in shop.page("/payouts?state=coming").text
    assert "$7.00" not in shop.page("/payouts?state=returned").text
    assert "Nothing here now" in shop.page("/payouts?state=arrived").text
    assert "$7.00" in shop.page("/payouts?state=nonsense").text


def test_older_payouts_are_a_page_away(shop, monkeypatch):
    monkeypatch.setattr("counterfoil.dashboard.views.payouts.ROWS", 2)
    one(shop, 1000)
    shop.world.payout(2000, on=shop.id)
    shop.world.now += 60
    shop.world.payout(3000, on=shop.id)
    first = shop.page("/payouts?state=coming")
    second = shop.page(first.links["Older"])

    assert "$10.00" not in first.text
    assert ("$10.00" in second.text) & ("$30.00" not in second.text)
    assert "Nothing here now" not in second.text


def test_money_of_others_is_nowhere_on_the_page(shop):
    payout = one(shop)
    other = shop.as_other()

    assert "$50.00" not in Read(other.get("/payouts").content.decode()).text
    for address in (f"/payouts/{payout.id}", f"/payouts/{payout.id}/cancellation"):
        assert other.get(address).status_code == 404
        assert shop.get(address).status_code == 200
    assert other.post(f"/payouts/{payout.id}/cancellation").status_code == 404


# ---- One payout ----


def test_its_lines_sum_to_it_and_a_split_one_says_so(shop):
    shop.world.schedule(shop.id, "manual")
    shop.world.give(shop.id, 4000)
    shop.world.give(shop.id, 3000)
    payout = shop.world.payout(5000, on=shop.id)
    text = shop.page(f"/payouts/{payout.id}").text

    assert re.search(r"\$40.00 .* \$10.00 .*Paid out \$50.00 .*Adds up", text)
    assert "part of $30.00, the rest goes with another payout" in text
    assert "to your bank account ending 6789" in text


def test_many_lines_come_in_pages_that_each_add_up(shop, monkeypatch):
    monkeypatch.setattr("counterfoil.dashboard.views.payouts.LINES", 3)
    monkeypatch.setattr(pages, "LINES", 3)
    monkeypatch.setattr("counterfoil.dashboard.queries.payouts._BLOCK", 2)
    shop.world.schedule(shop.id, "manual")
    for amount in range(1, 8):
        shop.world.give(shop.id, amount * 100)
    payout = shop.world.payout(2800, on=shop.id)
    middle = shop.page(f"/payouts/{payout.id}?after=2")

    assert "3 lines before $6.00" in middle.text
    assert "1 line after $7.00" in middle.text
    assert "Adds up" in middle.text
    assert "Lines 4 to 6 of 7" in middle.text
    assert middle.links["Lines before"] == f"/payouts/{payout.id}"
    assert "6 lines before $21.00" in shop.page(middle.links["Lines after"]).text
    assert shop.get(f"/payouts/{payout.id}?after=7").status_code == 404
    assert "4 lines after" in shop.page(f"/payouts/{payout.id}?after=x").text


def test_lines_that_were_tampered_with_do_not_add_up(shop):
    payout = one(shop)
    execute("UPDATE payouts_line SET amount = amount + 1 WHERE payout_id = %s", [payout.id])

    assert "Does not add up" in shop.page(f"/payouts/{payout.id}").text


def test_a_page_of_lines_asks_for_no_more_rows_than_it_shows(shop):
    payout = one(shop)
    found = payout_detail(shop.id, payout.id, livemode=False)

    assert payout_detail(shop.id, payout.id, livemode=True) is None
    assert [line.position for line in payout_lines(found, beyond=-1, limit=1).lines] == [0]


def test_the_timeline_goes_from_made_to_arrived(shop):
    payout = one(shop)
    assert re.search(r"Made .*Sent to your bank at .*In your bank expected", page(shop, payout))
    shop.world.run_until(MONDAY + 3 * DAY)
    text = page(shop, payout)

    assert "expected" not in text
    assert re.search(r"Made .*Sent to your bank Mon, Nov 3, .*Arrived Mon, Nov 3", text)
    assert "Your bank's number SIM" in text


def test_another_day_named_by_the_bank_is_on_the_timeline(shop):
    shop.world.schedule(shop.id, "manual")
    shop.world.give(shop.id, 9000)
    payout = shop.world.payout(5000, on=shop.id)
    shop.world.bank.faults = Faults({payout.id: ["slow"]})
    shop.world.run_until(payout.lands_at + 3600)
    shop.world.calm_bank()

    assert "The bank named another day" in page(shop, payout)


def test_what_came_back_says_why_and_what_to_do(shop):
    payout = one(shop)
    shop.world.fail_payout(payout)
    text = page(shop, payout)

    assert "Came back" in text
    assert "Your bank sent it back: the account is closed" in text
    assert "The money is in your balance again." in text


def test_what_was_paid_out_again_leads_there(shop):
    payout = one(shop, 9000)
    shop.world.fail_payout(payout)
    shop.world.revive(shop.id, shop.world.external(shop.id).id)
    again = shop.world.payout(9000, on=shop.id)

    assert shop.page(f"/payouts/{payout.id}").links["See that payout"] == f"/payouts/{again.id}"


def test_an_instant_one_has_its_fee_as_a_line(shop):
    shop.world.add_card(shop.id)
    payout = one(shop, 4900, method="instant")
    text = page(shop, payout)

    assert "Fee for the instant payout −$1.00" in text
    assert "Adds up" in text


@pytest.mark.parametrize("status", STATUSES)
def test_every_state_has_a_word(english, status):  # noqa: F811 - a fixture
    word, tone = state(status)
    assert word
    assert tone


def page(shop, payout):
    return shop.page(f"/payouts/{payout.id}").text


# ---- Taking it back ----


def test_a_payout_can_be_canceled_before_it_leaves(shop):
    payout = one(shop)
    address = shop.page(f"/payouts/{payout.id}").links["Cancel this payout"]

    assert shop.done(address) == f"/payouts/{payout.id}"
    assert shop.world.payouts(shop.id) == ["canceled 5000"]
    text = page(shop, payout)
    assert "Canceled. $50.00 is in your balance again." in text
    assert "Cancel this payout" not in text


def test_a_second_click_finds_what_the_first_did(shop):
    payout = one(shop)
    address = f"/payouts/{payout.id}/cancellation"
    key = shop.page(address).inputs["form_key"]
    first, second = (shop.send(address, key=key) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert shop.world.payouts(shop.id) == ["canceled 5000"]


def test_what_has_left_meanwhile_cannot_be_canceled(shop):
    payout = one(shop)
    address = f"/payouts/{payout.id}/cancellation"
    key = shop.page(address).inputs["form_key"]
    shop.world.run_until(payout.next_at)
    answer = shop.send(address, key=key)

    assert answer.status_code == 422
    assert "cannot be canceled" in Read(answer.content.decode()).text
    assert shop.world.payouts(shop.id) == ["in_transit 5000"]


def test_nobody_cancels_where_it_is_switched_off_or_not_theirs(shop, monkeypatch):
    payout = one(shop)
    address = f"/payouts/{payout.id}/cancellation"
    monkeypatch.setattr(guard, "ROLES", {"owner": frozenset()})
    assert shop.get(address).status_code == 403
    assert "Cancel this payout" not in page(shop, payout)
    monkeypatch.undo()
    monkeypatch.setattr("counterfoil.kit.clock.wall_now", lambda: shop.world.now)
    shop.switch_on()

    assert shop.get(address).status_code == 404
    assert shop.browser.post(address).status_code == 404
    assert "Cancel this payout" not in page(shop, payout)
    assert shop.world.payouts(shop.id) == ["pending 5000"]
