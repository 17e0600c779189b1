"""What went to an endpoint and how it was answered, and sending it again. Ours."""

from __future__ import annotations

import msgspec

from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.lists import CreatedRange, ListParams, list_object, page_request
from counterfoil.api.resources.webhook_endpoints import endpoint_of
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.kit.wire import ListObject
from counterfoil.webhooks import queries
from counterfoil.webhooks.operations.replaying import Span, replay_event, replay_span
from counterfoil.webhooks.policy import KEPT
from counterfoil.webhooks.queries import Status
from counterfoil.webhooks.wire import (
    DeliveryWire,
    ReplayWire,
    attempt_wire,
    delivery_wire,
)


class ListDeliveries(ListParams, kw_only=True):
    event: str | None = None
    status: Status | None = None


class Replay(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One `event`, or those `created` in a span; with `delivered_too` also what had arrived."""

    event: str | None = None
    created: CreatedRange | None = None
    delivered_too: bool | None = None


@endpoint(
    "GET",
    "counterfoil/webhook_endpoints/<webhook_endpoint>/deliveries",
    params=ListDeliveries,
)
def listed(call: Call, ident: str, params: ListDeliveries) -> ListObject[DeliveryWire]:
    """Newest event first."""
    row = endpoint_of(call, ident)

    def created_of(delivery_id: str) -> int | None:
        found = queries.find_delivery(
            delivery_id, platform_id=call.scope.platform_id, livemode=call.scope.livemode
        )
        return found.created if found is not None and found.endpoint_id == row.id else None

    page = page_request(params, noun="webhook delivery", created_of=created_of)
    found = queries.deliveries(row.id, page=page, status=params.status, event=params.event)
    return list_object(found, delivery_wire, url=call.path)


@endpoint("GET", "counterfoil/webhook_deliveries/<delivery>")
def retrieve(call: Call, ident: str) -> DeliveryWire:
    """With every try: what was sent, what came back."""
    row = None
    if call.scope.is_platform:
        row = queries.find_delivery(
            ident, platform_id=call.scope.platform_id, livemode=call.scope.livemode
        )
    if row is None:
        raise ResourceMissing("webhook delivery", ident, param="delivery")
    wire = delivery_wire(row)
    wire.attempts = [attempt_wire(one) for one in queries.attempts(row.id)]
    wire.request_body = queries.sent_bodies([row.event_id])[row.event_id].decode()
    return wire


@endpoint("POST", "counterfoil/webhook_endpoints/<webhook_endpoint>/replays", params=Replay)
def replay(call: Call, ident: str, params: Replay) -> ReplayWire:
    """Send again; answers when it is noted down, and the worker sends."""
    if (params.event is None) == (params.created is None):
        raise InvalidRequest(
            "Send either event (one) or created[gte] and created[lt] (a span).",
            param="event",
            code="parameter_missing" if params.event is None else "parameters_exclusive",
        )
    if params.event is not None:
        replay_event(scope=call.scope, endpoint_id=ident, event_id=params.event, now=call.now)
        count = 1
    else:
        assert params.created is not None
        count = replay_span(
            scope=call.scope,
            endpoint_id=ident,
            span=_span(params.created, call.now),
            delivered_too=bool(params.delivered_too),
            now=call.now,
        )
    return ReplayWire(webhook_endpoint=ident, livemode=call.scope.livemode, count=count)


def _span(created: CreatedRange, now: int) -> Span:
    """Whole seconds: `gt` is `gte` of the next one."""
    since = [now - KEPT]
    since += [created.gte] if created.gte is not None else []
    since += [created.gt + 1] if created.gt is not None else []
    until = [now + 1]
    until += [created.lt] if created.lt is not None else []
    until += [created.lte + 1] if created.lte is not None else []
    return Span(since[0] if len(since) == 1 else max(since[1:]), min(until))
