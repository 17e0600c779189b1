"""Test mode's bank keeps its promise (`rails/base.py`): one key, one payment, always an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from counterfoil.config.rails import rail_of
from counterfoil.kit.db import fetch_all
from counterfoil.rails.base import (
    Beneficiary,
    Instruction,
    Landed,
    NotReceived,
    RailError,
    Returned,
    Sent,
    Unknown,
)
from counterfoil.rails.simulator.bank import LATE_AFTER, LATE_CODE, SLOW_BY, SimulatedBank
from counterfoil.rails.simulator.faults import ON_SENDING, plan_from
from tests.support.paying_out import Faults

pytestmark = pytest.mark.django_db

NOW = 1_762_164_000
LANDS = NOW + 86_400
GOOD = Beneficiary("bank_account", "US", "000123456789", "110000000", "Jenny Rosen")
PAYMENT = Instruction("po_1", 500, "usd", GOOD, "standard", None, at=NOW, lands_at=LANDS)


def bank_with(**faults: list[str]) -> SimulatedBank:
    outcome_of = rail_of(False)._outcome_of
    return SimulatedBank(outcome_of, faults=Faults({"po_1": faults.get("send", [])}))


def received(key: str = "po_1") -> list[int]:
    rows = fetch_all("SELECT received FROM rails_simulatedorder WHERE key = %s", [key])
    return [row[0] for row in rows]


def test_live_mode_has_no_bank_of_its_own():
    assert rail_of(True) is None


def test_a_payment_lands_when_it_was_promised():
    bank = bank_with()

    sent = bank.send(PAYMENT)

    assert sent == Sent("SIM1", LANDS)
    assert bank.ask("po_1", at=LANDS - 1) == sent
    assert bank.ask("po_1", at=LANDS) == Landed("SIM1")
    assert bank.ask("po_1", at=LANDS + 99 * 86_400) == Landed("SIM1")


def test_the_same_key_is_carried_out_once():
    bank = bank_with()
    first = bank.send(PAYMENT)

    again = bank.send(replace(PAYMENT, attempt=2))

    assert again == first
    assert received() == [2]
    assert fetch_all("SELECT key, amount FROM rails_simulatedorder") == [("po_1", 500)]


def test_a_key_it_never_heard_of():
    assert bank_with().ask("po_1", at=NOW) == NotReceived()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("000111111116", "no_account"),
        ("000111111113", "account_closed"),
        ("000222222227", "insufficient_funds"),
        ("000333333335", "debit_not_authorized"),
        ("000444444440", "invalid_currency"),
        ("DE62370400440532013001", "no_account"),
    ],
)
def test_a_number_that_stands_for_a_failure_comes_back_on_the_day(number, code):
    bank = bank_with()
    bank.send(replace(PAYMENT, beneficiary=replace(GOOD, number=number)))

    assert bank.ask("po_1", at=LANDS - 1) == Sent("SIM1", LANDS)
    assert bank.ask("po_1", at=LANDS) == Returned(code)


@pytest.mark.parametrize(
    ("number", "outcome"),
    [("4000056655665556", Landed("SIM1")), ("4000056655665572", Returned("could_not_process"))],
)
def test_debit_cards_have_outcomes_too(number, outcome):
    bank = bank_with()
    bank.send(replace(PAYMENT, beneficiary=Beneficiary("card", "US", number)))

    assert bank.ask("po_1", at=LANDS) == outcome


def test_a_payment_that_is_lost_was_never_received():
    bank = bank_with(send=["lost"])

    assert isinstance(bank.send(PAYMENT), Unknown)
    assert bank.ask("po_1", at=NOW) == NotReceived()
    assert isinstance(bank.send(PAYMENT), Sent)
    assert received() == [1]


def test_a_silent_bank_has_received_it():
    bank = bank_with(send=["silent"])

    assert isinstance(bank.send(PAYMENT), Unknown)
    assert bank.ask("po_1", at=NOW) == Sent("SIM1", LANDS)


@pytest.mark.parametrize(("fault", "permanent"), [("down", False), ("refused", True)])
def test_a_bank_that_does_not_take_it(fault, permanent):
    bank = bank_with(send=[fault])

    with pytest.raises(RailError) as refusal:
        bank.send(PAYMENT)

    assert refusal.value.permanent is permanent
    assert received() == []


def test_a_slow_payment_is_only_known_to_be_slow_on_the_day():
    bank = bank_with(send=["slow"])

    assert bank.send(PAYMENT) == Sent("SIM1", LANDS)
    assert bank.ask("po_1", at=LANDS) == Sent("SIM1", LANDS + SLOW_BY)
    assert bank.ask("po_1", at=LANDS + SLOW_BY) == Landed("SIM1")


def test_a_late_failure_lands_first():
    bank = bank_with(send=["late_failure"])
    bank.send(PAYMENT)

    assert bank.ask("po_1", at=LANDS) == Landed("SIM1", more_at=LANDS + LATE_AFTER)
    assert bank.ask("po_1", at=LANDS + LATE_AFTER) == Returned(LATE_CODE)


def test_many_at_once_get_their_own_answers():
    plan = Faults({"po_1": ["silent"], "po_2": ["down"], "po_3": []})
    bank = SimulatedBank(rail_of(False)._outcome_of, faults=plan)
    keys = ["po_1", "po_2", "po_3"]

    handed = bank.send_all([replace(PAYMENT, key=key) for key in keys])

    assert [type(answer) for answer in handed] == [Unknown, RailError, Sent]
    news = bank.ask_all(keys, at=NOW, attempts=[1, 1, 1])
    assert [type(answer) for answer in news] == [Sent, NotReceived, Sent]


def test_a_bank_may_not_answer_a_question():
    bank = bank_with()
    bank.send(PAYMENT)
    bank.faults = Faults({"po_1": ["mute"]}, verb="ask")

    assert isinstance(bank.ask("po_1", at=LANDS), Unknown)
    assert bank.ask("po_1", at=LANDS) == Landed("SIM1")


def test_chances_are_the_same_each_time_and_about_as_often_as_asked_for():
    plan = plan_from({"COUNTERFOIL_TEST_BANK_FAULTS": "lost:0.2, silent:0.1,mute:0.5"})
    keys = [f"po_{n}" for n in range(2000)]

    hit = [plan("send", key, 1) for key in keys]

    assert hit == [plan("send", key, 1) for key in keys]
    assert hit != [plan("send", key, 2) for key in keys]
    assert 300 < hit.count("lost") < 500
    assert 120 < hit.count("silent") < 280
    assert set(hit) == {"lost", "silent", None}
    assert {plan("ask", key, 1) for key in keys} == {"mute", None}


@pytest.mark.parametrize("text", ["lost", "broken:0.1", "lost:"])
def test_a_plan_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match=r"as in lost:0\.1|could not convert"):
        plan_from({"COUNTERFOIL_TEST_BANK_FAULTS": text})


def test_without_a_plan_nothing_goes_wrong():
    plan = plan_from({})
    assert {plan("send", f"po_{n}", 1) for n in range(100)} == {None}
    assert "late_failure" in ON_SENDING
