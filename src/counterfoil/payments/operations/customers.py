"""Customers: create, update, delete (reference api.md §4.5)."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from msgspec import UNSET

from counterfoil.kit.db import unit_of_work
from counterfoil.kit.ids import new_id, secret_token
from counterfoil.kit.metadata import merge_metadata
from counterfoil.kit.refused import InvalidRequest
from counterfoil.kit.scope import Scope
from counterfoil.payments.customer_params import CreateCustomer, CustomerParams, UpdateCustomer
from counterfoil.payments.customer_policy import MOST_METHODS, check_email
from counterfoil.payments.customer_rows import (
    CustomerDetails,
    CustomerRow,
    read_customer_details,
)
from counterfoil.payments.details import Shipping, read_metadata, text_of
from counterfoil.payments.operations.attaching import attach, customer_of, let_go
from counterfoil.payments.operations.batch import Batch
from counterfoil.payments.operations.methods import (
    Presented,
    presented_method,
    presented_token,
    refuse_live_cards,
)
from counterfoil.payments.rows import PaymentMethodRow, find, newest_below
from counterfoil.payments.wire.customer import customer_wire

_TEXTS: Final = ("description", "email", "name", "phone")
_PREFIX_LETTERS: Final = 8


def create_customer(*, scope: Scope, params: CreateCustomer, now: int) -> CustomerRow:
    """A new customer, with a card when `source` or `payment_method` brings one.

    `now` is the platform's clock, UTC seconds. Raises InvalidRequest, ResourceMissing, and
    Declined for a card that cannot be attached; then nothing is written.
    """
    row = CustomerRow(
        id=new_id("cus", now),
        platform_id=scope.platform_id,
        livemode=scope.livemode,
        account_id=scope.account_id,
        created=now,
        details=text_of(CustomerDetails(invoice_prefix=secret_token(_PREFIX_LETTERS).upper())),
    )
    with unit_of_work():
        batch = Batch(scope.platform_id, scope.livemode, now)
        batch.add(row)
        if params.payment_method is not None:
            refuse_live_cards(scope)
            method = presented_method(params.payment_method, scope, now=now, locked=True)
            attach(batch, row, method, param="payment_method")
        _change(batch, row, params)
        batch.event("customer.created", scope, customer_wire(row), row.id)
        batch.write()
    return row


def update_customer(
    *, scope: Scope, customer_id: str, params: UpdateCustomer, now: int
) -> CustomerRow:
    """Change what is known of a customer, or which card is its default."""
    with unit_of_work():
        row = customer_of(customer_id, scope, param="id", locked=True)
        before = msgspec.to_builtins(customer_wire(row))
        batch = Batch(scope.platform_id, scope.livemode, now)
        if params.default_source is not None:
            row.default_source_id = _own(row, params.default_source, param="default_source").id
        _change(batch, row, params)
        wire = customer_wire(row)
        after = msgspec.to_builtins(wire)
        previous = {name: value for name, value in before.items() if after[name] != value}
        if previous:
            batch.change(row)
            batch.event("customer.updated", scope, wire, row.id, previous)
        batch.write()
    return row


def delete_customer(*, scope: Scope, customer_id: str, now: int) -> CustomerRow:
    """For good: payment methods are detached, payments made stay as they are."""
    with unit_of_work():
        row = customer_of(customer_id, scope, param="id", locked=True)
        batch = Batch(scope.platform_id, scope.livemode, now)
        methods = newest_below(PaymentMethodRow, "customer_id", [row.id], limit=MOST_METHODS)
        for method in methods.get(row.id, []):
            let_go(batch, row, method)
        row.deleted = True
        batch.change(row)
        batch.event("customer.deleted", scope, customer_wire(row), row.id)
        batch.write()
    return row


def charged_card(customer: CustomerRow, source: str | None) -> Presented:
    """The card that a charge of a customer takes: the one it names, or the default one.

    Raises InvalidRequest when the customer has no such card.
    """
    wanted = source or customer.default_source_id
    if wanted is None:
        raise InvalidRequest(
            "Cannot charge a customer that has no active card. Set its default_source, or send"
            " source with the id of one of its cards.",
            param="source",
            code="missing",
        )
    return Presented(_own(customer, wanted, param="source"), is_new=False)


def _own(customer: CustomerRow, ident: str, *, param: str) -> PaymentMethodRow:
    method = find(PaymentMethodRow, ident, customer.scope)
    if method is None or method.customer_id != customer.id:
        raise InvalidRequest(
            f"Customer {customer.id} does not have a linked source with ID {ident}.",
            param=param,
            code="missing",
        )
    return method


def _change(batch: Batch, row: CustomerRow, params: CustomerParams) -> None:
    if params.source is not None:
        refuse_live_cards(row.scope)
        card = presented_token(params.source, row.scope, now=batch.at)
        attach(batch, row, card, param="source")
        row.default_source_id = card.row.id
    if params.invoice_settings is not None:
        _choose_default(batch, row, params.invoice_settings.default_payment_method)
    for name in _TEXTS:
        value: Any = getattr(params, name)
        if value is not UNSET:
            setattr(row, name, value or None)
    check_email(row.email)
    row.metadata = text_of(merge_metadata(read_metadata(row.metadata), params.metadata))
    details = read_customer_details(row.details)
    if params.address is not None:
        details.address = None if params.address == "" else params.address
    if params.preferred_locales is not None:
        details.preferred_locales = params.preferred_locales
    if params.shipping == "":
        details.shipping = None
    elif params.shipping is not None:
        given = params.shipping
        details.shipping = Shipping(given.address, given.name, phone=given.phone)
    row.details = text_of(details)


def _choose_default(batch: Batch, row: CustomerRow, wanted: str | msgspec.UnsetType) -> None:
    if wanted is UNSET:
        return
    attached = batch.new[PaymentMethodRow] + batch.changed
    if wanted and not any(method.id == wanted for method in attached):
        _own(row, wanted, param="invoice_settings[default_payment_method]")
    row.default_method_id = wanted or None
