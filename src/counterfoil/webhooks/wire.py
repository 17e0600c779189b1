"""An endpoint as the API shows it, and what is ours: rotated secrets, deliveries, replays."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from counterfoil.webhooks.rows import EndpointRow


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
