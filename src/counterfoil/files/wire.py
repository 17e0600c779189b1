"""File and FileLink as the API and its events show them (SDK types; api.md §6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

import msgspec

from counterfoil.files.rows import FileRow, LinkRow
from counterfoil.kit.wire import Expandable, ListObject

LINKS_SHOWN: Final = 10


class FileLinkWire(msgspec.Struct):
    EXPANDABLE: ClassVar[dict[str, str]] = {"file": "file"}

    id: str
    created: int
    expired: bool
    expires_at: int | None
    file: Expandable
    livemode: bool
    metadata: dict[str, str]
    url: str | None
    object: str = "file_link"


class FileWire(msgspec.Struct):
    id: str
    created: int
    filename: str | None
    links: ListObject[FileLinkWire]
    purpose: str
    size: int
    type: str
    url: str
    expires_at: int | None = None
    object: str = "file"
    title: str | None = None


def file_wire(row: FileRow, links: Sequence[LinkRow], *, base: str, now_wall: int) -> FileWire:
    """`base` is the address we are reached at; `links` the newest, one more than are shown."""
    shown = [link_wire(link, base=base, now_wall=now_wall) for link in links[:LINKS_SHOWN]]
    return FileWire(
        id=row.id,
        created=row.created,
        filename=row.filename,
        links=ListObject(
            data=shown,
            has_more=len(links) > LINKS_SHOWN,
            url=f"/v1/file_links?file={row.id}",
        ),
        purpose=row.purpose,
        size=row.size,
        type=row.type,
        url=f"{base}/v1/files/{row.id}/contents",
    )


def link_wire(row: LinkRow, *, base: str, now_wall: int) -> FileLinkWire:
    """A link that has expired shows no address."""
    expired = row.expired(now_wall)
    return FileLinkWire(
        id=row.id,
        created=row.created,
        expired=expired,
        expires_at=row.expires_at,
        file=row.file_id,
        livemode=row.livemode,
        metadata=msgspec.json.decode(row.metadata, type=dict[str, str]),
        url=None if expired else f"{base}/files/{row.token}",
    )
