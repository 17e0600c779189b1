"""What stands before every address that a page holds, when it is made below another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.urls import get_script_prefix, set_script_prefix

# `set_script_prefix` does it for `reverse`; templates remember addresses and ask here.
prefix: ContextVar[str] = ContextVar("prefix", default="")


@contextmanager
def addresses_below(path: str) -> Iterator[None]:
    """Every address that is made inside begins with `path`, which ends in a slash."""
    before = get_script_prefix()
    set_script_prefix(path)
    token = prefix.set(path)
    try:
        yield
    finally:
        prefix.reset(token)
        set_script_prefix(before)
