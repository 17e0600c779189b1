"""Recording what happened, in the transaction in which it happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Recorded:
    """What whoever passes events on needs to know of one."""

    id: str
    scope: Scope
    type: str
    at: int  # platform clock, UTC seconds


Listener = Callable[[Sequence[Recorded]], None]
_listeners: Final[list[Listener]] = []


def listen_to_events(listener: Listener) -> None:
    """Have `listener` called in each transaction that records events, after they are written.

    For packages above this one, from their `AppConfig.ready`: what a listener writes is there
    if, and only if, the events are.
    """
    if listener not in _listeners:
        _listeners.append(listener)


def record_events(drafts: Iterable[EventDraft]) -> None:
    """Store events, each with its object rendered now and never again (reference api.md §7)."""
    given = [(new_id("evt", draft.at), draft) for draft in drafts]
    _store(given)
    recorded = [Recorded(ident, draft.scope, draft.type, draft.at) for ident, draft in given]
    if recorded:
        for listener in _listeners:
            listener(recorded)


def _store(given: Sequence[tuple[str, EventDraft]]) -> None:
    request = origin.get()
    encode = msgspec.json.encode
    queue_rows(
        "events_event",
        _COLUMNS,
        [
            (
                ident,
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
            for ident, draft in given
        ],
    )
