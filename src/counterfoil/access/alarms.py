"""Notices of what changed, and the link in each for whoever did not do it.

The link ends every session of the account and holds its payouts until the marketplace lets them
go on (`DELETE /v1/counterfoil/payout_pauses/{account}`).
It needs no signing in: whoever lost their phone must be able to use it. Moments are the wall
clock's, UTC seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import translation

from counterfoil.access.links import token_hash
from counterfoil.access.sending import Recipient, leave
from counterfoil.access.session_list import end_sessions
from counterfoil.audit.acting import Acting
from counterfoil.audit.operations import record
from counterfoil.kit.clock import DAY
from counterfoil.kit.db import execute, fetch_one, insert_rows, unit_of_work
from counterfoil.kit.ids import secret_token
from counterfoil.kit.scope import Scope
from counterfoil.messaging.letters import Brand
from counterfoil.messaging.message import Channel
from counterfoil.messaging.texts import Change, something_changed
from counterfoil.payouts.operations.settings import pause_payouts
from counterfoil.payouts.params import PausePayouts
from counterfoil.platforms.queries import platform_time

OPEN_FOR: Final = 14 * DAY
REASON: Final = "The account holder said that somebody else was in the account."


@dataclass(frozen=True, slots=True)
class Alarm:
    """A link that may be used, or was."""

    sha256: str
    scope: Scope
    brand: Brand
    is_raised: bool


def alarm_address(scope: Scope, *, now_wall: int) -> str:
    """The address of a new link, in the caller's transaction.

    Without a public URL we are in development and know no address that others reach us by: then
    it is the path alone, which `/dev/outbox` leads to.
    """
    token = secret_token(32)
    columns = ("sha256", "account_id", "platform_id", "livemode", "ends_at")
    row = (
        token_hash(token),
        scope.account_id,
        scope.platform_id,
        scope.livemode,
        now_wall + OPEN_FOR,
    )
    insert_rows("access_alarm", columns, [row])
    return f"{settings.PUBLIC_URL or ''}/not-me/{token}"


_CONTACTS = """
SELECT a.phone, a.email, a.language, p.name, p.brand_color
FROM accounts_account a JOIN platforms_platform p ON p.id = a.platform_id WHERE a.id = %s
"""


def tell(
    scope: Scope,
    change: Change,
    *,
    now_wall: int,
    last4: str = "",
    device: str = "",
    former: Mapping[str, str] | None = None,
) -> None:
    """Write to every contact on file what changed, and to those that were there before.

    In one transaction, the caller's where it changes something; in the language that the seller
    has chosen, else in the active one. `last4` is a bank account's, `device` a
    browser's, `former` the `phone` and `email` that were replaced.
    """
    with unit_of_work():
        row = fetch_one(_CONTACTS, [scope.account_id])
        assert row is not None, "a changed account exists"
        phone, email, language, name, color = row
        brand, old = Brand(name, color), former or {}
        address = alarm_address(scope, now_wall=now_wall)
        contacts: list[tuple[Channel, str | None]] = [
            ("sms", phone),
            ("email", email),
            ("sms", old.get("phone")),
            ("email", old.get("email")),
        ]
        told = {to: channel for channel, to in contacts if to}
        with translation.override(language or translation.get_language()):
            for to, channel in told.items():
                message = something_changed(
                    change,
                    to=to,
                    channel=channel,
                    brand=brand,
                    not_me=address,
                    last4=last4,
                    device=device,
                )
                leave(Recipient(scope.account_id, scope.livemode, brand), message, now_wall)


_ALARM = """
SELECT m.sha256, m.platform_id, m.account_id, m.livemode, p.name, p.brand_color,
       m.raised_at IS NOT NULL
FROM access_alarm m
JOIN accounts_account a ON a.id = m.account_id AND a.deleted_at IS NULL
JOIN platforms_platform p ON p.id = m.platform_id
WHERE m.sha256 = %s AND m.ends_at > %s
"""


def alarm_of(token: str, *, now_wall: int) -> Alarm | None:
    row = fetch_one(_ALARM, [token_hash(token), now_wall])
    if row is None:
        return None
    sha256, platform_id, account_id, livemode, name, color, raised = row
    scope = Scope(platform_id, account_id, bool(livemode))
    return Alarm(sha256, scope, Brand(name, color), bool(raised))


def raise_alarm(alarm: Alarm, *, ip: str | None, user_agent: str | None, now_wall: int) -> bool:
    """End every session and login link, and hold payouts; False when it was done before."""
    scope = alarm.scope
    with transaction.atomic():
        if not execute(
            "UPDATE access_alarm SET raised_at = %s WHERE sha256 = %s AND raised_at IS NULL",
            [now_wall, alarm.sha256],
        ):
            return False
        visitor = Acting("visitor", None, now_wall, ip, user_agent)
        record("alarm.raised", scope=scope, by=visitor)
        end_sessions(scope, by=visitor)
        execute(
            "UPDATE access_loginlink SET used_at = %s WHERE account_id = %s AND used_at IS NULL",
            [now_wall, scope.account_id],
        )
        now = platform_time(scope.platform_id, livemode=scope.livemode, now_wall=now_wall)
        pause_payouts(scope=scope, params=PausePayouts(reason=REASON), now=now)
    return True
