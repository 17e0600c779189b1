"""Walk a value along its shape and say what does not fit."""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import stripe

from tests.contract.sdk_types.schema import (
    DELETED_EXTRAS,
    EventObject,
    Field,
    Free,
    Hash,
    ListOf,
    Literals,
    MapOf,
    OneOf,
    Page,
    Scalar,
    SdkClass,
    Shape,
    can_be_deleted,
    fields_of,
    object_classes,
    shape_of,
)

Problems = Iterator[str]

PAGE = {
    "object": Field(Literals(("list",))),
    "has_more": Field(Scalar(bool)),
    "url": Field(Scalar(str)),
}
SEARCH = PAGE | {
    "object": Field(Literals(("search_result",))),
    "next_page": Field(Scalar(str), nullable=True),
    "total_count": Field(Scalar(int), needed=False),
}

_A_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
_ANY_OBJECT = EventObject()


def validate(obj: object, expected: SdkClass | str | None = None, path: str = "$") -> list[str]:
    """What does not fit, one sentence each, with the place first; empty when all fits.

    `obj` is decoded JSON or what the client returned: an object, a list object, a search result or
    a plain list of objects. `expected` is an SDK class or the value of its `object` field; without
    it each object is taken at its word.
    """
    value = _plain(obj)
    if isinstance(value, list):
        elements = enumerate(value)
        return [s for at, item in elements for s in validate(item, expected, f"{path}[{at}]")]
    if isinstance(expected, str):
        if expected not in object_classes():
            raise LookupError(f"the SDK has no object called {expected!r}")
        expected = object_classes()[expected]
    shape = _ANY_OBJECT if expected is None else shape_of(expected)
    if isinstance(value, dict) and value.get("object") in ("list", "search_result"):
        return list(_page_problems(value, shape, path))
    return list(problems(value, shape, path))


def assert_valid(obj: object, expected: SdkClass | str | None = None) -> None:
    """Raise AssertionError with every problem of `obj`."""
    found = validate(obj, expected)
    if found:
        raise AssertionError("does not fit the SDK's types:\n  " + "\n  ".join(found))


def problems(value: Any, shape: Shape, path: str) -> Problems:
    """The problems of a value that is not null."""
    match shape:
        case Scalar(kind):
            if not _is_scalar(value, kind):
                yield _wrong(path, kind.__name__, value)
        case Literals(allowed):
            if not any(type(value) is type(one) and value == one for one in allowed):
                yield _wrong(path, "one of " + ", ".join(map(repr, allowed)), value)
        case Hash(cls):
            yield from _hash_problems(value, cls, path)
        case OneOf(shapes):
            yield from _union_problems(value, shapes, path)
        case ListOf(item):
            yield from _items_problems(value, item, path)
        case Page(item):
            yield from _page_problems(value, item, path)
        case MapOf(inner):
            yield from _map_problems(value, inner, path)
        case EventObject():
            yield from _object_problems(value, path)
        case Free():
            pass


def _hash_problems(value: Any, cls: SdkClass, path: str) -> Problems:
    if not isinstance(value, dict):
        yield _wrong(path, cls.__qualname__, value)
    elif "deleted" in value and can_be_deleted(cls):
        yield from _deleted_problems(value, cls.OBJECT_NAME, path)
    else:
        yield from _fields_problems(value, fields_of(cls), path)


def _fields_problems(value: dict[str, Any], fields: Mapping[str, Field], path: str) -> Problems:
    for name, field in fields.items():
        here = f"{path}.{name}"
        if name not in value:
            if must_be_there(name, field, value):
                yield f"{here}: is missing"
        elif field.beside and not _is_beside(field, value):
            yield f"{here}: goes with {' or '.join(field.beside)} only"
        elif value[name] is not None:
            yield from problems(value[name], field.shape, here)
        elif not field.nullable:
            yield f"{here}: must not be null"
    for name in value:
        if name not in fields:
            yield f"{path}.{name}: is unknown to the SDK"


def must_be_there(name: str, field: Field, value: Mapping[str, Any]) -> bool:
    """Always, or because of a field beside it, or because `type` names it."""
    return field.needed or _is_beside(field, value) or value.get("type") == name


def _is_beside(field: Field, value: Mapping[str, Any]) -> bool:
    return any(value.get(other) is not None for other in field.beside)


def _deleted_problems(value: dict[str, Any], object_name: str, path: str) -> Problems:
    extras = dict(DELETED_EXTRAS.get(object_name, {}))
    fields = {
        "id": Field(Scalar(str)),
        "object": Field(Literals((object_name,))),
        "deleted": Field(Literals((True,))),
    }
    yield from _fields_problems(value, fields | extras, path)


def _union_problems(value: Any, shapes: tuple[Shape, ...], path: str) -> Problems:
    """An id, or the class that the `object` field names, or the only class there is."""
    hashes = [shape for shape in shapes if isinstance(shape, Hash)]
    others = [shape for shape in shapes if not isinstance(shape, Hash)]
    if not isinstance(value, dict) or not hashes:
        if not any(next(problems(value, shape, path), None) is None for shape in others):
            yield _wrong(path, " or ".join(map(_words, shapes)), value)
        return
    if len(hashes) > 1:
        name = value.get("object")
        hashes = [shape for shape in hashes if name == shape.cls.OBJECT_NAME]
    if hashes:
        yield from problems(value, hashes[0], path)
    else:
        yield _wrong(path, " or ".join(map(_words, shapes)), value)


def _items_problems(value: Any, item: Shape, path: str) -> Problems:
    if not isinstance(value, list):
        yield _wrong(path, "a list", value)
        return
    for at, one in enumerate(value):
        yield from problems(one, item, f"{path}[{at}]")


def _page_problems(value: Any, item: Shape, path: str) -> Problems:
    if not isinstance(value, dict):
        yield _wrong(path, "a list object", value)
        return
    fields = SEARCH if value.get("object") == "search_result" else PAGE
    yield from _fields_problems(value, fields | {"data": Field(ListOf(item))}, path)


def _map_problems(value: Any, inner: Shape, path: str) -> Problems:
    if not isinstance(value, dict):
        yield _wrong(path, "a map", value)
        return
    for name, one in value.items():
        yield from problems(one, inner, f"{path}[{name!r}]")


def _object_problems(value: Any, path: str) -> Problems:
    name = value.get("object") if isinstance(value, dict) else None
    if isinstance(name, str) and name in object_classes():
        yield from _hash_problems(value, object_classes()[name], path)
    else:
        yield _wrong(path, "an object that the SDK knows", value)


def _is_scalar(value: Any, kind: type) -> bool:
    if kind is Decimal:
        return isinstance(value, str) and _A_DECIMAL.fullmatch(value) is not None
    return type(value) is kind  # a bool is no int, an int no float


def _plain(obj: object) -> Any:
    if isinstance(obj, stripe.StripeObject):
        return obj.to_dict(for_json=True)
    return obj


def _words(shape: Shape) -> str:
    match shape:
        case Scalar(kind):
            return kind.__name__
        case Hash(cls):
            return cls.__qualname__
        case _:
            return type(shape).__name__


def _wrong(path: str, expected: str, value: Any) -> str:
    shown = json.dumps(value, default=repr)
    shown = shown if len(shown) <= 80 else shown[:77] + "..."
    expected = expected if len(expected) <= 200 else expected[:197] + "..."
    return f"{path}: must be {expected}, is {shown}"
