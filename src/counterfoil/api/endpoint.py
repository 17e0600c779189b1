"""Declaring what `/v1` answers, and finding it: one dictionary look-up per shape of path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar, get_type_hints

import msgspec

from counterfoil.api.decode import Decode, nothing_expected, params_decoder
from counterfoil.api.errors import UnknownUrl
from counterfoil.kit.scope import Scope
from counterfoil.platforms.queries import Caller

Function = TypeVar("Function", bound=Callable[..., Any])
METHODS: Final = frozenset({"GET", "POST", "DELETE"})
PREFIX: Final = "/v1/"


class Call:
    """What an endpoint's function knows about the request beside its parameters."""

    __slots__ = ("caller", "environ", "now", "now_wall", "request_id", "scope")

    def __init__(
        self, caller: Caller, now_wall: int, request_id: str, environ: dict[str, Any]
    ) -> None:
        self.caller = caller
        self.scope: Scope = caller.scope
        self.now = now_wall + caller.clock_offset  # platform clock, UTC seconds
        self.now_wall = now_wall  # wall clock, UTC seconds
        self.request_id = request_id
        self.environ = environ

    @property
    def path(self) -> str:
        return str(self.environ["PATH_INFO"])

    def of(self, caller: Caller) -> Call:
        """The same request by somebody else."""
        return Call(caller, self.now_wall, self.request_id, self.environ)


@dataclass(frozen=True, slots=True)
class Endpoint:
    method: str
    path: str  # as declared: "charges/<id>"
    names: tuple[str, ...]  # of the ids in the path
    function: Callable[..., Any]
    decode: Decode
    params: type[msgspec.Struct] | None
    publishable: bool  # a publishable key may call it
    returns: Any  # the function's return annotation: what `expand` paths are checked against
    own_transactions: bool  # it commits step by step, and running it again does no harm
    uploads: bool  # it also takes multipart/form-data, with files

    @property
    def takes_params(self) -> bool:
        return self.params is not None

    @property
    def writes(self) -> bool:
        return self.method != "GET"


# (method, segments with "*" for ids) → endpoint; and per number of segments, where ids stand.
_endpoints: dict[tuple[str, ...], Endpoint] = {}
_shapes: dict[int, list[tuple[int, ...]]] = {}


def endpoint(
    method: str,
    path: str,
    *,
    params: type[msgspec.Struct] | None = None,
    publishable: bool = False,
    own_transactions: bool = False,
    uploads: bool = False,
) -> Callable[[Function], Function]:
    """Declare that a function answers `method /v1/{path}`; see the package's docstring."""
    assert method in METHODS, method
    segments = path.split("/")
    ids = tuple(i for i, segment in enumerate(segments) if segment.startswith("<"))
    key = (method, *("*" if i in ids else segment for i, segment in enumerate(segments)))
    assert key not in _endpoints, f"{method} {path} is declared twice"

    def declare(function: Function) -> Function:
        _endpoints[key] = Endpoint(
            method=method,
            path=path,
            names=tuple(segments[i].strip("<>") for i in ids),
            function=function,
            decode=nothing_expected if params is None else params_decoder(params),
            params=params,
            publishable=publishable,
            returns=get_type_hints(function)["return"],
            own_transactions=own_transactions,
            uploads=uploads,
        )
        shapes = _shapes.setdefault(len(segments), [])
        if ids not in shapes:
            # Fewest ids first: "charges/search" is that, and not a charge called "search".
            shapes.append(ids)
            shapes.sort(key=len)
        return function

    return declare


def find(method: str, path: str) -> tuple[Endpoint, list[str]]:
    """The endpoint for a path and the ids in it. Raises UnknownUrl."""
    # Ids are ASCII; whatever else a path may hold is nothing that a database should see.
    if path.startswith(PREFIX) and path.isascii() and path.isprintable():
        segments = path[len(PREFIX) :].split("/")
        for ids in _shapes.get(len(segments), ()):
            values = [segments[i] for i in ids]
            key = [method, *segments]
            for i in ids:
                key[i + 1] = "*"
            found = _endpoints.get(tuple(key))
            if found is not None and all(values):
                return found, values
    raise UnknownUrl(method, path[:200])


def allowed_methods(path: str) -> list[str]:
    """Which methods a path answers, for OPTIONS."""
    allowed = []
    for method in sorted(METHODS):
        try:
            find(method, path)
        except UnknownUrl:
            continue
        allowed.append(method)
    return allowed


def all_endpoints() -> list[Endpoint]:
    """Every endpoint declared, for tests and documentation."""
    return list(_endpoints.values())
