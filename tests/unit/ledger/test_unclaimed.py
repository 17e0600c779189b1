"""What waits for a payout is written with the books: one row for each that a payout may settle."""

from __future__ import annotations

import pytest

from counterfoil.kit.db import fetch_all
from counterfoil.ledger.drafts import EntryDraft, Line
from counterfoil.ledger.models import Purpose
from counterfoil.ledger.policy import is_claimable
from tests.support.books import (
    LATER,
    NOW,
    OTHER,
    PLATFORM,
    SELLER,
    charge,
    conversion,
    payout,
    post,
    seen,
    transfer,
)

pytestmark = pytest.mark.django_db


def waiting() -> list[tuple]:
    return fetch_all(
        "SELECT owner, currency, available_on, created, rest FROM ledger_unclaimed"
        " ORDER BY owner, rest"
    )


def test_what_an_account_receives_waits_with_its_net():
    post(charge("1"), transfer("1", OTHER, 700), conversion("2"))

    assert waiting() == [
        (OTHER, "usd", LATER, NOW, 700),
        (OTHER, "gbp", LATER, NOW, 8000),
        (SELLER, "usd", LATER, NOW, 941),
    ]


def test_it_is_the_row_that_was_written():
    post(charge("1"))
    assert fetch_all("SELECT txn_id FROM ledger_unclaimed") == fetch_all(
        "SELECT id FROM ledger_balancetransaction"
    )


def test_a_payouts_own_row_waits_for_nothing():
    post(payout("1"))
    assert waiting() == []


def test_the_platforms_rows_wait_for_nothing():
    post(charge("1", PLATFORM), transfer("1", SELLER, 700))
    assert waiting() == [(SELLER, "usd", LATER, NOW, 700)]


def test_a_row_of_another_pocket_waits_for_nothing():
    lines = [
        Line(PLATFORM, Purpose.BANK, "debit", 500, "usd", NOW),
        Line(SELLER, Purpose.PREFUNDING, "credit", 500, "usd", NOW),
    ]
    row = seen(SELLER, "topup", 500, available_on=NOW, balance_type=Purpose.PREFUNDING)
    post(EntryDraft("topup:1", "topup", lines, [row]))
    assert waiting() == []


def test_the_same_entry_twice_waits_once():
    assert post(charge("1"))
    assert not post(charge("1"))
    assert len(waiting()) == 1


@pytest.mark.parametrize(
    ("kind", "balance_type", "net", "claimable"),
    [
        ("charge", "payments", 941, True),
        ("refund", "payments", -1000, True),
        ("payout_failure", "payments", 500, True),
        ("payout_cancel", "payments", 500, True),
        ("payout", "payments", -500, False),
        ("charge", "payments", 0, False),
        ("refund", "prefunding", -1000, False),
        ("reserve_hold", "risk_reserved", 10, False),
    ],
)
def test_what_a_payout_may_settle(kind, balance_type, net, claimable):
    assert is_claimable(kind, balance_type, net) is claimable
