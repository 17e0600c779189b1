"""/v1/files (reference api.md §6). SDKs send uploads to their `files` base: the same host."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from counterfoil.api.addresses import base_url, reached
from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.errors import Answer
from counterfoil.api.expand import loader
from counterfoil.api.forms import Upload
from counterfoil.api.lists import DatedListParams, created_filters, page_request
from counterfoil.events.operations import EventDraft, record_events
from counterfoil.files.operations import content_of, create_file, create_link
from counterfoil.files.policy import Purpose
from counterfoil.files.queries import Condition, files_by_id, find, list_page, newest_links
from counterfoil.files.rows import FileRow
from counterfoil.files.serving import inert_headers
from counterfoil.files.wire import LINKS_SHOWN, FileWire, file_wire
from counterfoil.kit import clock
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.kit.wire import ListObject
from counterfoil.platforms.queries import Caller


class LinkData(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    create: bool
    expires_at: int | None = None
    metadata: dict[str, str] | Literal[""] | None = None


class CreateFile(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    file: Upload
    purpose: Purpose
    file_link_data: LinkData | None = None


class ListFiles(DatedListParams, kw_only=True):
    purpose: Purpose | None = None


@loader("file", FileWire)
def load_files(ids: Sequence[str], caller: Caller) -> Mapping[str, FileWire]:
    found = files_by_id(ids, platform_id=caller.platform_id, livemode=caller.livemode)
    wires = _wires(list(found.values()), now_wall=clock.wall_now())
    return {wire.id: wire for wire in wires}


@endpoint("POST", "files", params=CreateFile, uploads=True)
def create(call: Call, params: CreateFile) -> FileWire:
    wanted = params.file_link_data
    if wanted is not None and not wanted.create and (wanted.expires_at or wanted.metadata):
        raise InvalidRequest(
            "file_link_data says what the link is like, and not to make one: send create=true.",
            param="file_link_data[create]",
        )
    row = create_file(
        scope=call.scope,
        purpose=params.purpose,
        filename=params.file.filename,
        content=params.file.content,
        now=call.now,
    )
    if wanted is not None and wanted.create:
        create_link(
            scope=call.scope,
            file=row,
            expires_at=wanted.expires_at,
            metadata=wanted.metadata,
            now=call.now,
            now_wall=call.now_wall,
        )
    wire = _wires([row], now_wall=call.now_wall)[0]
    record_events([EventDraft("file.created", call.scope, wire, row.id, call.now)])
    return wire


@endpoint("GET", "files/<file>")
def retrieve(call: Call, ident: str) -> FileWire:
    return _wires([file_of(ident, call.scope)], now_wall=call.now_wall)[0]


@endpoint("GET", "files/<file>/contents")
def contents(call: Call, ident: str) -> Answer:
    """The bytes, for whoever has the key; by a link they are at /files/{token}."""
    row = file_of(ident, call.scope)
    headers = inert_headers(row)
    media_type = headers.pop("Content-Type")
    usual = ("Cache-Control", "X-Content-Type-Options")  # which the edge sends anyway
    beyond = [(name, value) for name, value in headers.items() if name not in usual]
    return Answer(200, content_of(row), beyond, media_type)


@endpoint("GET", "files", params=ListFiles)
def listed(call: Call, params: ListFiles) -> ListObject[FileWire]:
    def created_of(ident: str) -> int | None:
        row = find(FileRow, ident, call.scope)
        return None if row is None else row.created

    page = page_request(params, noun="file", created_of=created_of)
    filters: list[Condition] = [
        (f"created {sign} %s", at) for sign, at in created_filters(params.created)
    ]
    if params.purpose is not None:
        filters.append(("purpose = %s", params.purpose))
    found = list_page(FileRow, call.scope, filters, page)
    return ListObject(
        data=_wires(found.rows, now_wall=call.now_wall), has_more=found.has_more, url="/v1/files"
    )


def file_of(ident: str, scope: Scope, *, param: str = "file") -> FileRow:
    """The caller's file. Raises ResourceMissing."""
    row = find(FileRow, ident, scope)
    if row is None:
        raise ResourceMissing("file", ident, param=param)
    return row


def _wires(rows: Sequence[FileRow], *, now_wall: int) -> list[FileWire]:
    links = newest_links([row.id for row in rows], limit=LINKS_SHOWN + 1)
    base = base_url(reached.get())
    return [file_wire(row, links.get(row.id, []), base=base, now_wall=now_wall) for row in rows]
