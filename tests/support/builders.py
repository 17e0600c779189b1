"""A marketplace in test mode, made with our own operations, and a small cast for every test.

    world = World()                                # "Bazaar", a US platform with its keys
    ada = world.seller()                           # an onboarded seller; the account's id
    otto = world.seller("DE")                      # GB and DE work likewise
    world.charge(1000, to=ada, fee=123)            # a destination charge
    world.charge(1000, on=ada, fee=123)            # a direct charge
    world.intent(1000, to=ada, payment_method="pm_card_visa", confirm=True)
    world.charge(10_000, source="tok_bypassPending"); world.transfer(7000, to=ada)
    assert world.rows(P=world.id, C=ada) == table("P charge 1000 59 941 ch_ …")
    assert world.balance(ada) == Balance(pending=877)

The fixture `world` is one of these in a transaction; import it into a `conftest.py`:

    from tests.support.builders import world  # noqa: F401 - a fixture

Amounts are minor units. `now` is the platform's clock; `NOW` is Monday 3 November 2025, 10:00
UTC, so money of that day from a US account is available on Wednesday, `WEDNESDAY`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Final, TypeVar, cast

import msgspec
import pytest
from django.db import transaction

from counterfoil.accounts.operations import create_account, update_account
from counterfoil.accounts.params import CreateAccount, UpdateAccount
from counterfoil.kit.scope import Scope
from counterfoil.payments import due
from counterfoil.payments import params as payment_params
from counterfoil.payments.operations import charges, intent_updates, intents, topups, transfers
from counterfoil.payments.operations.charges import Charged
from counterfoil.payments.operations.intents import Attempted
from counterfoil.payments.rows import (
    ChargeRow,
    PaymentIntentRow,
    TransferRow,
)
from counterfoil.payments.topup_params import CreateTopup
from counterfoil.payments.topup_rows import TopupRow
from counterfoil.platforms.operations import NewPlatform, create_platform
from counterfoil.platforms.queries import Caller, caller_of
from tests.support.accounts import onboarded_company, onboarded_individual
from tests.support.looking import Balance, Looking, nothing_written, shown, table, written
from tests.support.paying_out import PayingOut

__all__ = [
    "DAY",
    "MONDAY",
    "NOW",
    "WEDNESDAY",
    "Balance",
    "World",
    "card_data",
    "nothing_written",
    "one_request",
    "shown",
    "table",
    "utc",
    "world",
    "written",
]

DAY: Final = 86_400
NOW: Final = 1_762_164_000  # Monday 3 November 2025, 10:00 UTC
MONDAY: Final = NOW - NOW % DAY
WEDNESDAY: Final = MONDAY + 2 * DAY

Verb = TypeVar("Verb", bound=Callable[..., Any])


def one_request(verb: Verb) -> Verb:
    """A refused operation undoes itself and nothing else, also inside a test's transaction."""

    @wraps(verb)
    def whole_or_not_at_all(*args: Any, **more: Any) -> Any:
        with transaction.atomic():
            return verb(*args, **more)

    return cast("Verb", whole_or_not_at_all)


class World(PayingOut, Looking):
    """One platform and what it does, each verb with the arguments a test cares about.

    Whatever else a verb takes is given by name, as the API spells it.
    """

    def __init__(self, *, now: int = NOW, **platform: Any) -> None:
        self.now = now
        fields = {"name": "Bazaar", "now": now} | platform
        self.made: NewPlatform = create_platform(**fields)
        self.id: str = self.made.platform.id
        self.key: str = self.made.secret_test.text

    # ---- Who ----

    @property
    def caller(self) -> Caller:
        """The platform itself, in test mode."""
        return self.on(None)

    @property
    def live(self) -> Caller:
        return self.live_on(None)

    def live_on(self, account_id: str | None) -> Caller:
        """Live mode, acting on the platform itself or on one of its live accounts."""
        caller = caller_of(self.made.secret_live.text, account_id=account_id)
        assert caller is not None
        return caller

    @property
    def scope(self) -> Scope:
        return self.caller.scope

    def on(self, account_id: str | None) -> Caller:
        """The platform acting on an account, as with the header `Stripe-Account`."""
        caller = caller_of(self.key, account_id=account_id)
        assert caller is not None
        assert caller.account_id is not None, f"{account_id} is not an account of this platform"
        return caller

    def seller(self, country: str = "US", *, company: bool = False, **changes: Any) -> str:
        """An onboarded Express account; `changes` replace what the API would be sent."""
        make = onboarded_company if company else onboarded_individual
        return self.account(make(country, **changes))

    def paying_for(self, country: str = "US", **changes: Any) -> str:
        """A seller whose processing fees the platform pays (`controller.fees.payer`)."""
        controller = {
            "fees": {"payer": "application"},
            "losses": {"payments": "application"},
            "stripe_dashboard": {"type": "express"},
        }
        return self.seller(country, type=None, controller=controller, **changes)

    def newcomer(self, **changes: Any) -> str:
        """A seller of whom nothing is known yet: no capability is active."""
        return self.account({"type": "express", "country": "US"} | changes)

    @one_request
    def account(self, params: dict[str, Any]) -> str:
        made = create_account(
            platform_id=self.id,
            livemode=False,
            params=msgspec.convert(params, CreateAccount),
            now=self.now,
        )
        return made.id

    def withdraw(self, account_id: str, *capabilities: str) -> None:
        """The seller no longer has these capabilities."""
        wishes = {name: {"requested": False} for name in capabilities}
        update_account(
            platform_id=self.id,
            livemode=False,
            account_id=account_id,
            params=msgspec.convert({"capabilities": wishes}, UpdateAccount),
            now=self.now,
        )

    # ---- Paying ----

    def charge(self, amount: int = 1000, currency: str = "usd", **more: Any) -> ChargeRow:
        """A charge that succeeds; see `try_charge`."""
        charged = self.try_charge(amount, currency, **more)
        assert charged.declined is None, charged.declined
        return charged.charge

    @one_request
    def try_charge(
        self,
        amount: int = 1000,
        currency: str = "usd",
        *,
        on: str | None = None,
        to: str | None = None,
        fee: int | None = None,
        share: int | None = None,
        source: str = "tok_visa",
        now: int | None = None,
        caller: Caller | None = None,
        **more: Any,
    ) -> Charged:
        """`POST /v1/charges`: `on` an account (direct) or `to` one (destination).

        `fee` is application_fee_amount, `share` is transfer_data[amount].
        """
        acting = caller or self.on(on)
        sent = _payment(amount, currency, to, fee, share) | {"source": source} | more
        return charges.create_charge(
            platform=acting,
            scope=acting.scope,
            params=msgspec.convert(sent, payment_params.CreateCharge),
            now=self._moment(now),
        )

    @one_request
    def capture_charge(
        self, charge: ChargeRow | str, *, on: str | None = None, now: int | None = None, **more: Any
    ) -> ChargeRow:
        acting = self.on(on)
        return charges.capture_charge(
            platform=acting,
            scope=acting.scope,
            charge_id=_id(charge),
            params=msgspec.convert(more, payment_params.CaptureCharge),
            now=self._moment(now),
        )

    @one_request
    def update_charge(
        self, charge: ChargeRow | str, *, on: str | None = None, now: int | None = None, **more: Any
    ) -> ChargeRow:
        return charges.update_charge(
            scope=self.on(on).scope,
            charge_id=_id(charge),
            params=msgspec.convert(more, payment_params.UpdateCharge),
            now=self._moment(now),
        )

    def intent(self, amount: int = 1000, currency: str = "usd", **more: Any) -> PaymentIntentRow:
        """An intent that was not declined; see `try_intent`."""
        return _paid(self.try_intent(amount, currency, **more))

    @one_request
    def try_intent(
        self,
        amount: int = 1000,
        currency: str = "usd",
        *,
        on: str | None = None,
        to: str | None = None,
        fee: int | None = None,
        share: int | None = None,
        now: int | None = None,
        caller: Caller | None = None,
        **more: Any,
    ) -> Attempted:
        """`POST /v1/payment_intents`; arguments as `try_charge` has them."""
        acting = caller or self.on(on)
        sent = _payment(amount, currency, to, fee, share) | more
        return intents.create_payment_intent(
            platform=acting,
            scope=acting.scope,
            params=msgspec.convert(sent, payment_params.CreateIntent),
            now=self._moment(now),
        )

    def confirm(self, intent: PaymentIntentRow | str, **more: Any) -> PaymentIntentRow:
        return _paid(self.try_confirm(intent, **more))

    @one_request
    def try_confirm(
        self,
        intent: PaymentIntentRow | str,
        *,
        on: str | None = None,
        now: int | None = None,
        **more: Any,
    ) -> Attempted:
        acting = self.on(on)
        return intents.confirm_payment_intent(
            platform=acting,
            scope=acting.scope,
            intent_id=_id(intent),
            params=msgspec.convert(more, payment_params.ConfirmIntent),
            now=self._moment(now),
        )

    @one_request
    def authenticate(
        self, intent: PaymentIntentRow | str, *, passed: bool = True, on: str | None = None
    ) -> Attempted:
        """What the cardholder does at the bank's page."""
        acting = self.on(on)
        return intents.authenticate_payment_intent(
            platform=acting,
            scope=acting.scope,
            intent_id=_id(intent),
            passed=passed,
            now=self.now,
        )

    @one_request
    def capture(
        self,
        intent: PaymentIntentRow | str,
        *,
        on: str | None = None,
        now: int | None = None,
        **more: Any,
    ) -> PaymentIntentRow:
        acting = self.on(on)
        return intents.capture_payment_intent(
            platform=acting,
            scope=acting.scope,
            intent_id=_id(intent),
            params=msgspec.convert(more, payment_params.CaptureIntent),
            now=self._moment(now),
        )

    @one_request
    def cancel(
        self,
        intent: PaymentIntentRow | str,
        *,
        on: str | None = None,
        now: int | None = None,
        **more: Any,
    ) -> PaymentIntentRow:
        return intents.cancel_payment_intent(
            scope=self.on(on).scope,
            intent_id=_id(intent),
            params=msgspec.convert(more, payment_params.CancelIntent),
            now=self._moment(now),
        )

    @one_request
    def update_intent(
        self,
        intent: PaymentIntentRow | str,
        *,
        on: str | None = None,
        now: int | None = None,
        **more: Any,
    ) -> PaymentIntentRow:
        return intent_updates.update_payment_intent(
            scope=self.on(on).scope,
            intent_id=_id(intent),
            params=msgspec.convert(more, payment_params.UpdateIntent),
            now=self._moment(now),
        )

    def fund(self, amount: int, currency: str = "usd", **more: Any) -> ChargeRow:
        """Money that the platform can use at once: `amount` less the processing fee."""
        return self.charge(amount, currency, source="tok_bypassPending", **more)

    @one_request
    def transfer(
        self,
        amount: int | None,
        currency: str = "usd",
        *,
        to: str,
        on: str | None = None,
        now: int | None = None,
        caller: Caller | None = None,
        **more: Any,
    ) -> TransferRow:
        """`POST /v1/transfers`."""
        sent = {"amount": amount, "currency": currency, "destination": to} | more
        return transfers.create_transfer(
            scope=(caller or self.on(on)).scope,
            params=msgspec.convert(sent, payment_params.CreateTransfer),
            now=self._moment(now),
        )

    @one_request
    def top_up(
        self,
        amount: int,
        currency: str = "usd",
        *,
        on: str | None = None,
        now: int | None = None,
        caller: Caller | None = None,
        **more: Any,
    ) -> TopupRow:
        """`POST /v1/topups`: the platform's, or `on` a seller into its refunds balance."""
        acting = caller or self.on(on)
        return topups.create_topup(
            platform=acting,
            scope=acting.scope,
            params=msgspec.convert({"amount": amount, "currency": currency} | more, CreateTopup),
            now=self._moment(now),
        )

    @one_request
    def update_transfer(
        self, transfer: TransferRow | str, *, now: int | None = None, **more: Any
    ) -> TransferRow:
        return transfers.update_transfer(
            scope=self.scope,
            transfer_id=_id(transfer),
            params=msgspec.convert(more, payment_params.UpdateTransfer),
            now=self._moment(now),
        )

    # ---- Time ----

    def pass_until(self, moment: int) -> int:
        """Move the world's clock, doing in payments what falls due on the way; how much."""
        done = 0
        while (at := due.next_due(self.id, False, moment)) is not None:
            self.now = max(self.now, at)
            done += due.run_due(self.id, False, at)
        self.now = moment
        return done

    def _moment(self, now: int | None) -> int:
        return self.now if now is None else now


@pytest.fixture
def world(db: None) -> World:
    return World()


def utc(year: int, month: int, day: int) -> int:
    """The start of a day, as UTC seconds."""
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())


def card_data(number: str = "4242424242424242", **changes: Any) -> dict[str, Any]:
    """`payment_method_data` of a card by its number; None leaves a detail out."""
    card = {"number": number, "exp_month": 8, "exp_year": 2030, "cvc": "314"} | changes
    given = {name: value for name, value in card.items() if value is not None}
    return {"type": "card", "card": given}


def _payment(
    amount: int, currency: str, to: str | None, fee: int | None, share: int | None
) -> dict[str, Any]:
    sent: dict[str, Any] = {"amount": amount, "currency": currency}
    if to is not None:
        sent["transfer_data"] = {"destination": to}
    if share is not None:
        sent["transfer_data"]["amount"] = share
    if fee is not None:
        sent["application_fee_amount"] = fee
    return sent


def _paid(attempted: Attempted) -> PaymentIntentRow:
    assert attempted.declined is None, attempted.declined
    return attempted.intent


def _id(known: Any) -> str:
    return known if isinstance(known, str) else known.id
