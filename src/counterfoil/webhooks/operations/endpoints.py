"""Making, changing and removing endpoints, and rotating their secrets."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import msgspec
from django.conf import settings

from counterfoil.kit.crypt import seal
from counterfoil.kit.db import (
    change_row_suffix,
    execute,
    fetch_one,
    insert_rows,
    lock_row_suffix,
    unit_of_work,
)
from counterfoil.kit.ids import new_id, secret_token
from counterfoil.kit.metadata import merge_metadata
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.webhooks import policy
from counterfoil.webhooks.event_types import ALL
from counterfoil.webhooks.params import CreateEndpoint, UpdateEndpoint
from counterfoil.webhooks.queries import find_endpoint
from counterfoil.webhooks.rows import EndpointRow, names_of, values_of

_SECRET_LETTERS: Final = 32


def create_endpoint(*, scope: Scope, params: CreateEndpoint, now: int) -> tuple[EndpointRow, str]:
    """An endpoint and its signing secret, which is shown now and never again.

    `now` is the platform's clock. Raises InvalidRequest for an address that is not called, for
    an unknown type of event, and beyond sixteen endpoints in this mode.
    """
    _check_is_platform(scope)
    policy.check_url(params.url, livemode=scope.livemode, development=settings.DEVELOPMENT)
    policy.check_events(params.enabled_events)
    policy.check_version(params.api_version or None)
    policy.check_description(params.description)
    secret = new_secret()
    row = EndpointRow(
        id=new_id("we", now),
        platform_id=scope.platform_id,
        livemode=scope.livemode,
        created=now,
        url=params.url,
        connect=bool(params.connect),
        enabled_events=msgspec.json.encode(params.enabled_events).decode(),
        api_version=params.api_version or None,
        description=params.description or None,
        metadata=_json(merge_metadata({}, params.metadata)),
        secret=seal(secret),
    )
    with unit_of_work():
        _check_room(scope)
        store(row)
    return row, secret


def update_endpoint(*, scope: Scope, endpoint_id: str, params: UpdateEndpoint) -> EndpointRow:
    """Change what was sent and leave the rest. Raises as `create_endpoint`, and ResourceMissing.

    Disabling gives up what is on its way; what happens while an endpoint is disabled is not sent
    to it later by itself (`replay` does that).
    """
    with unit_of_work():
        old = locked(scope, endpoint_id)
        new = replace(old)
        if params.url is not None:
            policy.check_url(params.url, livemode=old.livemode, development=settings.DEVELOPMENT)
            new.url = params.url
        if params.enabled_events is not None:
            policy.check_events(params.enabled_events)
            new.enabled_events = msgspec.json.encode(params.enabled_events).decode()
        if params.description is not None:
            policy.check_description(params.description)
            new.description = params.description or None
        if params.metadata is not None:
            current = msgspec.json.decode(old.metadata, type=dict[str, str])
            new.metadata = _json(merge_metadata(current, params.metadata))
        if params.disabled is not None and params.disabled == old.is_enabled:
            new.status = "disabled" if params.disabled else "enabled"
            new.disabled_because = "asked" if params.disabled else None
            new.failing_since = None
        if new != old:
            write(new)
            subscribe(new)
        if not new.is_enabled:
            cancel_deliveries(new.id)
    return new


def delete_endpoint(*, scope: Scope, endpoint_id: str) -> None:
    """Remove an endpoint; nothing more goes to it. Raises ResourceMissing."""
    with unit_of_work():
        row = locked(scope, endpoint_id)
        row.status = "deleted"
        row.secret, row.old_secret = "", None
        write(row)
        subscribe(row)
        cancel_deliveries(row.id)


def rotate_secret(
    *, scope: Scope, endpoint_id: str, overlap: int, now_wall: int
) -> tuple[EndpointRow, str]:
    """A new secret; the old one goes on signing for `overlap` seconds, a day at most.

    A secret that was still ending ends now: there are never more than two.
    """
    if not 0 <= overlap <= policy.OVERLAP:
        raise InvalidRequest(
            f"The old secret can be kept for 0 to {policy.OVERLAP} seconds.", param="expires_in"
        )
    secret = new_secret()
    with unit_of_work():
        row = locked(scope, endpoint_id)
        row.old_secret = row.secret if overlap else None
        row.old_secret_ends_at = now_wall + overlap
        row.secret = seal(secret)
        write(row)
    return row, secret


# ---- What these share ----


def new_secret() -> str:
    return f"whsec_{secret_token(_SECRET_LETTERS)}"


def locked(scope: Scope, endpoint_id: str) -> EndpointRow:
    """The platform's endpoint, held until the transaction ends. Raises ResourceMissing."""
    row = None
    if scope.is_platform:
        row = find_endpoint(
            endpoint_id,
            platform_id=scope.platform_id,
            livemode=scope.livemode,
            suffix=lock_row_suffix(),
        )
    if row is None:
        raise ResourceMissing("webhook endpoint", endpoint_id, param="webhook_endpoint")
    return row


def store(row: EndpointRow) -> None:
    insert_rows("webhooks_endpoint", names_of(EndpointRow), [values_of(row)])
    subscribe(row)


def subscribe(row: EndpointRow) -> None:
    """Have it told of what it wants, from this transaction on; of nothing unless enabled."""
    execute("DELETE FROM webhooks_subscription WHERE endpoint_id = %s", [row.id])
    if row.is_enabled:
        wanted = {ALL} if ALL in row.events else set(row.events)
        columns = ("endpoint_id", "platform_id", "livemode", "connect", "type")
        insert_rows(
            "webhooks_subscription",
            columns,
            [(row.id, row.platform_id, row.livemode, row.connect, name) for name in sorted(wanted)],
        )


def cancel_deliveries(endpoint_id: str) -> None:
    execute(
        "UPDATE webhooks_delivery SET status = 'canceled', due_at = NULL"
        " WHERE endpoint_id = %s AND due_at IS NOT NULL",
        [endpoint_id],
    )


def write(row: EndpointRow) -> None:
    values = dict(zip(names_of(EndpointRow), values_of(row), strict=True))
    del values["id"]
    names = ", ".join(f"{name} = %s" for name in values)
    sql = f"UPDATE webhooks_endpoint SET {names} WHERE id = %s"  # noqa: S608 - names of ours
    execute(sql, [*values.values(), row.id])


def _check_is_platform(scope: Scope) -> None:
    if not scope.is_platform:
        raise InvalidRequest(
            "Endpoints belong to the platform: leave the Stripe-Account header out, and send"
            " connect=true to hear of connected accounts.",
            code="platform_account_required",
        )


def _check_room(scope: Scope) -> None:
    # The platform's row serializes two that are made at once.
    fetch_one(
        f"SELECT id FROM platforms_platform WHERE id = %s{change_row_suffix()}",  # noqa: S608 - ours
        [scope.platform_id],
    )
    row = fetch_one(
        "SELECT COUNT(*) FROM webhooks_endpoint WHERE platform_id = %s AND livemode = %s"
        " AND status <> 'deleted' AND listener_seen_at IS NULL",
        [scope.platform_id, scope.livemode],
    )
    if row is not None and row[0] >= policy.MOST_ENDPOINTS:
        raise InvalidRequest(
            f"There are {policy.MOST_ENDPOINTS} endpoints already, which is the most in one mode."
            " Delete one first.",
            code="resource_limit_exceeded",
        )


def _json(metadata: dict[str, str]) -> str:
    return msgspec.json.encode(metadata).decode()
