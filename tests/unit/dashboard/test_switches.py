"""Every switch of a platform × every page and operation: both ask it, and nothing else does."""

from __future__ import annotations

import inspect
import pkgutil
import re
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest
from django.db import transaction

from counterfoil.access import sessions
from counterfoil.access.guard import Seller, seller_of
from counterfoil.dashboard import operations
from counterfoil.dashboard.operations.answer_dispute import (
    accept_dispute,
    attach_file,
    save_evidence,
    send_evidence,
    take_file_out,
)
from counterfoil.dashboard.operations.cancel_payout import cancel_payout
from counterfoil.dashboard.operations.capture_payment import capture_payment, let_payment_go
from counterfoil.dashboard.operations.change_schedule import change_schedule
from counterfoil.dashboard.operations.close_account import close_account
from counterfoil.dashboard.operations.pay_out import pay_out
from counterfoil.dashboard.operations.prefunding import add_funds, withdraw
from counterfoil.dashboard.operations.refund_payment import (
    Wanted,
    cancel_refund,
    look_at_refund,
    refund_payment,
)
from counterfoil.dashboard.queries.disputes import dispute_case
from counterfoil.dashboard.queries.payment import payment_by_id
from counterfoil.dashboard.urls import urlpatterns
from counterfoil.kit.crypt import seal
from counterfoil.kit.db import execute
from counterfoil.kit.refused import Forbidden, Refused
from counterfoil.platforms.settings import (
    ALWAYS_WITH_OWN_LOSSES,
    Features,
    PlatformSettings,
    features_of,
)
from tests.support.builders import NOW
from tests.unit.dashboard.shop import browser_of, switch
from tests.unit.dashboard.test_isolation import belongings, world  # noqa: F401 - a fixture

SWITCHES = Features.__struct_fields__
REFUND = {"refund", "refund-preview", "refund-cancellation"}
ANSWER = {"evidence", "evidence-file", "dispute-submission", "dispute-acceptance"}
CAPTURE = {"payment-capture", "payment-cancellation"}
# What is not there, by URL name, where one switch is off and all others are on.
PAGES: dict[str, set[str]] = {
    "view_payments": {"payments", "payment", "disputes", "dispute", *REFUND, *ANSWER, *CAPTURE},
    "issue_refunds": {*REFUND},
    "manage_disputes": {*ANSWER},
    "capture_payments": CAPTURE,
    "manual_payouts": {"payout-cancellation"},
    "edit_payout_schedule": {"payout-schedule"},
    "instant_payouts": set(),  # a choice within "payout-new", told by its operation
    "top_up_prefunding": {"prefunding-addition", "prefunding-withdrawal"},
    "close_account": {"closing"},
    "collect_eventually_due": set(),  # a task more on "requirements"; test_requirements
}
SENT = {"evidence-file"}  # answers to POST alone
MONEY = {"view_payments", "issue_refunds"}
DISPUTES = {"view_payments", "manage_disputes"}
HELD = {"view_payments", "capture_payments"}
# Each operation, the switches that it needs, and a call.
OPERATIONS: list[tuple[Any, set[str], Any]] = [
    (refund_payment, MONEY, lambda f, on: f(**on.payment, wanted=Wanted(amount=100))),
    (look_at_refund, MONEY, lambda f, on: f(**on.payment, wanted=Wanted(amount=100))),
    (cancel_refund, MONEY, lambda f, on: f(**on.payment, refund_id=on.own["refund_id"])),
    (capture_payment, HELD, lambda f, on: f(**on.payment, amount=100)),
    (let_payment_go, HELD, lambda f, on: f(**on.payment)),
    (save_evidence, DISPUTES, lambda f, on: f(**on.case, texts={"customer_name": "A"})),
    (attach_file, DISPUTES, lambda f, on: f(**on.case, **on.file)),
    (take_file_out, DISPUTES, lambda f, on: f(**on.case, field="receipt")),
    (send_evidence, DISPUTES, lambda f, on: f(**on.case, accepts_fee=True)),
    (accept_dispute, DISPUTES, lambda f, on: f(**on.case)),
    (cancel_payout, {"manual_payouts"}, lambda f, on: f(**on.me, payout_id=on.own["payout_id"])),
    (pay_out, {"manual_payouts"}, lambda f, on: f(**on.me, **on.payout, method="standard")),
    (pay_out, {"instant_payouts"}, lambda f, on: f(**on.me, **on.payout, method="instant")),
    (change_schedule, {"edit_payout_schedule"}, lambda f, on: f(**on.me, interval="daily")),
    (close_account, {"close_account"}, lambda f, on: f(**on.me)),
    (add_funds, {"top_up_prefunding"}, lambda f, on: f(**on.me, amount=100, currency="usd")),
    (withdraw, {"top_up_prefunding"}, lambda f, on: f(**on.me, amount=100, currency="usd")),
]


class Estate:
    """A seller with one of everything, and what operations want of it."""

    def __init__(self, world) -> None:  # noqa: F811 - the fixture's name
        self.world, self.account = world, world.seller(company=True)
        self.own = belongings(world, self.account)
        execute("UPDATE access_factor SET secret = %s", [seal("JBSWY3DPEHPK3PXP")])
        self.browser = browser_of(world, self.account)
        held = world.intent(
            1000,
            on=self.account,
            confirm=True,
            payment_method="pm_card_visa",
            capture_method="manual",
        )
        self.held = held.latest_charge_id
        token = self.browser.cookies[sessions.cookie_name()].value
        found = seller_of(token, now_wall=NOW)
        assert found is not None
        self.seller: Seller = found

    def switched(self, **off: bool) -> Estate:
        switch(self.world, _features(**off))
        self.seller = replace(self.seller, features=_features(**off))
        return self

    @property
    def me(self) -> dict[str, Any]:
        return {"seller": self.seller, "now": NOW}

    @property
    def payment(self) -> dict[str, Any]:
        found = payment_by_id(self.own["payment_id"], self.account, livemode=False)
        return {**self.me, "payment": found}

    @property
    def case(self) -> dict[str, Any]:
        return {
            **self.me,
            "case": dispute_case(self.own["dispute_id"], self.account, livemode=False),
        }

    @property
    def file(self) -> dict[str, Any]:
        about = {"field": "receipt", "filename": "a.pdf", "content": b"%PDF-1.7 a"}
        return {**about, "base": "https://x.example", "now_wall": NOW}

    @property
    def payout(self) -> dict[str, Any]:
        target = {"target_id": self.own["external_id"], "manual_schedule": True}
        return {"amount": 100, "currency": "usd", **target}

    def address_of(self, pattern) -> str:
        own = {**self.own, **({"payment_id": self.held} if pattern.name in CAPTURE else {})}
        return "/" + re.sub(r"<str:(\w+)>", lambda found: own[found[1]], str(pattern.pattern))


def _features(**off: bool) -> Features:
    return Features(**{**dict.fromkeys(SWITCHES, True), **off})


@pytest.fixture
def estate(world) -> Estate:  # noqa: F811 - the fixture
    return Estate(world)


def test_the_table_has_every_switch_and_every_operation_that_asks_one():
    assert set(PAGES) == set(SWITCHES)
    asked = {
        (name, feature)
        for _, name, _ in pkgutil.iter_modules(operations.__path__)
        for feature in SWITCHES
        if re.search(
            rf'"{feature}"', inspect.getsource(import_module(f"{operations.__name__}.{name}"))
        )
    }
    told = {
        (made.__module__.rpartition(".")[2], one) for made, needs, _ in OPERATIONS for one in needs
    }
    assert asked <= told


def test_a_switch_takes_away_its_pages_and_every_link_to_them_and_nothing_else(estate):
    _read, never = walk(estate.switched())
    for name in SWITCHES:
        read, gone = walk(estate.switched(**{name: False}))
        gone = {page: address for page, address in gone.items() if page not in never}
        assert set(gone) == PAGES[name], name
        for address, html in read.items():
            for missing in gone.values():
                link = rf'(?:href|action)="{missing}["?#]'
                assert not re.search(link, html), (name, address, missing)


def walk(estate: Estate) -> tuple[dict[str, str], dict[str, str]]:
    """The pages that can be read, by address; and the addresses of those that are not there."""
    read, gone = {}, {}
    for pattern in urlpatterns:
        if set(pattern.pattern.converters) - set(estate.own) or pattern.name == "patterns":
            continue  # a token, the name of a colour; every component whatever is switched on
        address = estate.address_of(pattern)
        answer = estate.browser.get(address, {"of": "transactions"})
        if pattern.name in SENT:
            answer = estate.browser.post(address)
        if answer.status_code == 404:
            gone[pattern.name] = address
        elif answer.status_code == 200:
            read[address] = answer.content.decode()
    assert len(read) > 20
    return read, gone


@pytest.mark.parametrize("name", SWITCHES)
def test_an_operation_asks_its_switches_itself(estate, name):
    estate.switched(**{name: False})
    for made, needs, call in OPERATIONS:
        if name in needs:
            with pytest.raises(Forbidden):
                call(made, estate)


def test_with_every_switch_on_no_operation_is_forbidden(estate):
    estate.switched()
    for made, _needs, call in OPERATIONS:
        try:
            with transaction.atomic():
                call(made, estate)
        except Forbidden as refusal:
            raise AssertionError(f"{made.__name__}: {refusal}") from refusal
        except Refused:
            pass  # for another reason: the switch let it through


def test_exports_of_payments_follow_the_switch(estate):
    assert estate.browser.get("/exports/new?of=payments").status_code == 200
    estate.switched(view_payments=False)
    assert estate.browser.get("/exports/new?of=payments").status_code == 404


def test_who_bears_their_own_losses_is_kept_from_nothing_that_causes_them(estate):
    settings = PlatformSettings(features=Features())
    forced = features_of(settings, '{"view_payments": false}', losses_payments="stripe")
    assert {name for name in SWITCHES if getattr(forced, name)} == set(ALWAYS_WITH_OWN_LOSSES)
    assert features_of(settings, None, losses_payments="application") == Features()

    switch(estate.world, Features())
    assert estate.browser.get("/payments").status_code == 404
    execute(
        "UPDATE accounts_account SET losses_payments = 'stripe' WHERE id = %s", [estate.account]
    )
    assert estate.browser.get("/payments").status_code == 200
    assert estate.browser.get(f"/payments/{estate.own['payment_id']}/refund").status_code == 200
    assert estate.browser.get("/prefunding/addition").status_code == 200
    assert estate.browser.get("/settings/payouts/schedule").status_code == 404
