"""/v1/application_fees and their refunds (reference api.md §5.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.expand import loader
from counterfoil.api.lists import (
    DatedListParams,
    ListParams,
    created_filters,
    list_object,
    page_request,
)
from counterfoil.api.resources.rows import created_of, fetched, load
from counterfoil.kit.pages import Page
from counterfoil.kit.refused import ResourceMissing
from counterfoil.kit.wire import ListObject
from counterfoil.payments.operations.reversals import create_fee_refund, update_fee_refund
from counterfoil.payments.refund_params import CreateFeeRefund, UpdateFeeRefund
from counterfoil.payments.rows import (
    ApplicationFeeRow,
    Condition,
    FeeRefundRow,
    find_many,
    list_page,
    newest_below,
)
from counterfoil.payments.wire import ApplicationFeeWire, application_fee_wire
from counterfoil.payments.wire.money import NESTED
from counterfoil.payments.wire.refund import FeeRefundWire, fee_refund_wire
from counterfoil.platforms.queries import Caller

load_fee_refunds = loader("fee_refund", FeeRefundWire)(load(FeeRefundRow, fee_refund_wire))


def wires(rows: Sequence[ApplicationFeeRow]) -> list[ApplicationFeeWire]:
    """Fees with the newest of their refunds, read in one query and only if there are any."""
    refunded = [row.id for row in rows if row.amount_refunded]
    below = newest_below(FeeRefundRow, "fee_id", refunded, limit=NESTED + 1)
    return [application_fee_wire(row, below.get(row.id, [])) for row in rows]


@loader("application_fee", ApplicationFeeWire)
def load_fees(ids: Sequence[str], caller: Caller) -> Mapping[str, ApplicationFeeWire]:
    found = find_many(
        ApplicationFeeRow, ids, platform_id=caller.platform_id, livemode=caller.livemode
    )
    return {wire.id: wire for wire in wires(list(found.values()))}


class ListFees(DatedListParams, kw_only=True):
    charge: str | None = None


@endpoint("GET", "application_fees/<id>")
def retrieve(call: Call, ident: str) -> ApplicationFeeWire:
    return wires([fetched(ApplicationFeeRow, ident, call.scope, "application_fee")])[0]


@endpoint("GET", "application_fees", params=ListFees)
def listed(call: Call, params: ListFees) -> ListObject[ApplicationFeeWire]:
    page = page_request(
        params, noun="application_fee", created_of=created_of(ApplicationFeeRow, call.scope)
    )
    filters: list[Condition] = [
        ("created", sign, at) for sign, at in created_filters(params.created)
    ]
    if params.charge is not None:
        filters.append(("charge_id", "=", params.charge))
    found = list_page(ApplicationFeeRow, call.scope, filters, page)
    shown = Page(wires(found.rows), found.has_more)
    return list_object(shown, lambda wire: wire, url="/v1/application_fees")


@endpoint("POST", "application_fees/<id>/refunds", params=CreateFeeRefund)
def refund(call: Call, ident: str, params: CreateFeeRefund) -> FeeRefundWire:
    return fee_refund_wire(
        create_fee_refund(scope=call.scope, fee_id=ident, params=params, now=call.now)
    )


@endpoint("POST", "application_fees/<id>/refund", params=CreateFeeRefund)
def refund_as_before(call: Call, ident: str, params: CreateFeeRefund) -> ApplicationFeeWire:
    """The older form: answers with the fee."""
    create_fee_refund(scope=call.scope, fee_id=ident, params=params, now=call.now)
    return retrieve(call, ident)


@endpoint("GET", "application_fees/<id>/refunds/<id>")
def retrieve_refund(call: Call, fee_id: str, ident: str) -> FeeRefundWire:
    row = fetched(FeeRefundRow, ident, call.scope, "fee refund")
    if row.fee_id != fee_id:
        raise ResourceMissing("fee refund", ident, param="id")
    return fee_refund_wire(row)


@endpoint("POST", "application_fees/<id>/refunds/<id>", params=UpdateFeeRefund)
def update_refund(call: Call, fee_id: str, ident: str, params: UpdateFeeRefund) -> FeeRefundWire:
    return fee_refund_wire(
        update_fee_refund(
            scope=call.scope, fee_id=fee_id, refund_id=ident, params=params, now=call.now
        )
    )


@endpoint("GET", "application_fees/<id>/refunds", params=ListParams)
def list_refunds(call: Call, ident: str, params: ListParams) -> ListObject[FeeRefundWire]:
    fetched(ApplicationFeeRow, ident, call.scope, "application_fee")
    page = page_request(params, noun="fee refund", created_of=created_of(FeeRefundRow, call.scope))
    found = list_page(FeeRefundRow, call.scope, [("fee_id", "=", ident)], page)
    return list_object(found, fee_refund_wire, url=f"/v1/application_fees/{ident}/refunds")
