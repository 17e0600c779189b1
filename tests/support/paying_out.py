"""The half of `builders.World` that pays out: payouts by hand, and all that time brings about.

world.fund(10_000); world.transfer(9000, to=ada)
payout = world.payout(5000, on=ada)
world.run_until(payout.lands_at)            # handed over, arrived
assert world.payouts(ada) == ["paid 5000"]
world.bank.faults = Faults({payout.id: ["silent"]})
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.db import transaction

from counterfoil.accounts import due as accounts_due
from counterfoil.accounts.models import ExternalAccount
from counterfoil.accounts.operations import (
    create_external_account,
    delete_external_account,
    update_external_account,
)
from counterfoil.accounts.params import CreateExternalAccount, UpdateExternalAccount
from counterfoil.config.rails import rail_of
from counterfoil.disputes import due as disputes_due
from counterfoil.kit.db import fetch_all
from counterfoil.kit.scope import Scope
from counterfoil.outbox.running import run_due as run_jobs
from counterfoil.payments import due as payments_due
from counterfoil.payments.operations.reversals import create_reversal
from counterfoil.payments.refund_params import CreateReversal
from counterfoil.payouts import due as payouts_due
from counterfoil.payouts.operations.create import create_payout
from counterfoil.payouts.operations.ending import cancel_payout, fail_payout
from counterfoil.payouts.operations.forcing import force_failed, force_paid
from counterfoil.payouts.operations.reverse import reverse_payout
from counterfoil.payouts.operations.settings import update_balance_settings
from counterfoil.payouts.params import CreatePayout, ReversePayout, UpdateBalanceSettings
from counterfoil.payouts.queries import lines_page
from counterfoil.payouts.rows import PayoutRow
from counterfoil.platforms.queries import Caller
from counterfoil.rails.simulator.bank import SimulatedBank
from counterfoil.rails.simulator.faults import no_faults
from tests.support.accounts import bank

DUE = (accounts_due, payments_due, disputes_due, payouts_due)


class Faults:
    """A plan for the simulated bank: for each key what goes wrong, one verb after the other.

    An empty text is a time on which nothing does.
    """

    def __init__(self, planned: Mapping[str, Sequence[str]], *, verb: str = "send") -> None:
        self.left = {key: list(faults) for key, faults in planned.items()}
        self.verb = verb

    def __call__(self, verb: str, key: str, attempt: int) -> str | None:
        queue = self.left.get(key, [])
        return (queue.pop(0) or None) if queue and verb == self.verb else None


class PayingOut:
    """What a world can do about payouts; mixed into `World`."""

    id: str
    now: int

    def on(self, account_id: str | None) -> Caller:
        raise NotImplementedError

    @property
    def bank(self) -> SimulatedBank:
        found = rail_of(False)
        assert isinstance(found, SimulatedBank)
        return found

    def payout(
        self,
        amount: int,
        currency: str = "usd",
        *,
        on: str,
        now: int | None = None,
        caller: Caller | None = None,
        **more: Any,
    ) -> PayoutRow:
        """`POST /v1/payouts`."""
        acting = caller or self.on(on)
        sent = {"amount": amount, "currency": currency} | more
        with transaction.atomic():
            return create_payout(
                platform=acting,
                scope=acting.scope,
                params=msgspec.convert(sent, CreatePayout),
                now=self.now if now is None else now,
            )

    def cancel_payout(self, payout: PayoutRow) -> PayoutRow:
        with transaction.atomic():
            return cancel_payout(scope=payout.scope, payout_id=payout.id, now=self.now)

    def fail_payout(self, payout: PayoutRow, code: str = "account_closed") -> PayoutRow:
        with transaction.atomic():
            return fail_payout(scope=payout.scope, payout_id=payout.id, code=code, now=self.now)

    def force_paid(self, payout: PayoutRow) -> PayoutRow:
        """The test helper: it arrives now."""
        with transaction.atomic():
            return force_paid(scope=payout.scope, payout_id=payout.id, now=self.now)

    def force_failed(self, payout: PayoutRow, code: str) -> PayoutRow:
        """The test helper: the bank sends it back now."""
        with transaction.atomic():
            return force_failed(scope=payout.scope, payout_id=payout.id, code=code, now=self.now)

    def reverse_payout(self, payout: PayoutRow, **more: Any) -> PayoutRow:
        with transaction.atomic():
            return reverse_payout(
                scope=payout.scope,
                payout_id=payout.id,
                params=msgspec.convert(more, ReversePayout),
                now=self.now,
            )

    def balance_settings(self, account_id: str, **payments: Any) -> Any:
        """`POST /v1/balance_settings`, below `payments`."""
        with transaction.atomic():
            return update_balance_settings(
                scope=self.on(account_id).scope,
                params=msgspec.convert({"payments": payments}, UpdateBalanceSettings),
                now=self.now,
            )

    def schedule(self, account_id: str, interval: str, **days: Any) -> None:
        """How an account is paid out: `weekly_payout_days`, `monthly_payout_days`."""
        self.balance_settings(account_id, payouts={"schedule": {"interval": interval} | days})

    def give(self, account_id: str, amount: int, currency: str = "usd") -> None:
        """Money that the account can use at once, from a platform that always has enough."""
        self.charge(amount + amount // 20 + 1000, currency, source="tok_bypassPending")
        self.transfer(amount, currency, to=account_id)

    def find_transfers(self, account_id: str) -> list[str]:
        """The transfers to an account, oldest first."""
        rows = fetch_all(
            "SELECT id FROM payments_transfer WHERE destination = %s ORDER BY created, id",
            [account_id],
        )
        return [row[0] for row in rows]

    def reverse_transfer(self, transfer_id: str, amount: int) -> None:
        with transaction.atomic():
            create_reversal(
                scope=self.scope,
                transfer_id=transfer_id,
                params=CreateReversal(amount=amount),
                now=self.now,
            )

    def calm_bank(self) -> None:
        """Nothing goes wrong at the simulated bank any more."""
        self.bank.faults = no_faults

    # ---- Bank accounts ----

    def external(self, account_id: str, currency: str = "usd") -> ExternalAccount:
        """The default bank account of a currency."""
        return ExternalAccount.objects.get(
            account_id=account_id, currency=currency, default_for_currency=True, deleted_at=None
        )

    def add_bank(self, account_id: str, country: str = "US", /, **changes: Any) -> str:
        """A new default bank account; its id."""
        sent = {"external_account": bank(country, **changes), "default_for_currency": True}
        made = create_external_account(
            platform_id=self.id,
            livemode=False,
            account_id=account_id,
            params=msgspec.convert(sent, CreateExternalAccount),
            now=self.now,
        )
        return made.id

    def add_card(self, account_id: str, token: str = "tok_visa_debit") -> str:
        """A debit card beside the default; its id."""
        made = create_external_account(
            platform_id=self.id,
            livemode=False,
            account_id=account_id,
            params=CreateExternalAccount(external_account=token),
            now=self.now,
        )
        return made.id

    def make_default(self, account_id: str, external_id: str) -> None:
        update_external_account(
            platform_id=self.id,
            livemode=False,
            account_id=account_id,
            external_id=external_id,
            params=UpdateExternalAccount(default_for_currency=True),
            now=self.now,
        )

    def remove_bank(self, account_id: str, external_id: str) -> None:
        delete_external_account(
            platform_id=self.id,
            livemode=False,
            account_id=account_id,
            external_id=external_id,
            now=self.now,
        )

    def revive(self, account_id: str, external_id: str) -> None:
        """An update that changes nothing: an errored bank account is used again."""
        update_external_account(
            platform_id=self.id,
            livemode=False,
            account_id=account_id,
            external_id=external_id,
            params=UpdateExternalAccount(),
            now=self.now,
        )

    # ---- Time ----

    def run_until(self, moment: int) -> int:
        """Move the world's clock, doing all that falls due on the way, each at its own moment."""
        done = 0
        run_jobs(self.now)
        while (at := self._next(moment)) is not None:
            self.now = max(self.now, at)
            done += sum(package.run_due(self.id, False, at) for package in DUE)
            while run_jobs(self.now):
                pass
        self.now = max(self.now, moment)
        return done

    def _next(self, until: int) -> int | None:
        moments = [package.next_due(self.id, False, until) for package in DUE]
        return min((one for one in moments if one is not None), default=None)

    # ---- Looking ----

    def payout_rows(self, account_id: str) -> list[PayoutRow]:
        """An account's payouts, oldest first, as the database has them."""
        ids = [
            row[0]
            for row in fetch_all(
                "SELECT id FROM payouts_payout WHERE account_id = %s ORDER BY created, id",
                [account_id],
            )
        ]
        return [self.find(PayoutRow, ident) for ident in ids]

    def payouts(self, account_id: str) -> list[str]:
        """An account's payouts as `status amount`, oldest first."""
        return [f"{row.status} {row.amount}" for row in self.payout_rows(account_id)]

    def lines(self, payout: PayoutRow) -> list[tuple[str, int]]:
        """What a payout settles: (type of the transaction, amount), in order."""
        page = lines_page(payout.id, limit=1000)
        assert not page.has_more
        kinds = dict(
            fetch_all(
                "SELECT t.id, t.type FROM payouts_line l JOIN ledger_balancetransaction t"
                " ON t.id = l.txn_id WHERE l.payout_id = %s",
                [payout.id],
            )
        )
        return [(kinds[row.txn_id], row.amount) for row in page.rows]

    def unclaimed(self, account_id: str, currency: str = "usd") -> int:
        """What payouts may still settle, pending included."""
        rows = fetch_all(
            "SELECT COALESCE(SUM(rest), 0) FROM ledger_unclaimed"
            " WHERE owner = %s AND currency = %s",
            [account_id, currency],
        )
        return int(rows[0][0])

    def in_scope(self, account_id: str) -> Scope:
        return self.on(account_id).scope
