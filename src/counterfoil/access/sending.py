"""A code on its way to one address of an account that we know already."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from counterfoil.access.limits import subjects_of, take_slots
from counterfoil.access.onetime import new_code, put_code, sent_by
from counterfoil.messaging.letters import Brand
from counterfoil.messaging.message import Channel, Message
from counterfoil.messaging.operations import send_later, take_back, transport_of
from counterfoil.messaging.texts import sign_in_code


@dataclass(frozen=True, slots=True)
class Recipient:
    """The account whose contact it is, and in whose name the message comes."""

    account_id: str
    livemode: bool
    brand: Brand


def send_code_to(
    recipient: Recipient,
    *,
    channel: Channel,
    destination: str,
    key: str,
    holder: str,
    host: str | None,
    client: str | None,
    now_wall: int,
    instead_of: str | None = None,
) -> None:
    """Make the one code of `key` and have it sent, in the caller's transaction.

    `instead_of` is the job of the code before: one that never left is taken back, and the new
    one counts in its stead. Raises TooManySends.
    """
    code = new_code()
    expires_at = now_wall + settings.LIFETIMES.code
    put_code(
        code,
        key=key,
        holder=holder,
        channel=channel,
        expires_at=expires_at,
        again=True,
        now_wall=now_wall,
    )
    if instead_of is None or not take_back(instead_of, now=now_wall):
        subjects = subjects_of(
            channel=channel,
            destination=destination,
            livemode=recipient.livemode,
            account_id=recipient.account_id,
            client=client,
        )
        take_slots(subjects, now_wall=now_wall)
    message = sign_in_code(
        to=destination,
        channel=channel,
        brand=recipient.brand,
        code=code,
        minutes=max(1, settings.LIFETIMES.code // 60),
        host=host,
        expires_at=expires_at,
    )
    if job_id := leave(recipient, message, now_wall):
        sent_by(job_id, key=key)


def leave(recipient: Recipient, message: Message, now_wall: int) -> str | None:
    """The job that sends it. In test mode nothing real is sent: only to the outbox."""
    if not recipient.livemode and not transport_of(message.channel).is_outbox:
        return None
    return send_later(message, now=now_wall)
