"""Writing a backup."""

from __future__ import annotations

import hashlib
import hmac
import tempfile
from importlib.metadata import version
from pathlib import Path

import msgspec
from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from counterfoil.audit import check as audit
from counterfoil.config.backup import archive
from counterfoil.config.backup.archive import Manifest
from counterfoil.config.backup.databases import copied, table_names
from counterfoil.config.environment import kept_secret_key
from counterfoil.kit.invariants import Snapshot
from counterfoil.ledger.check.chain import CHAIN


def make_backup(target: Path, *, now: int) -> Manifest:
    """Write one archive to `target`, and read it again. `now`: wall clock, UTC seconds.

    The database comes first, so that every upload it speaks of is among those copied after it.
    Raises CommandError: what stands in the way, and what to do.
    """
    if not target.parent.is_dir():
        raise CommandError(f"There is no directory {target.parent}.")
    # Beside the target: it has room for the archive, so most likely for the copy too.
    with tempfile.TemporaryDirectory(prefix=".counterfoil-backup-", dir=target.parent) as folder:
        copy = Path(folder) / archive.DATABASE
        try:
            with archive.writing(target) as writer:
                with copied(copy, now=now) as moment:
                    described = _describe(moment)
                writer.add(archive.DATABASE, copy)
                _add_data_dir(writer)
                manifest = msgspec.structs.replace(described, sha256=dict(writer.sha256))
                writer.add_bytes(archive.MANIFEST, msgspec.json.encode(manifest))
        except FileExistsError:
            raise CommandError(f"{target} exists already. Nothing was written.") from None
        copy.unlink()
        _read_again(target, Path(folder))
    return manifest


def secret_key_mark(key: str) -> str:
    """Tells one secret key from another, and nothing about it."""
    return hmac.digest(key.encode(), b"counterfoil backup", hashlib.sha256).hex()[:16]


def _describe(moment: Snapshot) -> Manifest:
    quote = connection.ops.quote_name
    return Manifest(
        format=archive.FORMAT,
        made_at=moment.now,
        version=version("counterfoil"),
        engine=connection.vendor,
        migrations=sorted(
            f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()
        ),
        rows={
            table: moment.number(f"SELECT COUNT(*) FROM {quote(table)}")  # noqa: S608 - our names
            for table in table_names()
        },
        heads=[head.hash for chain in (CHAIN, audit.CHAIN) for head in chain.heads(moment)],
        secret_key_mark=secret_key_mark(settings.SECRET_KEY),
        uploads_in_bucket=not uploads_folder(),
        sha256={},
    )


def uploads_folder() -> Path | None:
    """Where uploads lie, or None when a bucket keeps them."""
    location = settings.STORAGES["files"]["OPTIONS"].get("location")
    return location if isinstance(location, Path) else None


def _add_data_dir(writer: archive.Writer) -> None:
    kept = kept_secret_key(settings.DATA_DIR)
    if kept is not None:
        writer.add(archive.SECRET_KEY, kept)
    folder = uploads_folder()
    if folder is None or not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            writer.add(f"{archive.UPLOADS}/{path.relative_to(folder).as_posix()}", path)


def _read_again(target: Path, folder: Path) -> None:
    """A backup that cannot be read is none: better to hear of it today."""
    try:
        archive.unpack(target, folder)
    except archive.Damaged as damaged:
        raise CommandError(f"{target} was written and cannot be read. {damaged}") from damaged
