"""Reading a backup into an empty installation, and proving that it is the same."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from counterfoil.config.backup import archive
from counterfoil.config.backup.archive import Manifest
from counterfoil.config.backup.databases import load, table_names
from counterfoil.config.backup.making import secret_key_mark, uploads_folder
from counterfoil.config.environment import SECRET_KEY_FILE
from counterfoil.kit.db import fetch_one


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back; `migrated` when this version is newer than the backup."""

    manifest: Manifest
    migrated: bool


def restore_backup(source: Path) -> Restored:
    """Fill this installation, which must be empty, and prove it: hashes, rows, every invariant.

    Raises CommandError: what stands in the way, or what does not agree, and what to do. Until
    the archive has been read whole nothing is written.
    """
    if not source.is_file():
        raise CommandError(f"There is no file {source}.")
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.DATA_DIR) as name:
        folder = Path(name)
        try:
            manifest = archive.unpack(source, folder)
        except archive.Damaged as damaged:
            raise CommandError(f"{source} is damaged. {damaged} Nothing was restored.") from damaged
        _refuse_what_does_not_fit(manifest, with_key=(folder / archive.SECRET_KEY).exists())
        _refuse_unless_empty()
        load(folder / archive.DATABASE)
        _bring_files(folder)
    _compare_rows(manifest)
    migrated = _bring_up_to_date()
    _run_check(manifest.heads)
    return Restored(manifest, migrated)


def _refuse_what_does_not_fit(manifest: Manifest, *, with_key: bool) -> None:
    if manifest.engine != connection.vendor:
        raise CommandError(
            f"This backup is of {manifest.engine}, and COUNTERFOIL_DATABASE_URL names"
            f" {connection.vendor}. Name a database of the same kind."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(manifest.migrations) - known):
        raise CommandError(
            f"Counterfoil {manifest.version} made this backup, and this one is older: it does not"
            f" know {unknown[0]}. Install {manifest.version} or newer."
        )
    key_fits = secret_key_mark(settings.SECRET_KEY) == manifest.secret_key_mark
    given = bool(os.environ.get("COUNTERFOIL_SECRET_KEY"))
    if not key_fits and (given or not with_key):
        raise CommandError(
            "COUNTERFOIL_SECRET_KEY is not the one that this backup was made with; without that"
            " one nothing encrypted can be read. Set it and restore again."
        )


def _refuse_unless_empty() -> None:
    if tables := table_names():
        table = next((one for one in tables if _has_rows(one)), None)
        what = f"{table} has rows" if table else "it has tables"
        raise CommandError(
            f"The database that COUNTERFOIL_DATABASE_URL names is not empty: {what}. Nothing was"
            " restored. Name an empty one, and do not run `counterfoil migrate` before."
        )
    folder = uploads_folder()
    if folder is not None and folder.is_dir() and any(folder.iterdir()):
        raise CommandError(f"{folder} is not empty. Nothing was restored. Move it away first.")


def _has_rows(table: str) -> bool:
    quoted = connection.ops.quote_name(table)
    return fetch_one(f"SELECT 1 FROM {quoted} LIMIT 1") is not None  # noqa: S608 - our own name


def _bring_files(folder: Path) -> None:
    key = folder / archive.SECRET_KEY
    if key.exists() and not os.environ.get("COUNTERFOIL_SECRET_KEY"):
        # The one that is there protects nothing: it was made when this command started.
        key.replace(settings.DATA_DIR / SECRET_KEY_FILE)
    uploads, target = folder / archive.UPLOADS, uploads_folder()
    if uploads.exists() and target is not None:
        shutil.copytree(uploads, target, dirs_exist_ok=True)


def _compare_rows(manifest: Manifest) -> None:
    for table, rows in manifest.rows.items():
        quoted = connection.ops.quote_name(table)
        (found,) = fetch_one(f"SELECT COUNT(*) FROM {quoted}") or (0,)  # noqa: S608 - our own name
        if found != rows:
            raise CommandError(f"{table} had {rows} rows and has {found}. Do not serve this.")


def _bring_up_to_date() -> bool:
    loader = MigrationLoader(connection)
    missing = set(loader.disk_migrations) - set(loader.applied_migrations)
    if missing:
        _ourselves("migrate", "--verbosity", "0")
    return bool(missing)


def _run_check(heads: Sequence[str]) -> None:
    """In a process of its own: this one has started with another secret key."""
    _ourselves("check", "--json", *(word for head in heads for word in ("--head", head)))


def _ourselves(*words: str) -> None:
    connection.close()
    done = subprocess.run(  # noqa: S603 - our own interpreter and words
        [sys.executable, "-m", "counterfoil", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError(
            f"Restored, and `counterfoil {words[0]}` finds it not in order. Do not serve this.\n"
            f"{done.stdout}{done.stderr}"
        )
