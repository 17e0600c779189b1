"""Sending again what went before, or what an endpoint missed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from counterfoil.kit.db import execute, fetch_one, unit_of_work
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.webhooks import policy
from counterfoil.webhooks.event_types import ALL
from counterfoil.webhooks.operations.endpoints import locked
from counterfoil.webhooks.queries import delivery_of_event
from counterfoil.webhooks.rows import DeliveryRow, EndpointRow

MOST_AT_ONCE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Span:
    """Events from `since` on and before `until`, by the platform's clock, UTC seconds."""

    since: int
    until: int


def replay_event(*, scope: Scope, endpoint_id: str, event_id: str, now: int) -> DeliveryRow:
    """Send one event to an endpoint now, whatever became of it before; its delivery.

    The event need not be of a type that the endpoint asks for, yet it must be one of those it may
    hear: the platform's own, or a connected account's. `now` is the platform's clock. Raises
    ResourceMissing, and InvalidRequest for a disabled endpoint or an event of long ago.
    """
    with unit_of_work():
        endpoint = _enabled(scope, endpoint_id)
        event = fetch_one(
            "SELECT created, account_id <> platform_id FROM events_event"
            " WHERE id = %s AND platform_id = %s AND livemode = %s",
            [event_id, scope.platform_id, scope.livemode],
        )
        if event is None or bool(event[1]) != endpoint.connect:
            raise ResourceMissing("event", event_id, param="event")
        _check_age(event[0], now, "event")
        sql = f"{_AGAIN} AND e.id = %s {_ONCE_MORE}"
        execute(sql, [endpoint.id[-12:], endpoint.id, *_whose(endpoint), event_id])
        row = delivery_of_event(endpoint.id, event_id)
    assert row is not None, "it was written a moment ago"
    return row


def replay_span(
    *, scope: Scope, endpoint_id: str, span: Span, delivered_too: bool, now: int
) -> int:
    """Send an endpoint all that it asks for of a span; how many events that are.

    What is on its way already goes its way. Unless `delivered_too`, what was delivered stays so:
    this is how an endpoint that was disabled, or new, catches up. `now` is the platform's clock.
    Raises ResourceMissing, and InvalidRequest for a disabled endpoint, a span of long ago, and
    for more than ten thousand events.
    """
    if span.since >= span.until:
        raise InvalidRequest("The span ends before it begins.", param="created")
    _check_age(span.since, now, "created")
    with unit_of_work():
        endpoint = _enabled(scope, endpoint_id)
        wanted = "" if ALL in endpoint.events else f" AND e.type IN ({_marks(endpoint.events)})"
        types = [] if ALL in endpoint.events else endpoint.events
        status = ("failed", "canceled", "succeeded") if delivered_too else ("failed", "canceled")
        again = f"webhooks_delivery.status IN ({_marks(status)})"
        sql = f"{_AGAIN} AND e.created >= %s AND e.created < %s{wanted} {_ONCE_MORE} WHERE {again}"
        written = execute(
            sql,
            [
                endpoint.id[-12:],
                endpoint.id,
                *_whose(endpoint),
                span.since,
                span.until,
                *types,
                *status,
            ],
        )
        if written > MOST_AT_ONCE:
            raise InvalidRequest(
                f"These are {written} events, and {MOST_AT_ONCE} at most go again at once. Choose a"
                " shorter span.",
                param="created",
            )
    return written


_AGAIN: Final = """
INSERT INTO webhooks_delivery
  (id, endpoint_id, event_id, platform_id, livemode, account_id, type, created, status, due_at,
   claims, tries)
SELECT 'whd_' || substr(e.id, 5) || %s, %s, e.id, e.platform_id, e.livemode, e.account_id, e.type,
       e.created, 'pending', 0, 0, 0
FROM events_event e
WHERE e.account_id IN (SELECT id FROM accounts_account WHERE platform_id = %s AND %s
                       UNION ALL SELECT id FROM platforms_platform WHERE id = %s AND NOT %s)
  AND e.livemode = %s AND e.platform_id = %s
"""
_ONCE_MORE: Final = """
ON CONFLICT (event_id, endpoint_id) DO UPDATE
SET status = 'pending', due_at = 0, tries = 0, code = NULL, error = NULL, finished_at = NULL
"""


def _whose(endpoint: EndpointRow) -> list[object]:
    """Accounts are found first: their events lie in an index, account by account."""
    platform, connect = endpoint.platform_id, endpoint.connect
    return [platform, connect, platform, connect, endpoint.livemode, platform]


def _marks(values: tuple[str, ...] | list[str]) -> str:
    return ", ".join(["%s"] * len(values))


def _enabled(scope: Scope, endpoint_id: str) -> EndpointRow:
    endpoint = locked(scope, endpoint_id)
    if not endpoint.is_enabled:
        raise InvalidRequest(
            "This endpoint is disabled. Enable it first: send disabled=false.",
            param="webhook_endpoint",
        )
    return endpoint


def _check_age(created: int, now: int, param: str) -> None:
    if created < now - policy.KEPT:
        raise InvalidRequest(f"Events go again for {policy.KEPT // policy.DAY} days.", param=param)
