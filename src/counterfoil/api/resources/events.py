"""/v1/events (reference api.md §7): what happened, as it was rendered when it happened.

Events are kept for ever, which covers the thirty days that the field promises.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final

from msgspec import Meta

from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.lists import DatedListParams, created_filters, page_request
from counterfoil.events.rows import COLUMNS, EventRow
from counterfoil.events.wire import EventWire, event_wire
from counterfoil.kit.db import fetch_all, fetch_one, placeholders
from counterfoil.kit.pages import Page, PageRequest, cut, keyset
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.kit.wire import ListObject
from counterfoil.webhooks.queries import DELIVERED, NOT_DELIVERED, pending_webhooks


class ListEvents(DatedListParams, kw_only=True):
    delivery_success: bool | None = None
    type: str | None = None
    types: Annotated[list[str], Meta(max_length=20)] | None = None


@endpoint("GET", "events/<id>")
def retrieve(call: Call, ident: str) -> EventWire:
    row = _find(call.scope, ident)
    if row is None:
        raise ResourceMissing("event", ident, param="id")
    return _shown([row])[0]


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
    found = _page(call.scope, params, page)
    return ListObject(data=_shown(found.rows), has_more=found.has_more, url="/v1/events")


_EVENTS: Final = f"""
SELECT {COLUMNS}
FROM events_event
WHERE account_id = %s AND livemode = %s AND platform_id = %s
"""  # noqa: S608 - names of ours


def _owned(scope: Scope) -> list[object]:
    return [scope.account_id, scope.livemode, scope.platform_id]


def _find(scope: Scope, ident: str) -> EventRow | None:
    row = fetch_one(f"{_EVENTS} AND id = %s", [*_owned(scope), ident])
    return None if row is None else EventRow(*row)


def _page(scope: Scope, params: ListEvents, page: PageRequest) -> Page[EventRow]:
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
    if params.delivery_success is not None:
        sql += DELIVERED if params.delivery_success else NOT_DELIVERED
    beside, cursor, tail = keyset(page)
    rows = fetch_all(f"{sql}{beside} {tail}", [*values, *cursor])
    return cut([EventRow(*row) for row in rows], page)


def _type_condition(pattern: str) -> tuple[str, list[Any]]:
    """`charge.*` means every type below `charge.`; elsewhere a star is no wildcard."""
    if pattern == "*":
        return "", []
    if not pattern.endswith(".*"):
        return " AND type = %s", [pattern]
    beginning = pattern[:-1]
    return " AND substr(type, 1, %s) = %s", [len(beginning), beginning]


def _shown(rows: Sequence[EventRow]) -> list[EventWire]:
    pending = pending_webhooks([row.id for row in rows])
    return [event_wire(row, pending_webhooks=pending.get(row.id, 0)) for row in rows]
