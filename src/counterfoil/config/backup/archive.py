"""The file of a backup: a tar whose last member says what the others are.

database        the engine's own copy: an SQLite file, or pg_dump's custom format
secret-key      unless COUNTERFOIL_SECRET_KEY gives it
files/…         uploads, unless a bucket keeps them
manifest.json   `Manifest`, with the SHA-256 of every other member
"""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Final

import msgspec

DATABASE: Final = "database"
SECRET_KEY: Final = "secret-key"  # noqa: S105 - the name of a member
UPLOADS: Final = "files"
MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
_CHUNK: Final = 1024 * 1024


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds. `made_at` is UTC seconds; `heads` are those that `check` prints."""

    format: int
    made_at: int
    version: str
    engine: str  # sqlite or postgresql
    migrations: list[str]
    rows: dict[str, int]  # by table
    heads: list[str]
    secret_key_mark: str  # tells one key from another, and nothing about it
    uploads_in_bucket: bool
    sha256: dict[str, str]  # by member


class Damaged(Exception):
    """An archive that is not what its manifest says, in the operator's words."""


class Writer:
    """Adds members, and keeps their hashes for the manifest."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.sha256: dict[str, str] = {}

    def add(self, name: str, path: Path) -> None:
        with path.open("rb") as file:
            member = _member(name, os.fstat(file.fileno()).st_size)
            reader = _Hashing(file)
            self._tar.addfile(member, reader)
        self.sha256[name] = reader.digest.hexdigest()

    def add_bytes(self, name: str, content: bytes) -> None:
        self._tar.addfile(_member(name, len(content)), io.BytesIO(content))
        self.sha256[name] = hashlib.sha256(content).hexdigest()


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """An archive that appears under its name only when it is whole, readable by its owner alone.

    Raises FileExistsError. A name that ends in .gz is compressed.
    """
    if target.exists():
        raise FileExistsError(target)
    unfinished = target.with_name(target.name + ".unfinished")
    descriptor = os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz" if _compressed(target) else "w") as tar:
                yield Writer(tar)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)


def unpack(archive: Path, into: Path) -> Manifest:
    """Write every member below `into`, which exists; raises Damaged unless all are as they were.

    Names that would lead elsewhere are refused, and so is whatever the manifest does not name.
    """
    found: dict[str, str] = {}
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is None or not _expected(member.name):
                    raise Damaged(f"It holds something that no backup holds: {member.name!r}.")
                found[member.name] = _write(content, into / member.name)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise Damaged(f"It cannot be read to its end: {error}.") from error
    manifest = _manifest(into / MANIFEST)
    _compare(manifest.sha256, found)
    return manifest


def _manifest(path: Path) -> Manifest:
    try:
        raw = path.read_bytes()
        if msgspec.json.decode(raw, type=dict)["format"] != FORMAT:
            raise Damaged("Another version of Counterfoil made it, in a format unknown here.")
        return msgspec.json.decode(raw, type=Manifest)
    except FileNotFoundError:
        raise Damaged("Its end is missing: there is no manifest.") from None
    except (msgspec.MsgspecError, KeyError):
        raise Damaged("Its manifest cannot be read.") from None


def _compare(expected: Mapping[str, str], found: Mapping[str, str]) -> None:
    for name, digest in expected.items():
        if name not in found:
            raise Damaged(f"{name} is missing.")
        if found[name] != digest:
            raise Damaged(f"{name} is not what was backed up.")
    if extra := sorted(found.keys() - expected.keys() - {MANIFEST}):
        raise Damaged(f"{extra[0]} was added later.")


def _expected(name: str) -> bool:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or str(path) != name:
        return False
    return name in (DATABASE, SECRET_KEY, MANIFEST) or (
        path.parts[0] == UPLOADS and len(path.parts) > 1
    )


def _write(content: IO[bytes], path: Path) -> str:
    """The content's SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def _compressed(path: Path) -> bool:
    return path.suffix in (".gz", ".tgz")


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


class _Hashing(io.RawIOBase):
    """A file whose bytes are hashed as they are read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self.digest.update(chunk)
        return chunk
