"""What holds for every reason: words for all codes, few round trips, languages, the fallback."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from counterfoil.disputes.params import Reason
from counterfoil.explain.disputes import REASONS
from counterfoil.explain.payouts import FAILURES
from counterfoil.explain.reading import reasons, subject_of
from counterfoil.explain.why import DecidedBy, Operation, Reader, Rule, Subject
from counterfoil.ledger.wire import FeeDetailWire
from counterfoil.payouts import policy
from counterfoil.wording.languages import written_for
from tests.support.builders import DAY, NOW, World
from tests.unit.disputes.world import dispute_of

DOCS = Path(__file__).parents[3] / "docs" / "concepts" / "why.md"
TODAY = date(2025, 11, 3)


def subject(**changes) -> Subject:
    fields = {
        "id": "txn_1",
        "type": "charge",
        "reporting_category": "charge",
        "amount": 1000,
        "net": 1000,
        "currency": "usd",
        "created": NOW,
        "description": None,
        "source_id": None,
        "exchange_rate": None,
        "balance_type": "payments",
        "fees": [],
    }
    return Subject(**fields | changes)


def test_every_failure_of_a_payout_has_words_for_a_seller():
    assert set(FAILURES) == set(policy.FAILURES)


def test_every_reason_for_a_dispute_has_words_or_says_nothing_in_particular():
    assert set(get_args(Reason)) - set(REASONS) == {"general"}


@pytest.mark.parametrize("names", [Operation, Rule, DecidedBy], ids=["operation", "rule", "who"])
def test_the_page_about_reasons_lists_each(names):
    text = DOCS.read_text()
    assert [name for name in get_args(names) if f"`{name}`" not in text] == []


def test_the_page_lists_no_rule_that_is_gone():
    rows = [line for line in DOCS.read_text().splitlines() if line.startswith("| `")]
    named = {row.split("`")[1] for row in rows}
    assert named - {"decided_by"} == {*get_args(Rule), *get_args(DecidedBy)}


@pytest.mark.django_db
def test_a_page_of_rows_costs_three_round_trips_at_most(world: World, django_assert_num_queries):
    seller = world.seller()
    for _ in range(3):
        world.charge(1000, to=seller, fee=10)
        dispute_of(world, world.charge(100, on=seller, source="tok_bypassPending"))
    world.give(seller, 90_000)
    world.run_until(NOW + 4 * DAY)
    rows = [subject_of(row) for row in world.transactions(seller)]
    assert {row.type for row in rows} >= {"payment", "charge", "adjustment", "payout"}

    with written_for("en", "US", "Etc/UTC"), django_assert_num_queries(3):
        reasons(rows, Reader("Bazaar", TODAY))
    with written_for("en", "US", "Etc/UTC"), django_assert_num_queries(1):
        reasons([row for row in rows if row.type == "payment"], Reader("Bazaar", TODAY))


@pytest.mark.django_db
def test_nothing_to_explain_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert reasons([], Reader("Bazaar", TODAY)) == {}


@pytest.mark.django_db
def test_tax_and_what_others_take_are_told_apart_from_fees(world: World):
    charge = world.charge(1000, on=world.seller())
    kinds = ("tax", "withheld_tax", "payment_method_passthrough_fee")
    fees = [
        FeeDetailWire(amount, None, "usd", None, kind)
        for amount, kind in zip((10, 20, 30), kinds, strict=True)
    ]
    with written_for("en", "US", "Etc/UTC"):
        found = reasons([subject(source_id=charge.id, fees=fees)], Reader("Bazaar", TODAY))
    assert found["txn_1"].sentences[1:] == (
        "The tax on fees is $0.10.",
        "$0.20 is withheld as tax.",
        "The card network charges $0.30.",
    )


@pytest.mark.django_db
def test_amounts_days_and_rates_are_written_as_the_reader_writes_them(world: World):
    seller = world.seller("GB")
    world.charge(10_000, "eur", to=seller)
    (row,) = world.transactions(seller)
    with written_for("de", "DE", "Etc/UTC"):
        (why,) = reasons([subject_of(row)], Reader("Bazaar", TODAY)).values()

    assert "Kurs 0,8 " in why.sentences[1]
    assert "110,00" in why.sentences[0]
    assert "3. Nov." in why.sentences[0]


@pytest.mark.django_db
@pytest.mark.parametrize("source", [None, "ch_unknown", "dp_unknown", "xx_1", "acct_1"])
def test_what_nothing_is_known_about_says_what_the_row_says(source):
    row = subject(source_id=source, description="Written by hand", type="anticipation_repayment")
    (why,) = reasons([row], Reader("Bazaar", TODAY)).values()

    assert (why.operation, why.rule, why.decided_by) == ("other", "recorded", "unknown")
    assert why.sentences == ("Written by hand",)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "amount", "words"),
    [
        ("reserve_hold", -500, "$5.00 is held back from your balance as a reserve."),
        ("reserve_release", 500, "$5.00 of the reserve is free again."),
    ],
)
def test_a_risk_reserve(kind, amount, words):
    with written_for("en", "US", "Etc/UTC"):
        (why,) = reasons([subject(type=kind, amount=amount)], Reader("Bazaar", TODAY)).values()
    assert why.sentences == (words,)
