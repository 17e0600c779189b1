"""A code to the account's own contact, before its first bank account is given by an account link.

Whoever came by the link could have it sent on; where money goes is for the holder to say. One code
serves as long as the browser works through the forms. All moments are the wall clock's.
"""

from __future__ import annotations

from django.db import transaction

from counterfoil.access.account_links import Onboarding
from counterfoil.access.links import token_hash
from counterfoil.access.onetime import WrongCode, digits_of, forget_code, try_code
from counterfoil.access.proving import Contacts, contacts_for, send_code_for
from counterfoil.access.sending import Recipient
from counterfoil.audit.operations import record
from counterfoil.kit.crypt import keyed_hash
from counterfoil.kit.db import execute
from counterfoil.messaging.letters import Brand
from counterfoil.messaging.message import Channel


def contacts_of_holder(onboarding: Onboarding) -> Contacts:
    return contacts_for(_key(onboarding), onboarding.account_id)


def send_holder_code(
    onboarding: Onboarding,
    contacts: Contacts,
    channel: Channel | None,
    *,
    host: str | None,
    client: str | None,
    now_wall: int,
) -> None:
    """A new code; the one before it counts no more. In test mode 000000 serves as well.

    Raises TooManySends.
    """
    send_code_for(
        Recipient(
            onboarding.account_id,
            onboarding.livemode,
            Brand(onboarding.platform_name, onboarding.brand_color),
        ),
        contacts,
        channel,
        key=_key(onboarding),
        holder=_holder(onboarding, contacts, channel),
        host=host,
        client=client,
        now_wall=now_wall,
    )


def prove_holder(onboarding: Onboarding, contacts: Contacts, typed: str, *, now_wall: int) -> None:
    """Note on the link that its holder has shown who they are. Raises NotACode, WrongCode and
    CodeSpent."""
    code = digits_of(typed)
    with transaction.atomic():
        # Not raised in here: leaving by an exception would give the try back.
        refusal = try_code(
            code,
            key=_key(onboarding),
            holder=_holder(onboarding, contacts, contacts.code_channel),
            testmode=not onboarding.livemode,
            now_wall=now_wall,
        )
        if refusal is None:
            forget_code(_key(onboarding))
            execute(
                "UPDATE access_accountlink SET proven_at = %s WHERE sha256 = %s",
                [now_wall, onboarding.link],
            )
            about = {"by": "code", "for": "bank_account"}
            record("identity.confirmed", scope=onboarding.scope, after=about)
        elif isinstance(refusal, WrongCode):
            record("code.refused", scope=onboarding.scope)
    if refusal is not None:
        raise refusal


def _key(onboarding: Onboarding) -> str:
    return token_hash(f"onboarding:{onboarding.link}")


def _holder(onboarding: Onboarding, contacts: Contacts, channel: Channel | None) -> str:
    """The account, at the address that the code goes to: with another one the code is void."""
    address = contacts.at(channel) if channel else None
    return keyed_hash("code-holder", f"onboarding:{onboarding.account_id}:{channel}:{address}")
