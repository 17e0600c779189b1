"""`/payments` and the page of a payment, as a browser meets them."""

from __future__ import annotations

import re

import pytest

from counterfoil.access import guard
from counterfoil.kit import clock
from counterfoil.platforms.settings import Features
from tests.support.builders import NOW, World, world  # noqa: F401 - a fixture
from tests.unit.dashboard.shop import browser_of, page, payer, switch, words

DECLINED = "4000000000000002"


@pytest.fixture
def shop(world, monkeypatch):  # noqa: F811 - a fixture
    monkeypatch.setattr(clock, "wall_now", lambda: world.now)
    switch(world)
    return world


@pytest.fixture
def ada(shop) -> str:
    return shop.seller()


@pytest.fixture
def browser(shop, ada):
    return browser_of(shop, ada)


def listed(html: str) -> list[str]:
    return re.findall(r'href="/payments/((?:ch|py|pi)_\w+)"', html)


def older(html: str) -> str | None:
    found = re.search(r'href="(/payments\?[^"]*before=[^"]*)"', html)
    return found and found[1].replace("&amp;", "&")


def paid(shop: World, ada: str, amount: int = 1000, **more) -> str:
    charge = shop.intent(amount, on=ada, **payer(), **more).latest_charge_id
    assert charge is not None
    return charge


# ---- Which ----


def test_each_kind_of_charge_has_one_line_of_the_amount_that_is_the_sellers(shop, ada, browser):
    direct = shop.charge(1000, on=ada, fee=100)
    whole = shop.charge(2000, to=ada, fee=100, on_behalf_of=ada)
    share = shop.payment_of(shop.transfer_of(shop.charge(3000, to=ada, share=2500)))
    separate = shop.charge(9000)
    moved = shop.transfer(4000, to=ada, source_transaction=separate.id)
    html = page(browser)

    assert set(listed(html)) == {
        direct.id,
        whole.id,
        share.id,
        moved.destination_payment_id,
    }
    for amount in ("$10.00", "$20.00", "$25.00", "$40.00"):
        assert amount in words(html)
    assert "$30.00" not in words(html)
    assert "$90.00" not in words(html)


def test_nobody_sees_the_payments_of_another_seller(shop, ada, browser):
    eve = shop.seller()
    theirs = [
        shop.charge(1000, on=eve).id,
        shop.charge(1000, to=eve, fee=1, on_behalf_of=eve).id,
        shop.payment_of(shop.transfer_of(shop.charge(1000, to=eve))).id,
        shop.intent(1000, on=eve).id,
        shop.intent(1000, to=eve, on_behalf_of=eve).id,
        shop.charge(5000).id,
    ]

    assert listed(page(browser)) == []
    for ident in (*theirs, "ch_nosuch", "acct_1", "x"):
        assert browser.get(f"/payments/{ident}").status_code == 404
        assert listed(page(browser, q=ident)) == []


def test_a_payment_that_was_tried_again_is_one_line_with_its_failure_in_the_history(
    shop, ada, browser
):
    intent = shop.try_intent(1000, on=ada, **payer(number=DECLINED)).intent
    failed = intent.latest_charge_id
    assert listed(page(browser)) == [failed]
    shop.now += 60
    again = shop.confirm(intent, on=ada, payment_method="pm_card_visa").latest_charge_id

    assert listed(page(browser)) == [again]
    html = words(page(browser, f"/payments/{again}"))
    assert "The customer's bank refused the card without giving a reason." in html
    assert browser.get(f"/payments/{intent.id}").headers["Location"] == f"/payments/{again}"


def test_older_leads_through_every_line_once(shop, ada, browser, monkeypatch):
    monkeypatch.setattr("counterfoil.dashboard.views.payments.ROWS", 5)
    made = []
    for at in range(12):
        shop.now = NOW + at // 3
        made.append(paid(shop, ada))
    made.append(shop.intent(700, on=ada).id)
    address, seen = "/payments", []
    while address:
        html = page(browser, address)
        seen += listed(html)
        address = older(html)

    assert sorted(seen) == sorted(made)


# ---- Filters ----


@pytest.fixture
def states(shop, ada) -> dict[str, str]:
    """A payment in each state."""
    found = {
        "successful": paid(shop, ada),
        "failed": shop.try_intent(1000, on=ada, **payer(number=DECLINED)).intent.latest_charge_id,
        "blocked": shop.try_intent(
            1000, on=ada, **payer(number="4100000000000019")
        ).intent.latest_charge_id,
        "uncaptured": paid(shop, ada, capture_method="manual"),
        "incomplete": shop.intent(1000, on=ada).id,
    }
    given_up = shop.intent(1000, on=ada, capture_method="manual", **payer())
    shop.cancel(given_up, on=ada)
    found["canceled"] = given_up.latest_charge_id
    return found


def test_each_state_is_found_by_its_filter(shop, ada, browser, states):
    assert sorted(listed(page(browser))) == sorted(states.values())
    for state, ident in states.items():
        assert listed(page(browser, status=state)) == [ident], state
    both = page(browser, status=["failed", "uncaptured"])
    assert sorted(listed(both)) == sorted([states["failed"], states["uncaptured"]])


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "grace@example.com"},
        {"q": "GRACE@Example.com"},
        {"q": "Grace Hopper"},
        {"q": "hopper"},
        {"q": "#A-1042"},
        {"q": "a-1042"},
        {"q": "41.18"},
        {"q": "$41.18"},
        {"q": "blue bowl"},
        {"least": "41.18", "most": "41.18"},
        {"least": "41", "most": "42"},
        {"method": "visa"},
        {"method": "visa", "q": "grace@example.com", "least": "1"},
        {"status": "successful", "q": "bowl"},
        {"status": "successful", "q": "a-1042", "method": "visa"},
        {"from": "2025-11-03", "to": "2025-11-03", "q": "grace@example.com"},
    ],
)
def test_a_payment_is_found_by_what_is_known_of_it(shop, ada, browser, asked):
    found = shop.intent(
        4118,
        on=ada,
        description="The BLUE bowl",
        metadata={"order_id": "A-1042"},
        **payer(),
    ).latest_charge_id
    shop.intent(9900, on=ada, **payer("Alan Turing", "alan@example.com", number="5555555555554444"))

    assert listed(page(browser, **asked)) == [found]


def test_a_customer_that_is_on_file_is_found_by_the_address_on_file(shop, ada, browser):
    from counterfoil.payments.customer_rows import CustomerRow
    from counterfoil.payments.rows import insert

    insert(
        CustomerRow(
            id="cus_1",
            platform_id=shop.id,
            livemode=False,
            account_id=ada,
            created=NOW,
            email="lin@example.com",
            name="Lin Clark",
        )
    )
    found = shop.intent(
        1000, on=ada, customer="cus_1", payment_method="pm_card_visa", confirm=True
    ).latest_charge_id
    paid(shop, ada)
    html = page(browser, q="lin@example.com")

    assert listed(html) == [found]
    assert "Lin Clark" in html


def test_what_nobody_has_paid_yet_is_found_by_its_words_too(shop, ada, browser):
    open_intent = shop.intent(4118, on=ada, description="The BLUE bowl", metadata={"order": "77"})
    shop.intent(5000, on=ada, description="A vase")
    tried = paid(shop, ada, 9900, description="Blue plate")

    assert listed(page(browser, q="blue bowl")) == [open_intent.id]
    assert listed(page(browser, q="41.18")) == [open_intent.id]
    assert listed(page(browser, q="77", status="incomplete")) == [open_intent.id]
    assert set(listed(page(browser, q="blue"))) == {open_intent.id, tried}
    assert listed(page(browser, q="blue", method="visa")) == [tried]


def test_money_that_the_platform_sent_on_is_found_by_what_the_page_calls_it(shop, ada, browser):
    shop.charge(9000, source="tok_bypassPending")
    moved = shop.transfer(4000, to=ada).destination_payment_id
    paid(shop, ada, description="Payment of another kind")

    assert listed(page(browser, q="payment from bazaar")) == [moved]
    assert listed(page(browser, q="bazaar 4")) == []


@pytest.mark.parametrize("which", ["charge", "intent", "transaction"])
def test_an_id_of_anything_about_it_leads_to_the_payment(shop, ada, browser, which):
    intent = shop.intent(1000, on=ada, **payer())
    paid(shop, ada)
    ids = {
        "charge": intent.latest_charge_id,
        "intent": intent.id,
        "transaction": shop.transactions(ada)[0].id,
    }

    assert listed(page(browser, q=ids[which])) == [intent.latest_charge_id]


def test_what_cannot_be_read_is_told_and_the_list_is_there(shop, ada, browser):
    paid(shop, ada)
    html = page(browser, **{"from": "2025-13-01", "least": "ten", "status": "nonsense"})

    assert "This is not a day." in html
    assert "This cannot be read as an amount." in html
    assert len(listed(html)) == 1


def test_what_an_index_finds_is_not_cut_short_by_intents_that_nobody_tried_to_pay(
    shop, ada, browser, monkeypatch
):
    monkeypatch.setattr("counterfoil.dashboard.queries.payments.STRETCH", 4)
    shop.now = NOW - 100
    found = paid(shop, ada, metadata={"order": "417"})
    waiting = [shop.intent(2000, on=ada, metadata={"order": "417"}).id for _ in range(3)]
    assert sorted(listed(page(browser, q="417"))) == sorted([found, *waiting])

    for at in range(5):
        shop.now = NOW - 50 + at
        shop.intent(2000, on=ada)
    html = page(browser, q="417")
    assert listed(html) == [found]
    assert older(html) is None


def test_nothing_found_in_a_long_list_offers_to_look_further_back(shop, ada, browser, monkeypatch):
    monkeypatch.setattr("counterfoil.dashboard.queries.payments.STRETCH", 4)
    shop.now = NOW - 100
    found = paid(shop, ada, description="The blue vase")
    for at in range(9):
        shop.now = NOW - 50 + at
        paid(shop, ada)
    address, seen = "/payments?q=vase", []
    while address:
        html = page(browser, address)
        seen.append(listed(html))
        assert ("Search further back" in html) == (older(html) is not None)
        address = older(html)

    assert seen == [[], [], [found]]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "No payments yet"),
        ({"q": "x"}, "Nothing fits"),
        ({"before": "1.ch_1"}, "Nothing older"),
    ],
)
def test_an_empty_list_says_why(browser, asked, said):
    assert said in page(browser, **asked)


# ---- One payment ----


def test_a_direct_payment_shows_its_parts_and_its_payer(shop, ada, browser):
    html = words(page(browser, f"/payments/{paid(shop, ada, 10_000, fee=1000)}"))

    # 2.9 % + 30 of $100.00 is $3.20.
    for part in ("Payment $100.00", "Processing fee −$3.20", "Bazaar fee −$10.00"):
        assert part in html
    assert "You keep $86.80 Adds up" in html
    for part in ("Grace Hopper", "grace@example.com", "Visa ·· 4242", "Security code matches"):
        assert part in html


def test_of_what_was_passed_on_neither_payer_nor_card_is_shown(shop, ada, browser):
    charge = shop.charge(10_000, to=ada, fee=1000, receipt_email="grace@example.com")
    html = words(page(browser, f"/payments/{shop.payment_of(shop.transfer_of(charge)).id}"))

    assert "You keep $90.00 Adds up" in html
    assert "Bazaar fee −$10.00" in html
    assert "Ask Bazaar about the customer" in html
    for secret in ("grace@example.com", "4242", "Security code"):
        assert secret not in html
    assert browser.get(f"/payments/{charge.id}").status_code == 404


def test_on_behalf_of_the_seller_the_whole_is_shown_with_what_the_platform_keeps(
    shop, ada, browser
):
    charge = shop.charge(10_000, to=ada, share=8000, on_behalf_of=ada)
    html = words(page(browser, f"/payments/{charge.id}"))

    assert "Payment $100.00 Kept by Bazaar −$20.00 You keep $80.00 Adds up" in html
    assert "Visa ·· 4242" in html


def test_a_payment_says_which_payout_carried_it(shop, ada, browser):
    charge = shop.charge(10_000, on=ada, source="tok_bypassPending")
    payout = shop.payout(500, on=ada)

    assert f"/payouts/{payout.id}" in page(browser, f"/payments/{charge.id}")


# ---- Who ----


def test_where_the_platform_shows_no_payments_there_is_no_page(shop, ada, browser):
    ident = paid(shop, ada)
    switch(shop, Features())

    assert browser.get("/payments").status_code == 404
    assert browser.get(f"/payments/{ident}").status_code == 404
    assert "/payments" not in browser.get("/").content.decode()


def test_a_role_without_the_permission_is_refused(shop, ada, browser, monkeypatch):
    ident = paid(shop, ada)
    monkeypatch.setattr(guard, "ROLES", {"owner": frozenset({"payouts:write"})})

    assert browser.get("/payments").status_code == 403
    assert browser.get(f"/payments/{ident}").status_code == 403


def test_a_signed_out_browser_is_sent_to_sign_in(shop, ada, client):
    assert client.get("/payments").headers["Location"] == "/login"
