"""`expand[]`: ids replaced by their objects, each level of a list with one batch (§1.8).

A struct declares `EXPANDABLE: ClassVar[dict[str, str]]`, field to the name of a loader. The
field holds an id until it is expanded. A loader registered with `by_owner=True` is for a field
that exists only when expanded: it receives the ids of the objects that hold the field.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final, TypeVar

import msgspec
from msgspec.structs import force_setattr

from counterfoil.kit.refused import InvalidRequest
from counterfoil.kit.wire import ListObject
from counterfoil.platforms.queries import Caller

MOST_LEVELS: Final = 4
MOST_PATHS: Final = 50

Load = Callable[[Sequence[str], Caller], Mapping[str, Any]]
LoadFunction = TypeVar("LoadFunction", bound=Load)
# "data" → {"charge" → {}}: the paths of a request, shared beginnings once.
Tree = dict[str, "Tree"]


@dataclass(frozen=True, slots=True)
class Loader:
    load: Load
    returns: tuple[Any, ...]  # structs, or ListObject[struct]
    by_owner: bool


_loaders: dict[str, Loader] = {}


def loader(
    name: str, *returns: Any, by_owner: bool = False
) -> Callable[[LoadFunction], LoadFunction]:
    """Register how to load the objects behind ids: `(ids, caller) -> {id: struct}`.

    Ids out of the caller's reach are left out of the answer and stay ids. `returns` says which
    structs may come, so that longer paths can be checked before anything runs.
    """
    assert name not in _loaders, f"loader {name} is declared twice"

    def declare(function: LoadFunction) -> LoadFunction:
        _loaders[name] = Loader(function, returns, by_owner)
        return function

    return declare


def expansion(returns: Any, paths: Sequence[str]) -> Tree:
    """The paths as a tree. Raises InvalidRequest for one that cannot be expanded."""
    if len(paths) > MOST_PATHS:
        raise InvalidRequest(f"Expand at most {MOST_PATHS} properties.", param="expand")
    tree: Tree = {}
    for path in paths:
        _check(returns, path)
        branch = tree
        for segment in path.split("."):
            branch = branch.setdefault(segment, {})
    return tree


def expand(node: Any, tree: Tree, caller: Caller) -> None:
    """Replace ids below `node` by objects, in place."""
    _expand([node], tree, caller)


def _expand(nodes: Sequence[Any], tree: Tree, caller: Caller) -> None:
    for segment, branch in tree.items():
        children: list[Any] = []
        waiting: dict[str, list[tuple[Any, str]]] = {}
        for node in nodes:
            name = _loader_name(type(node), segment)
            value = getattr(node, segment, None)
            if name is not None and (key := _key(node, value, _loaders[name])) is not None:
                waiting.setdefault(name, []).append((node, key))
            elif isinstance(value, list):
                children.extend(value)
            elif isinstance(value, msgspec.Struct):
                children.append(value)
        for name, holders in waiting.items():
            children.extend(_fill(holders, segment, _loaders[name], caller))
        if branch and children:
            _expand(children, branch, caller)


def _fill(
    holders: Sequence[tuple[Any, str]], segment: str, found_by: Loader, caller: Caller
) -> list[Any]:
    """Load what the holders name, once, and put it in; what was loaded."""
    loaded = found_by.load(list(dict.fromkeys(key for _, key in holders)), caller)
    for node, key in holders:
        if key in loaded:
            force_setattr(node, segment, loaded[key])
    return list(loaded.values())


def _key(node: Any, value: Any, found_by: Loader) -> str | None:
    if found_by.by_owner:
        return None if isinstance(value, msgspec.Struct) else node.id
    return value if isinstance(value, str) else None


def _loader_name(kind: type, segment: str) -> str | None:
    table: dict[str, str] = getattr(kind, "EXPANDABLE", {})
    return table.get(segment)


@lru_cache(maxsize=2048)
def _check(returns: Any, path: str) -> None:
    """Follow a path through the declared types."""
    segments = path.split(".")
    if len(segments) > MOST_LEVELS:
        raise InvalidRequest(
            f"You cannot expand more than {MOST_LEVELS} levels of a property: {path}",
            param="expand",
        )
    kinds = structs_in(returns)
    expanded = False
    for segment in segments:
        following: list[Any] = []
        expanded = False
        for kind in kinds:
            name = _loader_name(typing.get_origin(kind) or kind, segment)
            if name is not None and name in _loaders:
                expanded = True
                following += _loaders[name].returns
            else:
                following += _below(kind, segment)
        kinds = tuple(dict.fromkeys(following))
        if not kinds and not expanded:
            break
    if not expanded:
        hint = ""
        is_list = any(typing.get_origin(kind) is ListObject for kind in structs_in(returns))
        if is_list and segments[0] != "data":
            hint = f" Properties of a list's objects begin with data: data.{path}."
        raise InvalidRequest(f"This property cannot be expanded ({path}).{hint}", param="expand")


@cache
def _below(kind: Any, segment: str) -> tuple[Any, ...]:
    """The structs that a plain field of a struct may hold."""
    if typing.get_origin(kind) is ListObject:
        return structs_in(typing.get_args(kind)[0]) if segment == "data" else ()
    if not isinstance(kind, type) or not issubclass(kind, msgspec.Struct):
        return ()
    hint = typing.get_type_hints(kind).get(segment)
    return () if hint is None else structs_in(hint)


def structs_in(hint: Any) -> tuple[Any, ...]:
    """The structs in an annotation, looking into unions and lists."""
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return (hint,) if hint is not msgspec.Struct else ()
    if typing.get_origin(hint) is ListObject:
        return (hint,)
    return tuple(dict.fromkeys(_flatten(typing.get_args(hint))))


def _flatten(hints: Iterable[Any]) -> Iterable[Any]:
    for hint in hints:
        yield from structs_in(hint)
