from __future__ import annotations

from typing import Any

import pytest

from counterfoil.dashboard.labels import description, fee_word
from counterfoil.dashboard.queries.transactions import FeeDetail, TransactionRow

pytestmark = pytest.mark.usefixtures("english")


def row(kind: str, **changes: Any) -> TransactionRow:
    fields = {
        "id": "txn_1",
        "created": 0,
        "type": kind,
        "reporting_category": kind,
        "amount": 100,
        "fee": 0,
        "net": 100,
        "currency": "usd",
        "available_on": 0,
        "description": None,
        "source_id": None,
        "exchange_rate": None,
        "balance_type": "payments",
        "fee_details": (),
        "charge_description": None,
        "from_transfer": False,
    }
    return TransactionRow(**fields | changes)


@pytest.mark.parametrize(
    ("transaction", "words"),
    [
        (row("payment", from_transfer=True), "Payment from Bazaar"),
        (row("payment", from_transfer=True, charge_description="A cup"), "A cup"),
        (row("payment", from_transfer=True, description="transfer's"), "Payment from Bazaar"),
        (row("charge", charge_description="A bowl"), "A bowl"),
        (row("charge", description="As it was then"), "As it was then"),
        (row("charge"), "Payment"),
        (row("refund"), "Refund"),
        (row("payment_refund"), "Payment taken back by Bazaar"),
        (row("adjustment", reporting_category="dispute"), "Dispute"),
        (row("adjustment", reporting_category="dispute_reversal"), "Dispute reversed"),
        (row("adjustment", description="Correction"), "Correction"),
        (row("payout", description="STRIPE PAYOUT"), "Payout to your bank"),
        (row("transfer"), "Debit by Bazaar"),
        (row("topup"), "Added funds"),
        (row("something_new", description="In its own words"), "In its own words"),
        (row("something_new"), "Other"),
    ],
)
def test_a_line_says_what_it_is(transaction, words):
    assert description(transaction, "Bazaar") == words


@pytest.mark.parametrize(
    ("fee", "words"),
    [
        (FeeDetail(123, "application_fee"), "Bazaar fee"),
        (FeeDetail(-123, "application_fee"), "Bazaar fee, returned"),
        (FeeDetail(59, "stripe_fee"), "Processing fee"),
        (FeeDetail(1, "tax"), "Tax on fees"),
        (FeeDetail(1, "other", description="Currency conversion"), "Currency conversion"),
    ],
)
def test_a_fee_says_who_takes_it(fee, words):
    assert fee_word(fee, "Bazaar") == words


@pytest.mark.parametrize(
    ("description", "amount", "word"),
    [
        ("Processing fee", 59, "Processing fee"),
        ("Currency conversion fee", 110, "Currency conversion fee"),
        ("Dispute fee", 1500, "Dispute fee"),
        ("Dispute countered fee", 1500, "Fee for answering the dispute"),
        ("Dispute fee refund", -1500, "Fee for answering the dispute, returned"),
        (None, -59, "Processing fee, returned"),
    ],
)
def test_what_the_processor_takes_is_told_apart(description, amount, word):
    fee = FeeDetail(amount, "stripe_fee", "usd", description)
    assert fee_word(fee, "Bazaar") == word


def test_tax_is_not_a_fee_of_anybody():
    assert fee_word(FeeDetail(10, "tax"), "Bazaar") == "Tax on fees"
    assert fee_word(FeeDetail(10, "withheld_tax"), "Bazaar") == "Tax withheld"
