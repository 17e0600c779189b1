"""The last message to somebody who closed their account."""

from __future__ import annotations

from counterfoil.access.sending import Recipient, leave
from counterfoil.kit.db import fetch_one
from counterfoil.kit.scope import Scope
from counterfoil.messaging.letters import Brand
from counterfoil.messaging.message import Channel
from counterfoil.messaging.texts import account_closed
from counterfoil.platforms.queries import platform_facts

_CONTACTS = """
SELECT a.phone, a.email, p.name, p.brand_color
FROM accounts_account a JOIN platforms_platform p ON p.id = a.platform_id WHERE a.id = %s
"""


def tell_of_closing(scope: Scope, *, now_wall: int) -> None:
    """To the phone and the mailbox, in the transaction that closes.

    Nobody can undo it by a link: whoever did not do it is told whom to ask.
    """
    row = fetch_one(_CONTACTS, [scope.account_id])
    assert row is not None, "a closed account is still on file"
    phone, email, name, color = row
    brand = Brand(name, color)
    support = platform_facts(scope.platform_id, livemode=scope.livemode).settings.support
    reach = support.get("email") or support.get("phone") or support.get("url") or ""
    contacts: list[tuple[Channel, str | None]] = [("sms", phone), ("email", email)]
    for channel, to in contacts:
        if to:
            message = account_closed(to=to, channel=channel, brand=brand, reach=reach)
            leave(Recipient(scope.account_id, scope.livemode, brand), message, now_wall)
