"""The demo's test keys, kept in the data directory: real keys are shown once and never kept."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import msgspec
from django.conf import settings


class DemoKeys(msgspec.Struct, frozen=True):
    platform_id: str
    name: str
    secret_key_test: str
    publishable_key_test: str


def saved_demo() -> DemoKeys | None:
    """What the last demo wrote down; None when nothing is there, or nothing that can be read."""
    try:
        return msgspec.json.decode(_path().read_bytes(), type=DemoKeys)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def save_demo(keys: DemoKeys) -> None:
    """Write the demo's keys where only this user can read them, whole or not at all."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # `mkstemp` gives 0600; the rename replaces a file of any other mode.
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".demo-")
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(keys))
    Path(draft).replace(path)


def _path() -> Path:
    return Path(settings.DATA_DIR) / "demo.json"
