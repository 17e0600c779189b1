"""Turning plans into payments, through the operations that the API calls."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import msgspec

from counterfoil.config.demo.days import Days
from counterfoil.config.demo.history import HOUR, Planned
from counterfoil.config.demo.platform import on
from counterfoil.config.demo.seller import Flow, Seller
from counterfoil.kit.clock import DAY
from counterfoil.kit.money import percentage
from counterfoil.payments.operations.charges import create_charge
from counterfoil.payments.operations.intents import (
    cancel_payment_intent,
    capture_payment_intent,
    confirm_payment_intent,
    create_payment_intent,
)
from counterfoil.payments.operations.transfers import create_transfer
from counterfoil.payments.params import (
    CancelIntent,
    CaptureIntent,
    ConfirmIntent,
    CreateCharge,
    CreateIntent,
    CreateTransfer,
)
from counterfoil.payments.rows import PaymentIntentRow
from counterfoil.platforms.queries import Caller

_SEPARATE: Final = (Flow.OUT_OF_CHARGE, Flow.OUT_OF_BALANCE)
_HELD: Final = ("captured_later", "authorised", "canceled")


@dataclass(frozen=True, slots=True)
class Shop:
    """A seller and its account, in test mode. `now`: platform clock; nothing happens after it."""

    seller: Seller
    account_id: str
    platform: Caller
    now: int
    days: Days

    @property
    def caller(self) -> Caller:
        """Who charges: the platform on the account for direct charges, else the platform."""
        direct = Flow.DIRECT in self.seller.flows
        return on(self.platform, self.account_id) if direct else self.platform

    def moment(self, at: int) -> int:
        return min(at, self.now)

    def fee(self, amount: int) -> int:
        """What the platform keeps, in minor units."""
        return percentage(amount, self.seller.fee_basis_points)


def pay(shop: Shop, plan: Planned) -> None:
    """One customer's payment with everything that follows from it."""
    if plan.flow in _SEPARATE:
        _pay_separately(shop, plan)
        return
    intent = _start(shop, plan)
    if plan.outcome == "abandoned":
        return
    if plan.outcome in ("declined", "second_try"):
        _confirm(shop, plan, intent, plan.declined_card, at=plan.at + 40)
    if plan.outcome != "declined":
        _confirm(shop, plan, intent, plan.card, at=plan.at + 90)
    if plan.outcome == "captured_later":
        # The next day, when the work is done; not yet when that is still to come.
        shop.days.at(plan.at + DAY, partial(_capture, shop, intent.id))
    elif plan.outcome == "canceled":
        shop.days.at(plan.at + 5 * HOUR, partial(_cancel, shop, intent.id))


def _start(shop: Shop, plan: Planned) -> PaymentIntentRow:
    params: dict[str, Any] = {
        "amount": plan.amount,
        "currency": shop.seller.currency,
        "automatic_payment_methods": {"enabled": True},
        "capture_method": "manual" if plan.outcome in _HELD else "automatic",
        "description": plan.description,
        "metadata": {"order": str(plan.order)},
        **_parties(shop, plan),
    }
    return create_payment_intent(
        platform=shop.caller,
        scope=shop.caller.scope,
        params=msgspec.convert(params, CreateIntent),
        now=plan.at,
    ).intent


def _parties(shop: Shop, plan: Planned) -> dict[str, Any]:
    """What makes it this kind of charge (reference money-movement §2)."""
    fee = shop.fee(plan.amount)
    if plan.flow is Flow.DIRECT:
        return {"application_fee_amount": fee}
    transfer: dict[str, Any] = {"destination": shop.account_id}
    if plan.description:
        transfer["payment_data"] = {"description": plan.description}
    if plan.flow is Flow.DESTINATION_SHARE:
        return {"transfer_data": transfer | {"amount": plan.amount - fee}}
    parties: dict[str, Any] = {"transfer_data": transfer, "application_fee_amount": fee}
    if plan.flow is Flow.ON_BEHALF_OF:
        parties["on_behalf_of"] = shop.account_id
    return parties


def _confirm(shop: Shop, plan: Planned, intent: PaymentIntentRow, card: str, *, at: int) -> None:
    params = {
        "payment_method_data": {
            "type": "card",
            "card": {"token": f"tok_{card}"},
            "billing_details": {"name": plan.customer, "email": plan.email},
        },
        "receipt_email": plan.email,
    }
    confirm_payment_intent(
        platform=shop.caller,
        scope=shop.caller.scope,
        intent_id=intent.id,
        params=msgspec.convert(params, ConfirmIntent),
        now=shop.moment(at),
    )


def _capture(shop: Shop, intent_id: str, at: int) -> None:
    capture_payment_intent(
        platform=shop.caller,
        scope=shop.caller.scope,
        intent_id=intent_id,
        params=CaptureIntent(),
        now=at,
    )


def _cancel(shop: Shop, intent_id: str, at: int) -> None:
    cancel_payment_intent(
        scope=shop.caller.scope,
        intent_id=intent_id,
        params=CancelIntent(cancellation_reason="requested_by_customer"),
        now=at,
    )


def _pay_separately(shop: Shop, plan: Planned) -> None:
    """A charge of the platform's own, and then what the seller gets of it."""
    declined = plan.outcome == "declined"
    bypass = plan.flow is Flow.OUT_OF_BALANCE
    card = plan.declined_card if declined else "bypassPending" if bypass else plan.card
    charged = create_charge(
        platform=shop.platform,
        scope=shop.platform.scope,
        params=CreateCharge(
            amount=plan.amount,
            currency=shop.seller.currency,
            source=f"tok_{card}",
            capture=plan.outcome != "authorised",
            description=plan.description,
            metadata={"order": str(plan.order)},
            receipt_email=plan.email,
        ),
        now=plan.at,
    )
    if charged.charge.captured:
        # Two hours later; what was sold just now is passed on at once.
        sent = shop.moment(plan.at + 2 * HOUR)
        source = None if bypass else charged.charge.id
        shop.days.at(sent, partial(_pass_on, shop, plan, source))


def _pass_on(shop: Shop, plan: Planned, source: str | None, at: int) -> None:
    create_transfer(
        scope=shop.platform.scope,
        params=CreateTransfer(
            amount=plan.amount - shop.fee(plan.amount),
            currency=shop.seller.currency,
            destination=shop.account_id,
            source_transaction=source,
            description=plan.description,
        ),
        now=at,
    )
