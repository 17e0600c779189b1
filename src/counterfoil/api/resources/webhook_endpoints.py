"""/v1/webhook_endpoints: where a platform hears of events (reference api.md §7).

They belong to the platform. Acting on a connected account, none are found.
"""

from __future__ import annotations

import msgspec

from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.lists import ListParams, list_object, page_request
from counterfoil.kit.refused import ResourceMissing
from counterfoil.kit.wire import ListObject, empty_list
from counterfoil.webhooks.operations import endpoints
from counterfoil.webhooks.params import CreateEndpoint, UpdateEndpoint
from counterfoil.webhooks.policy import OVERLAP
from counterfoil.webhooks.queries import find_endpoint, list_endpoints
from counterfoil.webhooks.rows import EndpointRow
from counterfoil.webhooks.wire import (
    DeletedEndpointWire,
    EndpointWire,
    SecretWire,
    endpoint_wire,
)

_URL = "/v1/webhook_endpoints"


class RotateSecret(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """For how many seconds the old secret goes on signing beside the new one."""

    expires_in: int | None = None


@endpoint("POST", "webhook_endpoints", params=CreateEndpoint)
def create(call: Call, params: CreateEndpoint) -> EndpointWire:
    row, secret = endpoints.create_endpoint(scope=call.scope, params=params, now=call.now)
    return endpoint_wire(row, secret=secret)


@endpoint("GET", "webhook_endpoints/<webhook_endpoint>")
def retrieve(call: Call, ident: str) -> EndpointWire:
    return endpoint_wire(endpoint_of(call, ident))


@endpoint("POST", "webhook_endpoints/<webhook_endpoint>", params=UpdateEndpoint)
def update(call: Call, ident: str, params: UpdateEndpoint) -> EndpointWire:
    row = endpoints.update_endpoint(scope=call.scope, endpoint_id=ident, params=params)
    return endpoint_wire(row)


@endpoint("DELETE", "webhook_endpoints/<webhook_endpoint>")
def delete(call: Call, ident: str) -> DeletedEndpointWire:
    endpoints.delete_endpoint(scope=call.scope, endpoint_id=ident)
    return DeletedEndpointWire(ident)


@endpoint("GET", "webhook_endpoints", params=ListParams)
def listed(call: Call, params: ListParams) -> ListObject[EndpointWire]:
    if not call.scope.is_platform:
        return empty_list(_URL)

    def created_of(ident: str) -> int | None:
        row = _find(call, ident)
        return None if row is None else row.created

    page = page_request(params, noun="webhook endpoint", created_of=created_of)
    found = list_endpoints(
        platform_id=call.scope.platform_id, livemode=call.scope.livemode, page=page
    )
    return list_object(found, endpoint_wire, url=_URL)


@endpoint("POST", "counterfoil/webhook_endpoints/<webhook_endpoint>/secret", params=RotateSecret)
def rotate(call: Call, ident: str, params: RotateSecret) -> SecretWire:
    """A new signing secret; until the old one ends, every delivery is signed with both."""
    row, secret = endpoints.rotate_secret(
        scope=call.scope,
        endpoint_id=ident,
        overlap=OVERLAP if params.expires_in is None else params.expires_in,
        now_wall=call.now_wall,
    )
    assert row.old_secret_ends_at is not None
    return SecretWire(
        webhook_endpoint=row.id,
        livemode=row.livemode,
        secret=secret,
        old_secret_expires_at=row.old_secret_ends_at,
    )


def endpoint_of(call: Call, ident: str) -> EndpointRow:
    """The caller's endpoint. Raises ResourceMissing (404)."""
    row = _find(call, ident)
    if row is None:
        raise ResourceMissing("webhook endpoint", ident, param="webhook_endpoint")
    return row


def _find(call: Call, ident: str) -> EndpointRow | None:
    if not call.scope.is_platform:
        return None
    return find_endpoint(ident, platform_id=call.scope.platform_id, livemode=call.scope.livemode)
