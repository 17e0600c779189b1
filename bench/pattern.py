"""A thousand balance transactions of one seller, of every kind, made by the project's own
functions in a year that ends now. `copies.py` makes five million of them.

Each filter of the pages finds more here than a page shows, so that an account of a thousand rows
and one of five million answer with as many rows. What lasts only days (a payment held, a dispute
that is open) lies in the last of them.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from django.db import transaction

from counterfoil.disputes.operations.opening import open_dispute
from counterfoil.disputes.operations.warnings import warn_of_fraud
from counterfoil.disputes.params import CreateDispute
from counterfoil.kit.clock import DAY
from counterfoil.kit.db import execute, fetch_one
from counterfoil.payments.operations.refunds import create_refund
from counterfoil.payments.refund_params import CreateRefund
from counterfoil.platforms.settings import Features, PlatformSettings, write_settings
from tests.support.builders import World

ROWS: Final = 1_000  # balance transactions
SPAN: Final = 365 * DAY
RECENT: Final = 7 * DAY
EACH: Final = 60  # of every kind: more than the 50 of a page
HELD: Final = "Waits to be captured"
AMOUNT: Final = 2_500  # of EACH payments; others have amounts of their own
EMAIL: Final = "grace@example.com"  # whose payments are EACH of those


class Pattern:
    """The seller whose rows are copied, and the platform it is on."""

    def __init__(self, now: int) -> None:
        self.world = World(now=now - SPAN)
        features = PlatformSettings(features=Features.all_on())
        execute(
            "UPDATE platforms_platform SET settings = %s WHERE id = %s",
            [write_settings(features), self.world.id],
        )
        self.seller = self.open_seller()
        self._number = 0
        self._chance = random.Random(5)
        self._make(now)

    def open_seller(self) -> str:
        """A seller with a bank account of either currency, whose days are UTC's."""
        account_id = self.world.seller()
        self.world.add_bank(account_id, "DE")
        self.world.schedule(account_id, "manual")
        execute("UPDATE accounts_account SET timezone = 'Etc/UTC' WHERE id = %s", [account_id])
        return account_id

    # ---- In which order ----

    def _make(self, now: int) -> None:
        world = self.world
        lasting = [self._failed, self._blocked, self._canceled, self._untried]
        lasting += [self._refunded, self._partly_refunded, self._in_euros, self._popular]
        lasting += [partial(self._payout, "paid"), partial(self._payout, "failed")]
        recent = [self._held, self._refund_pending, self._disputed, self._warned]
        recent += [partial(self._payout, "")]
        for _ in range(20):  # so that there is something to pay out
            self._pay(90_000)
        first = world.now
        self._spread(lasting * EACH, first + 4 * DAY, now - RECENT)
        self._spread([*(recent * EACH)], now - RECENT, now - 60)
        missing = ROWS - self._rows()
        assert missing >= 0, f"{-missing} rows too many"
        self._spread([self._plain] * missing, now - 50, now - 1)

    def _spread(self, deeds: list[Callable[[], None]], since: int, until: int) -> None:
        self._chance.shuffle(deeds)
        for at, deed in enumerate(deeds):
            self.world.now = since + (until - since) * at // len(deeds)
            deed()

    def _rows(self) -> int:
        row = fetch_one(
            "SELECT COUNT(*) FROM ledger_balancetransaction WHERE owner = %s", [self.seller]
        )
        assert row is not None, "a count has a row"
        return int(row[0])

    # ---- What ----

    def _pay(self, amount: int | None = None, card: str = "visa", **more: Any) -> str:
        """A direct charge of somebody new; the charge's id, whatever became of it."""
        self._number += 1
        ident = {"name": f"Payer {self._number}", "email": f"payer{self._number}@example.com"}
        asked = {
            "confirm": True,
            "payment_method_data": {
                "type": "card",
                "card": {"token": f"tok_{card}"},
                "billing_details": ident | more.pop("payer", {}),
            },
            "description": f"Order {self._number}",
            "metadata": {"order": str(self._number)},
        }
        attempted = self.world.try_intent(
            amount or 3_000 + self._number * 7919 % 60_000,
            more.pop("currency", "usd"),
            on=self.seller,
            **asked | more,
        )
        charge_id = attempted.intent.latest_charge_id
        assert charge_id is not None, "somebody tried to pay"
        return charge_id

    def _plain(self) -> None:
        self._pay()

    def _popular(self) -> None:
        self._pay(AMOUNT, payer={"name": "Grace Hopper", "email": EMAIL})

    def _in_euros(self) -> None:
        self._pay(currency="eur")

    def _failed(self) -> None:
        self._pay(card="visa_chargeDeclined")

    def _blocked(self) -> None:
        self._pay(card="radarBlock")

    def _untried(self) -> None:
        self.world.intent(4_000, on=self.seller, description="Nobody has paid yet")

    def _held(self) -> None:
        self._pay(capture_method="manual", description=HELD)

    def _canceled(self) -> None:
        held = self.world.intent(
            5_000,
            on=self.seller,
            payment_method="pm_card_visa",
            confirm=True,
            capture_method="manual",
        )
        self.world.cancel(held, on=self.seller)

    def _refund(self, charge_id: str, amount: int | None = None) -> None:
        with transaction.atomic():
            create_refund(
                scope=self.world.on(self.seller).scope,
                params=CreateRefund(charge=charge_id, amount=amount),
                now=self.world.now,
            )

    def _refunded(self) -> None:
        self._refund(self._pay())

    def _partly_refunded(self) -> None:
        self._refund(self._pay(), 1_000)

    def _refund_pending(self) -> None:
        self._refund(self._pay(card="pendingRefund"))

    def _disputed(self) -> None:
        acting = self.world.on(self.seller)
        params = CreateDispute(charge=self._pay(), reason="fraudulent")
        with transaction.atomic():
            open_dispute(
                scope=acting.scope, params=params, settings=acting.settings, now=self.world.now
            )

    def _warned(self) -> None:
        scope = self.world.on(self.seller).scope
        warn_of_fraud(scope=scope, charge_id=self._pay(), now=self.world.now)

    def _payout(self, end: str) -> None:
        payout = self.world.payout(1_000 + self._number, on=self.seller)
        if end == "paid":
            self.world.force_paid(payout)
        elif end == "failed":
            self.world.force_failed(payout, "account_closed")
            self.world.revive(self.seller, payout.destination_id)
