"""A step of a plan: what somebody does, told without knowing any id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Ref:
    """Something that an earlier step was answered with: its `field`, dots leading inwards."""

    step: int
    field: str = "id"

    def __str__(self) -> str:
        return f"{{{self.step}}}" if self.field == "id" else f"{{{self.step}.{self.field}}}"


@dataclass(frozen=True, slots=True)
class Listed:
    """One of the first `among` objects that a list shows; `pick` says which.

    `of` stands for the `{}` of the path; the list is that of the step's own account. The same
    object is picked while it is shown, whatever else there is: so a history stays much the
    same when steps are left out.
    """

    path: str
    pick: int
    field: str = "id"
    of: Ref | None = None
    among: int = 20

    def __str__(self) -> str:
        return f"{{{self.path.format(self.of)}[{self.pick}]}}"


Target = Ref | Listed


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens. `number` counts from 1 and names the step for ever.

    Either a request: `path` with `{}` for each of `targets`, `params`, `on` whose account; or,
    where there is no path, something else that `verb` names, with `params` for it.
    """

    number: int
    verb: str
    platform: int  # the step that made it
    path: str = ""
    targets: tuple[Target, ...] = ()
    params: Mapping[str, Any] | None = None
    on: Target | None = None
    method: str = "POST"
    livemode: bool = False
    fault: str = ""  # see faults.py
    seconds: int = 0  # on the wall clock, before it

    def __str__(self) -> str:
        words = [f"{self.number:>6}  {self.verb}"]
        if self.path:
            target = self.path.format(*self.targets)
            words.append(f"{self.method} {'live ' if self.livemode else ''}/v1/{target}")
        if self.params:
            words.append(_told(self.params))
        words.append(f"on {self.on}" if self.on else f"by {{{self.platform}}}")
        if self.fault:
            words.append(f"[{self.fault}]")
        return "  ".join(words)


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{name}={_told(part)}" for name, part in value.items())
    if isinstance(value, list):
        return "[" + " ".join(_told(part) for part in value) + "]"
    return str(value)
