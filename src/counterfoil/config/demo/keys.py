"""The demo's test keys, kept in the data directory: real keys are shown once and never kept."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
from django.conf import settings


class DemoKeys(msgspec.Struct):
    platform_id: str
    name: str
    secret_key_test: str
    publishable_key_test: str


def saved_demo() -> DemoKeys | None:
    """What the last demo wrote down, or None."""
    path = _path()
    return msgspec.json.decode(path.read_bytes(), type=DemoKeys) if path.exists() else None


def save_demo(keys: DemoKeys) -> None:
    """Write the demo's keys where only this user can read them."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.encode(keys))


def _path() -> Path:
    return Path(settings.DATA_DIR) / "demo.json"
