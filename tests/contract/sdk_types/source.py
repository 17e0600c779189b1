"""The SDK's classes and their source, read a second time without the validator's help."""

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cache

import stripe

from tests.contract.sdk_types.schema import SdkClass, object_classes


@cache
def every_class() -> tuple[SdkClass, ...]:
    """Every class of an API object and every class nested in one."""

    def with_nested(cls: SdkClass) -> Iterator[SdkClass]:
        yield cls
        for value in vars(cls).values():
            if isinstance(value, type) and issubclass(value, stripe.StripeObject):
                yield from with_nested(value)

    return tuple(one for cls in object_classes().values() for one in with_nested(cls))


def written_without_optional(cls: SdkClass) -> set[str]:
    """The names of the fields that the SDK's source does not call `Optional`."""
    return _written_in(cls.__module__)[cls.__qualname__]


@cache
def _written_in(module: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}

    def read(node: ast.ClassDef, outer: str) -> None:
        name = f"{outer}{node.name}"
        found[name] = {
            part.target.id
            for part in node.body
            if isinstance(part, ast.AnnAssign)
            and isinstance(part.target, ast.Name)
            and part.target.id != "OBJECT_NAME"
            and not part.target.id.startswith("_")
            and not ast.unparse(part.annotation).startswith("Optional[")
        }
        for part in node.body:
            if isinstance(part, ast.ClassDef):
                read(part, f"{name}.")

    for node in ast.parse(inspect.getsource(sys.modules[module])).body:
        if isinstance(node, ast.ClassDef):
            read(node, "")
    return found
