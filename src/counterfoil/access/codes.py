"""The code between a login link and a session (reference §2.1, §2.3)."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from counterfoil.access.limits import TooManySends, subjects_of, take_slots
from counterfoil.access.onetime import (
    CodeSpent,
    WrongCode,
    digits_of,
    forget_code,
    new_code,
    put_code,
    sent_by,
    try_code,
)
from counterfoil.access.people import Proven
from counterfoil.access.queries import Entry
from counterfoil.access.sessions import start_session
from counterfoil.audit.acting import Acting
from counterfoil.audit.operations import record
from counterfoil.kit.crypt import keyed_hash
from counterfoil.kit.db import execute, fetch_one
from counterfoil.kit.refused import Refused
from counterfoil.kit.scope import Scope
from counterfoil.messaging.letters import Brand
from counterfoil.messaging.message import Channel
from counterfoil.messaging.operations import send_later, take_back, transport_of
from counterfoil.messaging.texts import sign_in_code


class NoDestination(Refused):
    """The account has neither a phone number nor an e-mail address to send a code to."""


class LinkUsed(Refused):
    """Another tab was faster: the link has let somebody in already."""


def send_code(
    entry: Entry,
    *,
    channel: Channel | None,
    again: bool,
    host: str | None,
    client: str | None,
    now_wall: int,
) -> None:
    """Make a code for an open link and have it sent; nothing is written when refused.

    Without `again` a code that is out already stays: reloading a page or clicking twice sends
    one message. With it, a new code takes the place of the old one. `channel` None picks the
    phone, or the e-mail address when there is none. `host` is ours, for the SMS; `client` the
    browser's address. A message that could not be sent yet is taken back with its code, and the
    new one counts in its stead.

    In test mode nothing real is sent: the message goes to the outbox, when that is what is
    plugged in, and `000000` does without it. So there a first code is never refused.
    Raises NoDestination and TooManySends.
    """
    channel = channel or entry.first_channel
    destination = entry.destination(channel) if channel else None
    if destination is None and entry.livemode:
        raise NoDestination("There is no phone number or e-mail address to send a code to.")

    code = new_code()
    expires_at = min(now_wall + settings.LIFETIMES.code, entry.expires_at + settings.LIFETIMES.code)
    with transaction.atomic():
        if not put_code(
            code,
            key=entry.link_sha256,
            holder=_holder(entry, channel),
            channel=channel,
            expires_at=expires_at,
            again=again,
            now_wall=now_wall,
        ):
            return
        if channel is None or destination is None:
            return
        subjects = subjects_of(
            channel=channel,
            destination=destination,
            livemode=entry.livemode,
            account_id=entry.account_id,
            client=client,
        )
        try:
            if not _took_back(entry, channel, now_wall):
                take_slots(subjects, now_wall=now_wall)
        except TooManySends:
            if entry.livemode or again:
                raise
            return
        if entry.livemode or transport_of(channel).is_outbox:
            message = sign_in_code(
                to=destination,
                channel=channel,
                brand=Brand(entry.platform_name, entry.brand_color),
                code=code,
                minutes=max(1, (expires_at - now_wall) // 60),
                host=host,
                expires_at=expires_at,
            )
            sent_by(send_later(message, now=now_wall), key=entry.link_sha256)


def enter_code(
    entry: Entry, typed: str, *, ip: str | None, user_agent: str | None, now_wall: int
) -> str:
    """Exchange a code for a session; the token of its cookie.

    A try is spent before the code is looked at, and the link is used up by a conditional
    update, so neither racing guesses nor racing tabs get more than their share.
    Raises NotACode, WrongCode, CodeSpent, LinkUsed; the spent try stays spent.
    """
    code = digits_of(typed)
    with transaction.atomic():
        # Not raised in here: leaving by an exception would give the try back.
        outcome = _exchange(entry, code, ip=ip, user_agent=user_agent, now_wall=now_wall)
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def _exchange(
    entry: Entry, code: str, *, ip: str | None, user_agent: str | None, now_wall: int
) -> str | Refused:
    refusal = try_code(
        code,
        key=entry.link_sha256,
        holder=_holder(entry, entry.code_channel),
        testmode=not entry.livemode,
        now_wall=now_wall,
    )
    if isinstance(refusal, CodeSpent) and _is_used(entry):  # the faster tab took the code along
        return LinkUsed("This link has been used.")
    if isinstance(refusal, WrongCode):
        scope = Scope(entry.platform_id, entry.account_id, entry.livemode)
        visitor = Acting("visitor", None, now_wall, ip, user_agent)
        record("code.refused", scope=scope, by=visitor)
    if refusal is not None:
        return refusal
    if not use_up(entry, now_wall):
        return LinkUsed("This link has been used.")
    forget_code(entry.link_sha256)
    return start_session(
        account_id=entry.account_id,
        platform_id=entry.platform_id,
        livemode=entry.livemode,
        redirect_url=entry.redirect_url,
        ip=ip,
        user_agent=user_agent,
        now_wall=now_wall,
        proven=_proven(entry),
    )


def _holder(entry: Entry, channel: Channel | None) -> str:
    """The account, at the address that the code goes to: with another one the code is void."""
    address = entry.destination(channel) if channel else None
    return keyed_hash("code-holder", f"{entry.account_id}:{channel}:{address}")


def _proven(entry: Entry) -> Proven | None:
    """In test mode nothing is: anybody may type 000000."""
    channel = entry.code_channel
    address = entry.destination(channel) if channel else None
    return (channel, address) if entry.livemode and channel and address else None


def _is_used(entry: Entry) -> bool:
    sql = "SELECT used_at FROM access_loginlink WHERE sha256 = %s"
    row = fetch_one(sql, [entry.link_sha256])
    return row is None or row[0] is not None


def use_up(entry: Entry, now_wall: int) -> bool:
    """Whether the link was still unused; it no longer is."""
    sql = "UPDATE access_loginlink SET used_at = %s WHERE sha256 = %s AND used_at IS NULL"
    return execute(sql, [now_wall, entry.link_sha256]) == 1


def _took_back(entry: Entry, channel: Channel, now_wall: int) -> bool:
    """Whether the code before this one never left, and was to go the same way."""
    if entry.code_job_id is None or not take_back(entry.code_job_id, now=now_wall):
        return False
    return entry.code_channel == channel
