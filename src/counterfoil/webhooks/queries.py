"""Reads of endpoints, of what was delivered to them and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from counterfoil.events.rows import events_by_id
from counterfoil.events.wire import event_wire
from counterfoil.kit.db import fetch_all, placeholders
from counterfoil.kit.pages import Page, PageRequest, cut, keyset
from counterfoil.webhooks.rows import (
    AnyRow,
    AttemptRow,
    DeliveryRow,
    EndpointRow,
    names_of,
    read,
)

Status = Literal["canceled", "failed", "pending", "succeeded"]

# Conditions of a query over `events_event`, for `delivery_success` of `/v1/events`.
_UNDELIVERED: Final = (
    "EXISTS (SELECT 1 FROM webhooks_delivery d WHERE d.event_id = events_event.id"
    " AND d.status IN ('pending', 'failed'))"
)
DELIVERED: Final = f" AND NOT {_UNDELIVERED}"
NOT_DELIVERED: Final = f" AND {_UNDELIVERED}"


def _columns(kind: type[AnyRow], prefix: str = "") -> str:
    return ", ".join(f"{prefix}{name}" for name in names_of(kind))


# Listeners of `counterfoil listen` are nobody's setting: they show nowhere.
_SHOWN: Final = "status <> 'deleted' AND listener_seen_at IS NULL"


def find_endpoint(
    ident: str, *, platform_id: str, livemode: bool, suffix: str = ""
) -> EndpointRow | None:
    """A platform's endpoint, or None. `suffix` may lock it (`kit.db.lock_row_suffix`)."""
    rows = fetch_all(
        f"SELECT {_columns(EndpointRow)} FROM webhooks_endpoint"
        f" WHERE id = %s AND platform_id = %s AND livemode = %s AND {_SHOWN}{suffix}",
        [ident, platform_id, livemode],
    )
    return read(EndpointRow, rows[0]) if rows else None


def list_endpoints(
    *, platform_id: str, livemode: bool, page: PageRequest | None = None
) -> Page[EndpointRow]:
    """A platform's endpoints in one mode, newest first; without a page all of them."""
    asked = page or PageRequest(limit=100)
    beyond, more, tail = keyset(asked)
    rows = fetch_all(
        f"SELECT {_columns(EndpointRow)} FROM webhooks_endpoint"
        f" WHERE platform_id = %s AND livemode = %s AND {_SHOWN}{beyond} {tail}",
        [platform_id, livemode, *more],
    )
    return cut([read(EndpointRow, values) for values in rows], asked)


def deliveries(
    endpoint_id: str, *, page: PageRequest, status: Status | None = None, event: str | None = None
) -> Page[DeliveryRow]:
    """What went or goes to an endpoint, newest event first."""
    beyond, more, tail = keyset(page)
    condition, values = "", [endpoint_id]
    if status is not None:
        condition, values = " AND status = %s", [endpoint_id, status]
        if status == "failed":
            condition = " AND status = 'failed'"  # spelled out, it is what its index is for
            values = [endpoint_id]
    if event is not None:
        condition += " AND event_id = %s"
        values.append(event)
    rows = fetch_all(
        f"SELECT {_columns(DeliveryRow)} FROM webhooks_delivery"
        f" WHERE endpoint_id = %s{condition}{beyond} {tail}",
        [*values, *more],
    )
    return cut([read(DeliveryRow, row) for row in rows], page)


def find_delivery(ident: str, *, platform_id: str, livemode: bool) -> DeliveryRow | None:
    rows = fetch_all(
        f"SELECT {_columns(DeliveryRow)} FROM webhooks_delivery"
        " WHERE id = %s AND platform_id = %s AND livemode = %s",
        [ident, platform_id, livemode],
    )
    return read(DeliveryRow, rows[0]) if rows else None


def delivery_of_event(endpoint_id: str, event_id: str) -> DeliveryRow | None:
    rows = fetch_all(
        f"SELECT {_columns(DeliveryRow)} FROM webhooks_delivery"
        " WHERE endpoint_id = %s AND event_id = %s",
        [endpoint_id, event_id],
    )
    return read(DeliveryRow, rows[0]) if rows else None


def attempts(delivery_id: str) -> list[AttemptRow]:
    """Every try of a delivery, the first one first."""
    rows = fetch_all(
        f"SELECT {_columns(AttemptRow)} FROM webhooks_attempt"
        " WHERE delivery_id = %s ORDER BY number, id",
        [delivery_id],
    )
    return [read(AttemptRow, values) for values in rows]


def sent_bodies(event_ids: Sequence[str]) -> Mapping[str, bytes]:
    """What goes over the wire: the same bytes at each try and to each endpoint."""
    unique = sorted(set(event_ids))
    if not unique:
        return {}
    counted = fetch_all(
        "SELECT event_id, COUNT(*) FROM webhooks_delivery"
        f" WHERE event_id IN ({placeholders(unique)}) GROUP BY event_id",
        unique,
    )
    receivers = dict(counted)
    return {
        ident: msgspec.json.encode(event_wire(row, pending_webhooks=receivers.get(ident, 1)))
        for ident, row in events_by_id(unique).items()
    }


def pending_webhooks(event_ids: Sequence[str]) -> dict[str, int]:
    """To how many endpoints each event is still on its way; events on no way are left out."""
    if not event_ids:
        return {}
    rows = fetch_all(
        "SELECT event_id, COUNT(*) FROM webhooks_delivery"
        f" WHERE event_id IN ({placeholders(event_ids)}) AND status = 'pending' GROUP BY event_id",
        list(event_ids),
    )
    return dict(rows)


@dataclass(frozen=True, slots=True)
class Health:
    """How an endpoint does, for whoever looks at it."""

    pending: int
    failed: int  # given up, as far as the log goes back


def health(endpoint_id: str) -> Health:
    """Counts along the index of what is unfinished and of what failed."""
    ((pending,),) = fetch_all(
        "SELECT COUNT(*) FROM webhooks_delivery WHERE endpoint_id = %s AND due_at IS NOT NULL",
        [endpoint_id],
    )
    ((failed,),) = fetch_all(
        "SELECT COUNT(*) FROM webhooks_delivery WHERE endpoint_id = %s AND status = 'failed'",
        [endpoint_id],
    )
    return Health(pending, failed)
