"""/v1/refunds (reference api.md §4.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

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
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.kit.wire import ListObject
from counterfoil.payments.operations.refunds import (
    cancel_refund,
    create_refund,
    fail_refund,
    update_refund,
)
from counterfoil.payments.params import Params
from counterfoil.payments.refund_params import CreateRefund, UpdateRefund
from counterfoil.payments.rows import (
    ChargeRow,
    Condition,
    RefundRow,
    find_many,
    list_page,
    newest_below,
)
from counterfoil.payments.wire.money import NESTED
from counterfoil.payments.wire.refund import RefundWire, refund_wire
from counterfoil.platforms.queries import Caller

load_refunds = loader("refund", RefundWire)(load(RefundRow, refund_wire))


@loader("charge_refunds", ListObject[RefundWire], by_owner=True)
def load_refunds_of(ids: Sequence[str], caller: Caller) -> Mapping[str, ListObject[RefundWire]]:
    """The newest refunds of each charge; out of reach are those of other platforms."""
    charges = find_many(ChargeRow, ids, platform_id=caller.platform_id, livemode=caller.livemode)
    below = newest_below(RefundRow, "charge_id", list(charges), limit=NESTED + 1)
    return {
        charge: list_object(
            Page(rows[:NESTED], len(rows) > NESTED),
            refund_wire,
            url=f"/v1/charges/{charge}/refunds",
        )
        for charge in charges
        for rows in [below.get(charge, [])]
    }


class ListRefunds(DatedListParams, kw_only=True):
    charge: str | None = None
    payment_intent: str | None = None


class FailRefund(Params):
    reason: Literal[
        "lost_or_stolen_card",
        "expired_or_canceled_card",
        "charge_for_pending_refund_disputed",
        "insufficient_funds",
        "declined",
        "merchant_request",
        "unknown",
    ] = "unknown"


@endpoint("POST", "refunds", params=CreateRefund)
def create(call: Call, params: CreateRefund) -> RefundWire:
    return refund_wire(create_refund(scope=call.scope, params=params, now=call.now))


@endpoint("GET", "refunds/<id>")
def retrieve(call: Call, ident: str) -> RefundWire:
    return refund_wire(fetched(RefundRow, ident, call.scope, "refund"))


@endpoint("POST", "refunds/<id>", params=UpdateRefund)
def update(call: Call, ident: str, params: UpdateRefund) -> RefundWire:
    return refund_wire(
        update_refund(scope=call.scope, refund_id=ident, params=params, now=call.now)
    )


@endpoint("POST", "refunds/<id>/cancel")
def cancel(call: Call, ident: str) -> RefundWire:
    row = fetched(RefundRow, ident, call.scope, "refund")
    if row.status != "requires_action" and row.pending_reason != "insufficient_funds":
        raise InvalidRequest(
            f"Refund {ident} has a status of {row.status}: only a refund that requires action or"
            " waits for funds can be canceled.",
            code="status_transition_invalid",
        )
    return refund_wire(cancel_refund(refund_id=ident, scope=call.scope, now=call.now))


@endpoint("POST", "test_helpers/refunds/<id>/fail", params=FailRefund)
def fail(call: Call, ident: str, params: FailRefund) -> RefundWire:
    """The network could not deliver it: what a test wants to happen."""
    if call.scope.livemode:
        raise InvalidRequest("Test helpers work with test keys only.")
    return refund_wire(
        fail_refund(refund_id=ident, scope=call.scope, reason=params.reason, now=call.now)
    )


@endpoint("GET", "refunds", params=ListRefunds)
def listed(call: Call, params: ListRefunds) -> ListObject[RefundWire]:
    page = page_request(params, noun="refund", created_of=created_of(RefundRow, call.scope))
    filters: list[Condition] = [
        ("created", sign, at) for sign, at in created_filters(params.created)
    ]
    if params.charge is not None:
        filters.append(("charge_id", "=", params.charge))
    if params.payment_intent is not None:
        filters.append(("payment_intent_id", "=", params.payment_intent))
    return list_object(
        list_page(RefundRow, call.scope, filters, page), refund_wire, url="/v1/refunds"
    )


@endpoint("GET", "charges/<id>/refunds", params=ListParams)
def of_charge(call: Call, charge_id: str, params: ListParams) -> ListObject[RefundWire]:
    """The older path, which `charge.refunds` still points to."""
    fetched(ChargeRow, charge_id, call.scope, "charge")
    page = page_request(params, noun="refund", created_of=created_of(RefundRow, call.scope))
    found = list_page(RefundRow, call.scope, [("charge_id", "=", charge_id)], page)
    return list_object(found, refund_wire, url=f"/v1/charges/{charge_id}/refunds")


@endpoint("GET", "charges/<id>/refunds/<id>")
def retrieve_of_charge(call: Call, charge_id: str, ident: str) -> RefundWire:
    row = fetched(RefundRow, ident, call.scope, "refund")
    if row.charge_id != charge_id:
        raise ResourceMissing("refund", ident, param="id")
    return refund_wire(row)
