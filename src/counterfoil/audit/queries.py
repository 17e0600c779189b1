"""Reading the log: one account's, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from counterfoil.kit.db import fetch_all
from counterfoil.kit.pages import Page, PageRequest, cut, keyset
from counterfoil.kit.scope import Scope


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record as its account may read it."""

    id: str
    created: int
    action: str
    object_id: str | None
    actor: str
    actor_id: str | None
    network: str | None
    browser: str | None
    system: str | None
    before: dict[str, Any]
    after: dict[str, Any]


_RECORDS = """
SELECT id, created, action, object_id, actor, actor_id, network, browser, system, before, after
FROM audit_record WHERE account_id = %s AND livemode = %s
"""


def records_of(scope: Scope, page: PageRequest) -> Page[RecordRow]:
    """One page of what is on record about an account."""
    condition, params, tail = keyset(page)
    rows = fetch_all(
        f"{_RECORDS}{condition} {tail}",
        [scope.account_id, scope.livemode, *params],
    )
    return cut([_row(row) for row in rows], page)


def _row(row: tuple[Any, ...]) -> RecordRow:
    *columns, before, after = row
    values: list[Any] = [*columns, _values(before), _values(after)]
    return RecordRow(*values)


def _values(text: str | None) -> dict[str, Any]:
    return msgspec.json.decode(text, type=dict[str, Any]) if text else {}
