"""Sixteen clients on one seller, in all directions at once: the books say what they were told.

Each client takes the first answer it gets and never tries again, so that nothing that went wrong
is smoothed over. Beside them a worker works, an operator moves the clock, and somebody looks at
the seller's balance all the time.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
import stripe

from tests.contract.sdk import Witness, official_client
from tests.contract.story import rows_of
from tests.support.accounts import onboarded_individual
from tests.support.server import BlankDatabase, Server, running_server

pytestmark = pytest.mark.slow

CLIENTS, STEPS = 16, 14
REFUSALS = {"balance_insufficient", "charge_already_refunded"}


@pytest.fixture
def busy_server(
    blank_database: BlankDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    with running_server(blank_database, tmp_path_factory.mktemp("sixteen"), workers=2) as running:
        yield running
    assert "Traceback" not in running.log(), running.log()[-12_000:]
    assert "deadlock" not in running.log(), running.log()[-12_000:]


def processing_fee(amount: int) -> int:
    """2.9 % and 30, rounded half up: the tariff that a test platform starts with."""
    return (amount * 29 + 500) // 1000 + 30


@dataclass(slots=True)
class Told:
    """What the clients were answered, as changes of the two balances."""

    seller: int = 0
    platform: int = 0
    refunds: list[tuple[str, dict[str, str], bool]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def moved(self, what: str, *, seller: int = 0, platform: int = 0) -> None:
        with self.lock:
            self.seller += seller
            self.platform += platform
            self.counts[what] += 1


class Client:
    """One of the sixteen: what it does is drawn from its number."""

    def __init__(self, api: stripe.StripeClient, seller: str, number: int, told: Told) -> None:
        self.v1 = api.v1
        self.seller = seller
        self.on_seller = {"stripe_account": seller}
        self.chance = random.Random(number)
        self.told = told
        self.charges: list[tuple[str, int, dict[str, str]]] = []  # id, not refunded yet, on whom
        self.transfers: list[tuple[str, int]] = []

    def run(self) -> None:
        verbs: list[Callable[[], None]] = [
            self.direct,
            self.destination,
            self.transfer,
            self.refund,
            self.refund,
            self.reverse,
            self.pay_out,
            self.pay_out,
            self.pay_out_and_cancel,
        ]
        for _ in range(STEPS):
            try:
                self.chance.choice(verbs)()
            except stripe.InvalidRequestError as refusal:
                if refusal.code not in REFUSALS:
                    raise
                self.told.moved(refusal.code)

    def _card(self) -> dict[str, Any]:
        amount = self.chance.randrange(800, 3000)
        return {"amount": amount, "currency": "usd", "source": "tok_bypassPending"}

    def direct(self) -> None:
        params = {**self._card(), "application_fee_amount": 100}
        charge = self.v1.charges.create(params, self.on_seller)
        self.charges.append((charge.id, charge.amount, self.on_seller))
        net = charge.amount - 100 - processing_fee(charge.amount)
        self.told.moved("direct", seller=net, platform=100)

    def destination(self) -> None:
        to_seller = {"application_fee_amount": 150, "transfer_data": {"destination": self.seller}}
        charge = self.v1.charges.create({**self._card(), **to_seller})
        self.charges.append((charge.id, charge.amount, {}))
        fee = processing_fee(charge.amount)
        self.told.moved("destination", seller=charge.amount - 150, platform=150 - fee)

    def transfer(self) -> None:
        amount = self.chance.randrange(200, 900)
        transfer = self.v1.transfers.create(
            {"amount": amount, "currency": "usd", "destination": self.seller}
        )
        self.transfers.append((transfer.id, amount))
        self.told.moved("transfer", seller=amount, platform=-amount)

    def reverse(self) -> None:
        if not self.transfers:
            self.transfer()
        ident, left = self.transfers.pop()
        amount = self.chance.randrange(50, left + 1)
        self.v1.transfers.reversals.create(ident, {"amount": amount})
        self.told.moved("reversal", seller=-amount, platform=amount)

    def refund(self) -> None:
        if not self.charges:
            self.direct()
        ident, left, on = self.charges.pop(self.chance.randrange(len(self.charges)))
        amount = (
            left if left < 100 or self.chance.random() < 0.4 else self.chance.randrange(50, left)
        )
        params: dict[str, Any] = {"charge": ident, "amount": amount}
        if not on:
            params["reverse_transfer"] = True
        refund = self.v1.refunds.create(params, on)
        with self.told.lock:
            self.told.refunds.append((refund.id, on, not on))
        if amount < left:
            self.charges.append((ident, left - amount, on))

    def pay_out(self) -> stripe.Payout:
        amount = self.chance.randrange(500, 5000)
        payout = self.v1.payouts.create({"amount": amount, "currency": "usd"}, self.on_seller)
        self.told.moved("payout", seller=-amount)
        return payout

    def pay_out_and_cancel(self) -> None:
        payout = self.pay_out()
        try:
            self.v1.payouts.cancel(payout.id, {}, self.on_seller)
        except stripe.InvalidRequestError as refusal:
            if "cancel" not in str(refusal):
                raise
            self.told.moved("too late to cancel")  # the clock was moved: the bank has it
        else:
            self.told.moved("canceled", seller=payout.amount)


def test_sixteen_clients_on_one_seller_are_told_what_the_books_say(busy_server):
    platform = busy_server.new_platform()
    key = platform.secret_key_test
    witness, told = Witness(), Told()
    calm = official_client(busy_server.url, key)
    impatient = official_client(busy_server.url, key, witness=witness, max_network_retries=0)
    seller = calm.v1.accounts.create(onboarded_individual()).id
    on_seller = {"stripe_account": seller}
    manual = {"payouts": {"schedule": {"interval": "manual"}}}
    calm.v1.balance_settings.update({"payments": manual}, on_seller)
    funds = calm.v1.charges.create(
        {"amount": 200_000, "currency": "usd", "source": "tok_bypassPending"}
    )
    told.moved("funds", platform=funds.amount - processing_fee(funds.amount))

    done = threading.Event()
    lowest: list[int] = []

    def look() -> None:
        while not done.is_set():
            (available,) = calm.v1.balance.retrieve({}, on_seller).available
            lowest.append(available.amount)

    def operate() -> None:
        while not done.is_set():
            busy_server.run("worker", "--once")
            busy_server.run("clock", "advance", "2h", "--platform", platform.platform_id)

    with ThreadPoolExecutor(CLIENTS + 2) as pool:
        beside = [pool.submit(look), pool.submit(operate)]
        clients = [Client(impatient, seller, number, told) for number in range(CLIENTS)]
        try:
            for running in [pool.submit(client.run) for client in clients]:
                running.result()
        finally:
            done.set()
        for running in beside:
            running.result()
    busy_server.run("worker", "--once")

    assert Counter(answer.status for answer in witness.answers).keys() == {200, 400}
    for ident, on, of_destination in told.refunds:
        refund = calm.v1.refunds.retrieve(ident, {}, on)
        assert refund.status in ("succeeded", "pending")
        if refund.status == "succeeded":
            # Of a destination charge, the transfer goes back with it: the platform is even.
            told.moved("refund", seller=-refund.amount)
            told.counts["of a destination charge"] += of_destination
    for what in ("direct", "destination", "transfer", "reversal", "refund", "payout", "canceled"):
        assert told.counts[what] > 3, told.counts
    assert told.counts["balance_insufficient"] > 3, told.counts
    assert min(lowest) >= 0

    available = calm.v1.balance.retrieve({}, on_seller).available[0].amount
    assert available == told.seller
    assert sum(row.net for row in rows_of(calm, seller)) == told.seller
    assert calm.v1.balance.retrieve().available[0].amount == told.platform
    payouts = calm.v1.payouts.list({"limit": 100}, on_seller).auto_paging_iter()
    assert sum(1 for _ in payouts) == told.counts["payout"]
    verdict = busy_server.check()
    assert verdict["ok"], verdict
