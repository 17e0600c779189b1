"""/v1/file_links: addresses at which anybody may fetch a file (reference api.md §6)."""

from __future__ import annotations

from typing import Literal

import msgspec

from counterfoil.api.addresses import base_url
from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.lists import DatedListParams, created_filters, list_object, page_request
from counterfoil.api.resources.files import file_of
from counterfoil.files.operations import create_link, update_link
from counterfoil.files.queries import Condition, find, list_page
from counterfoil.files.rows import LinkRow
from counterfoil.files.wire import FileLinkWire, link_wire
from counterfoil.kit.refused import ResourceMissing
from counterfoil.kit.wire import ListObject

Metadata = dict[str, str] | Literal[""] | None


class CreateLink(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    file: str
    expires_at: int | None = None
    metadata: Metadata = None


class UpdateLink(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    expires_at: int | Literal["", "now"] | None = None
    metadata: Metadata = None


class ListLinks(DatedListParams, kw_only=True):
    expired: bool | None = None
    file: str | None = None


@endpoint("POST", "file_links", params=CreateLink)
def create(call: Call, params: CreateLink) -> FileLinkWire:
    row = create_link(
        scope=call.scope,
        file=file_of(params.file, call.scope),
        expires_at=params.expires_at,
        metadata=params.metadata,
        now=call.now,
        now_wall=call.now_wall,
    )
    return _wire(call, row)


@endpoint("GET", "file_links/<link>")
def retrieve(call: Call, ident: str) -> FileLinkWire:
    row = find(LinkRow, ident, call.scope)
    if row is None:
        raise ResourceMissing("file_link", ident, param="link")
    return _wire(call, row)


@endpoint("POST", "file_links/<link>", params=UpdateLink)
def update(call: Call, ident: str, params: UpdateLink) -> FileLinkWire:
    row = update_link(
        scope=call.scope,
        link_id=ident,
        expires_at=params.expires_at,
        metadata=params.metadata,
        now_wall=call.now_wall,
    )
    return _wire(call, row)


@endpoint("GET", "file_links", params=ListLinks)
def listed(call: Call, params: ListLinks) -> ListObject[FileLinkWire]:
    def created_of(ident: str) -> int | None:
        row = find(LinkRow, ident, call.scope)
        return None if row is None else row.created

    page = page_request(params, noun="file_link", created_of=created_of)
    filters: list[Condition] = [
        (f"created {sign} %s", at) for sign, at in created_filters(params.created)
    ]
    if params.expired is True:
        filters.append(("expires_at <= %s", call.now_wall))
    elif params.expired is False:
        filters.append(("(expires_at IS NULL OR expires_at > %s)", call.now_wall))
    if params.file is not None:
        filters.append(("file_id = %s", file_of(params.file, call.scope).id))
    found = list_page(LinkRow, call.scope, filters, page)
    return list_object(found, lambda row: _wire(call, row), url="/v1/file_links")


def _wire(call: Call, row: LinkRow) -> FileLinkWire:
    return link_wire(row, base=base_url(call.environ), now_wall=call.now_wall)
