"""/v1/payment_intents (reference api.md §4.1)."""

from __future__ import annotations

from typing import Literal

from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.expand import loader
from counterfoil.api.lists import DatedListParams, created_filters, list_object, page_request
from counterfoil.api.resources.customers import of_customer
from counterfoil.api.resources.rows import created_of, fetched, load
from counterfoil.kit.wire import ListObject
from counterfoil.payments.operations.intent_updates import update_payment_intent
from counterfoil.payments.operations.intents import (
    Attempted,
    authenticate_payment_intent,
    cancel_payment_intent,
    capture_payment_intent,
    confirm_payment_intent,
    create_payment_intent,
)
from counterfoil.payments.params import (
    CancelIntent,
    CaptureIntent,
    ConfirmIntent,
    CreateIntent,
    Params,
    UpdateIntent,
)
from counterfoil.payments.rows import Condition, PaymentIntentRow, list_page
from counterfoil.payments.wire import PaymentIntentWire, payment_intent_wire

load_intents = loader("payment_intent", PaymentIntentWire)(
    load(PaymentIntentRow, payment_intent_wire)
)


class ListIntents(DatedListParams, kw_only=True):
    customer: str | None = None


class Authenticate(Params):
    outcome: Literal["succeed", "fail"]


def _answer(attempted: Attempted) -> PaymentIntentWire:
    if attempted.declined is not None:
        raise attempted.declined
    return payment_intent_wire(attempted.intent)


@endpoint("POST", "payment_intents", params=CreateIntent)
def create(call: Call, params: CreateIntent) -> PaymentIntentWire:
    return _answer(
        create_payment_intent(platform=call.caller, scope=call.scope, params=params, now=call.now)
    )


@endpoint("GET", "payment_intents/<id>")
def retrieve(call: Call, ident: str) -> PaymentIntentWire:
    return payment_intent_wire(fetched(PaymentIntentRow, ident, call.scope, "payment_intent"))


@endpoint("POST", "payment_intents/<intent>", params=UpdateIntent)
def update(call: Call, ident: str, params: UpdateIntent) -> PaymentIntentWire:
    return payment_intent_wire(
        update_payment_intent(scope=call.scope, intent_id=ident, params=params, now=call.now)
    )


@endpoint("POST", "payment_intents/<intent>/confirm", params=ConfirmIntent)
def confirm(call: Call, ident: str, params: ConfirmIntent) -> PaymentIntentWire:
    return _answer(
        confirm_payment_intent(
            platform=call.caller, scope=call.scope, intent_id=ident, params=params, now=call.now
        )
    )


@endpoint("POST", "payment_intents/<intent>/capture", params=CaptureIntent)
def capture(call: Call, ident: str, params: CaptureIntent) -> PaymentIntentWire:
    return payment_intent_wire(
        capture_payment_intent(
            platform=call.caller, scope=call.scope, intent_id=ident, params=params, now=call.now
        )
    )


@endpoint("POST", "payment_intents/<intent>/cancel", params=CancelIntent)
def cancel(call: Call, ident: str, params: CancelIntent) -> PaymentIntentWire:
    return payment_intent_wire(
        cancel_payment_intent(scope=call.scope, intent_id=ident, params=params, now=call.now)
    )


@endpoint("POST", "test_helpers/payment_intents/<intent>/authenticate", params=Authenticate)
def authenticate(call: Call, ident: str, params: Authenticate) -> PaymentIntentWire:
    """What the cardholder does when asked: our stand-in for the 3D Secure page."""
    return _answer(
        authenticate_payment_intent(
            platform=call.caller,
            scope=call.scope,
            intent_id=ident,
            passed=params.outcome == "succeed",
            now=call.now,
        )
    )


@endpoint("GET", "payment_intents", params=ListIntents)
def listed(call: Call, params: ListIntents) -> ListObject[PaymentIntentWire]:
    page = page_request(
        params, noun="payment_intent", created_of=created_of(PaymentIntentRow, call.scope)
    )
    filters: list[Condition] = [
        ("created", sign, at) for sign, at in created_filters(params.created)
    ]
    if params.customer is not None:
        filters.append(of_customer(params.customer, call.scope))
    found = list_page(PaymentIntentRow, call.scope, filters, page)
    return list_object(found, payment_intent_wire, url="/v1/payment_intents")
