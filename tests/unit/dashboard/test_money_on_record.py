"""What a seller does about money, bank accounts and details is in the audit log, once."""

from __future__ import annotations

import pytest

from counterfoil.accounts.operations import ask_question
from counterfoil.accounts.params import AskQuestion
from counterfoil.audit.queries import records_of
from counterfoil.disputes.operations.opening import open_dispute
from counterfoil.disputes.params import CreateDispute
from counterfoil.kit.db import fetch_all
from counterfoil.kit.pages import PageRequest
from counterfoil.platforms.settings import PlatformSettings
from tests.support.builders import DAY, MONDAY, world  # noqa: F401 - a fixture
from tests.support.selling import Shop
from tests.unit.dashboard.shop import payer


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


def test_a_refund_and_taking_it_back(shop):
    charge = shop.world.charge(10_000, on=shop.id, source="tok_bypassPending").id
    shop.done(f"/payments/{charge}/refund", amount="40", reason="duplicate")
    (refund,) = [row[0] for row in fetch_all("SELECT id FROM payments_refund")]
    shop.done(f"/refunds/{refund}/cancellation")

    made, canceled = log_of(shop)
    assert made == (
        "refund.created",
        "seller",
        {"amount": 4000, "currency": "usd", "reason": "duplicate"},
    )
    assert canceled == ("refund.canceled", "seller", {})


def test_what_a_seller_does_with_the_platforms_payment_stands_in_the_sellers_log(shop):
    shop.world.fund(50_000)
    charge = shop.world.charge(
        10_000, to=shop.id, fee=1000, on_behalf_of=shop.id, source="tok_bypassPending"
    )
    shop.done(f"/payments/{charge.id}/refund", amount="25", reason="requested_by_customer")

    assert [row[0] for row in log_of(shop)] == ["refund.created"]


def test_collecting_a_payment_and_letting_one_go(shop):
    def held() -> str:
        intent = shop.world.intent(10_000, on=shop.id, capture_method="manual", **payer())
        return intent.latest_charge_id

    shop.done(f"/payments/{held()}/capture", amount="40")
    shop.done(f"/payments/{held()}/cancellation")

    assert log_of(shop) == [
        ("payment.captured", "seller", {"amount": 4000, "currency": "usd"}),
        ("payment.released", "seller", {}),
    ]


def test_the_two_answers_to_a_dispute(shop):
    answered, accepted = (dispute_of(shop) for _ in range(2))
    shop.browser.post(f"/disputes/{answered}/evidence", {"uncategorized_text": "It was sent."})
    shop.done(f"/disputes/{answered}/submission")
    shop.done(f"/disputes/{accepted}/acceptance")

    assert log_of(shop) == [
        ("dispute.answered", "seller", {}),
        ("dispute.accepted", "seller", {}),
    ]


def dispute_of(shop) -> str:
    charge = shop.world.intent(10_000, on=shop.id, **payer()).latest_charge_id
    made = open_dispute(
        scope=shop.world.in_scope(shop.id),
        params=CreateDispute(charge=charge),
        settings=PlatformSettings(),
        now=shop.world.now,
    )
    return made.id


def test_what_is_asked_and_answered_by_the_name_of_its_form_alone(shop):
    sent = AskQuestion(account=shop.id, title="Do you ship abroad?")
    _, question, _ = ask_question(
        platform_id=shop.world.id, livemode=False, params=sent, now=shop.world.now
    )
    shop.done(f"/requirements/{question}", answer="To the moon")

    assert log_of(shop) == [("details.given", "seller", {"form": question})]


def test_the_page_says_how_much_and_which_account(shop):
    charge = shop.world.charge(10_000, on=shop.id, source="tok_bypassPending").id
    shop.done(f"/payments/{charge}/refund", amount="40", reason="duplicate")
    numbers = {"routing_number": "110000000", "account_number": "000999999991"}
    shop.done("/settings/payouts/accounts/new", step="add", country="US", **numbers)
    page = shop.page("/settings/security/log").text

    assert "A refund was made $40.00" in page
    assert "A bank account or card was added ·· 9991" in page
