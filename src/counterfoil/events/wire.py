"""An event as the API lists it and as a webhook carries it (reference api.md §7)."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from counterfoil.events.rows import EventRow
from counterfoil.kit.versions import API_VERSION


class EventData(msgspec.Struct):
    object: msgspec.Raw
    previous_attributes: msgspec.Raw | UnsetType = UNSET


class EventRequest(msgspec.Struct):
    id: str | None
    idempotency_key: str | None


class EventWire(msgspec.Struct):
    id: str
    created: int
    data: EventData
    livemode: bool
    request: EventRequest
    type: str
    account: str | UnsetType = UNSET  # only for events of connected accounts
    api_version: str = API_VERSION
    object: str = "event"
    pending_webhooks: int = 0


def event_wire(row: EventRow, *, pending_webhooks: int) -> EventWire:
    """The event, its object as it was rendered when it happened."""
    previous: msgspec.Raw | UnsetType = UNSET
    if row.previous_attributes is not None:
        previous = msgspec.Raw(row.previous_attributes.encode())
    return EventWire(
        id=row.id,
        account=UNSET if row.account_id == row.platform_id else row.account_id,
        created=row.created,
        data=EventData(msgspec.Raw(row.object.encode()), previous),
        livemode=bool(row.livemode),
        request=EventRequest(row.request_id, row.idempotency_key),
        type=row.type,
        pending_webhooks=pending_webhooks,
    )
