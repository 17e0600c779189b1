"""/v1/customers and their payment methods (reference api.md §4.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

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
from counterfoil.kit.pages import Page
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
from counterfoil.payments.rows import (
    Condition,
    PaymentMethodRow,
    find,
    find_many,
    list_page,
    newest_below,
)
from counterfoil.payments.wire import PaymentMethodWire, payment_method_wire
from counterfoil.payments.wire.charge import CardSource, card_source_wire
from counterfoil.payments.wire.customer import (
    CustomerWire,
    DeletedCustomerWire,
    customer_or_deleted,
    customer_wire,
)
from counterfoil.payments.wire.money import NESTED
from counterfoil.platforms.queries import Caller

load_customers = loader("customer", CustomerWire, DeletedCustomerWire)(
    load(CustomerRow, customer_or_deleted)
)

load_sources = loader("customer_source", CardSource)(load(PaymentMethodRow, card_source_wire))
CARDS: Final = "card_"  # what was attached as a source, and not as a payment method


@loader("customer_sources", ListObject[CardSource], by_owner=True)
def load_sources_of(ids: Sequence[str], caller: Caller) -> Mapping[str, ListObject[CardSource]]:
    """The newest cards of each customer that came as sources."""
    found = find_many(CustomerRow, ids, platform_id=caller.platform_id, livemode=caller.livemode)
    below = newest_below(
        PaymentMethodRow, "customer_id", list(found), limit=NESTED + 1, prefix=CARDS
    )
    shown = {}
    for customer in found:
        rows = below.get(customer, [])
        page = Page(rows[:NESTED], len(rows) > NESTED)
        shown[customer] = list_object(page, card_source_wire, url=_sources_url(customer))
    return shown


class ListCustomers(DatedListParams, kw_only=True):
    email: str | None = None


class ListSources(ListParams, kw_only=True):
    object: Literal["bank_account", "card"] | None = None


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


@endpoint("GET", "customers/<customer>/sources", params=ListSources)
def sources(call: Call, ident: str, params: ListSources) -> ListObject[CardSource]:
    """Cards in their older shape. Customers have no bank accounts here, so none are found."""
    customer = customer_of(ident, call.scope, param="customer")
    page = page_request(params, noun="source", created_of=created_of(PaymentMethodRow, call.scope))
    if params.object == "bank_account":
        return ListObject(data=[], has_more=False, url=_sources_url(customer.id))
    filters: list[Condition] = [
        ("customer_id", "=", customer.id),
        ("id", ">=", CARDS),
        ("id", "<", CARDS + "~"),
    ]
    found = list_page(PaymentMethodRow, call.scope, filters, page)
    return list_object(found, card_source_wire, url=_sources_url(customer.id))


@endpoint("GET", "customers/<customer>/sources/<id>")
def source(call: Call, ident: str, source_id: str) -> CardSource:
    customer = customer_of(ident, call.scope, param="customer")
    row = find(PaymentMethodRow, source_id, call.scope)
    if row is None or row.customer_id != customer.id or not row.id.startswith(CARDS):
        raise ResourceMissing("source", source_id, param="id")
    return card_source_wire(row)


def _sources_url(customer_id: str) -> str:
    return f"/v1/customers/{customer_id}/sources"
