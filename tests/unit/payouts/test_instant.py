"""Instant payouts (reference money-movement §6): eligibility, limits, the platform's fee."""

from __future__ import annotations

import msgspec
import pytest

from counterfoil.kit.db import execute
from counterfoil.kit.refused import BalanceInsufficient, InvalidRequest
from counterfoil.payments.operations.reversals import create_fee_refund
from counterfoil.payments.refund_params import CreateFeeRefund
from counterfoil.payments.rows import ApplicationFeeRow
from counterfoil.payments.wire import application_fee_wire
from counterfoil.payouts.rows import PayoutRow
from counterfoil.payouts.wire import payout_wire
from counterfoil.platforms.settings import InstantPayouts, PlatformSettings, write_settings
from tests.support.books import violations
from tests.support.builders import DAY, NOW, Balance, nothing_written, shown, table

pytestmark = pytest.mark.django_db
HALF_AN_HOUR = 1800


@pytest.fixture(autouse=True)
def the_books_hold(db):
    yield
    assert violations(with_payments=True) == []


@pytest.fixture
def ada(world):
    """A seller with 500 available, in two payments."""
    seller = world.seller()
    world.schedule(seller, "manual")
    world.give(seller, 300)
    world.now += 60
    world.give(seller, 200)
    return seller


def costs(world, **changes) -> None:
    """What instant payouts cost on this platform."""
    text = write_settings(PlatformSettings(instant_payouts=InstantPayouts(**changes)))
    execute("UPDATE platforms_platform SET settings = %s WHERE id = %s", [text, world.id])


def test_the_fee_goes_to_the_platform_and_is_a_line_of_its_own(world, ada):
    """500 available: 490 arrive, the platform keeps 10."""
    before = world.rows(P=world.id)
    payout = world.payout(490, on=ada, method="instant")

    assert world.rows(C=ada)[-1:] == table("C payout -490 10 -500 po_")
    assert world.rows(P=world.id)[len(before) :] == table("P application_fee 10 0 10 fee_")
    assert world.balance(ada) == Balance()
    assert world.lines(payout) == [("payment", 300), ("payment", 200), ("payout", -10)]
    fee = world.find(ApplicationFeeRow, payout.application_fee_id)
    wire = shown(application_fee_wire(fee))
    assert wire["fee_source"] == {"type": "payout", "payout": payout.id}
    assert (wire["account"], wire["amount"]) == (ada, 10)
    wire = shown(payout_wire(payout))
    assert (wire["method"], wire["application_fee_amount"]) == ("instant", 10)
    assert "application_fee.created" in world.events()


def test_it_arrives_within_the_half_hour_also_on_a_sunday(world, ada):
    world.now = NOW + 6 * DAY
    payout = world.payout(100, on=ada, method="instant")

    world.run_until(world.now + HALF_AN_HOUR - 1)
    assert world.payouts(ada) == ["in_transit 100"]
    world.run_until(world.now + 1)
    assert world.payouts(ada) == ["paid 100"]
    assert payout.arrival_date == (NOW + 6 * DAY) // DAY * DAY


def test_the_fee_counts_against_what_is_available(world, ada):
    with nothing_written(), pytest.raises(BalanceInsufficient, match=r"5\.00 USD is available"):
        world.payout(491, on=ada, method="instant")


def test_pending_money_is_not_advanced(world, ada):
    """Reference §6 has advances of what is pending; here it waits, and the refusal says so."""
    world.charge(10_000, on=ada)
    assert world.balance(ada) == Balance(available=500, pending=9680)

    words = r"5\.00 USD is available and 8\.16 USD is needed"
    with nothing_written(), pytest.raises(BalanceInsufficient, match=words) as refusal:
        world.payout(800, on=ada, method="instant")
    assert (refusal.value.code, refusal.value.param) == ("balance_insufficient", "amount")


def test_a_failed_instant_payout_gives_the_fee_back(world, ada):
    had = world.balance()
    payout = world.payout(490, on=ada, method="instant")
    world.run_until(world.now + HALF_AN_HOUR)

    world.fail_payout(payout, "declined")

    assert world.balance(ada) == Balance(available=500)
    assert world.balance() == had
    assert world.rows(C=ada)[-1:] == table("C payout_failure 490 -10 500 po_")
    assert world.rows(P=world.id)[-1:] == table("P application_fee_refund -10 0 -10 fr_")
    fee = world.find(ApplicationFeeRow, payout.application_fee_id)
    assert fee.amount_refunded == 10
    assert world.unclaimed(ada) == 500


def test_a_fee_that_was_given_back_before_is_not_given_back_again(world, ada):
    payout = world.payout(490, on=ada, method="instant")
    assert payout.application_fee_id is not None
    create_fee_refund(
        scope=world.scope,
        fee_id=payout.application_fee_id,
        params=msgspec.convert({"amount": 4}, CreateFeeRefund),
        now=world.now,
    )

    world.fail_payout(payout)

    assert world.rows(C=ada)[-1:] == table("C payout_failure 490 -6 496 po_")
    assert world.balance(ada) == Balance(available=500)


def test_a_platform_may_charge_nothing(world, ada):
    costs(world, basis_points=0)

    payout = world.payout(500, on=ada, method="instant")

    assert payout.application_fee_id is None
    assert world.rows(C=ada)[-1:] == table("C payout -500 0 -500 po_")


def test_what_the_provider_charges_is_the_platforms_cost(world, ada):
    costs(world, provider_basis_points=100)
    had = world.balance().available
    payout = world.payout(400, on=ada, method="instant")

    assert world.rows(P=world.id)[-2:] == table("""
        P application_fee  8 0  8 fee_
        P stripe_fee      -4 0 -4 po_
    """)
    world.fail_payout(payout)
    assert world.balance().available == had
    assert world.balance(ada) == Balance(available=500)


def test_a_number_that_is_never_instant(world, ada):
    world.add_bank(ada, account_number="000888888883")

    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.payout(100, on=ada, method="instant")
    assert refusal.value.code == "instant_payouts_unsupported"
    payout = world.payout(100, on=ada)
    world.run_until(payout.lands_at)
    assert world.payouts(ada) == ["paid 100"]


def test_a_card_that_takes_no_instant_payouts(world, ada):
    card = world.add_card(ada, "tok_visa_debit_us_instantPayoutUnsupported")
    with pytest.raises(InvalidRequest) as refusal:
        world.payout(100, on=ada, method="instant", destination=card)
    assert refusal.value.code == "instant_payouts_unsupported"


def test_only_the_platforms_own_currency_is_instant(world):
    otto = world.seller("DE")
    world.charge(5000, "eur", on=otto, source="tok_bypassPending")
    with pytest.raises(InvalidRequest) as refusal:
        world.payout(100, "eur", on=otto, method="instant")
    assert refusal.value.code == "instant_payouts_currency_disabled"


@pytest.mark.parametrize(
    ("amount", "code"), [(49, "amount_too_small"), (1_000_000, "instant_payouts_limit_exceeded")]
)
def test_instant_payouts_have_limits(world, ada, amount, code):
    with pytest.raises(InvalidRequest) as refusal:
        world.payout(amount, on=ada, method="instant")
    assert refusal.value.code == code


def test_a_platforms_limit_starts_again_at_midnight_in_chicago(world, ada):
    costs(world, daily_limits={"usd": 250})
    other = world.seller()
    world.give(other, 1000)
    world.payout(150, on=ada, method="instant")

    with pytest.raises(InvalidRequest) as refusal:
        world.payout(101, on=other, method="instant")
    assert refusal.value.code == "instant_payouts_limit_exceeded"
    assert world.payout(100, on=other, method="instant").status == "pending"

    # 06:00 UTC is midnight there in winter.
    world.now = NOW - 10 * 3600 + DAY + 6 * 3600 - 1
    with pytest.raises(InvalidRequest):
        world.payout(60, on=other, method="instant")
    world.now += 1
    assert world.payout(60, on=other, method="instant").status == "pending"


def test_payouts_that_came_back_do_not_count_against_the_limit(world, ada):
    costs(world, daily_limits={"usd": 250})
    world.fail_payout(world.payout(250, on=ada, method="instant"))
    world.revive(ada, world.external(ada).id)

    assert world.find(PayoutRow, world.payout(250, on=ada, method="instant").id).amount == 250
