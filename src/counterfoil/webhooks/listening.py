"""`counterfoil listen`: endpoints that live as long as a command does, and that it serves itself.

They show nowhere and no worker sends to them. The command says again and again that it lives;
what a killed one leaves behind is swept away.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from counterfoil.kit.crypt import keyed_hash, seal
from counterfoil.kit.db import execute, fetch_all, placeholders, unit_of_work
from counterfoil.kit.ids import new_id
from counterfoil.webhooks import policy
from counterfoil.webhooks.operations.endpoints import store
from counterfoil.webhooks.rows import EndpointRow

FORGOTTEN_AFTER: Final = 3600  # seconds without a sign of life: a laptop may sleep a while


def listening_secret(platform_id: str, *, livemode: bool) -> str:
    """The signing secret of a platform's listeners: always the same, so that it can be kept
    in the configuration of what is being developed."""
    mode = "live" if livemode else "test"
    return f"whsec_{keyed_hash('listen', f'{platform_id} {mode}')}"


def begin_to_listen(
    *, platform_id: str, livemode: bool, url: str, events: Sequence[str], now: int, now_wall: int
) -> list[str]:
    """Listeners for the platform's own events and for those of its accounts; their ids.

    `now` is the platform's clock. Raises InvalidRequest for an address that is none or an unknown
    type of event.
    """
    policy.check_url(url, livemode=livemode, development=True)
    policy.check_events(events)
    secret = listening_secret(platform_id, livemode=livemode)
    rows = [
        EndpointRow(
            id=new_id("we", now),
            platform_id=platform_id,
            livemode=livemode,
            created=now,
            url=url,
            connect=connect,
            enabled_events=msgspec.json.encode(list(events)).decode(),
            secret=seal(secret),
            listener_seen_at=now_wall,
        )
        for connect in (False, True)
    ]
    with unit_of_work():
        for row in rows:
            store(row)
    return [row.id for row in rows]


def still_listening(ids: Sequence[str], *, now_wall: int) -> bool:
    """Say that the command lives; False when its listeners have been swept away meanwhile."""
    seen = execute(
        "UPDATE webhooks_endpoint SET listener_seen_at = %s"  # noqa: S608 - placeholders
        f" WHERE id IN ({placeholders(ids)})",
        [now_wall, *ids],
    )
    return seen == len(ids)


def stop_listening(ids: Sequence[str]) -> None:
    """Forget listeners and all that was for them."""
    chosen = placeholders(ids)
    with unit_of_work():
        execute(f"DELETE FROM webhooks_subscription WHERE endpoint_id IN ({chosen})", ids)  # noqa: S608 - placeholders
        execute(
            "DELETE FROM webhooks_attempt WHERE delivery_id IN"  # noqa: S608 - the same
            f" (SELECT id FROM webhooks_delivery WHERE endpoint_id IN ({chosen}))",
            ids,
        )
        execute(f"DELETE FROM webhooks_delivery WHERE endpoint_id IN ({chosen})", ids)  # noqa: S608 - the same
        execute(f"DELETE FROM webhooks_endpoint WHERE id IN ({chosen})", ids)  # noqa: S608 - the same


def forget_silent_listeners(now_wall: int) -> int:
    """Those of commands that were killed; how many."""
    silent = [
        ident
        for (ident,) in fetch_all(
            "SELECT id FROM webhooks_endpoint WHERE listener_seen_at < %s",
            [now_wall - FORGOTTEN_AFTER],
        )
    ]
    if silent:
        stop_listening(silent)
    return len(silent)
