"""/v1/payment_methods (reference api.md §4.5)."""

from __future__ import annotations

from typing import Literal

from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.expand import loader
from counterfoil.api.lists import ListParams, list_object, page_request
from counterfoil.api.resources.rows import created_of, load
from counterfoil.kit.refused import ResourceMissing
from counterfoil.kit.wire import ListObject
from counterfoil.payments.customer_params import AttachMethod, CreateMethod, UpdateMethod
from counterfoil.payments.operations.attaching import (
    attach_method,
    create_method,
    customer_of,
    detach_method,
    update_method,
)
from counterfoil.payments.rows import Condition, PaymentMethodRow, find, list_page
from counterfoil.payments.wire import PaymentMethodWire, payment_method_wire

load_methods = loader("payment_method", PaymentMethodWire)(
    load(PaymentMethodRow, payment_method_wire)
)

MethodType = Literal["card"]  # the one that we have


class ListMethods(ListParams, kw_only=True):
    customer: str | None = None
    type: MethodType | None = None


@endpoint("POST", "payment_methods", params=CreateMethod)
def create(call: Call, params: CreateMethod) -> PaymentMethodWire:
    return payment_method_wire(create_method(scope=call.scope, params=params, now=call.now))


@endpoint("GET", "payment_methods/<payment_method>")
def retrieve(call: Call, ident: str) -> PaymentMethodWire:
    row = find(PaymentMethodRow, ident, call.scope)
    if row is None:
        raise ResourceMissing("PaymentMethod", ident, param="payment_method")
    return payment_method_wire(row)


@endpoint("POST", "payment_methods/<payment_method>", params=UpdateMethod)
def update(call: Call, ident: str, params: UpdateMethod) -> PaymentMethodWire:
    return payment_method_wire(
        update_method(scope=call.scope, method_id=ident, params=params, now=call.now)
    )


@endpoint("POST", "payment_methods/<payment_method>/attach", params=AttachMethod)
def attach(call: Call, ident: str, params: AttachMethod) -> PaymentMethodWire:
    return payment_method_wire(
        attach_method(scope=call.scope, method_id=ident, customer_id=params.customer, now=call.now)
    )


@endpoint("POST", "payment_methods/<payment_method>/detach")
def detach(call: Call, ident: str) -> PaymentMethodWire:
    return payment_method_wire(detach_method(scope=call.scope, method_id=ident, now=call.now))


@endpoint("GET", "payment_methods", params=ListMethods)
def listed(call: Call, params: ListMethods) -> ListObject[PaymentMethodWire]:
    page = page_request(
        params, noun="PaymentMethod", created_of=created_of(PaymentMethodRow, call.scope)
    )
    filters: list[Condition] = []
    if params.customer is not None:
        customer = customer_of(params.customer, call.scope, param="customer")
        filters.append(("customer_id", "=", customer.id))
    found = list_page(PaymentMethodRow, call.scope, filters, page)
    return list_object(found, payment_method_wire, url="/v1/payment_methods")
