"""Posting: whole, balanced, once."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.db import transaction

from counterfoil.kit.db import fetch_all, fetch_one
from counterfoil.ledger.drafts import EntryDraft, FeeDetail, Line, TransactionDraft, move
from counterfoil.ledger.models import Purpose
from tests.support.books import (
    LATER,
    NOW,
    OTHER,
    PLATFORM,
    SELLER,
    behind_the_scenes,
    broken,
    charge,
    forge,
    payout,
    post,
    seen,
    transfer,
)

pytestmark = pytest.mark.django_db
TABLES = ("entry", "posting", "balancetransaction", "balance", "dailyvolume", "unsealed")


def rows_written() -> dict[str, int]:
    return {
        table: fetch_one(f"SELECT COUNT(*) FROM ledger_{table}")[0]  # type: ignore[index] - COUNT
        for table in TABLES
    }


def refused(*entries: EntryDraft, match: str) -> None:
    """Posting fails by assertion and leaves nothing behind."""
    before = rows_written()
    with pytest.raises(AssertionError, match=match), transaction.atomic():
        post(*entries)
    assert rows_written() == before


def test_an_entry_is_written_with_its_postings_and_what_its_owner_sees():
    assert post(charge("1", description="Order 7", source_id="ch_1"))

    (entry,) = fetch_all(
        "SELECT id, platform_id, livemode, key, kind, effective_at FROM ledger_entry"
    )
    assert entry[1:] == (PLATFORM, False, "charge:1", "charge", NOW)
    postings = fetch_all(
        "SELECT owner, purpose, side, amount, available_on FROM ledger_posting ORDER BY position"
    )
    assert postings == [
        (PLATFORM, "card_network", "debit", 941, LATER),
        (SELLER, "payments", "credit", 941, LATER),
        (PLATFORM, "card_network", "debit", 59, LATER),
        (PLATFORM, "processing_fees", "credit", 59, LATER),
    ]
    (row,) = fetch_all(
        "SELECT entry_id, owner, created, type, amount, fee, net, available_on, description,"
        " source_id, fee_details FROM ledger_balancetransaction"
    )
    assert row[:-1] == (
        entry[0], SELLER, NOW, "charge", 1000, 59, 941, LATER, "Order 7", "ch_1",
    )  # fmt: skip
    assert json.loads(row[-1]) == [
        {
            "amount": 59,
            "currency": "usd",
            "type": "stripe_fee",
            "application": None,
            "description": "Processing fee",
        }
    ]


def test_several_entries_are_written_as_one():
    assert post(charge("1", PLATFORM), transfer("1"))

    assert rows_written()["entry"] == rows_written()["unsealed"] == 2
    assert broken() == set()


def test_nothing_is_written_when_one_of_several_is_refused():
    refused(charge("1"), behind_the_scenes("1", debit=5, credit=4), match="not balanced")


def test_the_same_entry_again_is_a_no_op():
    first = charge("1")
    assert post(first)
    before = rows_written()

    assert not post(first)
    assert not post(charge("1")), "a repetition makes its ids anew"
    assert not post(charge("1"), at=NOW + 60), "and comes later"
    assert rows_written() == before


def test_a_repetition_keeps_the_first_ids():
    first = charge("1")
    post(first)
    post(charge("1"))

    assert fetch_all("SELECT id FROM ledger_balancetransaction") == [(first.transactions[0].id,)]


def test_the_same_key_in_the_other_mode_or_platform_is_another_entry():
    assert post(charge("1"))
    assert post(charge("1"), livemode=True)


@pytest.mark.parametrize(
    ("other", "match"),
    [
        (charge("1", amount=1001), "other lines"),
        (charge("1", OTHER), "other lines"),
        (charge("1", currency="eur"), "other lines"),
        (replace(charge("1"), kind="refund"), "another kind"),
        (charge("1", type="payment"), "other transactions"),
        (replace(payout("x"), key="charge:1", kind="charge"), "other lines"),
    ],
)
def test_the_same_key_with_other_contents_is_our_mistake(other, match):
    post(charge("1"))

    refused(other, match=match)


def test_the_same_key_with_another_fee_but_the_same_lines_is_our_mistake():
    post(charge("1"))
    (row,) = charge("1").transactions
    more = replace(row, amount=1010, fees=[*row.fees, FeeDetail(10, "usd", "tax")])

    refused(replace(charge("1"), transactions=[more]), match="other transactions")


def test_some_new_and_some_old_entries_together_are_our_mistake():
    post(charge("1"))

    refused(charge("1"), charge("2"), match="together or not at all")


def test_two_entries_of_one_key_are_our_mistake():
    refused(charge("1"), charge("1"), match="together or not at all")


def one_line(amount: int, side: str = "debit", currency: str = "usd") -> Line:
    return Line(PLATFORM, Purpose.LOSSES, side, amount, currency, NOW)


@pytest.mark.parametrize(
    ("lines", "match"),
    [
        ([], "two sides"),
        ([one_line(5)], "two sides"),
        ([one_line(5), one_line(4, "credit")], "not balanced"),
        ([one_line(5), one_line(5)], "not balanced"),
        ([one_line(5), one_line(5, "credit", "eur")], "not balanced"),
        ([one_line(0), one_line(0, "credit")], "positive"),
        ([one_line(-5), one_line(-5, "credit")], "positive"),
    ],
)
def test_lines_that_do_not_make_an_entry_are_refused(lines, match):
    refused(EntryDraft("loss:1", "loss", lines), match=match)


def paid(amount: int, *rows: TransactionDraft) -> EntryDraft:
    network = (PLATFORM, Purpose.CARD_NETWORK)
    to = (SELLER, Purpose.PAYMENTS)
    return EntryDraft(
        "charge:1",
        "charge",
        move(debit=network, credit=to, amount=amount, currency="usd", on=LATER),
        rows,
    )


@pytest.mark.parametrize(
    "entry",
    [
        paid(941, seen(SELLER, "charge", 940)),
        paid(941, seen(OTHER, "charge", 941)),
        paid(941, seen(SELLER, "charge", 941, currency="eur")),
        paid(941, seen(SELLER, "charge", 941, balance_type=Purpose.PREFUNDING)),
        paid(941, seen(SELLER, "charge", 941), seen(SELLER, "x", 5, balance_type=Purpose.FX)),
        paid(941),
        paid(941, seen(SELLER, "charge", 941), seen(SELLER, "charge", 941)),
    ],
    ids=["amount", "owner", "currency", "pocket", "other pocket", "unseen", "twice"],
)
def test_what_an_owner_sees_must_be_what_is_posted(entry):
    refused(entry, match="sees is not what is posted")


def test_a_fee_in_another_currency_than_its_row_is_refused():
    row = seen(SELLER, "charge", 1000, fees=[FeeDetail(59, "eur", "stripe_fee")])

    refused(paid(941, row), match="in the currency of its transaction")


def test_a_row_of_nothing_may_be_seen():
    """A fee may be all there is: net 0, and no posting to the owner."""
    row = seen(SELLER, "payment", 59, fees=[FeeDetail(59, "usd", "application_fee")])
    entry = behind_the_scenes("1")

    assert post(replace(entry, transactions=[row]))
    assert broken() == set()


def test_move_of_nothing_is_no_line():
    owner = (SELLER, Purpose.PAYMENTS)
    assert move(debit=owner, credit=(OTHER, Purpose.FX), amount=0, currency="usd", on=NOW) == []


def test_many_entries_at_once_pass_the_engines_limit_of_parameters():
    drafts = [charge(str(n)) for n in range(3000)]

    assert post(*drafts)
    assert rows_written()["posting"] == 12_000
    assert not post(*drafts[:2], at=NOW + 1)


def test_a_refused_entry_can_be_forged_only_past_the_guard():
    """What the corruptions of `test_check` rely on."""
    forge(behind_the_scenes("1", debit=5, credit=4))

    assert broken() == {"entry_balanced"}
