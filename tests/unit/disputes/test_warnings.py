"""Early fraud warnings: the issuer suspects fraud, and a refund may prevent a dispute."""

from __future__ import annotations

import pytest

from counterfoil.disputes import due
from counterfoil.disputes.operations.warnings import answered_by_refund
from counterfoil.disputes.rows import WarningRow
from counterfoil.disputes.wire import warning_wire
from counterfoil.kit.db import fetch_all
from tests.support.builders import DAY, NOW, shown
from tests.unit.disputes.world import cards_do_their_thing, decided, dispute_of, refund

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_hold")]


@pytest.fixture
def account(world):
    return world.seller()


@pytest.fixture
def charge(world, account):
    charge = world.charge(5000, on=account, source="tok_createIssuerFraudRecord")
    cards_do_their_thing()
    return charge


def warning_of(world, charge):
    ((ident,),) = fetch_all(
        "SELECT id FROM disputes_earlyfraudwarning WHERE charge_id = %s", [charge.id]
    )
    return shown(warning_wire(world.find(WarningRow, ident)))


def told(world, account):
    return [
        (kind.rpartition(".")[2], then["actionable"])
        for kind, then in world.told(account)
        if kind.startswith("radar.")
    ]


def test_a_warning_takes_no_money_and_asks_to_act(world, account, charge):
    warning = warning_of(world, charge)

    assert (warning["charge"], warning["actionable"]) == (charge.id, True)
    assert warning["fraud_type"] == "unauthorized_use_of_card"
    assert "payment_intent" not in warning
    assert told(world, account) == [("created", True)]
    assert world.rows(C=account) == ["C charge 5000 175 4825 ch_"]


def test_a_warning_about_an_intent_names_it(world):
    intent = world.intent(1000, payment_method="pm_card_createIssuerFraudRecord", confirm=True)
    cards_do_their_thing()

    ((ident,),) = fetch_all("SELECT id FROM disputes_earlyfraudwarning")
    assert shown(warning_wire(world.find(WarningRow, ident)))["payment_intent"] == intent.id


def test_a_dispute_comes_too_late_for_acting(world, account, charge):
    dispute_of(world, charge)

    assert warning_of(world, charge)["actionable"] is False
    assert told(world, account) == [("created", True), ("updated", False)]


def test_an_inquiry_leaves_time_to_act(world, account, charge):
    inquiry = dispute_of(world, charge, type="inquiry")
    assert warning_of(world, charge)["actionable"] is True

    decided(world, inquiry, "escalate")
    assert warning_of(world, charge)["actionable"] is False


def test_a_full_refund_answers_a_warning(world, account, charge):
    refund(world, charge, amount=1000)
    assert due.next_due(world.id, False, NOW + DAY) is None
    refund(world, charge, now=NOW + 60)

    assert due.next_due(world.id, False, NOW + DAY) == NOW + 60
    assert due.run_due(world.id, False, NOW + 60) == 1
    ident = warning_of(world, charge)["id"]
    assert answered_by_refund(scope=charge.scope, warning_id=ident, now=NOW + 61) is False
    assert warning_of(world, charge)["actionable"] is False
    assert told(world, account) == [("created", True), ("updated", False)]
    assert due.next_due(world.id, False, NOW + DAY) is None


def test_a_charge_that_was_refunded_before_needs_nothing_any_more(world, account):
    charge = world.charge(5000, on=account, source="tok_createIssuerFraudRecord")
    refund(world, charge)
    cards_do_their_thing()

    assert warning_of(world, charge)["actionable"] is False
