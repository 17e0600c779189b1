"""A signed-in person shows once more who they are: a code to a contact on file.

There is one code per session, for whatever waits in it. All moments are the wall clock's.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from counterfoil.access.guard import Seller
from counterfoil.access.holders import Holder
from counterfoil.access.limits import TooManySends
from counterfoil.access.links import token_hash
from counterfoil.access.onetime import (
    WrongCode,
    digits_of,
    forget_code,
    new_code,
    put_code,
    try_code,
)
from counterfoil.access.sending import Recipient, send_code_to
from counterfoil.access.sessions import Proof, renew_session
from counterfoil.access.stepup import Held, confirm
from counterfoil.audit.operations import record
from counterfoil.kit.crypt import keyed_hash
from counterfoil.kit.db import fetch_one
from counterfoil.kit.refused import Refused
from counterfoil.messaging.letters import Brand
from counterfoil.messaging.message import Channel


class SessionOver(Refused):
    """The session has ended meanwhile."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """Where a code can go, and the one that is out, if any."""

    phone: str | None
    email: str | None
    code_channel: Channel | None
    code_expires_at: int | None  # None: none was asked for
    code_tries_left: int | None
    code_job_id: str | None
    sms_down_since: int | None
    email_down_since: int | None

    def at(self, channel: Channel) -> str | None:
        return (self.phone if channel == "sms" else self.email) or None

    @property
    def first_channel(self) -> Channel | None:
        if self.phone:
            return "sms"
        return "email" if self.email else None

    def has_code(self, now_wall: int) -> bool:
        """Whether a code is out that would still be accepted."""
        return bool(self.code_tries_left) and now_wall < (self.code_expires_at or 0)


_CONTACTS = """
SELECT a.phone, a.email, c.channel, c.expires_at, c.tries_left, c.job_id,
       (SELECT since FROM messaging_trouble WHERE channel = 'sms'),
       (SELECT since FROM messaging_trouble WHERE channel = 'email')
FROM accounts_account a LEFT JOIN access_signincode c ON c.key = %s
WHERE a.id = %s
"""


def contacts_of(seller: Seller) -> Contacts:
    return contacts_for(_key(seller), seller.account_id)


def contacts_for(key: str, account_id: str) -> Contacts:
    """An account's contacts, and the code that waits under `key`. The account is there."""
    row = fetch_one(_CONTACTS, [key, account_id])
    assert row is not None, "an account that somebody works on exists"
    return Contacts(*row)


def send_proof_code(
    seller: Seller,
    contacts: Contacts,
    channel: Channel | None,
    *,
    host: str | None,
    client: str | None,
    now_wall: int,
) -> None:
    """A new code to a contact on file; the one before it counts no more.

    In test mode 000000 serves, so a code that cannot be sent is made all the same. Raises
    TooManySends.
    """
    send_code_for(
        _recipient(seller),
        contacts,
        channel,
        key=_key(seller),
        holder=_holder(seller, contacts, channel),
        host=host,
        client=client,
        now_wall=now_wall,
    )


def send_code_for(
    recipient: Recipient,
    contacts: Contacts,
    channel: Channel | None,
    *,
    key: str,
    holder: str,
    host: str | None,
    client: str | None,
    now_wall: int,
) -> None:
    """The same for whatever waits under `key`."""
    destination = contacts.at(channel) if channel else None
    if channel and destination:
        try:
            with transaction.atomic():
                send_code_to(
                    recipient,
                    channel=channel,
                    destination=destination,
                    key=key,
                    holder=holder,
                    host=host,
                    client=client,
                    now_wall=now_wall,
                    instead_of=contacts.code_job_id,
                )
        except TooManySends:
            if recipient.livemode:
                raise
        else:
            return
    if not recipient.livemode:
        put_code(
            new_code(),
            key=key,
            holder=holder,
            channel=channel,
            expires_at=now_wall + settings.LIFETIMES.code,
            again=True,
            now_wall=now_wall,
        )


def prove_by_code(
    seller: Seller, held: Held, contacts: Contacts, typed: str, *, token: str, now_wall: int
) -> str:
    """The session's new token. Raises NotACode, WrongCode, CodeSpent, SessionOver."""
    code = digits_of(typed)
    with transaction.atomic():
        # Not raised in here: leaving by an exception would give the try back.
        refusal = try_code(
            code,
            key=_key(seller),
            holder=_holder(seller, contacts, contacts.code_channel),
            testmode=not seller.livemode,
            now_wall=now_wall,
        )
        if refusal is None:
            forget_code(_key(seller))
            return proven(seller, held, by="code", token=token, now_wall=now_wall)
        if isinstance(refusal, WrongCode):
            record("code.refused", scope=seller.scope, object_id=seller.session_id)
    raise refusal


def proven(holder: Holder, held: Held | None, *, by: Proof, token: str, now_wall: int) -> str:
    """Note it, in the caller's transaction; the session's new token. Raises SessionOver.

    `held` is what waited for it; None where that was the session itself.
    """
    new = renew_session(token, by=by, now_wall=now_wall, room=holder.room)
    if new is None:
        raise SessionOver("The session has ended.")
    if held is not None:
        confirm(held, now_wall=now_wall)
    record(
        "identity.confirmed",
        scope=holder.scope,
        object_id=holder.session_id,
        after={"by": by, "for": held.why if held else "sign_in"},
    )
    return new


def _recipient(seller: Seller) -> Recipient:
    return Recipient(
        seller.account_id, seller.livemode, Brand(seller.platform_name, seller.brand_color)
    )


def _key(seller: Seller) -> str:
    return token_hash(f"step-up:{seller.session_id}")


def _holder(seller: Seller, contacts: Contacts, channel: Channel | None) -> str:
    """The account, at the address that the code goes to: with another one the code is void."""
    address = contacts.at(channel) if channel else None
    return keyed_hash("code-holder", f"step-up:{seller.account_id}:{channel}:{address}")
