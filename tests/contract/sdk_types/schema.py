"""The SDK's annotations as plain shapes: what each field of each class may hold.

Annotations are live objects; only names imported under TYPE_CHECKING are missing at run time, so
the namespace of a module is completed from its own import statements.
"""

import ast
import sys
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import import_module
from pathlib import Path

from stripe import ListObject, StripeObject
from stripe._object_classes import OBJECT_CLASSES
from stripe._stripe_object import UntypedStripeObject

from tests.contract.sdk_types.presence import presence_of

SdkClass = type[StripeObject]


@dataclass(frozen=True, slots=True)
class Scalar:
    kind: type  # str, int, float, bool; Decimal is a decimal number in a string


@dataclass(frozen=True, slots=True)
class Literals:
    values: tuple[str | int | bool, ...]


@dataclass(frozen=True, slots=True)
class Free:
    """Any JSON value."""


@dataclass(frozen=True, slots=True)
class EventObject:
    """Any API object, checked by its own `object` field."""


@dataclass(frozen=True, slots=True)
class MapOf:
    value: "Shape"


@dataclass(frozen=True, slots=True)
class ListOf:
    item: "Shape"


@dataclass(frozen=True, slots=True)
class Page:
    """A list object: `{object: "list", data, has_more, url}`."""

    item: "Shape"


@dataclass(frozen=True, slots=True)
class Hash:
    """An instance of an SDK class: an API object or a nested hash."""

    cls: SdkClass


@dataclass(frozen=True, slots=True)
class OneOf:
    shapes: tuple["Shape", ...]


Shape = Scalar | Literals | Free | EventObject | MapOf | ListOf | Page | Hash | OneOf


@dataclass(frozen=True, slots=True)
class Field:
    shape: Shape
    nullable: bool = False
    needed: bool = True
    beside: tuple[str, ...] = ()  # must be there when one of these other fields is, and only then


# What a deleted object has beside `id`, `object` and `deleted`.
DELETED_EXTRAS: Mapping[str, Mapping[str, Field]] = {
    "application": {"name": Field(Scalar(str), nullable=True)},
    "bank_account": {"currency": Field(Scalar(str), nullable=True, needed=False)},
    "card": {"currency": Field(Scalar(str), nullable=True, needed=False)},
}

# Objects nested in an event are typed as untyped; we know better.
KNOWN_BETTER: Mapping[str, Shape] = {"Event.Data.object": EventObject()}


@cache
def object_classes() -> Mapping[str, SdkClass]:
    """Every class of `/v1` by the value of its `object` field; lists are not among them."""
    return {
        name: getattr(import_module(module), class_name)
        for name, (module, class_name) in OBJECT_CLASSES.items()
        if name not in ("list", "search_result", "file_upload")
    }


def name_of(cls: SdkClass) -> str:
    """`Charge.Outcome`, `reporting.ReportRun`: where the class stands in the SDK."""
    packages = cls.__module__.split(".")[1:-1]
    return ".".join([*packages, cls.__qualname__])


def can_be_deleted(cls: SdkClass) -> bool:
    return hasattr(cls, "OBJECT_NAME") and "deleted" in _annotations(cls)


@cache
def fields_of(cls: SdkClass) -> Mapping[str, Field]:
    """The fields of a living object of this class, as they are named on the wire.

    Raises TypeError on an annotation that no rule of ours reads.
    """
    remapped = getattr(cls, "_field_remappings", {})
    fields = {}
    for attribute, annotation in _annotations(cls).items():
        if attribute == "deleted":
            continue
        name = remapped.get(attribute, attribute)
        optional = type(None) in typing.get_args(annotation)
        shape = KNOWN_BETTER.get(f"{name_of(cls)}.{name}") or shape_of(annotation)
        nullable, needed, beside = presence_of(name_of(cls), name, optional)
        fields[name] = Field(shape, nullable, needed, beside)
    return fields


def shape_of(annotation: object) -> Shape:
    """A resolved annotation as a shape; `None` in a union is left to the field."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Literal:
        return Literals(arguments)
    if origin is typing.Union:
        return _shape_of_union([part for part in arguments if part is not type(None)])
    if origin is list:
        return ListOf(shape_of(arguments[0]))
    if origin is ListObject:
        return Page(shape_of(arguments[0]))
    if origin is UntypedStripeObject:
        return MapOf(shape_of(arguments[0]))
    if annotation is typing.Any:
        return Free()
    if annotation in (str, int, float, bool, Decimal):
        return Scalar(annotation)
    if isinstance(annotation, type) and issubclass(annotation, StripeObject):
        return Hash(annotation)
    raise TypeError(f"the SDK has a new kind of annotation: {annotation!r}")


def _shape_of_union(parts: list[object]) -> Shape:
    if any(typing.get_origin(part) is typing.Literal for part in parts):
        # `str` beside literals only tells type checkers that the API may grow.
        parts = [part for part in parts if part is not str]
    if len(parts) == 1:
        return shape_of(parts[0])
    return OneOf(tuple(shape_of(part) for part in parts))


def _annotations(cls: SdkClass) -> Mapping[str, object]:
    own = {
        name: annotation
        for name, annotation in vars(cls).get("__annotations__", {}).items()
        if name != "OBJECT_NAME" and not name.startswith("_")
    }
    holder = types.SimpleNamespace(__annotations__=own)
    return typing.get_type_hints(holder, globalns=_namespace(cls.__module__))


@cache
def _namespace(module_name: str) -> dict[str, object]:
    """A module's names, those it imports for type checkers included."""
    module = sys.modules[module_name]
    names = dict(vars(module))
    assert module.__file__ is not None
    for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and _is_resource_module(node.module):
            source = import_module(node.module)
            for alias in node.names:
                names.setdefault(alias.asname or alias.name, getattr(source, alias.name))
    return names


def _is_resource_module(name: str | None) -> typing.TypeGuard[str]:
    return name is not None and name.startswith("stripe.") and ".params." not in name
