"""Break an answer in every way there is, one way at a time, and put it back."""

from collections.abc import Iterator
from typing import Any

from tests.contract.sdk_types.sample import ANY_KEY

REMOVED, WRONG_TYPE, WRONG_LITERAL, UNKNOWN = "removed", "wrong type", "wrong literal", "unknown"
KINDS = (REMOVED, WRONG_TYPE, WRONG_LITERAL, UNKNOWN)

_ONE_OF_EACH_TYPE: tuple[Any, ...] = ("text", 7, 1.5, True, {}, [])
_PLAIN_TEXTS = ("text", "1.5", "/v1/things")  # texts of a sample that stand for no literal

Breakage = tuple[str, str]  # kind, place


def breakages(value: Any, path: str = "$", *, deep: bool = True) -> Iterator[Breakage]:
    """Each yield is one breakage, in place; it is undone when the next one is asked for.

    `value` is a sample: its maps have the one key `any_key`. `deep` goes into nested values.
    """
    if isinstance(value, list):
        for at in range(len(value)):
            yield from _inside(value, at, f"{path}[{at}]", deep)
    elif isinstance(value, dict):
        a_map = list(value) == [ANY_KEY]
        for name in list(value):
            if not a_map:
                yield from _without(value, name, path)
            if value[name] != {} or not a_map:  # the contents of a free map are free
                yield from _inside(value, name, f"{path}.{name}", deep)
        if not a_map:
            value["not_a_field"] = "text"
            yield UNKNOWN, f"{path}.not_a_field"
            del value["not_a_field"]


def _without(value: dict[str, Any], name: str, path: str) -> Iterator[Breakage]:
    kept = dict(value)
    del value[name]
    yield REMOVED, f"{path}.{name}"
    value.clear()
    value.update(kept)


def _inside(holder: Any, key: Any, path: str, deep: bool) -> Iterator[Breakage]:
    kept = holder[key]
    if kept is None:
        return
    for wrong in _ONE_OF_EACH_TYPE:
        if type(wrong) is not type(kept):
            holder[key] = wrong
            yield WRONG_TYPE, path
    if isinstance(kept, str) and kept not in _PLAIN_TEXTS:
        holder[key] = "not_a_literal"
        yield WRONG_LITERAL, path
    holder[key] = kept
    if deep:
        yield from breakages(kept, path)
