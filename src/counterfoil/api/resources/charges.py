"""/v1/charges (reference api.md §4.2)."""

from __future__ import annotations

from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.expand import loader
from counterfoil.api.lists import DatedListParams, created_filters, list_object, page_request
from counterfoil.api.resources.customers import of_customer
from counterfoil.api.resources.rows import created_of, fetched, load
from counterfoil.kit.wire import ListObject
from counterfoil.payments.operations.charges import capture_charge, create_charge, update_charge
from counterfoil.payments.params import CaptureCharge, CreateCharge, UpdateCharge
from counterfoil.payments.rows import ChargeRow, Condition, list_page
from counterfoil.payments.wire import ChargeWire, charge_wire

load_charges = loader("charge", ChargeWire)(load(ChargeRow, charge_wire))


class ListCharges(DatedListParams, kw_only=True):
    customer: str | None = None
    payment_intent: str | None = None
    transfer_group: str | None = None


@endpoint("POST", "charges", params=CreateCharge)
def create(call: Call, params: CreateCharge) -> ChargeWire:
    charged = create_charge(platform=call.caller, scope=call.scope, params=params, now=call.now)
    if charged.declined is not None:
        raise charged.declined
    return charge_wire(charged.charge)


@endpoint("GET", "charges/<id>")
def retrieve(call: Call, ident: str) -> ChargeWire:
    return charge_wire(fetched(ChargeRow, ident, call.scope, "charge"))


@endpoint("POST", "charges/<id>", params=UpdateCharge)
def update(call: Call, ident: str, params: UpdateCharge) -> ChargeWire:
    return charge_wire(
        update_charge(scope=call.scope, charge_id=ident, params=params, now=call.now)
    )


@endpoint("POST", "charges/<id>/capture", params=CaptureCharge)
def capture(call: Call, ident: str, params: CaptureCharge) -> ChargeWire:
    return charge_wire(
        capture_charge(
            platform=call.caller, scope=call.scope, charge_id=ident, params=params, now=call.now
        )
    )


@endpoint("GET", "charges", params=ListCharges)
def listed(call: Call, params: ListCharges) -> ListObject[ChargeWire]:
    page = page_request(params, noun="charge", created_of=created_of(ChargeRow, call.scope))
    filters: list[Condition] = [
        ("created", sign, at) for sign, at in created_filters(params.created)
    ]
    if params.customer is not None:
        filters.append(of_customer(params.customer, call.scope))
    if params.payment_intent is not None:
        filters.append(("payment_intent_id", "=", params.payment_intent))
    if params.transfer_group is not None:
        filters.append(("transfer_group", "=", params.transfer_group))
    return list_object(
        list_page(ChargeRow, call.scope, filters, page), charge_wire, url="/v1/charges"
    )
