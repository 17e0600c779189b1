"""What the API accepts about endpoints (reference api.md §7)."""

from __future__ import annotations

from typing import Literal

import msgspec

Metadata = dict[str, str] | Literal[""] | None


class CreateEndpoint(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    url: str
    enabled_events: list[str]
    api_version: str | Literal[""] | None = None
    connect: bool | None = None
    description: str | Literal[""] | None = None
    metadata: Metadata = None


class UpdateEndpoint(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    url: str | None = None
    enabled_events: list[str] | None = None
    description: str | Literal[""] | None = None
    disabled: bool | None = None
    metadata: Metadata = None
