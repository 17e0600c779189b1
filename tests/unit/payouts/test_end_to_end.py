"""The ledger of reference money-movement §10, as an accountant reads it.

A US seller with a daily schedule, Express, whose fees are `application_express`. P is the
platform, C the seller. Every moment is UTC, in November 2025; Tuesday the 11th is a holiday.
"""

from __future__ import annotations

import msgspec
import pytest

from counterfoil.payments.operations.refunds import create_refund
from counterfoil.payments.refund_params import CreateRefund
from counterfoil.payments.rows import RefundRow
from counterfoil.payouts.rows import PayoutRow
from tests.support.books import violations
from tests.support.builders import DAY, MONDAY, NOW, Balance, World, table

pytestmark = pytest.mark.django_db

HOUR = 3600


def test_the_ledger_from_the_first_charge_to_the_returned_payout(world: World):
    no_account = {"account_number": "000123456789"}
    seller = world.seller()
    world.fund(100_000)

    # Mon 3 Nov 10:00: a direct charge of 10000 with a fee of 1000 (fee 1320 in all).
    charge = world.charge(10_000, on=seller, fee=1000)
    assert world.balance(seller) == Balance(pending=8680, available=0)

    # Tue 4 Nov 10:00: P transfers 5000, without a source.
    world.run_until(NOW + DAY)
    world.transfer(5000, to=seller)
    assert world.balance(seller) == Balance(pending=8680, available=5000)

    # Wed 5 Nov 00:00: the charge is available, and the schedule pays 13680 out.
    wednesday = MONDAY + 2 * DAY
    world.run_until(wednesday)
    assert world.balance(seller) == Balance(0, 0)
    (first,) = world.payout_rows(seller)
    assert (first.automatic, first.amount, first.created) == (True, 13_680, wednesday)
    assert first.arrival_date == MONDAY + 3 * DAY
    assert world.lines(first) == [("charge", 8680), ("payment", 5000)]

    # Thu 6 Nov 00:00: it is paid.
    world.run_until(MONDAY + 3 * DAY)
    assert world.payouts(seller) == ["paid 13680"]
    assert world.balance(seller) == Balance(0, 0)
    assert world.events(seller)[-1] == "payout.paid"

    # Thu 6 Nov 12:00: a refund of 4000 with its fee waits: there is nothing to pay it from.
    world.run_until(MONDAY + 3 * DAY + 12 * HOUR)
    asked = {"charge": charge.id, "amount": 4000, "refund_application_fee": True}
    refund = create_refund(
        scope=world.on(seller).scope, params=msgspec.convert(asked, CreateRefund), now=world.now
    )
    assert (refund.status, refund.pending_reason) == ("pending", "insufficient_funds")
    rows_before = world.rows(C=seller)

    # Fri 7 Nov 09:00: P transfers 6000; the refund runs: −4000 with −400 of its fee.
    world.run_until(MONDAY + 4 * DAY + 9 * HOUR)
    assert world.rows(C=seller) == rows_before
    world.transfer(6000, to=seller)
    world.run_until(world.now + 1)
    assert world.find(RefundRow, refund.id).status == "succeeded"
    assert world.balance(seller) == Balance(0, 2400)
    assert "P application_fee_refund -400 0 -400 fr_" in world.rows(P=world.id)

    # The bank account will turn out not to exist.
    wrong = world.add_bank(seller, **no_account | {"account_number": "000111111116"})

    # Mon 10 Nov 00:00: no run at the weekend; 2400 go out and should arrive on Wednesday.
    world.run_until(MONDAY + 7 * DAY)
    first, second = world.payout_rows(seller)
    assert (second.amount, second.created) == (2400, MONDAY + 7 * DAY)
    assert second.arrival_date == MONDAY + 9 * DAY
    assert world.lines(second) == [("payment", 6000), ("refund", -3600)]
    assert world.balance(seller) == Balance(0, 0)

    # Wed 12 Nov: the bank sends it back. The bank account is errored, payouts stop.
    world.run_until(MONDAY + 9 * DAY)
    second = world.find(PayoutRow, second.id)
    assert (second.status, second.failure_code) == ("failed", "no_account")
    assert world.balance(seller) == Balance(0, 2400)
    assert world.external(seller).id == wrong
    assert world.external(seller).status == "errored"
    world.run_until(MONDAY + 14 * DAY)
    assert world.payouts(seller) == ["paid 13680", "failed 2400"]

    assert world.rows(C=seller) == table("""
        C charge          10000  1320   8680  ch_
        C payment          5000     0   5000  py_
        C payout         -13680     0 -13680  po_
        C payment          6000     0   6000  py_
        C refund          -4000  -400  -3600  re_
        C payout          -2400     0  -2400  po_
        C payout_failure   2400     0   2400  po_
    """)
    assert violations(with_payments=True) == []
