"""How a message leaves: one small class per scheme of COUNTERFOIL_EMAIL_URL and _SMS_URL."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import msgspec
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

from counterfoil.messaging.message import Channel, Message

_SMTP_SECONDS: Final = 10
_SMTP_PORTS: Final = {"smtp": 587, "smtps": 465}


class Transport(Protocol):
    """Raises what its library raises when a message could not be handed over: try again."""

    @property
    def is_outbox(self) -> bool:
        """Whether messages stay on this machine, for developers to read."""

    def send(self, message: Message, *, now: int) -> None:
        """Hand one message over, or raise. `now` is the wall clock, UTC seconds."""


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


@dataclass(frozen=True, slots=True)
class SmtpTransport:
    """`smtp://user:pass@host:587` (STARTTLS) or `smtps://user:pass@host:465` (TLS at once).

    `?from=Name <address>` says who writes; `?starttls=off` suits a relay on this machine.
    """

    host: str
    port: int
    user: str
    password: str
    sender: str
    implicit_tls: bool
    starttls: bool
    is_outbox: bool = False

    def send(self, message: Message, *, now: int) -> None:
        backend = EmailBackend(
            host=self.host,
            port=self.port,
            username=self.user,
            password=self.password,
            use_tls=self.starttls,
            use_ssl=self.implicit_tls,
            timeout=_SMTP_SECONDS,
        )
        mail = EmailMultiAlternatives(
            message.subject or "",
            message.text,
            self.sender,
            [message.to],
            connection=backend,
            headers={"Date": formatdate(now)},
        )
        if message.html is not None:
            mail.attach_alternative(message.html, "text/html")
        mail.send()


def transport_for(
    url: str, *, channel: Channel, data_dir: Path, public_host: str | None
) -> Transport:
    """The transport that a setting names.

    Raises ValueError, naming the variable and the remedy, for one that cannot work.
    """
    variable = f"COUNTERFOIL_{channel.upper()}_URL"
    parts = urlsplit(url)
    if parts.scheme == "outbox":
        return OutboxTransport(data_dir / "outbox")
    if parts.scheme in _SMTP_PORTS and channel == "email":
        return _smtp(parts, variable=variable, public_host=public_host)
    if parts.scheme == "twilio" and channel == "sms":
        raise ValueError(
            f"{variable}: sending SMS by Twilio is not built into this version. "
            "Use outbox: until an upgrade brings it; sellers can sign in by e-mail meanwhile."
        )
    known = "outbox:, smtp:// or smtps://" if channel == "email" else "outbox:"
    raise ValueError(f"{variable} must begin with {known}, not {parts.scheme or 'nothing'}:.")


def _smtp(parts: SplitResult, *, variable: str, public_host: str | None) -> SmtpTransport:
    try:
        port = parts.port or _SMTP_PORTS[parts.scheme]
    except ValueError as error:
        raise ValueError(f"{variable}: the port must be a number up to 65535.") from error
    if not parts.hostname:
        raise ValueError(f"{variable} needs a host, as in smtp://user:password@mail.example:587.")
    options = parse_qs(parts.query, keep_blank_values=True)
    if unknown := options.keys() - {"from", "starttls"}:
        raise ValueError(f"{variable}: unknown option {min(unknown)}; there are from and starttls.")
    starttls = options.get("starttls", ["on"])[-1]
    if starttls not in ("on", "off"):
        raise ValueError(f"{variable}: starttls is either on or off.")
    implicit_tls = parts.scheme == "smtps"
    return SmtpTransport(
        host=parts.hostname,
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=options.get("from", [f"no-reply@{public_host or 'localhost'}"])[-1],
        implicit_tls=implicit_tls,
        starttls=not implicit_tls and starttls == "on",
    )
