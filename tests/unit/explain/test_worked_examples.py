"""Why each row of reference money-movement's worked examples is what it is, as its owner reads it.

P is the platform Bazaar, C its seller Rosen Ceramics, who reads in Britain. Everything happens on
3 November 2025 unless an example says otherwise.
"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from counterfoil.payments.operations.prefunding import withdraw_prefunding
from counterfoil.payments.operations.refunds import cancel_refund, create_refund, fail_refund
from counterfoil.payments.operations.reversals import create_fee_refund, create_reversal
from counterfoil.payments.refund_params import CreateFeeRefund, CreateRefund, CreateReversal
from counterfoil.payments.rows import ChargeRow, RefundRow
from counterfoil.payments.topup_params import WithdrawPrefunding
from counterfoil.platforms.settings import DisputeFees, InstantPayouts, PlatformSettings
from tests.support.builders import DAY, MONDAY, NOW, WEDNESDAY, World, one_request
from tests.unit.disputes.world import accepted, answer, decided, dispute_of, world_with_fees
from tests.unit.explain.world import asked_by, read, ruled

pytestmark = pytest.mark.django_db
HOUR = 3600


@pytest.fixture
def c(world: World) -> str:
    return world.seller()


@pytest.fixture
def rich(world: World, c: str) -> str:
    """20,000 available on both, as section 3 has it."""
    world.fund(50_000)
    world.transfer(20_000, to=c)
    return c


def at_once(world: World, **more: Any) -> ChargeRow:
    """1000, available at once."""
    return world.charge(1000, source="tok_bypassPending", **more)


@one_request
def refund(
    world: World, charge: ChargeRow, on: str | None = None, by: str = "platform", **more: Any
) -> RefundRow:
    params = msgspec.convert({"charge": charge.id} | more, CreateRefund)
    with asked_by(by):
        return create_refund(scope=world.on(on).scope, params=params, now=world.now)


# ---- §2 Charges ----


def test_2_1_a_direct_charge_with_a_fee(world, c):
    world.charge(1000, on=c, fee=123)

    assert read(world, c) == [
        "A customer paid you US$10.00 by card on 3 Nov. Bazaar keeps a fee of US$1.23."
        " The processing fee is US$0.59."
    ]
    assert ruled(world, c) == ["charge direct_charge cardholder"]
    assert read(world, world.id) == ["You keep US$1.23 of a payment to Rosen Ceramics."]


def test_2_1_a_direct_charge_whose_processing_the_platform_pays(world):
    c = world.paying_for()
    world.charge(1000, on=c, fee=123)

    assert read(world, c) == [
        "A customer paid you US$10.00 by card on 3 Nov. Bazaar keeps a fee of US$1.23."
    ]
    assert read(world, world.id)[1] == (
        "You pay the processing fee of US$0.59 for a payment of US$10.00 on 3 Nov."
    )


def test_2_2_a_destination_charge(world, c):
    world.charge(1000, to=c, fee=123)

    assert read(world, c) == [
        "A customer paid Bazaar on 3 Nov, and US$10.00 of it is for you."
        " Bazaar keeps a fee of US$1.23."
    ]
    assert ruled(world, c) == ["payment destination_charge platform"]
    assert read(world, world.id) == [
        "A customer paid you US$10.00 by card on 3 Nov. The processing fee is US$0.59.",
        "You sent US$10.00 to Rosen Ceramics on 3 Nov."
        " It is part of a payment of US$10.00 made on 3 Nov.",
        "You keep US$1.23 of a payment to Rosen Ceramics.",
    ]


def test_2_3_a_part_of_a_payment_does_not_tell_what_the_customer_paid(world, c):
    world.charge(1000, to=c, share=877)

    (told,) = read(world, c)
    assert told == "A customer paid Bazaar on 3 Nov, and US$8.77 of it is for you."


def test_2_5_transfers_out_of_one_charge_or_out_of_the_balance(world, c):
    charge = world.charge(10_000, source="tok_bypassPending")
    world.now += 2 * DAY
    world.transfer(7000, to=c, source_transaction=charge.id)
    world.transfer(500, to=c)

    assert read(world, c) == [
        "A customer paid Bazaar on 3 Nov, and US$70.00 of it is for you.",
        "Bazaar sent you US$5.00 on 5 Nov.",
    ]
    assert ruled(world, c) == [
        "payment source_transaction platform",
        "payment transfer platform",
    ]
    assert read(world, world.id, last=2) == [
        "You sent US$70.00 to Rosen Ceramics on 5 Nov."
        " It is part of a payment of US$100.00 made on 3 Nov.",
        "You sent US$5.00 to Rosen Ceramics on 5 Nov.",
    ]


def test_2_6_a_debited_account(world, rich):
    world.charge(300, source=rich, description="Shelf rent")

    assert read(world, rich, last=1) == [
        "Bazaar took US$3.00 from your balance on 3 Nov. The reason it gives: Shelf rent"
    ]
    assert ruled(world, rich)[-1] == "account_debit transfer platform"
    assert read(world, world.id, last=1) == ["You took US$3.00 from Rosen Ceramics on 3 Nov."]


# ---- §3 Refunds ----


def test_3_a_plain_refund_of_a_direct_charge(world, rich):
    refund(world, at_once(world, on=rich, fee=123), on=rich, by="seller")

    assert read(world, rich, last=1) == [
        "Refunded by you on 3 Nov. The processing fee of US$0.59 is not returned."
        " Bazaar keeps its fee of US$1.23."
    ]
    assert ruled(world, rich)[-1] == "refund processing_fee_not_returned seller"


def test_3_a_refund_by_the_platform_with_its_fee(world, rich):
    refund(world, at_once(world, on=rich, fee=123), on=rich, refund_application_fee=True)

    assert read(world, rich, last=1) == [
        "Refunded by Bazaar on 3 Nov. The processing fee of US$0.59 is not returned."
        " Bazaar returns its fee of US$1.23."
    ]
    assert read(world, world.id, last=1) == ["You returned your fee of US$1.23 to Rosen Ceramics."]


def test_3_a_quarter_with_its_share_of_the_fee(world, rich):
    charge = at_once(world, on=rich, fee=123)
    refund(world, charge, on=rich, by="seller", amount=250, refund_application_fee=True)

    assert read(world, rich, last=1) == [
        "Refunded by you on 3 Nov. It is US$2.50 of a payment of US$10.00."
        " The processing fee of US$0.59 is not returned."
        " Bazaar returns US$0.31 of its fee of US$1.23."
    ]
    assert read(world, world.id, last=1) == [
        "You returned US$0.31 of your fee of US$1.23 to Rosen Ceramics."
    ]


def test_3_a_refund_whose_fees_the_platform_paid(world):
    c = world.paying_for()
    refund(world, at_once(world, on=c), on=c, by="seller")

    assert read(world, c, last=1) == ["Refunded by you on 3 Nov."]
    assert ruled(world, c)[-1] == "refund refunded seller"


def test_3_a_destination_charge_refunded_with_its_transfer_and_fee(world, rich):
    charge = at_once(world, to=rich, fee=123)
    refund(world, charge, reverse_transfer=True, refund_application_fee=True)

    assert read(world, rich, last=1) == [
        "Bazaar refunded the customer on 3 Nov and takes back US$10.00."
        " It had sent you US$10.00 on 3 Nov. Bazaar returns its fee of US$1.23."
    ]
    assert ruled(world, rich)[-1] == "transfer_reversal transfer_taken_back platform"
    assert sorted(read(world, world.id, last=3)) == [
        "Refunded by you on 3 Nov. The processing fee of US$0.59 is not returned.",
        "With the refund of 3 Nov you took back US$10.00 from Rosen Ceramics."
        " You had sent it on 3 Nov.",
        "You returned your fee of US$1.23 to Rosen Ceramics.",
    ]


def test_3_a_part_of_a_destination_charge_whose_fee_is_kept(world, rich):
    refund(world, at_once(world, to=rich, fee=123), reverse_transfer=True, amount=400)

    assert read(world, rich, last=1) == [
        "Bazaar refunded the customer on 3 Nov and takes back US$4.00."
        " It had sent you US$10.00 on 3 Nov. Bazaar keeps its fee of US$1.23."
    ]


def test_3_a_seller_that_refunds_through_its_platform(world, rich):
    refund(world, at_once(world, to=rich), by="seller", reverse_transfer=True)

    assert read(world, rich, last=1) == [
        "Refunded by you on 3 Nov: Bazaar takes back US$10.00. It had sent you US$10.00 on 3 Nov."
    ]
    assert (
        "Refunded by the seller on 3 Nov."
        in read(world, world.id, last=2)[0] + read(world, world.id, last=2)[1]
    )


def test_3_a_refund_that_waited_for_money(world, c):
    charge = at_once(world, on=c)
    world.schedule(c, "manual")
    refund(world, charge, on=c, by="seller")
    world.now += DAY
    world.fund(20_000)
    world.transfer(5000, to=c)
    world.run_until(world.now + 1)

    assert read(world, c, last=1) == [
        "Refunded by you on 4 Nov."
        " It was asked for on 3 Nov and waited for money in your balance."
        " The processing fee of US$0.59 is not returned."
    ]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("declined", "did not reach the customer: the card's bank refused it."),
        ("lost_or_stolen_card", "did not reach the customer: the card was lost or stolen."),
        ("unknown", "did not reach the customer."),
    ],
)
def test_3_a_refund_that_did_not_arrive(world, rich, reason, words):
    made = refund(world, at_once(world, on=rich), on=rich)
    fail_refund(refund_id=made.id, scope=made.scope, reason=reason, now=world.now)

    assert read(world, rich, last=1) == [
        f"The refund of 3 Nov {words} US$10.00 is in your balance again."
    ]
    assert ruled(world, rich)[-1] == "refund refund_not_delivered bank"


def test_3_a_refund_that_was_canceled(world, rich):
    made = refund(world, at_once(world, on=rich), on=rich)
    cancel_refund(refund_id=made.id, scope=made.scope, now=world.now)

    assert read(world, rich, last=1) == [
        "The refund of 3 Nov was canceled. US$10.00 is in your balance again."
    ]


def test_3_a_fee_given_back_on_its_own(world, rich):
    charge = at_once(world, on=rich, fee=123)
    create_fee_refund(
        scope=world.scope,
        fee_id=charge.application_fee_id or "",
        params=CreateFeeRefund(amount=50),
        now=world.now,
    )

    assert read(world, rich, last=1) == ["Bazaar returns US$0.50 of its fee of US$1.23."]
    assert ruled(world, rich)[-1] == "application_fee_refund application_fee_returned platform"


# ---- §4 Disputes ----


def test_4_a_chargeback_says_what_it_costs_and_until_when_it_can_be_answered(world, c):
    dispute = dispute_of(world, world.charge(5000, on=c), reason="product_not_received")
    assert dispute["evidence_details"]["due_by"] > NOW

    (told,) = read(world, c, last=1)
    assert told.startswith(
        "The cardholder disputes your payment of 3 Nov: nothing was received."
        " The bank took US$50.00 back on 3 Nov. The dispute costs US$15.00, whatever its outcome."
        " Answer it by "
    )
    assert ruled(world, c)[-1] == "dispute dispute_withdrawal cardholder"


def test_4_a_dispute_that_is_answered_and_won():
    world = world_with_fees(1500, 1500)
    c = world.seller()
    dispute = dispute_of(world, world.charge(5000, on=c))
    answer(world, dispute, "Here is the receipt.")
    assert read(world, c, last=2)[0].endswith("The bank is looking at your answer.")
    assert read(world, c, last=1) == [
        "You answered the dispute on 3 Nov. That costs US$15.00. You get it back if you win."
    ]

    decided(world, dispute, "win")
    *_, opened, answered, won = read(world, c)
    assert opened.endswith("You won it, and the amount came back.")
    assert answered.endswith("You won, and it came back.")
    assert won == (
        "You won the dispute about your payment of 3 Nov. The bank returned US$50.00 on 3 Nov."
        " The fee of US$15.00 for answering is returned."
        " The fee of US$15.00 for the dispute is not returned."
    )
    assert ruled(world, c)[-1] == "dispute dispute_fee_returned bank"


def test_4_a_dispute_that_is_lost_says_how(world, c):
    lost, closed, late = (dispute_of(world, world.charge(5000, on=c)) for _ in range(3))
    answer(world, lost, "losing_evidence")
    accepted(world, closed)
    world.run_until(NOW + 30 * DAY)
    assert late["status"] == "needs_response"

    endings = [text.rpartition("whatever its outcome. ")[2] for text in read(world, c)]
    assert [one for one in endings if "cardholder" in one and "disputes" not in one] == [
        "The bank decided for the cardholder.",
        "It is closed, and the cardholder keeps the money.",
        "It was not answered in time, and the cardholder keeps the money.",
    ]


def test_4_a_platform_that_pays_fees_reads_why():
    world = world_with_fees(1500, 1000)
    c = world.paying_for()
    dispute = dispute_of(world, world.charge(5000, on=c))
    answer(world, dispute, "winning_evidence")

    assert read(world, world.id, last=3) == [
        "You pay the fee of US$15.00 for a seller's dispute about a payment of 3 Nov.",
        "You pay the fee of US$10.00 for a seller's dispute about a payment of 3 Nov.",
        "The fee of US$10.00 for answering a dispute is returned: the seller won it.",
    ]


# ---- §5 Transfer reversals ----


def test_5_a_transfer_that_is_taken_back(world, rich):
    transfer = world.transfer(500, to=rich)
    world.now += DAY
    create_reversal(
        scope=world.scope,
        transfer_id=transfer.id,
        params=CreateReversal(amount=100),
        now=world.now,
    )

    assert read(world, rich, last=1) == [
        "Bazaar took back US$1.00 on 4 Nov. It had sent you US$5.00 on 3 Nov."
    ]
    assert read(world, world.id, last=1) == [
        "You took back US$1.00 from Rosen Ceramics on 4 Nov. You had sent it on 3 Nov."
    ]


# ---- §6 Payouts ----


def test_6_a_payout_by_schedule_follows_what_becomes_of_it(world, rich):
    world.run_until(MONDAY + DAY)
    assert read(world, rich, last=1) == [
        "Sent on 4 Nov to your bank account ending 6789 by your daily schedule."
        " It should arrive on 5 Nov."
    ]
    world.schedule(rich, "weekly", weekly_payout_days=["friday"])
    world.run_until(WEDNESDAY)

    assert read(world, rich, last=1) == [
        "Sent on 4 Nov to your bank account ending 6789 by your daily schedule."
        " It arrived on 5 Nov."
    ]
    assert ruled(world, rich)[-1] == "payout payout_schedule schedule"


@pytest.mark.parametrize(
    ("actor", "words"), [("seller", "you asked for it"), ("platform", "Bazaar asked for it")]
)
def test_6_a_payout_by_hand_says_who_asked(world, rich, actor, words):
    with asked_by(actor):
        payout = world.payout(500, on=rich)
    assert read(world, rich, last=1)[0].startswith(
        f"Sent on 3 Nov to your bank account ending 6789 because {words}."
    )
    assert ruled(world, rich)[-1] == f"payout payout_by_hand {actor}"

    world.cancel_payout(payout)
    assert read(world, rich, last=2)[0].endswith("It was canceled before it left.")
    assert read(world, rich, last=1) == [
        "The payout of 3 Nov was canceled before it left. US$5.00 is in your balance again."
    ]


def test_6_an_instant_payout_with_its_fees():
    costs = InstantPayouts(provider_basis_points=100)
    world = World(settings=PlatformSettings(instant_payouts=costs))
    c = world.seller()
    world.give(c, 500)
    world.schedule(c, "manual")
    with asked_by("seller"):
        payout = world.payout(490, on=c, method="instant")

    assert read(world, c, last=1) == [
        "Sent on 3 Nov to your bank account ending 6789 because you asked for it."
        " An instant payout costs US$0.10, which Bazaar keeps. It should arrive on 3 Nov."
    ]
    assert read(world, world.id, last=2) == [
        "Rosen Ceramics pays you US$0.10 for an instant payout.",
        "You pay US$0.05 for an instant payout of 3 Nov.",
    ]

    world.fail_payout(payout)
    assert read(world, c, last=1) == [
        "The bank sent the payout of 3 Nov back: the account is closed."
        " US$5.00 is in your balance again."
        " The fee of US$0.10 for the instant payout is returned."
        " Update this bank account or add another, and the next payout sends it."
    ]
    assert ruled(world, c)[-1] == "payout payout_failed bank"
    assert read(world, world.id, last=2) == [
        "What the instant payout of 3 Nov cost you, US$0.05, is returned.",
        "You returned your fee of US$0.10 to Rosen Ceramics.",
    ]


def test_6_a_payout_that_is_reversed(world, rich):
    payout = world.payout(500, on=rich)
    world.run_until(payout.lands_at)
    world.reverse_payout(payout)

    assert read(world, rich, last=1)[0].startswith(
        "The payout of 3 Nov is reversed: US$5.00 comes back."
    )
    assert ruled(world, rich)[-1] == "payout payout_reversed unknown"


def test_6_a_balance_that_is_kept(world, rich):
    world.balance_settings(rich, payouts={"minimum_balance_by_currency": {"usd": 3000}})
    world.run_until(MONDAY + DAY)

    told = dict(zip([row.type for row in world.transactions(rich)], read(world, rich), strict=True))
    assert told["payout_minimum_balance_hold"] == (
        "US$30.00 stays in your balance, as your payout settings ask."
    )
    assert told["payout_minimum_balance_release"] == (
        "US$30.00 stayed in your balance and can be paid out next time."
    )


# ---- §7 Top-ups, §8 negative balances, reserves, prefunding ----


def test_7_funds_that_are_added(world, c):
    world.top_up(5000, on=c)
    world.top_up(700)
    world.run_until(NOW + 10 * DAY)
    params = WithdrawPrefunding(amount=1000, currency="usd")
    withdraw_prefunding(scope=world.on(c).scope, params=params, now=world.now)

    moved = (
        "US$10.00 moved from your refunds and disputes balance on 13 Nov. It can be paid out now."
    )
    assert read(world, c) == [
        "You added US$50.00 to your refunds and disputes balance on 3 Nov.",
        moved,
        moved,
    ]
    assert read(world, world.id) == ["You added US$7.00 to your balance on 3 Nov."]


def test_8_a_refund_from_the_refunds_and_disputes_balance(world, c):
    world.top_up(5000, on=c)
    world.run_until(NOW + 10 * DAY)
    world.charge(1000, on=c)  # pending
    charge = at_once(world, on=c)
    refund(world, charge, on=c, by="seller")

    assert read(world, c, last=1) == [
        "Refunded by you on 13 Nov. The processing fee of US$0.59 is not returned."
        " It is paid from your refunds and disputes balance."
    ]


def test_8_a_bank_account_debited_for_a_negative_balance(world, c):
    dispute_of(world, world.charge(5000, on=c))
    world.run_until(NOW + 20 * DAY)

    assert read(world, c, last=1) == [
        "Your balance was below zero, so your bank account was debited on 4 Nov."
        " US$16.75 came from the account ending 6789."
    ]
    assert ruled(world, c)[-1] == "top_up debit_negative_balance rule"
    assert read(world, world.id) == [
        "US$16.75 is held because an account of yours is below zero.",
        "US$16.75 is free again: an account of yours owes less.",
    ]


def test_8_a_debt_of_180_days(world):
    c = world.seller(settings={"payouts": {"debit_negative_balances": False}})
    dispute_of(world, world.charge(5000, on=c))
    world.run_until(NOW + 200 * DAY)

    assert read(world, c, last=1) == [
        "Your balance was below zero for 180 days. The missing US$16.75 is written off."
    ]
    assert read(world, c)[0].startswith("A customer paid you US$50.00 by card on 3 Nov 2025.")
    assert ("An account of yours was below zero for 180 days: its US$16.75 is your loss.") in read(
        world, world.id
    )


# ---- §9 Currencies ----


def test_9_a_destination_charge_in_three_currencies(world):
    c = world.seller("GB")
    world.charge(10_000, "eur", to=c, fee=1000)

    assert read(world, c) == [
        "A customer paid Bazaar on 3 Nov, and US$110.00 of it is for you."
        " US$110.00 is converted at a rate of 0.8. Bazaar keeps a fee of £8.80."
    ]
    assert read(world, world.id)[0] == (
        "A customer paid you €100.00 by card on 3 Nov. €100.00 is converted at a rate of 1.1."
        " The processing fee is US$3.49. Converting the currency costs US$1.10."
    )


# ---- §10 The ledger from end to end ----


def test_10_the_whole_ledger_as_the_seller_reads_it(world, c):
    world.fund(100_000)
    charge = world.charge(10_000, on=c, fee=1000)
    world.run_until(NOW + DAY)
    world.transfer(5000, to=c)
    world.run_until(MONDAY + 3 * DAY + 12 * HOUR)
    refund(world, charge, on=c, by="seller", amount=4000, refund_application_fee=True)
    world.run_until(MONDAY + 4 * DAY + 9 * HOUR)
    world.transfer(6000, to=c)
    world.run_until(world.now + 1)
    world.add_bank(c, account_number="000111111116")
    world.run_until(MONDAY + 14 * DAY)

    assert read(world, c) == [
        "A customer paid you US$100.00 by card on 3 Nov. Bazaar keeps a fee of US$10.00."
        " The processing fee is US$3.20.",
        "Bazaar sent you US$50.00 on 4 Nov.",
        "Sent on 5 Nov to your bank account ending 6789 by your daily schedule."
        " It arrived on 6 Nov.",
        "Bazaar sent you US$60.00 on 7 Nov.",
        "Refunded by you on 7 Nov. It is US$40.00 of a payment of US$100.00."
        " It was asked for on 6 Nov and waited for money in your balance."
        " The processing fee of US$3.20 is not returned."
        " Bazaar returns US$4.00 of its fee of US$10.00.",
        "Sent on 10 Nov to your bank account ending 1116 by your daily schedule."
        " The bank sent it back.",
        "The bank sent the payout of 10 Nov back: there is no such account."
        " US$24.00 is in your balance again."
        " Update this bank account or add another, and the next payout sends it.",
    ]


def test_dispute_fees_are_those_of_the_time(world, c):
    """What the row says, not what the platform would charge today."""
    assert world.caller.settings.dispute_fees["usd"] == DisputeFees(received=1500)
    dispute_of(world, world.charge(5000, on=c))
    assert "The dispute costs US$15.00" in read(world, c, last=1)[0]
