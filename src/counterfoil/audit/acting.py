"""Who is acting: set by each edge around one request, read when something is recorded."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, Literal

ActorKind = Literal["seller", "platform", "operator", "visitor", "schedule"]


@dataclass(frozen=True, slots=True)
class Acting:
    """Who asks, and from where; kept shortened (`operations.py`).

    `id` is a session's hash, or the platform's id for its key, or what the operator is called;
    `at` is the wall clock, UTC seconds; `address` and `user_agent` as the edge saw them. A
    `visitor` has not shown who they are yet; the `schedule` is time itself.
    """

    kind: ActorKind
    id: str | None = None
    at: int | None = None
    address: str | None = None
    user_agent: str | None = None


THE_SCHEDULE: Final = Acting("schedule")
# It only labels what is recorded; nothing is permitted or refused by it.
acting: ContextVar[Acting] = ContextVar("acting", default=THE_SCHEDULE)
