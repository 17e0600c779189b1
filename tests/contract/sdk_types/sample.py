"""Answers that fit, made from the types: what a test can break on purpose."""

from decimal import Decimal
from typing import Any

from tests.contract.sdk_types.check import must_be_there
from tests.contract.sdk_types.schema import (
    EventObject,
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
    fields_of,
    object_classes,
)

_SCALARS = {str: "text", int: 7, float: 1.5, bool: True, Decimal: "1.5"}
ANY_KEY = "any_key"  # the one key of every map in a sample

Within = tuple[SdkClass, ...]


def sample(cls: SdkClass | str, *, full: bool = False) -> dict[str, Any]:
    """An instance of an SDK class (or of the class of an `object` value) as decoded JSON.

    It has the fields that must be there, all of them filled, expandable ones with ids; `full` adds
    those that may be left out, but not in API objects inside it. Where a class contains itself the
    inner one is null or left out.
    """
    return _instance(object_classes()[cls] if isinstance(cls, str) else cls, full, ())


def _instance(cls: SdkClass, full: bool, within: Within) -> dict[str, Any]:
    fields, inside = fields_of(cls), (*within, cls)
    made: dict[str, Any] = {}
    # What must be there may depend on `type` and on other fields, so the plain needs come first.
    for name in sorted(fields, key=lambda name: (not fields[name].needed, fields[name].beside)):
        field = fields[name]
        needed = must_be_there(name, field, made)
        if not (needed or full):
            continue
        if not _contains_itself(field.shape, inside):
            made[name] = _value(field.shape, full, inside)
        elif field.nullable:
            made[name] = None
        elif needed:
            raise TypeError(f"{cls.__qualname__}.{name} cannot end")
    return {name: made[name] for name in fields if name in made}


def _contains_itself(shape: Shape, within: Within) -> bool:
    match shape:
        case Hash(cls):
            return cls in within
        case MapOf(inner):
            return _contains_itself(inner, within)
        case OneOf(shapes):
            return all(_contains_itself(one, within) for one in shapes)
        case _:
            return False  # lists may be empty


def _value(shape: Shape, full: bool, within: Within) -> Any:
    match shape:
        case Scalar(kind):
            return _SCALARS[kind]
        case Literals(values):
            return values[0]
        case Hash(cls):
            return _instance(cls, full and not hasattr(cls, "OBJECT_NAME"), within)
        case OneOf(shapes):
            fitting = [one for one in shapes if not _contains_itself(one, within)]
            texts = [one for one in fitting if isinstance(one, Scalar)]
            return _value((texts or fitting)[0], full, within)
        case ListOf(item):
            return _elements(item, full, within)
        case Page(item):
            data = _elements(item, full, within)
            return {"object": "list", "data": data, "has_more": False, "url": "/v1/things"}
        case MapOf(inner):
            return {ANY_KEY: _value(inner, full, within)}
        case EventObject():
            return _instance(object_classes()["login_link"], full, within)
        case Free():
            return {}


def _elements(item: Shape, full: bool, within: Within) -> list[Any]:
    return [] if _contains_itself(item, within) else [_value(item, full, within)]
