"""Sending: a sealed job in the caller's transaction, a worker that hands it over."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec
from django.conf import settings

from counterfoil.kit.crypt import seal, unseal
from counterfoil.messaging.message import Channel, Message
from counterfoil.messaging.transports import Transport, transport_for
from counterfoil.outbox.operations import enqueue

SEND: Final = "messaging.send"

log = logging.getLogger(__name__)
_decoder = msgspec.json.Decoder(Message)


def transport_of(channel: Channel) -> Transport:
    """What the environment plugged in. Raises ValueError when its setting cannot work."""
    url = settings.EMAIL_URL if channel == "email" else settings.SMS_URL
    return _transport(url, channel, settings.DATA_DIR, settings.PUBLIC_URL)


def send_later(message: Message, *, now: int) -> str:
    """Have a worker send this once the caller's transaction commits; the job's id.

    The row holds it encrypted: a message may carry a code that is stored nowhere else.
    """
    sealed = seal(msgspec.json.encode(message).decode())
    return enqueue(SEND, {"sealed": sealed}, due_at=now, now=now)


def deliver(sealed: str, *, now: int) -> None:
    """Hand a sealed message to its transport, unless it has become worthless.

    At least once: a worker that dies between the two sends it again, and the same words twice
    do no harm. Raises what the transport raises.
    """
    message = _decoder.decode(unseal(sealed))
    if message.expires_at is not None and message.expires_at <= now:
        log.warning("message dropped, it expired before it could be sent: %s", message.channel)
        return
    transport_of(message.channel).send(message, now=now)


@lru_cache(maxsize=8)
def _transport(url: str, channel: Channel, data_dir: Path, public_url: str | None) -> Transport:
    host = urlsplit(public_url).hostname if public_url else None
    return transport_for(url, channel=channel, data_dir=data_dir, public_host=host)
