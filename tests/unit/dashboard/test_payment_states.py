"""The state of a payment in one word."""

from __future__ import annotations

import pytest

from counterfoil.dashboard.payment_states import FILTERS, SIGNS, TONES, StateFacts, state_of


def paid(**more):
    facts = {"charge_status": "succeeded", "captured": True, "amount_captured": 1000}
    return facts | more


CASES = [
    ({"charge_status": None, "intent_status": "requires_payment_method"}, "incomplete"),
    ({"charge_status": None, "intent_status": "requires_action"}, "incomplete"),
    ({"charge_status": None, "intent_status": "canceled"}, "canceled"),
    ({"charge_status": "failed"}, "failed"),
    ({"charge_status": "failed", "blocked": True}, "blocked"),
    ({"charge_status": "pending"}, "pending"),
    ({"charge_status": "succeeded"}, "uncaptured"),
    ({"charge_status": "succeeded", "intent_status": "canceled"}, "canceled"),
    (paid(), "successful"),
    (paid(warned=True), "early_fraud_warning"),
    (paid(amount_refunded=999), "partially_refunded"),
    (paid(amount_refunded=1000), "refunded"),
    (paid(amount_refunded=1000, refund_pending=True), "refund_pending"),
    (paid(amount_refunded=400, disputed=True, warned=True, refund_pending=True), "disputed"),
    (paid(amount_refunded=400, warned=True), "partially_refunded"),
]


@pytest.mark.parametrize(("facts", "state"), CASES)
def test_the_state_is_the_most_pressing_thing(facts, state):
    assert state_of(StateFacts(**facts)) == state


def test_every_state_has_a_case_a_tone_and_a_filter():
    states = {state for _, state in CASES}
    assert states == set(TONES)
    assert states - {"pending"} == set(FILTERS)
    assert set(SIGNS) <= states
