"""What a seller does about payouts and bank accounts is in the audit log, once."""

from __future__ import annotations

import pytest

from counterfoil.audit.queries import records_of
from counterfoil.kit.pages import PageRequest
from tests.support.builders import DAY, MONDAY, world  # noqa: F401 - a fixture
from tests.support.selling import Shop


@pytest.fixture
def shop(world, monkeypatch):  # noqa: F811 - a fixture
    shop = Shop(world, monkeypatch)
    world.give(shop.id, 9000)
    return shop


def log_of(shop):
    """Action, who, and what changed, oldest first; signing in left out."""
    rows = records_of(shop.world.in_scope(shop.id), PageRequest(limit=100)).rows
    return [
        (row.action, row.actor, row.after)
        for row in reversed(rows)
        if not row.action.startswith("session.")
    ]


def test_the_schedule_a_payout_and_taking_it_back(shop):
    shop.done("/settings/payouts/schedule", step="save", interval="manual")
    wish = {
        "amount": "50",
        "currency": "usd",
        "method": "standard",
        "destination": shop.world.external(shop.id).id,
        "step": "send",
        "debited": "5000",
    }
    key = shop.page("/payouts/new").inputs["form_key"]
    for _ in range(2):
        shop.done("/payouts/new", key=key, **wish)
    (payout,) = shop.world.payout_rows(shop.id)
    shop.done(f"/payouts/{payout.id}/cancellation")

    (changed, created, canceled) = log_of(shop)
    assert changed == ("payout_settings.changed", "seller", {"interval": "manual"})
    assert created[:2] == ("payout.created", "seller")
    assert created[2]["amount"] == 5000
    assert canceled == ("payout.canceled", "seller", {})


def test_bank_accounts_by_their_last_four_only(shop):
    numbers = {"routing_number": "110000000", "account_number": "000999999991"}
    first = shop.world.external(shop.id).id
    shop.done("/settings/payouts/accounts/new", step="add", country="US", default="yes", **numbers)
    shop.done(f"/settings/payouts/accounts/{first}/removal")

    added, removed = log_of(shop)
    assert (added[0], added[2]["last4"], added[2]["default"]) == (
        "bank_account.added",
        "9991",
        True,
    )
    assert (removed[0], removed[2]["last4"]) == ("bank_account.removed", "6789")
    assert "000999999991" not in str(log_of(shop))


def test_what_was_refused_is_not_there(shop):
    shop.refused("/settings/payouts/accounts/new", step="add", country="US", account_number="1")

    assert log_of(shop) == []


def test_what_a_schedule_does_stands_in_the_books_alone(shop):
    shop.world.run_until(MONDAY + 3 * DAY)

    assert shop.world.payouts(shop.id) == ["paid 9000"]
    assert log_of(shop) == []


def test_money_put_aside_and_taken_out(shop):
    shop.done("/prefunding/addition", amount="50", currency="usd")
    shop.world.run_until(MONDAY + 9 * DAY)
    shop.done("/prefunding/withdrawal", amount="20", currency="usd")

    assert [row[0] for row in log_of(shop)] == ["topup.created", "prefunding.withdrawn"]
