"""What the bank does: every outcome of the test numbers, and everything that can go wrong."""

from __future__ import annotations

from itertools import pairwise

import pytest

from counterfoil.kit.db import fetch_all
from counterfoil.kit.refused import InvalidRequest
from counterfoil.payouts.operations import sending
from counterfoil.payouts.operations.sending import hand_over_due
from counterfoil.payouts.policy import FAILURES
from counterfoil.payouts.rows import PayoutRow
from counterfoil.payouts.wire import payout_wire
from tests.support.books import violations
from tests.support.builders import DAY, NOW, Balance, nothing_written, shown, table
from tests.support.paying_out import Faults

pytestmark = pytest.mark.django_db
HOUR = 3600


@pytest.fixture(autouse=True)
def the_books_hold(db):
    yield
    assert violations(with_payments=True) == []


@pytest.fixture
def ada(world):
    """A seller with a manual schedule and 5000 available."""
    seller = world.seller()
    world.schedule(seller, "manual")
    world.give(seller, 5000)
    yield seller
    world.calm_bank()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("000111111116", "no_account"),
        ("000111111113", "account_closed"),
        ("000222222227", "insufficient_funds"),
        ("000333333335", "debit_not_authorized"),
        ("000444444440", "invalid_currency"),
    ],
)
def test_a_payout_to_a_failing_number_comes_back(world, ada, number, code):
    """D7: pending → in_transit → failed, funds back, bank errored, the next refused."""
    bank = world.add_bank(ada, account_number=number)
    payout = world.payout(2000, on=ada)
    world.run_until(world.now + HOUR)
    assert world.payouts(ada) == ["in_transit 2000"]

    world.run_until(payout.lands_at)

    failed = shown(payout_wire(world.find(PayoutRow, payout.id)))
    assert (failed["status"], failed["failure_code"]) == ("failed", code)
    assert failed["failure_message"] == FAILURES[code]
    assert world.balance(ada) == Balance(available=5000)
    assert world.balance(ada, purpose="in_transit") == Balance()
    assert world.rows(C=ada)[-2:] == table("""
        C payout         -2000 0 -2000 po_
        C payout_failure  2000 0  2000 po_
    """)
    assert world.external(ada).status == "errored"
    kinds = [
        kind
        for (kind,) in fetch_all(
            "SELECT type FROM events_event WHERE account_id = %s ORDER BY created, id", [ada]
        )
    ]
    assert {"payout.failed", "account.external_account.updated"} <= set(kinds[-2:])

    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.payout(100, on=ada)
    assert refusal.value.code == "bank_account_unusable"
    world.revive(ada, bank)
    assert world.payout(100, on=ada).status == "pending"


@pytest.mark.parametrize(
    ("iban", "code"),
    [
        ("DE62370400440532013001", "no_account"),
        ("DE89370400440532013002", "account_closed"),
        ("DE89370400440532013003", "insufficient_funds"),
        ("DE89370400440532013004", "debit_not_authorized"),
        ("DE89370400440532013005", "invalid_currency"),
    ],
)
def test_ibans_have_outcomes_too(world, iban, code):
    otto = world.seller("DE")
    world.add_bank(otto, "DE", account_number=iban)
    world.charge(5000, "eur", on=otto, source="tok_bypassPending")

    payout = world.payout(1000, "eur", on=otto)
    world.run_until(payout.lands_at)

    assert world.find(PayoutRow, payout.id).failure_code == code


def test_a_debit_card_that_fails(world, ada):
    card = world.add_card(ada, "tok_visa_debit_us_transferFail")
    payout = world.payout(500, on=ada, destination=card)

    world.run_until(payout.lands_at)

    assert world.find(PayoutRow, payout.id).failure_code == "could_not_process"
    assert world.external(ada).status == "new"  # the bank account is another destination


def test_after_a_failure_the_originals_stay_settled(world, ada):
    payout = world.payout(2000, on=ada)
    world.fail_payout(payout)
    world.revive(ada, world.external(ada).id)

    again = world.payout(5000, on=ada)

    assert world.lines(payout) == [("payment", 2000)]
    assert world.lines(again) == [("payment", 3000), ("payout_failure", 2000)]


@pytest.mark.parametrize("code", sorted(FAILURES))
def test_every_code_can_be_forced(world, ada, code):
    payout = world.payout(2000, on=ada)

    failed = world.force_failed(payout, code)

    assert shown(payout_wire(failed))["failure_code"] == code
    assert world.balance(ada) == Balance(available=5000)


def test_a_payout_can_be_forced_to_arrive_though_its_number_fails(world, ada):
    world.add_bank(ada, account_number="000111111116")
    payout = world.payout(2000, on=ada)

    paid = world.force_paid(payout)

    assert paid.status == "paid"
    world.run_until(NOW + 20 * DAY)
    assert world.payouts(ada) == ["paid 2000"]


def test_a_paid_payout_comes_back_within_five_business_days_only(world, ada):
    first, second = world.payout(1000, on=ada), world.payout(1000, on=ada)
    world.run_until(first.arrival_date + 7 * DAY)
    assert world.payouts(ada) == ["paid 1000", "paid 1000"]

    world.force_failed(first, "account_closed")
    assert world.rows(C=ada)[-1:] == table("C payout_failure 1000 0 1000 po_")
    assert world.balance(ada) == Balance(available=4000)

    world.run_until(first.arrival_date + 8 * DAY)
    with pytest.raises(InvalidRequest, match="does not come back") as refusal:
        world.force_failed(second, "no_account")
    assert refusal.value.code == "status_transition_invalid"


@pytest.mark.parametrize("end", ["failed", "canceled"])
def test_a_payout_ends_once(world, ada, end):
    payout = world.payout(1000, on=ada)
    (world.fail_payout if end == "failed" else world.cancel_payout)(payout)

    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.fail_payout(payout)
    assert refusal.value.code == "status_transition_invalid"
    with pytest.raises(InvalidRequest):
        world.force_paid(payout)
    assert world.balance(ada) == Balance(available=5000)


# ---- What can go wrong on the way ----


def received(payout: PayoutRow) -> list[int]:
    """How often the bank was handed a payout; nothing when it never was."""
    sql = "SELECT received FROM rails_simulatedorder WHERE key = %s"
    return [row[0] for row in fetch_all(sql, [payout.id])]


@pytest.mark.parametrize("fault", ["lost", "silent", "down"])
def test_no_answer_is_not_a_failure(world, ada, fault):
    payout = world.payout(1000, on=ada)
    world.bank.faults = Faults({payout.id: [fault, fault]})

    world.run_until(world.now + HOUR)
    assert world.payouts(ada) == ["pending 1000"]
    world.run_until(world.now + HOUR)

    assert world.payouts(ada) == ["in_transit 1000"]
    assert received(payout) == [1]


def test_a_silent_bank_is_asked_again_not_sent_again(world, ada):
    payout = world.payout(1000, on=ada)
    world.bank.faults = Faults({payout.id: ["silent"]})
    world.run_until(world.now + HOUR)
    assert (world.payouts(ada), received(payout)) == (["pending 1000"], [1])

    world.run_until(world.now + HOUR)

    assert (world.payouts(ada), received(payout)) == (["in_transit 1000"], [1])


def test_a_bank_that_stays_silent_is_asked_ever_more_rarely(world, ada):
    payout = world.payout(1000, on=ada)
    asked = []

    def mute(verb, key, _attempt):
        asked.append((verb, world.now))
        return "silent" if verb == "send" else "mute"

    world.bank.faults = mute
    world.run_until(world.now + 2 * DAY)

    assert world.payouts(ada) == ["pending 1000"]
    assert [verb for verb, _ in asked].count("send") == 1
    moments = [at for _, at in asked]
    pauses = [later - sooner for sooner, later in pairwise(moments)]
    assert pauses[:4] == [60, 120, 240, 480]
    assert max(pauses) == 6 * HOUR
    world.calm_bank()
    world.run_until(world.now + DAY)
    assert world.payouts(ada) == ["paid 1000"]
    assert received(payout) == [1]


def test_a_payment_the_bank_refuses_fails_at_once(world, ada):
    payout = world.payout(1000, on=ada)
    world.bank.faults = Faults({payout.id: ["refused"]})

    world.run_until(world.now + HOUR)

    failed = world.find(PayoutRow, payout.id)
    assert (failed.status, failed.failure_code) == ("failed", "could_not_process")
    assert world.balance(ada) == Balance(available=5000)


def test_a_slow_payout_moves_its_arrival(world, ada):
    payout = world.payout(1000, on=ada)
    world.bank.faults = Faults({payout.id: ["slow"]})

    world.run_until(payout.lands_at)
    moved = world.find(PayoutRow, payout.id)
    assert (moved.status, moved.arrival_date) == ("in_transit", payout.arrival_date + DAY)
    kind, wire = world.told(ada)[-1]
    assert (kind, wire["arrival_date"]) == ("payout.updated", payout.arrival_date + DAY)

    world.run_until(payout.lands_at + DAY)
    assert world.payouts(ada) == ["paid 1000"]


def test_a_late_failure_takes_back_what_was_paid(world, ada):
    payout = world.payout(1000, on=ada)
    world.bank.faults = Faults({payout.id: ["late_failure"]})

    world.run_until(payout.lands_at)
    assert world.payouts(ada) == ["paid 1000"]
    world.run_until(payout.lands_at + 2 * DAY)

    failed = world.find(PayoutRow, payout.id)
    assert (failed.status, failed.failure_code) == ("failed", "account_closed")
    assert world.balance(ada) == Balance(available=5000)
    assert world.external(ada).status == "errored"
    assert world.events(ada)[-2:] == ["payout.paid", "payout.failed"]


def test_a_bank_that_says_nothing_on_the_day_is_asked_later(world, ada):
    payout = world.payout(1000, on=ada)
    world.bank.faults = Faults({payout.id: ["mute", "mute"]}, verb="ask")

    world.run_until(payout.lands_at)
    assert world.payouts(ada) == ["in_transit 1000"]
    world.run_until(payout.lands_at + HOUR)
    assert world.payouts(ada) == ["paid 1000"]


# ---- Workers that die, workers that are slow ----


def test_a_worker_that_died_leaves_its_payouts_to_the_next(world, ada, monkeypatch):
    """Killed after the bank accepted and before we knew: asked again, not sent again."""
    payout = world.payout(1000, on=ada)

    class Killed(BaseException):
        pass

    def kill(name):
        if name == "payouts.after_bank_accepted":
            raise Killed

    monkeypatch.setattr(sending, "failpoint", kill)
    with pytest.raises(Killed):
        world.run_until(world.now + HOUR)
    monkeypatch.undo()
    assert (world.payouts(ada), received(payout)) == (["pending 1000"], [1])

    world.run_until(world.now + HOUR)

    assert (world.payouts(ada), received(payout)) == (["in_transit 1000"], [1])


def test_what_a_slow_worker_found_out_is_not_written_over_anothers(world, ada):
    """A refusal that comes after another worker got the payout through fails nothing."""
    payout = world.payout(1000, on=ada)
    world.now += HOUR
    bank = world.bank
    claimed = {}

    class Slow(type(bank)):
        def send_all(self, instructions):
            answers = super().send_all(instructions)
            # Meanwhile the lease ran out, and another worker carried on.
            claimed["other"] = hand_over_due(
                world.id, False, bank, now=world.now + DAY, clock=world.now + DAY
            )
            return answers

    slow = Slow(bank._outcome_of, faults=Faults({payout.id: ["refused"]}))
    hand_over_due(world.id, False, slow, now=world.now, clock=world.now)

    assert claimed == {"other": 1}
    assert world.payouts(ada) == ["in_transit 1000"]
    assert received(payout) == [1]
