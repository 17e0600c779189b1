"""Whatever happens in whatever order: a payout is its lines, and all that came is accounted for.

Hypothesis chooses what happens to one seller; a plain model beside it keeps the sums.
"""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from counterfoil.kit.refused import BalanceInsufficient, InvalidRequest
from counterfoil.payouts import lines
from tests.support.books import violations
from tests.support.builders import DAY, Balance, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

AMOUNTS = st.integers(min_value=1, max_value=3000)


class Payouts(RuleBasedStateMachine):
    """One seller with a manual schedule. `available` is the model: what she must have."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.world = World()
        self.seller = self.world.seller()
        self.world.schedule(self.seller, "manual")
        self.world.fund(10_000_000)
        self.available = 0
        for amount in (2500, 40, 1700):
            self.money_comes(amount)

    def teardown(self) -> None:
        try:
            assert violations(with_payments=True) == []
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    @rule(amount=AMOUNTS)
    def more_money_comes(self, amount):
        self.money_comes(amount)

    def money_comes(self, amount):
        self.world.now += 1
        self.world.transfer(amount, to=self.seller)
        self.available += amount

    @rule(data=st.data())
    def money_is_taken_back(self, data):
        transfers = self.world.find_transfers(self.seller)
        if not transfers:
            return
        transfer, amount = data.draw(st.sampled_from(transfers)), data.draw(AMOUNTS)
        try:
            self.world.reverse_transfer(transfer, amount)
        except (BalanceInsufficient, InvalidRequest):
            return
        self.available -= amount

    @rule(
        amount=st.integers(min_value=1, max_value=1200),
        method=st.sampled_from(["standard", "instant"]),
    )
    def she_pays_herself_out(self, amount, method):
        self.world.now += 1
        try:
            payout = self.world.payout(amount, on=self.seller, method=method)
        except (BalanceInsufficient, InvalidRequest):
            return
        self.available -= amount + (payout.application_fee_amount or 0)

    @precondition(lambda self: self.available > 0)
    @rule()
    def she_pays_all_of_it_out(self):
        self.world.payout(self.available, on=self.seller)
        self.available = 0

    @rule(data=st.data())
    def one_is_canceled(self, data):
        pending = [row for row in self.payouts() if row.status == "pending"]
        if pending:
            payout = data.draw(st.sampled_from(pending))
            self.world.cancel_payout(payout)
            self.available += payout.amount + (payout.application_fee_amount or 0)

    @rule(data=st.data())
    def one_comes_back(self, data):
        alive = [row for row in self.payouts() if row.status in ("pending", "in_transit", "paid")]
        if alive:
            payout = data.draw(st.sampled_from(alive))
            self.world.fail_payout(payout)
            self.world.revive(self.seller, self.world.external(self.seller).id)
            self.available += payout.amount + (payout.application_fee_amount or 0)

    @rule(data=st.data())
    def one_is_reversed(self, data):
        paid = [row for row in self.payouts() if row.status == "paid"]
        if paid:
            payout = data.draw(st.sampled_from(paid))
            try:
                self.world.reverse_payout(payout)
            except InvalidRequest:
                return
            self.available += payout.amount

    @rule(kept=st.sampled_from([0, 0, 700]))
    def the_schedule_runs(self, kept):
        world = self.world
        minimum = {"usd": kept} if kept else ""
        world.balance_settings(
            self.seller,
            payouts={"schedule": {"interval": "daily"}, "minimum_balance_by_currency": minimum},
        )
        made = len(self.payouts())
        world.run_until(world.now + DAY - world.now % DAY)
        for payout in self.payouts()[made:]:
            assert payout.automatic
            self.available -= payout.amount
        world.balance_settings(self.seller, payouts={"schedule": {"interval": "manual"}})

    @rule(hours=st.integers(min_value=1, max_value=60))
    def time_passes(self, hours):
        self.world.run_until(self.world.now + hours * 3600)

    @invariant()
    def she_has_what_the_model_says(self):
        assert self.world.balance(self.seller) == Balance(available=self.available)

    @invariant()
    def what_waits_is_what_she_has(self):
        assert self.world.unclaimed(self.seller) == self.available

    @invariant()
    def every_payout_is_the_sum_of_its_lines(self):
        rows = self.payouts()
        sums = lines.sums([row.id for row in rows])
        assert {row.id: (row.amount, row.line_count) for row in rows} == sums

    def payouts(self):
        return self.world.payout_rows(self.seller)


def test_any_sequence_keeps_payouts_and_lines_together(db):
    """Fifty histories of twenty steps: the sums after each step, the full check at the end."""
    chosen = settings(
        max_examples=50,
        stateful_step_count=25,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Payouts, settings=chosen)
