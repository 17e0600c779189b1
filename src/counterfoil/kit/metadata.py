"""Metadata: the platform's own notes on an object (reference api.md §1.9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from counterfoil.kit.refused import InvalidRequest

MOST_KEYS: Final = 50
LONGEST_KEY: Final = 40
LONGEST_VALUE: Final = 500


def merge_metadata(
    current: Mapping[str, str], given: Mapping[str, str] | Literal[""] | None
) -> dict[str, str]:
    """The notes after an update: keys are merged, "" removes a key, "" for all removes all.

    Raises InvalidRequest beyond 50 keys, 40 characters of key or 500 of value.
    """
    if given is None:
        return dict(current)
    if given == "":
        return {}
    merged = dict(current)
    for key, value in given.items():
        _check(key, value)
        if value == "":
            merged.pop(key, None)
        else:
            merged[key] = value
    if len(merged) > MOST_KEYS:
        raise InvalidRequest(f"Metadata has at most {MOST_KEYS} keys.", param="metadata")
    return merged


def _check(key: str, value: str) -> None:
    if len(key) > LONGEST_KEY or "[" in key or "]" in key:
        raise InvalidRequest(
            f"Metadata keys have at most {LONGEST_KEY} characters and no square brackets: {key}",
            param="metadata",
        )
    if len(value) > LONGEST_VALUE:
        raise InvalidRequest(
            f"Metadata values have at most {LONGEST_VALUE} characters; {key} has {len(value)}.",
            param=f"metadata[{key}]",
        )
