"""Changing a payment intent before it is paid."""

from __future__ import annotations

from typing import Any, Final

from msgspec import UNSET

from counterfoil.kit.db import unit_of_work
from counterfoil.kit.metadata import merge_metadata
from counterfoil.kit.refused import InvalidRequest
from counterfoil.kit.scope import Scope
from counterfoil.payments.customer_policy import check_usable
from counterfoil.payments.details import (
    IntentDetails,
    read_intent_details,
    read_metadata,
    text_of,
)
from counterfoil.payments.operations.attaching import customer_of
from counterfoil.payments.operations.batch import Batch
from counterfoil.payments.operations.charges import check_order, shipping_of
from counterfoil.payments.operations.charging import Order
from counterfoil.payments.operations.intents import CONFIRMABLE, locked_intent
from counterfoil.payments.operations.methods import presented_method
from counterfoil.payments.params import UpdateIntent
from counterfoil.payments.policy import currency_of
from counterfoil.payments.rows import PaymentIntentRow

# What may still change once money was authorised or taken.
_ALWAYS: Final = frozenset({"description", "metadata", "receipt_email", "shipping"})


def update_payment_intent(
    *, scope: Scope, intent_id: str, params: UpdateIntent, now: int
) -> PaymentIntentRow:
    """Change an intent. Raises InvalidRequest for what its status no longer allows."""
    with unit_of_work():
        intent = locked_intent(intent_id, scope)
        _check_status(intent, params)
        batch = Batch(scope.platform_id, scope.livemode, now)
        batch.change(intent)
        if params.customer is not None:
            intent.customer_id = customer_of(params.customer, scope, param="customer").id
        if params.payment_method is not None:
            card = presented_method(params.payment_method, scope, now=now)
            check_usable(card.row, intent.customer_id)
            if card.is_new:
                batch.add(card.row)
            intent.payment_method_id = card.row.id
            intent.status = "requires_confirmation"
        _change_money(intent, params)
        _change_texts(intent, params)
        check_order(_as_order(intent), scope)
        batch.write()
    return intent


def _check_status(intent: PaymentIntentRow, params: UpdateIntent) -> None:
    if intent.status in CONFIRMABLE:
        return
    for name in params.__struct_fields__:
        given = getattr(params, name)
        if name in _ALWAYS or given is None or given is UNSET:
            continue
        raise InvalidRequest(
            f"This PaymentIntent's {name} could not be updated because it has a status of"
            f" {intent.status}.",
            param=name,
            code="payment_intent_unexpected_state",
        )


def _change_money(intent: PaymentIntentRow, params: UpdateIntent) -> None:
    if params.amount is not None:
        intent.amount = params.amount
    if params.currency is not None:
        intent.currency = currency_of(params.currency)
    fee = params.application_fee_amount
    if fee is not None:
        intent.application_fee_amount = fee if isinstance(fee, int) else None
    if params.transfer_data is not None:
        if intent.transfer_destination is None:
            raise InvalidRequest(
                "transfer_data[destination] is set when the PaymentIntent is created.",
                param="transfer_data",
            )
        intent.transfer_amount = params.transfer_data.amount
    if params.transfer_group is not UNSET:
        intent.transfer_group = params.transfer_group or None


def _change_texts(intent: PaymentIntentRow, params: UpdateIntent) -> None:
    if params.description is not UNSET:
        intent.description = params.description or None
    intent.metadata = text_of(merge_metadata(read_metadata(intent.metadata), params.metadata))
    details: IntentDetails = read_intent_details(intent.details)
    for name in ("receipt_email", "statement_descriptor", "statement_descriptor_suffix"):
        value: Any = getattr(params, name)
        if value is not UNSET:
            setattr(details, name, value or None)
    if params.shipping is not None:
        details.shipping = None if params.shipping == "" else shipping_of(params.shipping)
    intent.details = text_of(details)


def _as_order(intent: PaymentIntentRow) -> Order:
    details = read_intent_details(intent.details)
    return Order(
        amount=intent.amount,
        currency=intent.currency,
        application_fee=intent.application_fee_amount,
        destination=intent.transfer_destination,
        share=intent.transfer_amount,
        transfer_group=intent.transfer_group,
        statement_descriptor=details.statement_descriptor,
        statement_descriptor_suffix=details.statement_descriptor_suffix,
    )
