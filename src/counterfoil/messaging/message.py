"""A message to one person, ready to leave."""

from __future__ import annotations

from typing import Literal

import msgspec

Channel = Literal["email", "sms"]


class Message(msgspec.Struct, frozen=True):
    """`to` is an e-mail address or a phone number in E.164; an SMS has no subject and no HTML.

    After `expires_at` (wall clock, UTC seconds) it is worth nothing and is not sent.
    """

    to: str
    channel: Channel
    text: str
    subject: str | None = None
    html: str | None = None
    expires_at: int | None = None
