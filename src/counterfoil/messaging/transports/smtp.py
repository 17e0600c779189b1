"""Mail by SMTP."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from email.utils import formatdate
from typing import Final

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from counterfoil.messaging.message import Message
from counterfoil.messaging.transports.address import Address
from counterfoil.messaging.transports.base import Undeliverable

_SECONDS: Final = 10
PORTS: Final = {"smtp": 587, "smtps": 465}


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
            timeout=_SECONDS,
        )
        try:
            mail_of(message, sender=self.sender, backend=backend, now=now).send()
        except smtplib.SMTPRecipientsRefused as refused:
            codes = {code for code, _ in refused.recipients.values()}
            if min(codes) < 500:  # a mailbox that is full or busy, a server that is wary at first
                raise
            raise Undeliverable(f"the mail server refused the recipient: {codes}") from None


def mail_of(
    message: Message, *, sender: str, backend: BaseEmailBackend, now: int
) -> EmailMultiAlternatives:
    """The message as Django's mail backends take it."""
    mail = EmailMultiAlternatives(
        message.subject or "",
        message.text,
        sender,
        [message.to],
        connection=backend,
        headers={"Date": formatdate(now), "Auto-Submitted": "auto-generated"},
    )
    if message.html is not None:
        mail.attach_alternative(message.html, "text/html")
    return mail


def smtp_of(address: Address, *, public_host: str | None) -> SmtpTransport:
    port = address.port(PORTS[address.scheme])
    if not address.host:
        raise ValueError(
            f"{address.variable} needs a host, as in smtp://user:password@mail.example:587."
        )
    address.check_options("from", "starttls")
    implicit_tls = address.scheme == "smtps"
    return SmtpTransport(
        host=address.host,
        port=port,
        user=address.user,
        password=address.password,
        sender=sender_of(address, public_host=public_host),
        implicit_tls=implicit_tls,
        starttls=address.switch("starttls") and not implicit_tls,
    )


def sender_of(address: Address, *, public_host: str | None) -> str:
    return address.options.get("from", f"no-reply@{public_host or 'localhost'}")
