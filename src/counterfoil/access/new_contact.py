"""Another phone number or e-mail address, by somebody who is signed in and has just shown who
they are: a code to it first, so that nobody locks themselves out by a slip.

One change at a time waits in each session. All moments are the wall clock's, UTC seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from django.conf import settings
from django.db import transaction

from counterfoil.access.addresses import NotAnAddress, read_address, read_phone
from counterfoil.access.guard import Seller
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
from counterfoil.accounts.operations import update_account
from counterfoil.accounts.params import UpdateAccount
from counterfoil.accounts.queries import account_by_id
from counterfoil.audit.operations import record
from counterfoil.kit.crypt import keyed_hash
from counterfoil.kit.db import execute, fetch_one
from counterfoil.kit.refused import Refused
from counterfoil.messaging.letters import Brand
from counterfoil.messaging.message import Channel


class SameContact(Refused):
    """What is on file already was typed again."""


@dataclass(frozen=True, slots=True)
class NewContact:
    """One that waits for its code."""

    channel: Channel
    address: str
    code_expires_at: int | None
    code_tries_left: int | None
    job_id: str | None
    down_since: int | None

    def has_code(self, now_wall: int) -> bool:
        return bool(self.code_tries_left) and now_wall < (self.code_expires_at or 0)


_WAITING = """
SELECT n.channel, n.address, c.expires_at, c.tries_left, c.job_id, t.since
FROM access_newcontact n
LEFT JOIN access_signincode c ON c.key = %s
LEFT JOIN messaging_trouble t ON t.channel = n.channel
WHERE n.session_id = %s AND n.ends_at > %s
"""


def waiting_contact(seller: Seller, *, now_wall: int) -> NewContact | None:
    row = fetch_one(_WAITING, [_key(seller), seller.session_id, now_wall])
    return None if row is None else NewContact(*row)


def read_contact(seller: Seller, channel: Channel, typed: str, *, countries: Sequence[str]) -> str:
    """The address as accounts have it. Raises NotAnAddress, NoCountry and SameContact."""
    account = account_by_id(seller.platform_id, seller.livemode, seller.account_id)
    if channel == "sms":
        address = read_phone(
            typed, countries=[seller.country, *countries], livemode=seller.livemode
        )
        if address == account.phone and seller.livemode:
            raise SameContact("That is the number on file.")
        return address
    if "@" not in typed:
        raise NotAnAddress("That is not an e-mail address.")
    address = read_address(typed, countries=[])[1]
    if address == account.email:
        raise SameContact("That is the address on file.")
    return address


_WAIT = """
INSERT INTO access_newcontact (session_id, channel, address, ends_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (session_id) DO UPDATE SET
  channel = excluded.channel, address = excluded.address, ends_at = excluded.ends_at
"""


def begin_contact(
    seller: Seller,
    channel: Channel,
    address: str,
    *,
    host: str | None,
    client: str | None,
    now_wall: int,
) -> None:
    """A code is on its way to it; one that waited before is forgotten. Raises TooManySends."""
    ends_at = now_wall + settings.LIFETIMES.lost_phone
    with transaction.atomic():
        execute(_WAIT, [seller.session_id, channel, address, ends_at])
        _send(seller, channel, address, host=host, client=client, now_wall=now_wall)


def send_another(
    seller: Seller,
    waiting: NewContact,
    *,
    host: str | None,
    client: str | None,
    now_wall: int,
) -> None:
    """The code once more; one that never left counts once. Raises TooManySends."""
    with transaction.atomic():
        _send(
            seller,
            waiting.channel,
            waiting.address,
            host=host,
            client=client,
            now_wall=now_wall,
            instead_of=waiting.job_id,
        )


def finish_contact(
    seller: Seller, waiting: NewContact, typed: str, *, now: int, now_wall: int
) -> None:
    """The code was typed: codes and notices go there from now on, and both contacts hear of it.

    `now` is the platform's clock. Raises NotACode, WrongCode and CodeSpent.
    """
    code = digits_of(typed)
    with transaction.atomic():
        # Not raised in here: leaving by an exception would give the try back.
        refusal = try_code(
            code,
            key=_key(seller),
            holder=_holder(seller, waiting.channel, waiting.address),
            testmode=not seller.livemode,
            now_wall=now_wall,
        )
        if refusal is None:
            forget_code(_key(seller))
            execute("DELETE FROM access_newcontact WHERE session_id = %s", [seller.session_id])
            _change(seller, waiting, now=now)
            return
        if isinstance(refusal, WrongCode):
            record("code.refused", scope=seller.scope, object_id=seller.session_id)
    raise refusal


def _change(seller: Seller, waiting: NewContact, *, now: int) -> None:
    """Where the account has it: a person's own, or its company's. Told and recorded with it."""
    account = account_by_id(seller.platform_id, seller.livemode, seller.account_id)
    holder = "individual" if account.business_type == "individual" else "company"
    sent: dict[str, Any]
    if waiting.channel == "sms":
        sent = {holder: {"phone": waiting.address}}
    else:
        sent = {"email": waiting.address}
        if holder == "individual":
            sent["individual"] = {"email": waiting.address}
    update_account(
        platform_id=seller.platform_id,
        livemode=seller.livemode,
        account_id=seller.account_id,
        params=msgspec.convert(sent, UpdateAccount),
        now=now,
    )


def _send(
    seller: Seller,
    channel: Channel,
    address: str,
    *,
    host: str | None,
    client: str | None,
    now_wall: int,
    instead_of: str | None = None,
) -> None:
    """In test mode 000000 serves, so a code that cannot be sent is made all the same."""
    key, holder = _key(seller), _holder(seller, channel, address)
    brand = Brand(seller.platform_name, seller.brand_color)
    try:
        with transaction.atomic():
            send_code_to(
                Recipient(seller.account_id, seller.livemode, brand),
                channel=channel,
                destination=address,
                key=key,
                holder=holder,
                host=host,
                client=client,
                now_wall=now_wall,
                instead_of=instead_of,
            )
    except TooManySends:
        if seller.livemode:
            raise
        put_code(
            new_code(),
            key=key,
            holder=holder,
            channel=channel,
            expires_at=now_wall + settings.LIFETIMES.code,
            again=True,
            now_wall=now_wall,
        )


def _key(seller: Seller) -> str:
    return token_hash(f"new-contact:{seller.session_id}")


def _holder(seller: Seller, channel: Channel, address: str) -> str:
    """The account, at the new address: for another one the code is void."""
    return keyed_hash("code-holder", f"new-contact:{seller.account_id}:{channel}:{address}")
