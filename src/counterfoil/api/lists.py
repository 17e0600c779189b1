"""Lists: limit, cursors and the `created` filter (reference §1.7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final, TypeVar

import msgspec
from msgspec import Meta

from counterfoil.kit.pages import Cursor, Page, PageRequest
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.kit.wire import ListObject

Row = TypeVar("Row")
Item = TypeVar("Item")


class ListParams(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What every list takes; `expand` is the edge's own business."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 10
    starting_after: str | None = None
    ending_before: str | None = None


class CreatedRange(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`created[gte]=…`: moments in UTC seconds."""

    gt: int | None = None
    gte: int | None = None
    lt: int | None = None
    lte: int | None = None


class DatedListParams(ListParams, kw_only=True):
    """A list that can be filtered by when its objects were made."""

    created: int | CreatedRange | None = None


_SIGNS: Final = {"eq": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def created_bounds(created: int | CreatedRange | None) -> dict[str, int]:
    """The filter by name: `{"gte": 1700000000}`, `{"eq": …}` for one moment, empty for none."""
    if created is None:
        return {}
    if isinstance(created, int):
        return {"eq": created}
    given = msgspec.structs.asdict(created)
    return {name: moment for name, moment in given.items() if moment is not None}


def created_filters(created: int | CreatedRange | None) -> list[tuple[str, int]]:
    """The filter as SQL comparisons: `[(">=", 1700000000)]`, empty for none."""
    return [(_SIGNS[name], moment) for name, moment in created_bounds(created).items()]


def page_request(
    params: ListParams, *, noun: str, created_of: Callable[[str], int | None]
) -> PageRequest:
    """Which page is asked for. `created_of` looks a cursor's object up in the caller's reach.

    Raises InvalidRequest when both cursors are given, ResourceMissing (400) for an unknown one.
    """
    if params.starting_after is not None and params.ending_before is not None:
        raise InvalidRequest(
            "Send either starting_after or ending_before, not both.",
            param="ending_before",
            code="parameters_exclusive",
        )
    if params.starting_after is not None:
        cursor = _cursor(params.starting_after, "starting_after", noun, created_of)
        return PageRequest(params.limit, cursor, "older")
    if params.ending_before is not None:
        cursor = _cursor(params.ending_before, "ending_before", noun, created_of)
        return PageRequest(params.limit, cursor, "newer")
    return PageRequest(params.limit)


def list_object(page: Page[Row], wire: Callable[[Row], Item], *, url: str) -> ListObject[Item]:
    """A page as Stripe's list; `url` is the path, e.g. `/v1/charges`."""
    return ListObject(data=[wire(row) for row in page.rows], has_more=page.has_more, url=url)


def _cursor(ident: str, param: str, noun: str, created_of: Callable[[str], int | None]) -> Cursor:
    created = created_of(ident)
    if created is None:
        raise ResourceMissing(noun, ident, param=param)
    return Cursor(created, ident)
