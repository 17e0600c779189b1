"""Events become deliveries in the transaction that records them.

One statement for all events and all endpoints: what no enabled endpoint wants writes nothing.
A delivery is due from the beginning of time, so whoever claims first sends it at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
from django.db import connection

from counterfoil.events.operations import Recorded
from counterfoil.kit.db import queue_statement

_INTO: Final = """
INSERT INTO webhooks_delivery
  (id, endpoint_id, event_id, platform_id, livemode, account_id, type, created, status, due_at,
   claims, tries)
"""
_WANTED: Final = """
JOIN webhooks_subscription s
  ON s.platform_id = e.platform_id AND s.livemode = e.livemode
  AND s.connect = (e.account_id <> e.platform_id) AND s.type IN ('*', e.type)
"""
# The id of a delivery is the event's with the end of the endpoint's: it sorts as events do.
_ON_POSTGRESQL: Final = f"""
{_INTO}
SELECT 'whd_' || substr(e.id, 5) || right(s.endpoint_id, 12), s.endpoint_id, e.id, e.platform_id,
       e.livemode, e.account_id, e.type, e.created, 'pending', 0, 0, 0
FROM json_to_recordset(%s::json) AS e(id text, platform_id text, livemode boolean,
     account_id text, type text, created bigint)
{_WANTED}
"""  # noqa: S608 - only words of ours are put in
_ON_SQLITE: Final = f"""
{_INTO}
SELECT 'whd_' || substr(e.id, 5) || substr(s.endpoint_id, -12), s.endpoint_id, e.id,
       e.platform_id, e.livemode, e.account_id, e.type, e.created, 'pending', 0, 0, 0
FROM (SELECT json_extract(value, '$.id') AS id, json_extract(value, '$.platform_id') AS platform_id,
             json_extract(value, '$.livemode') AS livemode,
             json_extract(value, '$.account_id') AS account_id,
             json_extract(value, '$.type') AS type, json_extract(value, '$.created') AS created
      FROM json_each(%s)) e
{_WANTED}
"""  # noqa: S608 - only words of ours are put in


def schedule_deliveries(events: Sequence[Recorded]) -> None:
    """Write a delivery of each event for each enabled endpoint that wants it."""
    described = [
        {
            "id": event.id,
            "platform_id": event.scope.platform_id,
            "livemode": event.scope.livemode,
            "account_id": event.scope.account_id,
            "type": event.type,
            "created": event.at,
        }
        for event in events
    ]
    sql = _ON_POSTGRESQL if connection.vendor == "postgresql" else _ON_SQLITE
    queue_statement("webhooks_delivery", sql, msgspec.json.encode(described).decode())
