"""Files and their links as the tables hold them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar, TypeVar

from counterfoil.kit.scope import Scope


@dataclass(slots=True, kw_only=True)
class Row:
    TABLE: ClassVar[str]

    id: str
    platform_id: str
    livemode: bool
    account_id: str
    created: int

    def __post_init__(self) -> None:
        self.livemode = bool(self.livemode)  # SQLite answers 0 and 1

    @property
    def scope(self) -> Scope:
        return Scope(self.platform_id, self.account_id, self.livemode)


@dataclass(slots=True, kw_only=True)
class FileRow(Row):
    TABLE: ClassVar[str] = "files_file"

    purpose: str
    type: str
    size: int
    filename: str | None
    stored_as: str


@dataclass(slots=True, kw_only=True)
class LinkRow(Row):
    TABLE: ClassVar[str] = "files_link"

    file_id: str
    token: str
    expires_at: int | None
    metadata: str = "{}"

    def expired(self, now_wall: int) -> bool:
        return self.expires_at is not None and self.expires_at <= now_wall


AnyRow = TypeVar("AnyRow", bound=Row)


def names_of(kind: type[Row]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def read(kind: type[AnyRow], values: tuple[Any, ...]) -> AnyRow:
    return kind(**dict(zip(names_of(kind), values, strict=True)))
