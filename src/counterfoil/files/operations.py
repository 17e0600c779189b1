"""Keeping a file, and making it reachable by a link.

The bytes are stored before the row: a row always has its file. A transaction that is undone
afterwards leaves bytes that no row names and nobody can fetch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from counterfoil.files.policy import check_content, check_expiry, check_linkable
from counterfoil.files.queries import find
from counterfoil.files.rows import FileRow, LinkRow, Row, names_of
from counterfoil.kit.db import execute, insert_rows, lock_row_suffix, unit_of_work
from counterfoil.kit.ids import new_id, secret_token
from counterfoil.kit.metadata import merge_metadata
from counterfoil.kit.refused import ResourceMissing
from counterfoil.kit.scope import Scope

Metadata = Mapping[str, str] | Literal[""] | None
_LONGEST_NAME = 255
_TOKEN_LETTERS = 43  # 256 bits


def create_file(
    *, scope: Scope, purpose: str, filename: str | None, content: bytes, now: int
) -> FileRow:
    """Keep a file. `now` is the platform's clock, UTC seconds.

    Its type is decided by its content. Raises InvalidRequest for one that its purpose does not
    allow. The caller records `file.created`.
    """
    kind = check_content(content, purpose=purpose)
    ident = new_id("file", now)
    stored_as = storages["files"].save(f"{scope.account_id}/{ident}", ContentFile(content))
    row = FileRow(
        id=ident,
        platform_id=scope.platform_id,
        livemode=scope.livemode,
        account_id=scope.account_id,
        created=now,
        purpose=purpose,
        type=kind,
        size=len(content),
        filename=_clean(filename),
        stored_as=stored_as,
    )
    _insert(row)
    return row


def content_of(file: FileRow) -> bytes:
    """The bytes as they were handed in."""
    with storages["files"].open(file.stored_as) as stored:
        content: bytes = stored.read()
        return content


def create_link(
    *,
    scope: Scope,
    file: FileRow,
    expires_at: int | None,
    metadata: Metadata,
    now: int,
    now_wall: int,
) -> LinkRow:
    """An address at which anybody may fetch the file until `expires_at` (wall clock).

    Raises InvalidRequest for a purpose that is never shown, and a moment that has passed.
    """
    check_linkable(file.purpose)
    check_expiry(expires_at, now_wall=now_wall)
    row = LinkRow(
        id=new_id("link", now),
        platform_id=scope.platform_id,
        livemode=scope.livemode,
        account_id=scope.account_id,
        created=now,
        file_id=file.id,
        token=secret_token(_TOKEN_LETTERS),
        expires_at=expires_at,
        metadata=_text(merge_metadata({}, metadata)),
    )
    _insert(row)
    return row


def update_link(
    *,
    scope: Scope,
    link_id: str,
    expires_at: int | Literal["", "now"] | None,
    metadata: Metadata,
    now_wall: int,
) -> LinkRow:
    """Change when a link expires: a later moment, `now`, or "" for never. None leaves it."""
    with unit_of_work():
        row = find(LinkRow, link_id, scope, suffix=lock_row_suffix())
        if row is None:
            raise ResourceMissing("file_link", link_id, param="link")
        if expires_at == "now":
            row.expires_at = now_wall
        elif expires_at == "":
            row.expires_at = None
        elif expires_at is not None:
            check_expiry(expires_at, now_wall=now_wall)
            row.expires_at = expires_at
        current = msgspec.json.decode(row.metadata, type=dict[str, str])
        row.metadata = _text(merge_metadata(current, metadata))
        execute(
            "UPDATE files_link SET expires_at = %s, metadata = %s WHERE id = %s",
            [row.expires_at, row.metadata, row.id],
        )
    return row


def _insert(row: Row) -> None:
    names = names_of(type(row))
    insert_rows(row.TABLE, names, [[getattr(row, name) for name in names]])


def _clean(filename: str | None) -> str | None:
    """A name that can be shown: nothing that a terminal or a header would act on."""
    shown = "".join(letter for letter in filename or "" if letter.isprintable())
    return shown[-_LONGEST_NAME:] or None


def _text(value: dict[str, str]) -> str:
    return msgspec.json.encode(value).decode()
