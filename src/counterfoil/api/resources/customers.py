"""/v1/customers and their payment methods (reference api.md §4.5)."""

from __future__ import annotations

from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.expand import loader
from counterfoil.api.lists import (
    DatedListParams,
    ListParams,
    created_filters,
    list_object,
    page_request,
)
from counterfoil.api.resources.payment_methods import MethodType
from counterfoil.api.resources.rows import created_of, fetched, load
from counterfoil.kit.refused import ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.kit.wire import ListObject
from counterfoil.payments.customer_params import CreateCustomer, UpdateCustomer
from counterfoil.payments.customer_rows import CustomerRow
from counterfoil.payments.operations.attaching import customer_of
from counterfoil.payments.operations.customers import (
    create_customer,
    delete_customer,
    update_customer,
)
from counterfoil.payments.rows import Condition, PaymentMethodRow, find, list_page
from counterfoil.payments.wire import PaymentMethodWire, payment_method_wire
from counterfoil.payments.wire.customer import (
    CustomerWire,
    DeletedCustomerWire,
    customer_or_deleted,
    customer_wire,
)

load_customers = loader("customer", CustomerWire, DeletedCustomerWire)(
    load(CustomerRow, customer_or_deleted)
)


class ListCustomers(DatedListParams, kw_only=True):
    email: str | None = None


class ListMethods(ListParams, kw_only=True):
    type: MethodType | None = None


@endpoint("POST", "customers", params=CreateCustomer)
def create(call: Call, params: CreateCustomer) -> CustomerWire:
    return customer_wire(create_customer(scope=call.scope, params=params, now=call.now))


@endpoint("GET", "customers/<id>")
def retrieve(call: Call, ident: str) -> CustomerWire | DeletedCustomerWire:
    return customer_or_deleted(fetched(CustomerRow, ident, call.scope, "customer"))


@endpoint("POST", "customers/<id>", params=UpdateCustomer)
def update(call: Call, ident: str, params: UpdateCustomer) -> CustomerWire:
    return customer_wire(
        update_customer(scope=call.scope, customer_id=ident, params=params, now=call.now)
    )


@endpoint("DELETE", "customers/<id>")
def delete(call: Call, ident: str) -> DeletedCustomerWire:
    return DeletedCustomerWire(
        delete_customer(scope=call.scope, customer_id=ident, now=call.now).id
    )


@endpoint("GET", "customers", params=ListCustomers)
def listed(call: Call, params: ListCustomers) -> ListObject[CustomerWire]:
    page = page_request(params, noun="customer", created_of=created_of(CustomerRow, call.scope))
    filters: list[Condition] = [
        ("created", sign, at) for sign, at in created_filters(params.created)
    ]
    filters.append(("deleted", "=", False))
    if params.email is not None:
        filters.append(("email", "=", params.email))
    found = list_page(CustomerRow, call.scope, filters, page)
    return list_object(found, customer_wire, url="/v1/customers")


@endpoint("GET", "customers/<customer>/payment_methods", params=ListMethods)
def methods(call: Call, ident: str, params: ListMethods) -> ListObject[PaymentMethodWire]:
    customer = customer_of(ident, call.scope, param="customer")
    page = page_request(
        params, noun="PaymentMethod", created_of=created_of(PaymentMethodRow, call.scope)
    )
    filters: list[Condition] = [("customer_id", "=", customer.id)]
    return list_object(
        list_page(PaymentMethodRow, call.scope, filters, page), payment_method_wire, url=call.path
    )


@endpoint("GET", "customers/<customer>/payment_methods/<payment_method>")
def method(call: Call, ident: str, method_id: str) -> PaymentMethodWire:
    customer = customer_of(ident, call.scope, param="customer")
    row = find(PaymentMethodRow, method_id, call.scope)
    if row is None or row.customer_id != customer.id:
        raise ResourceMissing("PaymentMethod", method_id, param="payment_method")
    return payment_method_wire(row)


def of_customer(customer_id: str, scope: Scope) -> Condition:
    """A list narrowed to a customer, also one that was deleted. Raises ResourceMissing (400)."""
    if find(CustomerRow, customer_id, scope) is None:
        raise ResourceMissing("customer", customer_id, param="customer")
    return ("customer_id", "=", customer_id)
