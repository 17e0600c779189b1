"""What an update changed, as `data.previous_attributes` of its event says it."""

from __future__ import annotations

from typing import Any

import msgspec


def previous_attributes(before: msgspec.Struct, after: msgspec.Struct) -> dict[str, Any]:
    """Former values of the fields that differ; of a hash only those parts that differ.

    A key that was not there before is null.
    """
    return _former(msgspec.to_builtins(before), msgspec.to_builtins(after))


def _former(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    former: dict[str, Any] = {}
    for name in before.keys() | after.keys():
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            old = _former(old, new)
        former[name] = old
    return dict(sorted(former.items()))
