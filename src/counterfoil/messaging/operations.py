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
from counterfoil.kit.db import execute, fetch_one
from counterfoil.messaging.message import Channel, Message
from counterfoil.messaging.transports import Transport, Undeliverable, transport_for
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
    do no harm. Raises what the transport raises when it is worth trying again.
    """
    message = _decoder.decode(unseal(sealed))
    if message.expires_at is not None and message.expires_at <= now:
        log.warning("message dropped, it expired before it could be sent: %s", message.channel)
        return
    hand_over(message, now=now)


def hand_over(message: Message, *, now: int) -> None:
    """Send now, outside any transaction, and keep in mind whether its channel gets through."""
    try:
        transport_of(message.channel).send(message, now=now)
    except Undeliverable as refusal:
        log.warning("message dropped: %s: %s", message.channel, refusal)
    except Exception:
        execute(_TROUBLE, [message.channel, now])
        raise
    execute("DELETE FROM messaging_trouble WHERE channel = %s", [message.channel])


_TROUBLE: Final = (
    "INSERT INTO messaging_trouble (channel, since) VALUES (%s, %s)"
    " ON CONFLICT (channel) DO NOTHING"
)


def trouble_since(channel: Channel) -> int | None:
    """When the channel stopped getting through (UTC seconds); None while it does."""
    row = fetch_one("SELECT since FROM messaging_trouble WHERE channel = %s", [channel])
    return row[0] if row else None


def take_back(job_id: str, *, now: int) -> bool:
    """Forget a message that a worker has tried and failed to send; whether it was still there.

    One that waits for its first try, or that a worker is sending right now, may have left.
    """
    sql = "DELETE FROM outbox_job WHERE id = %s AND last_error IS NOT NULL AND leased_until <= %s"
    return execute(sql, [job_id, now]) == 1


@lru_cache(maxsize=8)
def _transport(url: str, channel: Channel, data_dir: Path, public_url: str | None) -> Transport:
    host = urlsplit(public_url).hostname if public_url else None
    return transport_for(url, channel=channel, data_dir=data_dir, public_host=host)
