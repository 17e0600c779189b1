"""Recording what happened, in the transaction in which it happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec

from counterfoil.kit.db import queue_rows
from counterfoil.kit.ids import new_id
from counterfoil.kit.scope import Scope

_COLUMNS: Final = (
    "id",
    "platform_id",
    "livemode",
    "account_id",
    "created",
    "type",
    "object_id",
    "object",
    "previous_attributes",
    "request_id",
    "idempotency_key",
)


@dataclass(frozen=True, slots=True)
class EventDraft:
    """One state change. `object` is the wire object as the API shows it at this moment.

    `previous` holds the changed fields' former values, for `*.updated` events only.
    """

    type: str
    scope: Scope  # whose object it is
    object: msgspec.Struct
    object_id: str
    at: int  # platform clock, UTC seconds
    previous: Mapping[str, Any] | None = None


Actor = Literal["platform", "seller"]


@dataclass(frozen=True, slots=True)
class RequestOrigin:
    """The request that events of this moment come from; shown in `event.request`.

    `actor` is who sent it: a platform by its key, a seller by its pages; None for the clock.
    """

    request_id: str | None = None
    idempotency_key: str | None = None
    actor: Actor | None = None


# Set by each edge around one request. It only labels what is written, nothing decides by it.
_NOBODY: Final = RequestOrigin()
origin: ContextVar[RequestOrigin] = ContextVar("origin", default=_NOBODY)


def record_events(drafts: Iterable[EventDraft]) -> None:
    """Store events, each with its object rendered now and never again (reference api.md §7)."""
    request = origin.get()
    encode = msgspec.json.encode
    queue_rows(
        "events_event",
        _COLUMNS,
        [
            (
                new_id("evt", draft.at),
                draft.scope.platform_id,
                draft.scope.livemode,
                draft.scope.account_id,
                draft.at,
                draft.type,
                draft.object_id,
                encode(draft.object).decode(),
                None if draft.previous is None else encode(draft.previous).decode(),
                request.request_id,
                request.idempotency_key,
            )
            for draft in drafts
        ],
    )
