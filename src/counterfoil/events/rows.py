"""Events as the table holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from counterfoil.kit.db import fetch_all, placeholders

COLUMNS: Final = (
    "id, platform_id, account_id, created, livemode, type, object, previous_attributes,"
    " request_id, idempotency_key"
)


@dataclass(frozen=True, slots=True)
class EventRow:
    id: str
    platform_id: str
    account_id: str
    created: int  # platform clock, UTC seconds
    livemode: bool
    type: str
    object: str  # JSON
    previous_attributes: str | None  # JSON
    request_id: str | None
    idempotency_key: str | None


def events_by_id(ids: Sequence[str]) -> dict[str, EventRow]:
    """Events of anybody, for whoever was given their ids; unknown ones are left out."""
    if not ids:
        return {}
    rows = fetch_all(
        f"SELECT {COLUMNS} FROM events_event WHERE id IN ({placeholders(ids)})", list(ids)
    )
    return {row[0]: EventRow(*row) for row in rows}
