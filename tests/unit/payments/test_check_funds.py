"""`check` finds each thing that can go wrong with top-ups, reserves and conversions."""

from __future__ import annotations

import pytest

from counterfoil.kit.db import execute
from counterfoil.payments.operations.topups import fail_topup
from tests.support.books import broken, rewrite
from tests.support.builders import World, utc
from tests.unit.payments.owing import change

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def busy(world: World) -> World:
    """A top-up that came, one that went, one that waits; a debt; a conversion and its refund."""
    first, second = world.top_up(5000), world.top_up(700)
    world.pass_until(utc(2025, 11, 10))
    fail_topup(topup_id=second.id, scope=world.scope, code="no_account", now=world.now)
    world.top_up(100)
    assert first.id
    change(world, (world.seller(), -900))
    world.charge(10_000, "eur", to=world.seller("GB"), fee=1000)
    assert broken(with_payments=True) == set()
    return world


CORRUPTIONS = [
    ("UPDATE payments_topup SET amount = 5001 WHERE amount = 5000", "topup_in_books"),
    ("UPDATE payments_topup SET status = 'failed' WHERE amount = 5000", "topup_in_books"),
    ("UPDATE payments_topup SET purpose = 'prefunding' WHERE amount = 5000", "topup_in_books"),
    (
        "UPDATE payments_topup SET reversal_transaction_id = NULL WHERE amount = 700",
        {"topup_in_books", "topup_line_has_topup"},
    ),
    ("DELETE FROM payments_topup WHERE amount = 5000", "topup_line_has_topup"),
    ("UPDATE payments_topup SET next_at = NULL WHERE amount = 100", "topup_moves_on"),
    ("UPDATE payments_topup SET next_at = 5 WHERE amount = 5000", "topup_moves_on"),
    ("UPDATE payments_position SET balance = balance + 1", "position_is_balance"),
    ("DELETE FROM payments_position", "position_is_balance"),
    ("UPDATE payments_shortfall SET reserved = reserved - 1", "shortfall_is_known"),
    ("UPDATE payments_shortfall SET since = NULL", "shortfall_is_known"),
    ("DELETE FROM payments_shortfall", "shortfall_is_known"),
    ("UPDATE payments_shortfall SET kept = 5", "reserve_is_what_accounts_owe"),
    (
        "UPDATE accounts_account SET losses_payments = 'stripe'",
        {"shortfall_is_known", "reserve_is_what_accounts_owe"},
    ),
    (
        "UPDATE payments_charge SET settled_amount = 11001 WHERE settled_currency = 'usd'",
        {"settled_as_its_line", "converted_at_its_rate"},
    ),
    (
        "UPDATE payments_charge SET exchange_rate = '1.2' WHERE settled_currency = 'usd'",
        {"settled_as_its_line", "converted_at_its_rate"},
    ),
    (
        "UPDATE payments_charge SET settled_currency = 'eur' WHERE settled_currency = 'gbp'",
        {"settled_as_its_line"},
    ),
    ("UPDATE payments_charge SET exchange_rate = NULL", "settled_as_its_line"),
    (
        "UPDATE payments_applicationfee SET settled_amount = 1, settled_currency = 'usd'",
        "settled_as_its_line",
    ),
]


@pytest.mark.parametrize(("sql", "found"), CORRUPTIONS, ids=[sql for sql, _ in CORRUPTIONS])
def test_what_is_wrong_is_named(sql, found):
    assert execute(sql) > 0, "nothing was corrupted"

    assert broken(with_payments=True) == ({found} if isinstance(found, str) else found)


def test_a_forged_release_of_the_reserve_is_seen():
    rewrite("UPDATE ledger_balance SET amount = 899 WHERE purpose = 'connect_reserved'")

    assert "reserve_is_what_accounts_owe" in broken(with_payments=True)


def test_a_refund_that_took_back_too_much_is_seen(busy):
    execute(
        "INSERT INTO payments_refund (id, platform_id, livemode, account_id, created, amount,"
        " currency, metadata, charge_id, status, reverses_transfer, refunds_fee,"
        " balance_transaction_id, settled_amount, settled_currency)"
        " SELECT 're_forged', platform_id, livemode, account_id, created, 10000, currency, '{}',"
        " id, 'succeeded', false, false, balance_transaction_id, 10999, settled_currency"
        " FROM payments_charge WHERE settled_currency = 'usd'"
    )

    assert "conversion_goes_back_whole" in broken(with_payments=True)
