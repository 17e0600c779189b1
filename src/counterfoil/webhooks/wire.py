"""An endpoint as the API shows it, and what is ours: rotated secrets, deliveries, replays."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from counterfoil.webhooks.rows import AttemptRow, DeliveryRow, EndpointRow


class EndpointWire(msgspec.Struct):
    id: str
    api_version: str | None
    created: int
    description: str | None
    enabled_events: list[str]
    livemode: bool
    metadata: dict[str, str]
    status: str
    url: str
    application: None = None
    object: Literal["webhook_endpoint"] = "webhook_endpoint"
    secret: str | UnsetType = UNSET  # only in the answer that creates it


class DeletedEndpointWire(msgspec.Struct):
    id: str
    deleted: bool = True
    object: Literal["webhook_endpoint"] = "webhook_endpoint"


class SecretWire(msgspec.Struct):
    """A new signing secret. Ours: Stripe rotates by hand in its dashboard."""

    webhook_endpoint: str
    livemode: bool
    secret: str
    old_secret_expires_at: int  # wall clock, UTC seconds: until then both sign
    object: Literal["counterfoil.webhook_secret"] = "counterfoil.webhook_secret"


class RequestWire(msgspec.Struct):
    """What was sent, beside the event itself."""

    url: str
    signature: str  # the header Stripe-Signature


class ResponseWire(msgspec.Struct):
    """What came back: a status and the beginning of the body, or why nothing did."""

    status: int | None
    body: str | None
    error: str | None
    detail: str | None


class AttemptWire(msgspec.Struct):
    at: int  # wall clock, UTC seconds
    milliseconds: int
    request: RequestWire
    response: ResponseWire


class DeliveryWire(msgspec.Struct):
    """One event on its way to one endpoint. Ours."""

    id: str
    account: str | None  # whose event it is; null for the platform's own
    created: int  # the event's, platform clock
    event: str
    event_type: str
    finished_at: int | None  # wall clock, as is the next one
    livemode: bool
    next_attempt_at: int | None
    response_error: str | None
    response_status: int | None
    status: str
    webhook_endpoint: str
    object: Literal["counterfoil.webhook_delivery"] = "counterfoil.webhook_delivery"
    attempts: list[AttemptWire] | UnsetType = UNSET  # with the next one, only of a single delivery
    request_body: str | UnsetType = UNSET


class ReplayWire(msgspec.Struct):
    """How many events go to an endpoint again. Ours."""

    webhook_endpoint: str
    livemode: bool
    count: int
    object: Literal["counterfoil.webhook_replay"] = "counterfoil.webhook_replay"


def delivery_wire(row: DeliveryRow) -> DeliveryWire:
    return DeliveryWire(
        id=row.id,
        account=None if row.account_id == row.platform_id else row.account_id,
        created=row.created,
        event=row.event_id,
        event_type=row.type,
        finished_at=row.finished_at,
        livemode=row.livemode,
        next_attempt_at=row.due_at or None,  # 0: as soon as a worker comes to it
        response_error=row.error,
        response_status=row.code,
        status=row.status,
        webhook_endpoint=row.endpoint_id,
    )


def attempt_wire(row: AttemptRow) -> AttemptWire:
    return AttemptWire(
        at=row.at,
        milliseconds=row.milliseconds,
        request=RequestWire(row.url, row.signature),
        response=ResponseWire(row.code, row.answer, row.error, row.detail),
    )


def endpoint_wire(row: EndpointRow, *, secret: str | UnsetType = UNSET) -> EndpointWire:
    return EndpointWire(
        id=row.id,
        api_version=row.api_version,
        created=row.created,
        description=row.description,
        enabled_events=row.events,
        livemode=row.livemode,
        metadata=msgspec.json.decode(row.metadata, type=dict[str, str]),
        status=row.status,
        url=row.url,
        secret=secret,
    )
