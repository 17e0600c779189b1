"""Endpoints, deliveries and tries as the tables hold them. Moments: see `models.py`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar, TypeVar

import msgspec


@dataclass(slots=True, kw_only=True)
class Row:
    TABLE: ClassVar[str]

    id: str


@dataclass(slots=True, kw_only=True)
class EndpointRow(Row):
    TABLE: ClassVar[str] = "webhooks_endpoint"

    platform_id: str
    livemode: bool
    created: int
    url: str
    connect: bool
    enabled_events: str  # JSON list
    secret: str  # sealed
    api_version: str | None = None
    description: str | None = None
    metadata: str = "{}"
    status: str = "enabled"
    disabled_because: str | None = None  # asked | failing
    old_secret: str | None = None  # sealed
    old_secret_ends_at: int | None = None
    failing_since: int | None = None
    listener_seen_at: int | None = None

    def __post_init__(self) -> None:
        self.livemode = bool(self.livemode)  # SQLite answers 0 and 1
        self.connect = bool(self.connect)

    @property
    def events(self) -> list[str]:
        return msgspec.json.decode(self.enabled_events, type=list[str])

    @property
    def is_enabled(self) -> bool:
        return self.status == "enabled"


@dataclass(slots=True, kw_only=True)
class DeliveryRow(Row):
    TABLE: ClassVar[str] = "webhooks_delivery"

    endpoint_id: str
    event_id: str
    platform_id: str
    livemode: bool
    account_id: str
    type: str
    created: int
    status: str  # pending | succeeded | failed | canceled
    due_at: int | None
    claims: int
    tries: int
    code: int | None
    error: str | None
    finished_at: int | None

    def __post_init__(self) -> None:
        self.livemode = bool(self.livemode)


@dataclass(slots=True, kw_only=True)
class AttemptRow:
    TABLE: ClassVar[str] = "webhooks_attempt"

    delivery_id: str
    number: int
    at: int
    milliseconds: int
    url: str
    signature: str
    code: int | None
    error: str | None
    detail: str | None
    answer: str | None


AnyRow = TypeVar("AnyRow", EndpointRow, DeliveryRow, AttemptRow)


def names_of(kind: type[EndpointRow | DeliveryRow | AttemptRow]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def values_of(row: EndpointRow | DeliveryRow | AttemptRow) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in names_of(type(row)))


def read(kind: type[AnyRow], values: tuple[Any, ...]) -> AnyRow:
    return kind(**dict(zip(names_of(kind), values, strict=True)))
