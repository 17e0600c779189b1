"""The refunds of reference money-movement §3 and reversals of §5, as an accountant reads them.

Lines read: whose books · type · gross · fee · net · what it came from. P is the platform, C the
connected account. Both begin with money available, and the charge's money is available too.
"""

from __future__ import annotations

import json

import msgspec
import pytest

from counterfoil.kit.refused import BalanceInsufficient, InvalidRequest
from counterfoil.outbox.running import run_due
from counterfoil.payments import due
from counterfoil.payments.operations.refunds import (
    cancel_refund,
    create_refund,
    fail_refund,
    move_refund_on,
    run_pending_refunds,
)
from counterfoil.payments.operations.reversals import create_fee_refund, create_reversal
from counterfoil.payments.refund_params import CreateFeeRefund, CreateRefund, CreateReversal
from counterfoil.payments.rows import ChargeRow, FeeRefundRow, RefundRow, TransferReversalRow
from counterfoil.payments.wire.refund import (
    fee_refund_wire,
    refund_wire,
    transfer_reversal_wire,
)
from tests.contract.sdk_types import assert_valid
from tests.support.books import violations
from tests.support.builders import (
    DAY,
    NOW,
    WEDNESDAY,
    Balance,
    World,
    one_request,
    table,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_books_hold(db):
    yield
    assert violations(with_payments=True) == []


@pytest.fixture
def seller(world):
    """20,000 available on the platform and on its account."""
    account = world.seller()
    world.fund(50_000)
    world.transfer(20_000, to=account)
    return account


@one_request
def refund(world: World, charge: ChargeRow, *, on=None, now=None, **more) -> RefundRow:
    made = create_refund(
        scope=world.on(on).scope,
        params=msgspec.convert({"charge": charge.id} | more, CreateRefund),
        now=now or world.now,
    )
    assert_valid(json.loads(msgspec.json.encode(refund_wire(made))))
    return made


@one_request
def reverse(world: World, transfer_id: str, **more) -> TransferReversalRow:
    made = create_reversal(
        scope=world.scope,
        transfer_id=transfer_id,
        params=msgspec.convert(more, CreateReversal),
        now=world.now,
    )
    assert_valid(json.loads(msgspec.json.encode(transfer_reversal_wire(made))))
    return made


@one_request
def give_back(world: World, fee_id: str, **more) -> FeeRefundRow:
    made = create_fee_refund(
        scope=world.scope,
        fee_id=fee_id,
        params=msgspec.convert(more, CreateFeeRefund),
        now=world.now,
    )
    assert_valid(json.loads(msgspec.json.encode(fee_refund_wire(made))))
    return made


class Since:
    """What P's and C's books gained since a moment: rows, and changes of their balances."""

    def __init__(self, world: World, seller: str) -> None:
        self.world, self.seller = world, seller
        self.before = {who: len(world.transactions(who)) for who in (world.id, seller)}
        self.had = {who: world.balance(who) for who in (world.id, seller)}

    def rows(self) -> list[str]:
        found = []
        for name, who in (("P", self.world.id), ("C", self.seller)):
            found += self.world.rows(**{name: who})[self.before[who] :]
        return sorted(found)

    def change(self) -> tuple[int, int]:
        """(P, C), pending and available together."""
        changes = []
        for who in (self.world.id, self.seller):
            now, had = self.world.balance(who), self.had[who]
            changes.append(now.available + now.pending - had.available - had.pending)
        return changes[0], changes[1]


def direct(world: World, seller: str) -> ChargeRow:
    return world.charge(1000, on=seller, fee=123, source="tok_bypassPending")


def destination(world: World, seller: str, **more) -> ChargeRow:
    return world.charge(1000, to=seller, source="tok_bypassPending", **more)


# ---- §3 Direct charges ----


def test_a_plain_refund_of_a_direct_charge_keeps_the_fee_on_the_platform(world, seller):
    since = Since(world, seller)
    charge = direct(world, seller)
    at_charge = len(since.rows())
    refund(world, charge, on=seller)

    assert len(since.rows()) == at_charge + 1
    assert "C refund -1000 0 -1000 re_" in since.rows()
    assert since.change() == (123, -182)


def test_a_refund_of_a_direct_charge_with_its_application_fee(world, seller):
    since = Since(world, seller)
    refund(world, direct(world, seller), on=seller, refund_application_fee=True)

    assert "P application_fee_refund -123 0 -123 fr_" in since.rows()
    assert "C refund -1000 -123 -877 re_" in since.rows()
    assert since.change() == (0, -59)


def test_a_quarter_of_a_direct_charge_with_its_share_of_the_fee(world, seller):
    since = Since(world, seller)
    refund(world, direct(world, seller), on=seller, amount=250, refund_application_fee=True)

    assert "P application_fee_refund -31 0 -31 fr_" in since.rows()
    assert "C refund -250 -31 -219 re_" in since.rows()
    assert since.change() == (92, 599)


# ---- §3 Destination charges ----


@pytest.mark.parametrize(
    ("charge", "flags", "lines", "change"),
    [
        ({"fee": 123}, {}, "P refund -1000 0 -1000 re_", (-936, 877)),
        (
            {"fee": 123},
            {"reverse_transfer": True},
            """
            P refund          -1000 0 -1000 re_
            P transfer_refund  1000 0  1000 trr_
            C payment_refund  -1000 0 -1000 pyr_
            """,
            (64, -123),
        ),
        (
            {"fee": 123},
            {"reverse_transfer": True, "refund_application_fee": True},
            """
            P refund                 -1000    0 -1000 re_
            P transfer_refund         1000    0  1000 trr_
            P application_fee_refund  -123    0  -123 fr_
            C payment_refund         -1000 -123  -877 pyr_
            """,
            (-59, 0),
        ),
        (
            {"fee": 123},
            {"amount": 400, "reverse_transfer": True, "refund_application_fee": True},
            """
            P refund                 -400   0 -400 re_
            P transfer_refund         400   0  400 trr_
            P application_fee_refund  -49   0  -49 fr_
            C payment_refund         -400 -49 -351 pyr_
            """,
            (15, 526),
        ),
        (
            {"share": 877},
            {"reverse_transfer": True},
            """
            P refund          -1000 0 -1000 re_
            P transfer_refund   877 0   877 trr_
            C payment_refund   -877 0  -877 pyr_
            """,
            (-59, 0),
        ),
        (
            {"share": 877},
            {"amount": 400, "reverse_transfer": True},
            """
            P refund          -400 0 -400 re_
            P transfer_refund  351 0  351 trr_
            C payment_refund  -351 0 -351 pyr_
            """,
            (15, 526),
        ),
    ],
    ids=["plain", "reversed", "both", "400-both", "share-reversed", "share-400-reversed"],
)
def test_a_refund_of_a_destination_charge(world, seller, charge, flags, lines, change):
    since = Since(world, seller)
    made = destination(world, seller, **charge)
    at_refund = Since(world, seller)
    refund(world, made, **flags)

    assert at_refund.rows() == sorted(table(lines))
    assert since.change() == change


def test_three_thirds_give_back_exactly_the_whole_fee_and_transfer(world, seller):
    since = Since(world, seller)
    charge = destination(world, seller, fee=123)
    for part in (333, 333, 334):
        refund(world, charge, amount=part, reverse_transfer=True, refund_application_fee=True)

    fees = [row for row in since.rows() if "application_fee_refund" in row]
    assert fees == ["P application_fee_refund -41 0 -41 fr_"] * 3
    assert since.change() == (-59, 0)


def test_a_transfer_of_877_comes_back_as_292_292_and_293(world, seller):
    since = Since(world, seller)
    charge = destination(world, seller, share=877)
    for part in (333, 333, 334):
        refund(world, charge, amount=part, reverse_transfer=True)

    parts = [row.split()[2] for row in since.rows() if "transfer_refund" in row]
    assert sorted(parts) == ["292", "292", "293"]


# ---- §3 Separate charges ----


def test_a_refund_of_a_separate_charge_leaves_its_transfers(world, seller):
    since = Since(world, seller)
    charge = world.charge(10_000, source="tok_bypassPending")
    transfer = world.transfer(7000, to=seller, source_transaction=charge.id)
    refund(world, charge)

    assert since.change() == (9680 - 7000 - 10_000, 7000)

    reverse(world, transfer.id)
    assert since.change() == (-320, 0)


# ---- §3 Funding ----


def test_a_pending_charge_pays_for_its_own_refund_on_the_same_day(world):
    account = world.seller()
    charge = world.charge(1000, on=account)
    made = refund(world, charge, on=account)

    assert made.status == "succeeded"
    assert world.balance(account) == Balance(pending=-59)
    assert world.balance(account, now=charge.available_on) == Balance(available=-59)


def test_a_refund_without_money_waits_and_runs_when_money_comes(world):
    account = world.seller()
    charge = world.charge(10_000, on=account, fee=1000, source="tok_bypassPending")
    world.charge(10_000, on=account)  # pending: not spendable yet
    first = refund(world, charge, on=account, amount=8000)
    second = refund(world, charge, on=account, amount=2000, now=NOW + 60)

    assert (first.status, second.status) == ("succeeded", "pending")
    assert second.pending_reason == "insufficient_funds"
    assert second.balance_transaction_id is None

    scope = world.on(account).scope
    assert run_pending_refunds(scope=scope, currency="usd", now=NOW + 120) == 0
    world.fund(20_000)
    world.transfer(5000, to=account)
    assert run_pending_refunds(scope=scope, currency="usd", now=NOW + 180) == 1

    paid = world.find(RefundRow, second.id)
    assert (paid.status, paid.pending_reason) == ("succeeded", None)
    assert world.balance(account).available == 10_000 - 320 - 1000 - 8000 + 5000 - 2000


def test_a_younger_refund_never_overtakes_an_older_one(world):
    account = world.seller()
    charge = world.charge(10_000, on=account, source="tok_bypassPending")
    refund(world, charge, on=account, amount=9000)
    large = refund(world, charge, on=account, amount=900)
    small = refund(world, charge, on=account, amount=100, now=NOW + 60)
    assert (large.status, small.status) == ("pending", "pending")

    world.fund(10_000)
    world.transfer(110, to=account)
    run_pending_refunds(scope=world.on(account).scope, currency="usd", now=NOW + 120)

    assert world.find(RefundRow, small.id).status == "pending"


def test_reversing_a_transfer_that_was_spent_is_refused_and_writes_nothing(world):
    account = world.seller()
    world.fund(50_000)
    charge = destination(world, account)
    spent = world.charge(1000, on=account, source="tok_bypassPending")
    refund(world, spent, on=account)
    held = Since(world, account)
    other = world.charge(900, on=account, source="tok_bypassPending")
    refund(world, other, on=account)
    before = len(world.transactions(world.id))

    with pytest.raises(BalanceInsufficient):
        refund(world, charge, reverse_transfer=True)

    assert len(world.transactions(world.id)) == before
    assert held.change()[0] == 0


def test_the_worker_pays_a_waiting_refund_once_money_came(world):
    account = world.seller()
    charge = world.charge(1000, on=account, source="tok_bypassPending")
    made = refund(world, charge, on=account)
    assert made.pending_reason == "insufficient_funds"

    world.fund(20_000)
    world.transfer(5000, to=account)
    assert run_due(NOW) == 1

    assert world.find(RefundRow, made.id).status == "succeeded"
    assert "refund.updated" in world.events(account)


def test_a_waiting_refund_is_due_when_pending_money_becomes_available(world):
    account = world.seller()
    charge = world.charge(1000, on=account, source="tok_bypassPending")
    world.charge(5000, on=account)
    made = refund(world, charge, on=account)
    assert made.next_at == WEDNESDAY

    assert due.next_due(world.id, False, WEDNESDAY - 1) is None
    assert due.next_due(world.id, False, WEDNESDAY + DAY) == WEDNESDAY
    assert due.run_due(world.id, False, WEDNESDAY) == 1

    assert world.find(RefundRow, made.id).status == "succeeded"
    assert due.next_due(world.id, False, WEDNESDAY + DAY) is None


# ---- §3 Refusals ----


def test_a_charge_is_refunded_once_and_no_further(world, seller):
    charge = world.charge(1000, source="tok_bypassPending")
    refund(world, charge, amount=600)

    with pytest.raises(InvalidRequest, match="greater than unrefunded amount") as more:
        refund(world, charge, amount=401)
    assert more.value.param == "amount"

    refund(world, charge)
    with pytest.raises(InvalidRequest, match="has already been refunded") as again:
        refund(world, charge)
    assert again.value.code == "charge_already_refunded"


@pytest.mark.parametrize("amount", [0, -1])
def test_refunds_are_positive(world, seller, amount):
    with pytest.raises(InvalidRequest) as refusal:
        refund(world, world.charge(1000), amount=amount)
    assert refusal.value.param == "amount"


def test_flags_without_anything_to_act_on_are_refused(world, seller):
    charge = world.charge(1000, source="tok_bypassPending")
    for flag in ("reverse_transfer", "refund_application_fee"):
        with pytest.raises(InvalidRequest) as refusal:
            refund(world, charge, **{flag: True})
        assert refusal.value.param == flag


def test_a_destination_fee_is_refunded_only_with_its_transfer(world, seller):
    with pytest.raises(InvalidRequest, match="reverse_transfer"):
        refund(world, destination(world, seller, fee=123), refund_application_fee=True)


def test_what_a_transfer_brought_is_taken_back_by_reversing_it(world, seller):
    payment = world.payment_of(world.transfer_of(destination(world, seller)))
    with pytest.raises(InvalidRequest, match="reverse the transfer"):
        refund(world, payment, on=seller)


# ---- §3 Failure and cancellation ----


def test_a_failed_refund_returns_its_money_and_leaves_the_reversal(world, seller):
    since = Since(world, seller)
    charge = destination(world, seller, fee=123)
    made = refund(world, charge, reverse_transfer=True, refund_application_fee=True)
    failed = fail_refund(refund_id=made.id, scope=world.scope, reason="declined", now=NOW)

    assert failed.status == "failed"
    assert "P refund_failure 1000 0 1000 re_" in since.rows()
    assert since.change() == (941, 0)
    assert world.find(ChargeRow, charge.id).amount_refunded == 0
    assert "refund.failed" in world.events()


def test_the_card_whose_refunds_are_slow(world, seller):
    charge = world.charge(1000, source="tok_pendingRefund")
    made = refund(world, charge)
    assert (made.status, made.pending_reason) == ("pending", "processing")

    assert move_refund_on(refund_id=made.id, scope=world.scope, now=NOW).status == "pending"
    done = move_refund_on(refund_id=made.id, scope=world.scope, now=NOW + DAY)
    assert (done.status, done.pending_reason) == ("succeeded", None)


def test_the_card_whose_refunds_fail(world, seller):
    charge = world.charge(1000, source="tok_refundFail")
    made = refund(world, charge)
    assert made.status == "succeeded"

    failed = move_refund_on(refund_id=made.id, scope=world.scope, now=NOW + DAY)
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")


def test_a_refund_is_canceled_within_half_an_hour_or_while_it_waits(world, seller):
    charge = world.charge(1000, source="tok_bypassPending")
    since = Since(world, seller)
    made = refund(world, charge)
    canceled = cancel_refund(refund_id=made.id, scope=world.scope, now=NOW + 29 * 60)
    assert canceled.status == "canceled"
    assert since.change() == (0, 0)

    late = refund(world, charge)
    with pytest.raises(InvalidRequest, match="cannot be canceled any more"):
        one_request(cancel_refund)(refund_id=late.id, scope=world.scope, now=NOW + 31 * 60)


# ---- §5 Reversals and fee refunds on their own ----


def test_part_of_a_transfer_comes_back_with_its_share_of_the_fee(world, seller):
    charge = destination(world, seller, fee=123)
    since = Since(world, seller)
    reverse(world, world.transfer_of(charge).id, amount=400, refund_application_fee=True)

    assert since.rows() == sorted(
        table("""
        P transfer_refund         400   0  400 trr_
        P application_fee_refund  -49   0  -49 fr_
        C payment_refund         -400 -49 -351 pyr_
    """)
    )
    assert {"transfer.reversed", "application_fee.refunded"} <= set(world.events())
    assert "charge.refunded" in world.events(seller)


def test_more_of_a_fee_may_come_back_than_is_left_of_the_transfer(world, seller):
    charge = destination(world, seller, fee=123)
    reverse(world, world.transfer_of(charge).id, amount=999)
    since = Since(world, seller)
    refund(world, charge, reverse_transfer=True, refund_application_fee=True)

    assert since.rows() == sorted(
        table("""
        P refund                 -1000    0 -1000 re_
        P transfer_refund            1    0     1 trr_
        P application_fee_refund  -123    0  -123 fr_
        C payment_refund            -1 -123   122 pyr_
    """)
    )


def test_a_transfer_is_reversed_no_further_than_it_went(world, seller):
    transfer = world.transfer(1000, to=seller)
    reverse(world, transfer.id, amount=900)
    with pytest.raises(InvalidRequest, match="is left"):
        reverse(world, transfer.id, amount=101)
    reverse(world, transfer.id)
    with pytest.raises(InvalidRequest, match="already fully reversed"):
        reverse(world, transfer.id)


def test_a_transfer_taken_back_leaves_no_room_for_another_out_of_its_charge(world, seller):
    """docs/concepts/transfers.md: its money is P's again, and is asked for as P's is."""
    charge = world.charge(1000)
    first = world.transfer(700, to=seller, source_transaction=charge.id)
    reverse(world, first.id)
    world.transfer(300, to=seller, source_transaction=charge.id)

    words = (
        r"must not exceed the source amount of 10\.00 USD\. \(There are already 2 transfers using"
        r" this source, amounting to 10\.00 USD\.\)"
    )
    with pytest.raises(InvalidRequest, match=words):
        world.transfer(1, to=seller, source_transaction=charge.id)
    world.transfer(700, to=seller)  # out of the available balance


def test_a_fee_is_given_back_on_its_own(world, seller):
    charge = direct(world, seller)
    since = Since(world, seller)
    give_back(world, charge.application_fee_id, amount=100)

    assert since.rows() == sorted(
        table("""
        P application_fee_refund -100 0 -100 fr_
        C adjustment              100 0  100 fr_
    """)
    )
    with pytest.raises(InvalidRequest, match="is left"):
        give_back(world, charge.application_fee_id, amount=24)
