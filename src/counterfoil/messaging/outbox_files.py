"""Reading the outbox back, for the developers' page."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, get_args

import msgspec

from counterfoil.messaging.message import Channel

_BYTES_READ: Final = 256 * 1024  # of each file's end: years of it would not fit on a page


def newest_messages(data_dir: Path, *, limit: int) -> list[dict[str, Any]]:
    """The last lines of both files, newest first, as `OutboxTransport` wrote them."""
    lines: list[dict[str, Any]] = []
    for channel in get_args(Channel):
        lines += [msgspec.json.decode(line) for line in _tail(data_dir / f"outbox/{channel}.jsonl")]
    # Of two messages of one second the one written later comes first.
    numbered = sorted(enumerate(lines), key=lambda pair: (pair[1]["at"], pair[0]), reverse=True)
    return [line for _, line in numbered[:limit]]


def _tail(path: Path) -> list[bytes]:
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _BYTES_READ))
            text = file.read()
    except FileNotFoundError:
        return []
    lines = text.split(b"\n")[:-1]  # what follows the last newline is still being written
    return lines[1:] if size > _BYTES_READ else lines
