"""Messages that stay on this machine."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

from counterfoil.messaging.message import Message


@dataclass(frozen=True, slots=True)
class OutboxTransport:
    """Append JSON lines to `<data dir>/outbox/{email,sms}.jsonl`, readable by us alone.

    A line is `{"at", "to", "channel", "subject", "text", "html"}`, `at` in UTC seconds.
    """

    folder: Path
    is_outbox: bool = True

    def send(self, message: Message, *, now: int) -> None:
        line = {
            "at": now,
            "to": message.to,
            "channel": message.channel,
            "subject": message.subject,
            "text": message.text,
            "html": message.html,
        }
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.folder / f"{message.channel}.jsonl"
        flags = os.O_CREAT | os.O_APPEND | os.O_WRONLY
        with os.fdopen(os.open(path, flags, 0o600), "ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # let go when the file is closed
            file.write(msgspec.json.encode(line) + b"\n")
