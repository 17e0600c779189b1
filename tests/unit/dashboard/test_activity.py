"""What happened, as its page tells it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection

from counterfoil.dashboard.activity import GROUPS, Said, said_of
from counterfoil.dashboard.queries.activity import (
    News,
    mark_read,
    news,
    read_up_to,
    unread_count,
)
from counterfoil.events.models import NEWS
from counterfoil.kit.db import execute
from counterfoil.kit.ids import new_id
from counterfoil.kit.pages import Cursor, PageRequest
from counterfoil.payouts.policy import FAILURES
from counterfoil.wording.failures import _WORDS
from counterfoil.wording.languages import written_for
from tests.unit.dashboard.world import NOW, OTHER, SELLER, open_account, signed_in

PAYOUT = '{"amount": 98000, "currency": "usd", "arrival_date": 1762300800, "failure_code": null}'
MONDAY = 1762128000  # 3 November 2025


def happen(kind: str = "payout.paid", shown: str = PAYOUT, *, to: str = SELLER, at: int = NOW):
    execute(
        "INSERT INTO events_event (id, platform_id, livemode, account_id, created, type, object_id,"
        " object, previous_attributes) VALUES (%s, 'acct_p', %s, %s, %s, %s, 'po_1', %s, NULL)",
        [new_id("evt", at), False, to, at, kind, shown],
    )


def titles(html: str) -> list[str]:
    found = re.findall(r'class="news__title">(.*?)</p>', html)
    return [re.sub("<[^>]+>", "", each).replace(" New", "") for each in found]


def test_news_are_told_newest_first_and_by_day(seller):
    happen("payout.created", at=NOW - 86_400)
    happen("payout.paid")
    happen("charge.succeeded", "{}")  # no news: a seller sees it on home
    html = seller.get("/activity").content.decode()

    assert titles(html) == [
        "$980.00 has arrived at your bank",
        "$980.00 is on the way to your bank",
    ]
    assert re.findall(r'class="day__word"><time[^>]*>(.*?)</time>', html) == ["Today", "Yesterday"]
    assert 'href="/payouts/po_1"' in html
    assert titles(seller.get("/").content.decode()) == titles(html)


def test_nobody_reads_anybody_elses_news(seller):
    open_account(OTHER)
    happen(to=OTHER)
    assert titles(seller.get("/activity").content.decode()) == []
    assert len(titles(signed_in(OTHER).get("/activity").content.decode())) == 1


def test_a_filter_keeps_what_it_names(seller):
    happen("payout.paid")
    happen("topup.succeeded", '{"amount": 500, "currency": "usd"}')
    for about, count in (("payouts", 1), ("account", 1), ("refunds", 0), ("nonsense", 2)):
        html = seller.get(f"/activity?about={about}").content.decode()
        assert len(titles(html)) == count


def test_older_news_follow_page_by_page(seller):
    for at in range(70):
        happen(at=NOW - at * 50)
    address, seen = "/activity", 0
    while address:
        html = seller.get(address).content.decode()
        seen += len(titles(html))
        more = re.search(r'href="(/activity[^"]*before=[^"]+)"', html)
        address = more[1].replace("&amp;", "&") if more else ""
    assert seen == 70


def test_what_is_new_is_counted_until_it_is_read(seller):
    for at in range(3):
        happen(at=NOW - at)
    html = seller.get("/activity").content.decode()
    assert re.search(r'nav__count">3<', html)
    assert html.count("news__sign--new") == 3
    up_to = re.search(r'name="up_to" value="([^"]+)"', html)
    assert up_to is not None

    happen(at=NOW + 1)  # came while the page was read
    answer = seller.post("/activity/read", {"up_to": up_to[1]})
    assert (answer.status_code, answer["Location"]) == (303, "/activity")
    html = seller.get("/activity").content.decode()
    assert re.search(r'nav__count">1<', html)
    assert html.count("news__sign--new") == 1


def test_who_never_read_any_is_told_of_a_week(seller):
    happen(at=NOW - 6 * 86_400)
    happen(at=NOW - 8 * 86_400)
    html = seller.get("/activity").content.decode()
    assert re.search(r'nav__count">1<', html)
    assert html.count("news__sign--new") == 1


def test_what_was_read_never_becomes_unread(seller):
    newest = Cursor(NOW, "evt_2")
    mark_read(SELLER, livemode=False, newest=newest)
    mark_read(SELLER, livemode=False, newest=Cursor(NOW, "evt_1"))
    assert read_up_to(SELLER, livemode=False, now=NOW) == newest
    seller.post("/activity/read", {"up_to": "garbage"})
    assert read_up_to(SELLER, livemode=False, now=NOW) == newest


@pytest.mark.django_db
def test_many_unread_are_counted_up_to_a_hundred():
    for at in range(120):
        happen(at=NOW - at)
    assert unread_count(SELLER, livemode=False, now=NOW) == 100
    assert unread_count(SELLER, livemode=True, now=NOW) == 0


@pytest.mark.django_db
@pytest.mark.engine("sqlite")
def test_news_are_read_from_their_own_index():
    plans: list[str] = []

    def explaining(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        plain = context["connection"].connection
        rows = plain.execute(f"EXPLAIN QUERY PLAN {sql.replace('%s', '?')}", params)
        plans.append(" ".join(row[3] for row in rows))
        return execute(sql, params, many, context)

    cursor = Cursor(NOW, "evt_1")
    page = PageRequest(limit=5, cursor=cursor)
    with connection.execute_wrapper(explaining):
        news(SELLER, livemode=False, page=page)
        news(SELLER, livemode=False, page=page, types=GROUPS["refunds"])
        unread_count(SELLER, livemode=False, now=NOW)
    assert len(plans) == 3
    assert all("INDEX event_news" in plan for plan in plans), plans


def said(kind: str, shown: dict[str, Any], previous: dict[str, Any] | None = None) -> Said | None:
    money = {"amount": 5000, "currency": "usd"}
    with written_for("en", "US", "America/New_York"):
        return said_of(News("evt_1", NOW, kind, "x_1", money | shown, previous or {}), "Bazaar")


TOLD = [
    (
        ("payout.created", {"arrival_date": MONDAY}),
        ("$50.00 is on the way to your bank", "Expected on Mon, Nov 3.", "/payouts/x_1"),
    ),
    (
        ("payout.created", {"amount": -5000, "arrival_date": MONDAY}),
        ("$50.00 is taken from your bank", "Expected on Mon, Nov 3.", "/payouts/x_1"),
    ),
    (
        ("payout.failed", {"failure_code": "account_closed"}),
        (
            "Payout of $50.00 was returned",
            "Your bank says that this account is closed. Add another one.",
            "/payouts/x_1",
        ),
    ),
    (
        ("payout.canceled", {}),
        ("Payout of $50.00 was canceled", "The money is back in your balance.", "/payouts/x_1"),
    ),
    (
        ("refund.created", {"charge": "ch_1"}),
        ("$50.00 refunded to a customer", "", "/payments/ch_1"),
    ),
    (
        ("refund.created", {"charge": "ch_1", "pending_reason": "insufficient_funds"}),
        (
            "$50.00 refunded to a customer",
            "It is sent as soon as your balance allows.",
            "/payments/ch_1",
        ),
    ),
    (
        ("refund.failed", {"charge": "ch_1"}),
        ("Refund of $50.00 failed", "The money is back in your balance.", "/payments/ch_1"),
    ),
    (
        ("charge.refunded", {"source_transfer": "tr_1", "amount_refunded": 1000}),
        ("Bazaar took back part of a payment", "$10.00 of $50.00 so far.", "/payments/x_1"),
    ),
    (
        ("charge.refunded", {"source_transfer": "tr_1", "amount_refunded": 5000}),
        ("Bazaar took back a payment of $50.00", "", "/payments/x_1"),
    ),
    (
        (
            "charge.dispute.created",
            {"status": "needs_response", "evidence_details": {"due_by": MONDAY + 60_000}},
        ),
        ("A customer disputes $50.00", "Answer by Mon, Nov 3.", "/disputes/x_1"),
    ),
    (
        (
            "charge.dispute.created",
            {"status": "warning_needs_response", "evidence_details": {"due_by": None}},
        ),
        ("A bank asks about a payment of $50.00", "", "/disputes/x_1"),
    ),
    (
        ("charge.dispute.closed", {"status": "lost"}),
        ("Dispute lost: $50.00 stays with the customer", "", "/disputes/x_1"),
    ),
    (
        ("account.external_account.updated", {"last4": "6789", "status": "errored"}),
        (
            "Account ·· 6789 cannot receive payouts",
            "Add another, or correct it.",
            "/settings/payouts",
        ),
    ),
]


@pytest.mark.parametrize(("event", "words"), TOLD)
def test_each_event_is_told_in_words(event, words):
    told = said(*event)
    assert told is not None
    assert (told.title, told.note, told.href) == words


@pytest.mark.parametrize(
    ("shown", "previous", "title"),
    [
        ({"payouts_enabled": False}, {"payouts_enabled": True}, "Payouts are paused"),
        ({"payouts_enabled": True}, {"payouts_enabled": False}, "Payouts are possible now"),
        (
            {"requirements": {"currently_due": ["individual.dob.day"]}},
            {"requirements": {"currently_due": []}},
            "Something is needed from you",
        ),
        (
            {"requirements": {"currently_due": []}},
            {"requirements": {"currently_due": ["individual.dob.day"]}},
            "Nothing more is needed from you",
        ),
        ({}, {"email": "old@example.com"}, "Your account details were changed"),
        ({}, {"metadata": {}}, None),
    ],
)
def test_of_an_account_what_matters_is_told(shown, previous, title):
    told = said("account.updated", shown, previous)
    assert (told and told.title) == title


@pytest.mark.parametrize(
    ("kind", "shown", "previous"),
    [
        ("charge.refunded", {"source_transfer": None}, {}),  # told by refund.created
        ("charge.dispute.updated", {"status": "needs_response"}, {"evidence": {}}),
        ("charge.dispute.updated", {"status": "under_review"}, {"evidence": {}}),
    ],
)
def test_what_says_nothing_is_left_out(kind, shown, previous):
    assert said(kind, shown, previous) is None


def test_every_kind_of_news_is_in_one_group():
    grouped = [kind for group in GROUPS.values() for kind in group]
    assert sorted(grouped) == sorted(NEWS)


def test_every_reason_of_a_bank_has_words():
    assert set(_WORDS) == set(FAILURES)


def test_payments_have_no_page_where_the_platform_does_not_show_them(seller):
    happen("refund.failed", '{"amount": 1, "currency": "usd", "charge": "ch_1"}')
    assert "/payments/" not in seller.get("/activity").content.decode()

    execute("""UPDATE platforms_platform SET settings = '{"features": {"view_payments": true}}'""")
    assert "/payments/ch_1" in seller.get("/activity").content.decode()
