"""Refunds as a seller makes them, and the preview that promised what they do."""

from __future__ import annotations

import re

import pytest

from counterfoil.access import guard
from counterfoil.kit import clock
from counterfoil.kit.db import fetch_all
from counterfoil.payments.operations.refunds import create_refund
from counterfoil.payments.operations.reversals import create_reversal
from counterfoil.payments.refund_params import CreateRefund, CreateReversal
from counterfoil.platforms.settings import Features
from tests.support.builders import NOW, World
from tests.unit.dashboard.shop import browser_of, key_in, page, payer, switch, words

DAY = 86_400


@pytest.fixture
def shop(db, monkeypatch):
    return open_shop(monkeypatch)


@pytest.fixture
def lasting(committed_database, monkeypatch):
    """Shop, seller and browser where transactions commit: a refusal undoes its own, no other."""
    shop = open_shop(monkeypatch)
    ada = shop.seller()
    return shop, ada, browser_of(shop, ada)


def open_shop(monkeypatch):
    world = World()
    monkeypatch.setattr(clock, "wall_now", lambda: world.now)
    switch(world)
    return world


@pytest.fixture
def ada(shop) -> str:
    return shop.seller()


@pytest.fixture
def browser(shop, ada):
    return browser_of(shop, ada)


def sent(browser, ident, **fields):
    form = page(browser, f"/payments/{ident}/refund")
    typed = {"form_key": key_in(form), "reason": "requested_by_customer"} | fields
    return browser.post(f"/payments/{ident}/refund", typed)


def refunds():
    return fetch_all(
        "SELECT amount, status, reason, metadata, decided_by FROM payments_refund"
        " WHERE id LIKE 're_%%' ORDER BY created, id"
    )


def at_once(shop, ada, amount=10_000, **more):
    """Money that is available."""
    return shop.charge(amount, on=ada, source="tok_bypassPending", **more).id


def test_part_of_a_payment_goes_back_to_the_customer(shop, ada, browser):
    ident = at_once(shop, ada)
    answer = sent(browser, ident, amount="41.18")

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/payments/{ident}"
    assert refunds() == [(4118, "succeeded", "requested_by_customer", "{}", "seller")]
    html = words(page(browser, f"/payments/{ident}"))
    assert "$41.18 goes back to the customer." in html
    assert "Partly refunded" in html
    assert "Refunded −$41.18" in html
    assert "You keep $55.62 Adds up" in html  # 100 − 3.20 − 41.18


def test_the_form_begins_with_all_that_is_left(shop, ada, browser):
    ident = at_once(shop, ada)
    sent(browser, ident, amount="41.18")

    assert 'value="58.82"' in page(browser, f"/payments/{ident}/refund")
    sent(browser, ident, amount="58.82")
    assert "Refunded" in words(page(browser, f"/payments/{ident}"))
    assert [amount for amount, *_ in refunds()] == [4118, 5882]


def test_another_reason_wants_a_note_and_keeps_it(shop, ada, browser):
    ident = at_once(shop, ada)
    refused = sent(browser, ident, amount="5", reason="other", note=" ")

    assert refused.status_code == 422
    assert "Write why, for your own records." in refused.content.decode()
    assert refunds() == []
    sent(browser, ident, amount="5", reason="other", note="The glaze  cracked")
    assert refunds() == [(500, "succeeded", None, '{"note":"The glaze cracked"}', "seller")]
    assert "Note: The glaze cracked" in words(page(browser, f"/payments/{ident}"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"amount": ""}, "Write an amount"),
        ({"amount": "ten"}, "This cannot be read as an amount."),
        ({"amount": "0"}, "Write an amount above zero."),
        ({"amount": "-5"}, "Write an amount above zero."),
        ({"amount": "100.01"}, "At most $100.00 of this payment can be refunded."),
        ({"amount": "1.234"}, "more decimals"),
        ({"amount": "5", "reason": "nonsense"}, "Choose a reason."),
        ({"amount": "5", "note": "x" * 501}, "At most 500 characters."),
        ({"amount": "5", "form_key": "short"}, "form__problem"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field_and_stays_typed(shop, ada, browser, fields, said):
    answer = sent(browser, at_once(shop, ada), **fields)
    html = answer.content.decode()

    assert answer.status_code == 422
    assert said in html
    assert f'value="{fields["amount"]}"' in html
    assert refunds() == []


def test_a_double_click_refunds_once(shop, ada, browser):
    ident = at_once(shop, ada)
    typed = {
        "form_key": key_in(page(browser, f"/payments/{ident}/refund")),
        "amount": "5",
        "reason": "duplicate",
    }
    for _ in range(2):
        answer = browser.post(f"/payments/{ident}/refund", typed)
        assert answer.headers["Location"] == f"/payments/{ident}"

    assert [amount for amount, *_ in refunds()] == [500]


def test_a_refund_that_another_was_faster_than_says_what_is_left(lasting):
    shop, ada, browser = lasting
    ident = at_once(shop, ada)
    form = page(browser, f"/payments/{ident}/refund")
    scope = shop.on(ada).scope
    create_refund(scope=scope, params=CreateRefund(charge=ident, amount=6000), now=shop.now)
    typed = {"form_key": key_in(form), "amount": "100", "reason": "duplicate"}
    answer = browser.post(f"/payments/{ident}/refund", typed)

    assert answer.status_code == 422
    assert "At most $40.00 of this payment can be refunded." in answer.content.decode()
    create_refund(scope=scope, params=CreateRefund(charge=ident), now=shop.now)
    answer = browser.post(f"/payments/{ident}/refund", typed | {"amount": "5"})
    assert answer.status_code == 422
    assert "refunded in full already" in answer.content.decode()
    assert len(refunds()) == 2


# ---- The preview ----


def previewed(browser, ident, amount):
    """Lines of the stub, and its sentences."""
    html = page(browser, f"/payments/{ident}/refund/preview", amount=amount)
    return words(html)


def test_the_preview_says_what_leaves_and_what_does_not_return(shop, ada, browser):
    ident = at_once(shop, ada, fee=1000)
    said = previewed(browser, ident, "25")

    assert "Refund to the customer −$25.00 Leaves your balance −$25.00 Adds up" in said
    assert "The customer gets $25.00 on Visa ·· 0077" in said
    assert "It is taken from your available balance." in said
    assert "The processing fee of $3.20 is not returned." in said
    assert "Bazaar keeps its fee of $10.00." in said
    assert refunds() == []


def test_a_payment_that_is_still_pending_pays_for_itself(shop, ada, browser):
    ident = shop.charge(10_000, on=ada).id

    assert "this payment's own money" in previewed(browser, ident, "25")


def test_a_refund_without_money_waits_and_says_so(shop, ada, browser):
    ident = at_once(shop, ada)
    shop.payout(9680, on=ada)
    said = previewed(browser, ident, "25")
    assert "Your available balance is too small now. The refund waits" in said

    sent(browser, ident, amount="25")
    assert refunds()[0][:2] == (2500, "pending")
    html = words(page(browser, f"/payments/{ident}"))
    assert "Waits for money" in html
    assert "Refund pending" in html


def test_on_behalf_of_the_seller_the_platform_pays_and_takes_it_back(shop, ada, browser):
    shop.fund(50_000)
    charge = shop.charge(10_000, to=ada, fee=1000, on_behalf_of=ada, source="tok_bypassPending")
    at_once(shop, ada)
    said = previewed(browser, charge.id, "25")
    assert "Taken back by Bazaar −$25.00 Leaves your balance −$25.00 Adds up" in said
    assert "Bazaar pays the customer and takes it back" in said
    before = shop.balance(ada).available
    sent(browser, charge.id, amount="25")

    assert before - shop.balance(ada).available == 2500
    assert refunds()[0][:2] == (2500, "succeeded")


def test_what_the_seller_has_spent_cannot_be_taken_back(lasting):
    shop, ada, browser = lasting
    shop.fund(50_000)
    charge = shop.charge(10_000, to=ada, on_behalf_of=ada, source="tok_bypassPending")
    shop.payout(10_000, on=ada)
    answer = sent(browser, charge.id, amount="25")

    assert answer.status_code == 422
    assert "smaller than what this refund takes back" in answer.content.decode()
    assert refunds() == []


KINDS = ("direct", "pending", "converted", "on behalf", "on behalf, share")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("amount", [1, 3333, 10_000])
def test_what_the_preview_promised_is_what_leaves_the_balance(shop, ada, browser, kind, amount):
    shop.fund(90_000)
    ready = {"source": "tok_bypassPending"}
    charge = {
        "direct": lambda: shop.charge(10_000, on=ada, fee=777, **ready),
        "pending": lambda: shop.charge(10_000, on=ada, fee=777),
        "converted": lambda: shop.charge(10_000, "eur", on=ada, **ready),
        "on behalf": lambda: shop.charge(10_000, to=ada, fee=777, on_behalf_of=ada, **ready),
        "on behalf, share": lambda: shop.charge(
            10_000, to=ada, share=7777, on_behalf_of=ada, **ready
        ),
    }[kind]()
    shop.charge(50_000, on=ada, **ready)
    typed = f"{amount / 100:.2f}"
    promised = re.search(r"Leaves your balance −\$([\d.,]+)", previewed(browser, charge.id, typed))
    assert promised, previewed(browser, charge.id, typed)
    before = shop.balance(ada)
    assert sent(browser, charge.id, amount=typed).status_code == 303
    after = shop.balance(ada)

    left = before.available + before.pending - after.available - after.pending
    assert promised[1].replace(",", "") == f"{left / 100:.2f}"


@pytest.mark.parametrize("amount", ["", "x", "0", "100.01"])
def test_a_preview_of_what_cannot_be_says_so(shop, ada, browser, amount):
    said = previewed(browser, at_once(shop, ada), amount)

    assert "Adds up" not in said
    assert said


def test_without_script_a_button_only_looks(shop, ada, browser):
    answer = sent(browser, at_once(shop, ada), amount="25", look="1")

    assert answer.status_code == 200
    assert "Leaves your balance −$25.00" in words(answer.content.decode())
    assert refunds() == []


# ---- Taking it back ----


def test_a_refund_can_be_canceled_for_half_an_hour(lasting):
    shop, ada, browser = lasting
    ident = at_once(shop, ada)
    sent(browser, ident, amount="25")
    refund = re.search(r"/refunds/(re_\w+)/cancellation", page(browser, f"/payments/{ident}"))[1]
    address = f"/refunds/{refund}/cancellation"
    form = page(browser, address)
    answer = browser.post(address, {"form_key": key_in(form)})

    assert answer.headers["Location"] == f"/payments/{ident}"
    assert refunds()[0][1] == "canceled"
    assert "Refund that came back $25.00" in words(page(browser, f"/payments/{ident}"))
    # Once only: the second click finds what the first one did, a new form that it is too late.
    assert browser.post(address, {"form_key": key_in(form)}).status_code == 303
    late = browser.post(address, {"form_key": key_in(page(browser, address))})
    assert late.status_code == 422
    assert "It cannot be canceled any more." in late.content.decode()


def test_after_half_an_hour_there_is_no_way_back(shop, ada, browser):
    ident = at_once(shop, ada)
    sent(browser, ident, amount="25")
    refund = re.search(r"/refunds/(re_\w+)/cancellation", page(browser, f"/payments/{ident}"))[1]
    shop.now = NOW + 1800

    assert "/cancellation" not in page(browser, f"/payments/{ident}")
    assert "It cannot be canceled any more." in page(browser, f"/refunds/{refund}/cancellation")


# ---- Collecting what is held ----


def held(shop, ada, **more):
    intent = shop.intent(10_000, on=ada, capture_method="manual", **payer(), **more)
    return intent.latest_charge_id


def test_what_is_held_is_collected_in_part(lasting):
    shop, ada, browser = lasting
    ident = held(shop, ada)
    assert f"/payments/{ident}/capture" in page(browser, f"/payments/{ident}")
    address = f"/payments/{ident}/capture"
    typed = {"form_key": key_in(page(browser, address)), "amount": "40"}
    for _ in range(2):
        assert browser.post(address, typed).headers["Location"] == f"/payments/{ident}"

    html = words(page(browser, f"/payments/{ident}"))
    assert "Succeeded" in html
    assert "Payment $40.00 Processing fee −$1.46 You keep $38.54" in html
    assert "/capture" not in page(browser, f"/payments/{ident}")
    again = browser.post(address, typed | {"form_key": key_in(page(browser, address))})
    assert again.status_code == 422
    assert "collected or let go already" in again.content.decode()


@pytest.mark.parametrize("amount", ["", "0", "100.01", "x"])
def test_more_than_is_held_cannot_be_collected(shop, ada, browser, amount):
    ident = held(shop, ada)
    address = f"/payments/{ident}/capture"
    typed = {"form_key": key_in(page(browser, address)), "amount": amount}
    answer = browser.post(address, typed)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert "Not collected yet" in page(browser, f"/payments/{ident}")


def test_a_charge_without_an_intent_is_collected_too(shop, ada, browser):
    ident = shop.charge(10_000, on=ada, capture=False).id
    address = f"/payments/{ident}/capture"
    browser.post(address, {"form_key": key_in(page(browser, address)), "amount": "100"})

    assert "You keep $96.80" in words(page(browser, f"/payments/{ident}"))


def test_on_behalf_of_the_seller_it_is_collected_for_the_platform(shop, ada, browser):
    intent = shop.intent(
        10_000, to=ada, fee=500, on_behalf_of=ada, capture_method="manual", **payer()
    )
    ident = intent.latest_charge_id
    address = f"/payments/{ident}/capture"
    browser.post(address, {"form_key": key_in(page(browser, address)), "amount": "100"})

    assert "You keep $95.00" in words(page(browser, f"/payments/{ident}"))


def test_what_is_held_is_let_go(shop, ada, browser):
    ident = held(shop, ada)
    address = f"/payments/{ident}/cancellation"
    browser.post(address, {"form_key": key_in(page(browser, address))})

    html = words(page(browser, f"/payments/{ident}"))
    assert "Canceled" in html
    assert "The customer was not charged." in html
    assert shop.balance(ada).pending == 0


# ---- Who ----

ADDRESSES = ("refund", "refund/preview", "capture", "cancellation")


@pytest.mark.parametrize("way", ADDRESSES)
def test_nobody_acts_on_the_payment_of_another_or_on_what_was_passed_on(shop, ada, browser, way):
    eve = shop.seller()
    theirs = shop.charge(1000, on=eve).id
    passed_on = shop.payment_of(shop.transfer_of(shop.charge(1000, to=ada))).id
    for ident in (theirs, passed_on, "ch_nosuch"):
        assert browser.get(f"/payments/{ident}/{way}").status_code == 404
        if way != "refund/preview":
            typed = {"form_key": "a" * 22, "amount": "1", "reason": "duplicate"}
            assert browser.post(f"/payments/{ident}/{way}", typed).status_code == 404
    assert refunds() == []


def test_nobody_cancels_the_refund_of_another(shop, ada, browser):
    eve = shop.seller()
    ident = at_once(shop, eve)
    scope = shop.on(eve).scope
    row = create_refund(scope=scope, params=CreateRefund(charge=ident, amount=1), now=shop.now)

    for refund in (row.id, "re_nosuch"):
        assert browser.get(f"/refunds/{refund}/cancellation").status_code == 404
        answer = browser.post(f"/refunds/{refund}/cancellation", {"form_key": "a" * 22})
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("switched", "way"),
    [
        (Features(view_payments=True), "refund"),
        (Features(view_payments=True), "capture"),
        (Features(issue_refunds=True), "refund"),
        (Features(capture_payments=True), "cancellation"),
    ],
)
def test_where_the_platform_does_not_let_sellers_there_is_no_such_page(
    shop, ada, browser, switched, way
):
    ident = held(shop, ada)
    switch(shop, switched)

    assert browser.get(f"/payments/{ident}/{way}").status_code == 404
    assert browser.post(f"/payments/{ident}/{way}", {"amount": "1"}).status_code == 404
    if switched.view_payments:
        assert "detail__actions" in (html := page(browser, f"/payments/{ident}"))
        assert f"/payments/{ident}/" not in html


def test_a_role_without_the_permission_is_refused_and_shown_no_button(
    shop, ada, browser, monkeypatch
):
    ident, waiting = at_once(shop, ada), held(shop, ada)
    monkeypatch.setattr(guard, "ROLES", {"owner": frozenset({"payments:read"})})

    for each, way in ((ident, "refund"), (waiting, "capture"), (waiting, "cancellation")):
        assert browser.get(f"/payments/{each}/{way}").status_code == 403
        assert f"/payments/{each}/" not in page(browser, f"/payments/{each}")


def test_what_was_taken_back_before_is_not_taken_twice(shop, ada, browser):
    shop.fund(50_000)
    charge = shop.charge(10_000, to=ada, on_behalf_of=ada, source="tok_bypassPending")
    transfer = shop.transfer_of(charge)
    create_reversal(
        scope=shop.scope, transfer_id=transfer.id, params=CreateReversal(), now=shop.now
    )
    said = previewed(browser, charge.id, "25")

    assert "Taken back by Bazaar $0.00 Leaves your balance $0.00 Adds up" in said
    assert sent(browser, charge.id, amount="25").status_code == 303
    assert shop.balance(ada).available == 0
