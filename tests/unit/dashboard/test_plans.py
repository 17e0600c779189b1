"""How the engines go about the statements of the lists; most of all SQLite, without statistics.

An account of five million rows answers as fast as one of a thousand only while each of them walks
an index in the list's order, or goes straight to the rows that are named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from counterfoil.dashboard.queries.payment_conditions import PaymentFilter
from counterfoil.dashboard.queries.payments import payments, payments_by_id
from counterfoil.dashboard.queries.payouts import payouts
from counterfoil.dashboard.queries.transaction_words import Word
from counterfoil.dashboard.queries.transactions import (
    TransactionFilter,
    objects_called,
    transactions,
    transactions_by_id,
)
from counterfoil.kit.pages import Cursor, PageRequest
from tests.support.builders import World, world  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
sqlite = pytest.mark.engine("sqlite")

PAGE = PageRequest(limit=50, cursor=Cursor(2_000_000_000, "z"))
ONE = "acct_one"


@contextmanager
def plans() -> Iterator[list[str]]:
    """The steps of every statement meanwhile, a statement a text."""
    found: list[str] = []

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        marked = re.sub(r"(?<!%)%s", "?", sql).replace("%%", "%")
        if connection.vendor == "sqlite":
            rows = context["connection"].connection.execute(f"EXPLAIN QUERY PLAN {marked}", params)
        else:
            rows = execute(f"EXPLAIN {sql}", params, many, context).fetchall()
        found.append("\n".join(row[-1] for row in rows))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield found


@sqlite
def test_what_is_named_is_found_by_its_name_and_not_among_all_that_the_account_has(world):  # noqa: F811
    world.charge(1000, on=(ada := world.seller()), receipt_email="grace@example.com")
    with plans() as steps:
        transactions_by_id(["txn_1", "ch_2"], ada, livemode=False, limit=50)
        payments_by_id(["ch_1", "ch_2", "pi_3"], ada, livemode=False)
        assert objects_called("grace@example.com", ada, livemode=False, limit=50)
    rows, charges, intents, payers, refunds = steps
    assert "t USING INDEX sqlite_autoindex_ledger_balancetransaction_1 (id=?)" in rows
    assert "c USING INDEX sqlite_autoindex_payments_charge_1 (id=?)" in charges
    assert "i USING INDEX sqlite_autoindex_payments_paymentintent_1 (id=?)" in intents
    assert "charge_by_email (seller_id=? AND livemode=? AND payer_email=?)" in payers
    assert "refund_of_charge (charge_id=?)" in refunds


@sqlite
@pytest.mark.parametrize(
    ("wanted", "index", "by"),
    [
        (TransactionFilter(), "ledger_txn_of_owner", ""),
        (TransactionFilter(types=("refund",)), "ledger_txn_of_type", "type=? AND "),
        (TransactionFilter(currency="eur"), "ledger_txn_of_currency", "currency=? AND "),
        (TransactionFilter(exactly=500), "ledger_txn_of_net", "net=? AND "),
        (TransactionFilter(pending_at=1), "ledger_txn_of_owner", ""),
        (TransactionFilter(types=("refund",), currency="eur"), "ledger_txn_of_type", "type=? AND "),
        (TransactionFilter(until=1_900_000_000), "ledger_txn_of_owner", ""),
    ],
)
def test_transactions_walk_an_index_in_their_order(wanted, index, by):
    with plans() as steps:
        transactions(ONE, livemode=False, page=PAGE, wanted=wanted)
    walked = f"t USING INDEX {index} (owner=? AND livemode=? AND {by}(created,id)<(?,?))"
    assert walked in steps[-1], steps


@sqlite
def test_a_stretch_is_measured_in_the_index_alone_and_bounds_the_walk(world, monkeypatch):  # noqa: F811
    monkeypatch.setattr("counterfoil.dashboard.queries.transactions.STRETCH", 1)
    world.charge(1000, on=(ada := world.seller()))
    with plans() as steps:
        transactions(
            ada, livemode=False, page=PAGE, wanted=TransactionFilter(words=(Word("bowl"),))
        )
    end, walk = steps
    assert "t USING COVERING INDEX ledger_txn_of_owner" in end
    assert "(owner=? AND livemode=? AND (created,id)>(?,?) AND (created,id)<(?,?))" in walk


@sqlite
@pytest.mark.parametrize(
    ("state", "walked"),
    [
        ("disputed", "d USING INDEX dispute_open_in_list"),
        ("early_fraud_warning", "d USING INDEX warning_in_list"),
        ("refunded", "c USING INDEX charge_given_back"),
        ("failed", "c USING INDEX charge_failed"),
        ("uncaptured", "c USING INDEX charge_held"),
    ],
)
def test_payments_in_a_state_that_few_are_in_walk_an_index_of_those(state, walked):
    with plans() as steps:
        payments(ONE, livemode=False, page=PAGE, wanted=PaymentFilter(states=(state,)))
    end, walk = steps
    assert walked in walk
    assert "(?,?)" in walk.splitlines()[0]
    assert "TEMP B-TREE" not in end + walk, steps


@sqlite
def test_a_page_far_down_a_stretch_of_days_begins_at_its_cursor_and_not_at_the_last_day():
    both = "livemode=? AND (created,id)>(?,?) AND (created,id)<(?,?)"
    days = {"since": 1_500_000_000, "until": 2_100_000_000}
    with plans() as steps:
        transactions(ONE, livemode=False, page=PAGE, wanted=TransactionFilter(**days))
        payments(ONE, livemode=False, page=PAGE, wanted=PaymentFilter(**days))
    assert steps
    assert all(both in plan for plan in steps), steps


@sqlite
@pytest.mark.parametrize("statuses", [(), ("failed",), ("pending", "in_transit")])
def test_payouts_of_a_state_are_not_looked_for_among_all(statuses):
    with plans() as steps:
        payouts(ONE, livemode=False, page=PAGE, statuses=statuses)
    (plan,) = steps
    index = "payout_of_status" if statuses else "payout_of_account"
    assert plan.count(f"p USING INDEX {index} (account_id=? AND livemode=? AND") == max(
        len(statuses), 1
    )
    assert plan.count("(created,id)<(?,?)") == max(len(statuses), 1)


@pytest.mark.engine("postgresql")
@pytest.mark.parametrize(
    "states",
    [(), ("successful",), ("uncaptured",), ("refunded",), ("disputed",), ("early_fraud_warning",)],
)
def test_what_is_asked_of_each_payment_becomes_no_join_on_postgresql(states):
    with plans() as steps:
        payments(ONE, livemode=False, page=PAGE, wanted=PaymentFilter(states=states))
    assert steps
    assert not any("Anti Join" in plan or "Semi Join" in plan for plan in steps), steps


@pytest.mark.engine("postgresql")
def test_no_statement_is_compiled_or_shared_among_processes_of_the_server():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('jit'), current_setting('max_parallel_workers_per_gather')"
        )
        assert cursor.fetchone() == ("off", "0")
