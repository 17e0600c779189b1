"""/v1/events (reference api.md §7): what happened, as it was rendered when it happened.

Events are kept for ever, which covers the thirty days that the field promises. Whether their
webhooks were delivered (`delivery_success`) is not known here, so that filter is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, Meta, UnsetType

from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.lists import DatedListParams, created_filters, list_object, page_request
from counterfoil.api.versions import API_VERSION
from counterfoil.kit.db import fetch_all, fetch_one, placeholders
from counterfoil.kit.pages import Page, PageRequest, cut, keyset
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.kit.wire import ListObject


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


class ListEvents(DatedListParams, kw_only=True):
    type: str | None = None
    types: Annotated[list[str], Meta(max_length=20)] | None = None


@endpoint("GET", "events/<id>")
def retrieve(call: Call, ident: str) -> EventWire:
    row = _find(call.scope, ident)
    if row is None:
        raise ResourceMissing("event", ident, param="id")
    return _wire(row)


@endpoint("GET", "events", params=ListEvents)
def listed(call: Call, params: ListEvents) -> ListObject[EventWire]:
    if params.type is not None and params.types is not None:
        raise InvalidRequest(
            "Send either type or types, not both.", param="types", code="parameters_exclusive"
        )

    def created_of(ident: str) -> int | None:
        row = _find(call.scope, ident)
        return None if row is None else row.created

    page = page_request(params, noun="event", created_of=created_of)
    return list_object(_page(call.scope, params, page), _wire, url="/v1/events")


@dataclass(frozen=True, slots=True)
class _Row:
    id: str
    platform_id: str
    account_id: str
    created: int
    livemode: bool
    type: str
    object: str
    previous_attributes: str | None
    request_id: str | None
    idempotency_key: str | None


_EVENTS: Final = """
SELECT id, platform_id, account_id, created, livemode, type, object, previous_attributes,
       request_id, idempotency_key
FROM events_event
WHERE account_id = %s AND livemode = %s AND platform_id = %s
"""


def _owned(scope: Scope) -> list[object]:
    return [scope.account_id, scope.livemode, scope.platform_id]


def _find(scope: Scope, ident: str) -> _Row | None:
    row = fetch_one(f"{_EVENTS} AND id = %s", [*_owned(scope), ident])
    return None if row is None else _Row(*row)


def _page(scope: Scope, params: ListEvents, page: PageRequest) -> Page[_Row]:
    """One page, from the index on (account_id, livemode, created, id)."""
    sql, values = _EVENTS, _owned(scope)
    for sign, moment in created_filters(params.created):
        sql += f" AND created {sign} %s"
        values.append(moment)
    if params.types is not None:
        sql += f" AND type IN ({placeholders(params.types)})"
        values += params.types
    elif params.type is not None:
        condition, value = _type_condition(params.type)
        sql += condition
        values += value
    beside, cursor, tail = keyset(page)
    rows = fetch_all(f"{sql}{beside} {tail}", [*values, *cursor])
    return cut([_Row(*row) for row in rows], page)


def _type_condition(pattern: str) -> tuple[str, list[Any]]:
    """`charge.*` means every type below `charge.`; elsewhere a star is no wildcard."""
    if pattern == "*":
        return "", []
    if not pattern.endswith(".*"):
        return " AND type = %s", [pattern]
    beginning = pattern[:-1]
    return " AND substr(type, 1, %s) = %s", [len(beginning), beginning]


def _wire(row: _Row) -> EventWire:
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
    )
