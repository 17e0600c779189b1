"""What an examination finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "note", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about the installation; `remedy` says what to do, empty when it is ok."""

    level: Level
    says: str
    remedy: str = ""


def ok(says: str) -> Finding:
    return Finding("ok", says)


def note(says: str, remedy: str) -> Finding:
    """Works, and could be better or surprise."""
    return Finding("note", says, remedy)


def wrong(says: str, remedy: str) -> Finding:
    """Does not work, loses something or lets somebody in."""
    return Finding("wrong", says, remedy)


@dataclass(frozen=True, slots=True)
class Examination:
    """`look` gets the wall clock, UTC seconds. One that `needs_tables` waits for migrations."""

    name: str
    look: Callable[[int], Finding]
    needs_tables: bool = False
