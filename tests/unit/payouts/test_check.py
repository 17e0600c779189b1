"""Each invariant of payouts is broken by SQL, and `check` names exactly that one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from counterfoil.kit.db import execute, fetch_one
from counterfoil.payouts import check
from counterfoil.payouts.lines import content_hashes
from tests.support.books import broken, rewrite, violations
from tests.support.builders import DAY, NOW, World

pytestmark = pytest.mark.django_db

Corruption = Callable[[World], object]
CORRUPTIONS: dict[str, list[Corruption]] = defaultdict(list)


def breaks(*invariants: str) -> Callable[[Corruption], Corruption]:
    """Register a corruption under the invariant it is for, and others it cannot but break."""

    def register(corruption: Corruption) -> Corruption:
        CORRUPTIONS[invariants[0]].append(corruption)
        also[corruption] = set(invariants)
        return corruption

    return register


also: dict[Corruption, set[str]] = {}


@pytest.fixture
def busy(world: World) -> World:
    """Every kind of payout: split, instant, failed, canceled, reversed, automatic with a hold."""
    ada, otto, eve = world.seller(), world.seller(), world.seller()
    for seller in (ada, otto):
        world.schedule(seller, "manual")
        world.give(seller, 5000)
        world.give(seller, 3000)
    world.payout(1200, on=ada)
    world.cancel_payout(world.payout(700, on=ada))
    world.payout(490, on=ada, method="instant")
    paid = world.payout(900, on=otto)
    world.give(eve, 4000)
    world.balance_settings(eve, payouts={"minimum_balance_by_currency": {"usd": 500}})
    world.run_until(NOW + DAY)
    world.reverse_payout(paid)
    late = world.payout(300, on=otto)
    world.fail_payout(late)
    return world


def test_a_busy_world_breaks_nothing(busy):
    assert violations(with_payments=True) == []
    busy.run_until(NOW + 20 * DAY)
    assert violations(with_payments=True) == []


def test_every_invariant_of_payouts_has_a_corruption():
    assert set(CORRUPTIONS) == {invariant.name for invariant in check.checks()}


# ---- The corruptions ----


def one(where: str) -> str:
    """The id of one payout."""
    found = fetch_one(f"SELECT id FROM payouts_payout WHERE {where} ORDER BY id")
    assert found is not None, where
    return found[0]


def change(sql: str, *params: object) -> None:
    touched = execute(sql, list(params))
    assert touched, f"nothing was corrupted: {sql}"


def rehash(payout_id: str) -> None:
    """The hash that fits the lines as they are now."""
    text = content_hashes([payout_id])[payout_id]
    change("UPDATE payouts_payout SET lines_hash = %s WHERE id = %s", text, payout_id)


@contextmanager
def unconstrained(table: str, *names: str) -> Iterator[None]:
    if connection.vendor == "postgresql":
        for name in names:
            execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        yield
    else:
        execute("PRAGMA ignore_check_constraints = ON")
        yield
        execute("PRAGMA ignore_check_constraints = OFF")


@breaks("payout_is_sum_of_lines", "payout_content_hash", "unclaimed_and_claimed_are_all")
def a_line_that_is_lost(_world):
    payout = one("automatic")
    change("DELETE FROM payouts_line WHERE payout_id = %s AND position = 0", payout)


@breaks("payout_is_sum_of_lines")
def a_count_that_is_wrong(_world):
    change("UPDATE payouts_payout SET line_count = line_count + 1 WHERE automatic")


@breaks("line_settles_own_row", "unclaimed_and_claimed_are_all", "claims_within_row")
def a_line_on_another_payouts_own_row(_world):
    payout, other = one("amount = 1200"), one("automatic")
    (own,) = fetch_one("SELECT balance_transaction_id FROM payouts_payout WHERE id = %s", [other])
    change("UPDATE payouts_line SET txn_id = %s WHERE payout_id = %s", own, payout)
    rehash(payout)


@breaks("line_settles_own_row")
def lines_of_a_payout_that_is_not_there(_world):
    """A pair of lines that cancel out, so that nothing else is wrong."""
    (txn,) = fetch_one("SELECT txn_id FROM payouts_line WHERE amount > 0")
    for position, amount in enumerate((5, -5)):
        change("INSERT INTO payouts_line VALUES ('po_nowhere', %s, %s, %s)", position, txn, amount)


@breaks("claims_within_row")
def a_row_that_is_settled_twice(_world):
    """More than all of it, and the rest that waits is as much below nothing."""
    payout = one("automatic")
    txn, amount = fetch_one(
        "SELECT txn_id, amount FROM payouts_line WHERE payout_id = %s AND position = 0", [payout]
    )
    change(
        "UPDATE payouts_line SET amount = amount + 7 WHERE payout_id = %s AND position = 0", payout
    )
    change(
        "UPDATE payouts_line SET amount = amount - 7 WHERE payout_id = %s AND position = 1", payout
    )
    (hold,) = fetch_one(
        "SELECT txn_id FROM payouts_line WHERE payout_id = %s AND position = 1", [payout]
    )
    for ident, rest in ((txn, -7), (hold, 7)):
        change(
            "INSERT INTO ledger_unclaimed (txn_id, owner, livemode, currency, available_on,"
            " created, rest) SELECT id, owner, livemode, currency, available_on, created, %s"
            " FROM ledger_balancetransaction WHERE id = %s",
            rest,
            ident,
        )
    rehash(payout)
    assert amount == 4000


@breaks("unclaimed_and_claimed_are_all")
def a_rest_that_grew(_world):
    change("UPDATE ledger_unclaimed SET rest = rest + 1 WHERE rest > 0")


@breaks("unclaimed_and_claimed_are_all")
def a_row_that_nobody_may_settle_any_more(_world):
    change("DELETE FROM ledger_unclaimed WHERE rest > 0")


@breaks("unclaimed_and_claimed_are_all")
def a_row_that_waits_under_another_name(_world):
    change("UPDATE ledger_unclaimed SET owner = 'acct_other' WHERE rest > 0")


@breaks("unclaimed_and_claimed_are_all")
def a_payouts_own_row_in_the_queue(_world):
    change(
        "INSERT INTO ledger_unclaimed (txn_id, owner, livemode, currency, available_on, created,"
        " rest) SELECT id, owner, livemode, currency, available_on, created, net"
        " FROM ledger_balancetransaction WHERE type = 'payout'"
    )


@breaks("in_transit_is_in_flight")
def a_payout_that_is_called_paid(_world):
    payout = one("status = 'pending' AND amount < 0")
    change("UPDATE payouts_payout SET status = 'paid' WHERE id = %s", payout)


@breaks("in_transit_is_in_flight", "balance_is_sum_of_postings")
def money_in_transit_that_vanished(_world):
    change("UPDATE ledger_balance SET amount = amount + 1 WHERE purpose = 'in_transit'")


@breaks("payout_in_books")
def a_payout_whose_row_is_another(_world):
    """Two payouts of one amount exchange their rows."""
    first, second = (
        row
        for row in (
            fetch_one("SELECT id, balance_transaction_id FROM payouts_payout WHERE amount = 700"),
            fetch_one("SELECT id, balance_transaction_id FROM payouts_payout WHERE amount = 300"),
        )
    )
    for payout, own in ((first[0], second[1]), (second[0], first[1])):
        change("UPDATE payouts_payout SET balance_transaction_id = %s WHERE id = %s", own, payout)


@breaks("payout_in_books")
def a_fee_that_the_payout_does_not_know(_world):
    change("UPDATE payouts_payout SET application_fee_amount = 9 WHERE method = 'instant'")


@breaks("failed_payout_restored")
def a_failure_that_names_another_return(_world):
    (cancel,) = fetch_one("SELECT id FROM ledger_balancetransaction WHERE type = 'payout_cancel'")
    change("UPDATE payouts_payout SET failure_transaction_id = %s WHERE status = 'failed'", cancel)


@breaks("failed_payout_restored", "transaction_net", "entry_digest", "daily_move")
def a_failure_that_gave_back_less(_world):
    with unconstrained("ledger_balancetransaction", "ledger_txn_net_is_amount_less_fee"):
        rewrite(
            "UPDATE ledger_balancetransaction SET amount = amount - 1 WHERE type = 'payout_failure'"
        )


@breaks("failed_payout_restored")
def a_failed_payout_without_a_return(_world):
    with unconstrained("payouts_payout", "payout_that_ended_gave_the_money_back"):
        change("UPDATE payouts_payout SET failure_transaction_id = NULL WHERE status = 'failed'")


@breaks("failed_payout_restored")
def a_payout_that_still_names_a_return(_world):
    (cancel,) = fetch_one("SELECT id FROM ledger_balancetransaction WHERE type = 'payout_cancel'")
    with unconstrained("payouts_payout", "payout_that_ended_gave_the_money_back"):
        change(
            "UPDATE payouts_payout SET failure_transaction_id = %s WHERE status = 'paid'", cancel
        )


@breaks("payout_content_hash")
def lines_that_changed_places(_world):
    payout = one("method = 'instant'")
    for before, after in ((0, 99), (1, 0), (99, 1)):
        change(
            "UPDATE payouts_line SET position = %s WHERE payout_id = %s AND position = %s",
            after,
            payout,
            before,
        )


@breaks("payout_content_hash")
def a_hash_that_was_forged(_world):
    change("UPDATE payouts_payout SET lines_hash = %s WHERE automatic", "0" * 64)


@breaks("payout_reversal")
def a_reversal_of_another_payout(_world):
    change("UPDATE payouts_payout SET reversed_by_id = NULL WHERE reversed_by_id IS NOT NULL")


@breaks("payout_reversal")
def a_payout_that_says_it_was_reversed(_world):
    change("UPDATE payouts_payout SET reversed_by_id = 'po_nowhere' WHERE automatic")


@breaks("payout_reversal")
def a_collection_that_reverses_nothing(_world):
    change("UPDATE payouts_payout SET original_payout_id = NULL WHERE amount < 0")


@pytest.mark.parametrize(
    ("name", "corruption"),
    [
        pytest.param(name, corruption, id=f"{name}-{corruption.__name__}")
        for name, corruptions in CORRUPTIONS.items()
        for corruption in corruptions
    ],
)
def test_exactly_what_is_broken_is_named(busy, name, corruption):
    corruption(busy)

    found = broken(with_payments=True)

    assert name in found
    assert found == also[corruption]


def test_a_violation_names_the_payout_and_says_what_is_wrong(busy):
    a_count_that_is_wrong(busy)

    (violation,) = violations(with_payments=True)

    assert violation.subject == one("automatic")
    assert violation.detail == "It is 3500 in 3 lines, but has 2 lines that sum to 3500."
