"""Shapes that many API objects share."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import msgspec

Item = TypeVar("Item")

# An id, or the object itself once a request expanded it.
Expandable = str | msgspec.Struct


class ListObject(msgspec.Struct, Generic[Item]):
    """Stripe's list: newest first, `has_more` in the direction that was read."""

    data: list[Item]
    has_more: bool
    url: str
    object: str = "list"


def empty_list(url: str) -> ListObject[Any]:
    return ListObject(data=[], has_more=False, url=url)
