"""What every resource with rows of its own needs: one object, a cursor, a batch to expand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import msgspec

from counterfoil.kit.refused import ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.payments.rows import Row, find, find_many
from counterfoil.platforms.queries import Caller

AnyRow = TypeVar("AnyRow", bound=Row)
Wire = TypeVar("Wire", bound=msgspec.Struct)


def fetched(kind: type[AnyRow], ident: str, scope: Scope, noun: str) -> AnyRow:
    """The caller's object. Raises ResourceMissing (404)."""
    row = find(kind, ident, scope)
    if row is None:
        raise ResourceMissing(noun, ident, param="id")
    return row


def created_of(kind: type[AnyRow], scope: Scope) -> Callable[[str], int | None]:
    """How a list finds the moment of its cursor's object."""

    def look_up(ident: str) -> int | None:
        row = find(kind, ident, scope)
        return None if row is None else row.created

    return look_up


def load(
    kind: type[AnyRow], wire: Callable[[AnyRow], Wire]
) -> Callable[[Sequence[str], Caller], Mapping[str, Wire]]:
    """A loader for `expand`: objects of any account of the platform, in one query."""

    def load_rows(ids: Sequence[str], caller: Caller) -> Mapping[str, Wire]:
        found = find_many(kind, ids, platform_id=caller.platform_id, livemode=caller.livemode)
        return {ident: wire(row) for ident, row in found.items()}

    return load_rows
