"""A payment method becomes a customer's, and is let go (reference api.md §4.5)."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from counterfoil.kit.db import fetch_one, lock_row_suffix, unit_of_work
from counterfoil.kit.metadata import merge_metadata
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.payments.customer_params import BillingChanges, CreateMethod, UpdateMethod
from counterfoil.payments.customer_policy import check_attachable
from counterfoil.payments.customer_rows import CustomerRow
from counterfoil.payments.details import (
    Address,
    BillingDetails,
    read_billing,
    read_metadata,
    text_of,
)
from counterfoil.payments.operations.batch import Batch
from counterfoil.payments.operations.methods import (
    Presented,
    presented_data,
    presented_method,
    refuse_live_cards,
)
from counterfoil.payments.params import MethodData
from counterfoil.payments.rows import PaymentMethodRow, find
from counterfoil.payments.wire import payment_method_wire


def create_method(*, scope: Scope, params: CreateMethod, now: int) -> PaymentMethodRow:
    """A card as a payment method of nobody yet. Raises InvalidRequest and Declined."""
    refuse_live_cards(scope)
    data = MethodData(params.type, params.card, params.billing_details, params.metadata)
    with unit_of_work():
        batch = Batch(scope.platform_id, scope.livemode, now)
        row = presented_data(data, scope, now=now, at="").row
        batch.add(row)
        batch.write()
    return row


def update_method(
    *, scope: Scope, method_id: str, params: UpdateMethod, now: int
) -> PaymentMethodRow:
    """Change what is known of the person who pays. Raises InvalidRequest when it is nobody's."""
    with unit_of_work():
        row = _locked(method_id, scope)
        if row.customer_id is None:
            raise InvalidRequest(
                f"You must attach the payment method {row.id} to a customer before you can update"
                " it.",
                param="payment_method",
            )
        before = payment_method_wire(row)
        if params.billing_details is not None:
            billing = read_billing(row.billing_details)
            row.billing_details = text_of(_merged(billing, params.billing_details))
        row.metadata = text_of(merge_metadata(read_metadata(row.metadata), params.metadata))
        after = payment_method_wire(row)
        previous = {
            name: msgspec.to_builtins(getattr(before, name))
            for name in ("billing_details", "metadata")
            if getattr(before, name) != getattr(after, name)
        }
        if previous:
            batch = Batch(scope.platform_id, scope.livemode, now)
            batch.change(row)
            batch.event("payment_method.updated", scope, after, row.id, previous)
            batch.write()
    return row


def attach_method(*, scope: Scope, method_id: str, customer_id: str, now: int) -> PaymentMethodRow:
    """Raises ResourceMissing, InvalidRequest, and Declined for a card whose issuer says no."""
    refuse_live_cards(scope)
    with unit_of_work():
        customer = customer_of(customer_id, scope, param="customer", locked=True)
        method = presented_method(method_id, scope, now=now, locked=True)
        batch = Batch(scope.platform_id, scope.livemode, now)
        attach(batch, customer, method, param="payment_method")
        batch.write()
    return method.row


def detach_method(*, scope: Scope, method_id: str, now: int) -> PaymentMethodRow:
    """Let a customer's method go: it can never be used again."""
    with unit_of_work():
        seen = find(PaymentMethodRow, method_id, scope)
        if seen is None:
            raise ResourceMissing("PaymentMethod", method_id, param="payment_method")
        customer = None
        if seen.customer_id is not None:  # first the customer, then its methods: one lock order
            customer = find(CustomerRow, seen.customer_id, scope, suffix=lock_row_suffix())
        row = _locked(method_id, scope)
        if customer is None or row.customer_id != customer.id:
            raise InvalidRequest(
                f"The payment method {row.id} is not attached to a customer, so detachment is"
                " impossible.",
                param="payment_method",
            )
        batch = Batch(scope.platform_id, scope.livemode, now)
        let_go(batch, customer, row)
        batch.write()
    return row


def attach(batch: Batch, customer: CustomerRow, method: Presented, *, param: str) -> None:
    """Within a batch. The caller holds the customer's row and the method's."""
    row = method.row
    if row.customer_id == customer.id:
        return
    check_attachable(row, customer.id, held=_methods_held(customer), param=param)
    row.customer_id = customer.id
    if method.is_new:
        batch.add(row)
    else:
        batch.change(row)
    batch.event("payment_method.attached", row.scope, payment_method_wire(row), row.id)


def let_go(batch: Batch, customer: CustomerRow, row: PaymentMethodRow) -> None:
    """Within a batch: no longer the customer's, nor its default."""
    row.customer_id, row.detached = None, True
    batch.change(row)
    if row.id in (customer.default_source_id, customer.default_method_id):
        if row.id == customer.default_source_id:
            customer.default_source_id = None
        if row.id == customer.default_method_id:
            customer.default_method_id = None
        batch.change(customer)
    wire = payment_method_wire(row)
    batch.event("payment_method.detached", row.scope, wire, row.id)


def customer_of(ident: str, scope: Scope, *, param: str, locked: bool = False) -> CustomerRow:
    """A customer that was not deleted. Raises ResourceMissing."""
    row = find(CustomerRow, ident, scope, suffix=lock_row_suffix() if locked else "")
    if row is None or row.deleted:
        raise ResourceMissing("customer", ident, param=param)
    return row


def _methods_held(customer: CustomerRow) -> int:
    found = fetch_one(
        "SELECT count(*) FROM payments_paymentmethod WHERE customer_id = %s", [customer.id]
    )
    return int(found[0]) if found else 0


def _locked(method_id: str, scope: Scope) -> PaymentMethodRow:
    row = find(PaymentMethodRow, method_id, scope, suffix=lock_row_suffix())
    if row is None:
        raise ResourceMissing("PaymentMethod", method_id, param="payment_method")
    return row


def _merged(billing: BillingDetails, given: BillingChanges) -> BillingDetails:
    if given.address is not None:
        billing.address = Address() if given.address == "" else given.address
    for name in ("email", "name", "phone"):
        value: str | msgspec.UnsetType = getattr(given, name)
        if value is not UNSET:
            setattr(billing, name, value or None)
    return billing
