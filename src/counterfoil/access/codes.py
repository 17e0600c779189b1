"""The six digits between a link and a session (design §5; reference §2.3).

Six digits from `secrets` are the 20 bits that ASVS 5.0 asks of a code. It is stored as a keyed
hash bound to its link and account; the sealed message in the outbox is its only other copy.
"""

from __future__ import annotations

import hmac
import secrets

from django.conf import settings
from django.db import connection, transaction

from counterfoil.access.limits import TooManySends, take_slots
from counterfoil.access.policy import CODE_DIGITS, TEST_CODE, typed_code
from counterfoil.access.queries import Entry
from counterfoil.access.sessions import start_session
from counterfoil.kit.crypt import keyed_hash
from counterfoil.kit.db import execute, fetch_one
from counterfoil.kit.refused import Refused
from counterfoil.messaging.message import Channel
from counterfoil.messaging.operations import send_later, transport_of
from counterfoil.messaging.texts import sign_in_code


class NoDestination(Refused):
    """The account has neither a phone number nor an e-mail address to send a code to."""


class NotACode(Refused):
    """What was typed is not six digits: no try was spent."""


class WrongCode(Refused):
    """Six digits, but not ours: a try was spent. `tries_left` may be 0."""

    def __init__(self, message: str, *, tries_left: int) -> None:
        super().__init__(message)
        self.tries_left = tries_left


class CodeSpent(Refused):
    """No code is out, it is too old, or its tries are used up: a new one is needed."""


class LinkUsed(Refused):
    """Another tab was faster: the link has let somebody in already."""


def send_code(
    entry: Entry, *, channel: Channel | None, again: bool, host: str | None, now_wall: int
) -> None:
    """Make a code for an open link and have it sent; nothing is written when refused.

    Without `again` a code that is out already stays: reloading a page or clicking twice sends
    one message. With it, a new code takes the place of the old one. `channel` None picks the
    phone, or the e-mail address when there is none. `host` is ours, for the SMS.

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
        if not _put_code(entry, code, channel, expires_at, again=again, now_wall=now_wall):
            return
        if channel is None or destination is None:
            return
        try:
            take_slots(_subjects(entry, channel, destination), now_wall=now_wall)
        except TooManySends:
            if entry.livemode or again:
                raise
            return
        if entry.livemode or transport_of(channel).is_outbox:
            message = sign_in_code(
                to=destination,
                channel=channel,
                platform=entry.platform_name,
                code=code,
                minutes=max(1, (expires_at - now_wall) // 60),
                host=host,
                expires_at=expires_at,
            )
            send_later(message, now=now_wall)


def enter_code(
    entry: Entry, typed: str, *, ip: str | None, user_agent: str | None, now_wall: int
) -> str:
    """Exchange a code for a session; the token of its cookie.

    A try is spent before the code is looked at, and the link is used up by a conditional
    update, so neither racing guesses nor racing tabs get more than their share.
    Raises NotACode, WrongCode, CodeSpent, LinkUsed; the spent try stays spent.
    """
    code = typed_code(typed)
    if not code:
        raise NotACode("The code has six digits.")
    with transaction.atomic():
        # Not raised in here: leaving by an exception would give the try back.
        outcome = _exchange(entry, code, ip=ip, user_agent=user_agent, now_wall=now_wall)
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def _exchange(
    entry: Entry, code: str, *, ip: str | None, user_agent: str | None, now_wall: int
) -> str | Refused:
    spent = _spend_try(entry, now_wall)
    if spent is None:
        if _is_used(entry):  # the faster tab took the code along
            return LinkUsed("This link has been used.")
        return CodeSpent("This code no longer works. Ask for a new one.")
    code_hash, tries_left = spent
    if not _matches(entry, code, code_hash):
        return WrongCode("That is not the code.", tries_left=tries_left)
    if not _use_up(entry, now_wall):
        return LinkUsed("This link has been used.")
    execute("DELETE FROM access_signincode WHERE link_sha256 = %s", [entry.link_sha256])
    return start_session(
        account_id=entry.account_id,
        platform_id=entry.platform_id,
        livemode=entry.livemode,
        redirect_url=entry.redirect_url,
        ip=ip,
        user_agent=user_agent,
        now_wall=now_wall,
    )


def new_code() -> str:
    """Any of the million, each as likely; 000000 too, which is nothing special in live mode."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


_PUT = """
INSERT INTO access_signincode
  (link_sha256, account_id, channel, code_hash, sent_at, expires_at, tries_left)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (link_sha256) DO UPDATE SET
  channel = excluded.channel, code_hash = excluded.code_hash, sent_at = excluded.sent_at,
  expires_at = excluded.expires_at, tries_left = excluded.tries_left
"""
_UNLESS_ONE_IS_OUT = """
WHERE access_signincode.expires_at <= excluded.sent_at OR access_signincode.tries_left = 0
"""


def _put_code(
    entry: Entry,
    code: str,
    channel: Channel | None,
    expires_at: int,
    *,
    again: bool,
    now_wall: int,
) -> bool:
    """Whether the code is now the one that counts."""
    row = (
        entry.link_sha256,
        entry.account_id,
        channel,
        _hash(entry, code),
        now_wall,
        expires_at,
        settings.LIFETIMES.tries,
    )
    return execute(_PUT if again else _PUT + _UNLESS_ONE_IS_OUT, row) == 1


def _spend_try(entry: Entry, now_wall: int) -> tuple[str, int] | None:
    sql = (
        "UPDATE access_signincode SET tries_left = tries_left - 1"
        " WHERE link_sha256 = %s AND account_id = %s AND tries_left > 0 AND expires_at > %s"
        " RETURNING code_hash, tries_left"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [entry.link_sha256, entry.account_id, now_wall])
        rows = cursor.fetchall()
    return rows[0] if rows else None


def _is_used(entry: Entry) -> bool:
    sql = "SELECT used_at FROM access_loginlink WHERE sha256 = %s"
    row = fetch_one(sql, [entry.link_sha256])
    return row is None or row[0] is not None


def _use_up(entry: Entry, now_wall: int) -> bool:
    sql = "UPDATE access_loginlink SET used_at = %s WHERE sha256 = %s AND used_at IS NULL"
    return execute(sql, [now_wall, entry.link_sha256]) == 1


def _matches(entry: Entry, code: str, code_hash: str) -> bool:
    if not entry.livemode and code == TEST_CODE:
        return True
    return hmac.compare_digest(_hash(entry, code), code_hash)


def _hash(entry: Entry, code: str) -> str:
    return keyed_hash("sign-in-code", f"{entry.link_sha256}:{entry.account_id}:{code}")


def _subjects(entry: Entry, channel: Channel, destination: str) -> list[tuple[str, str]]:
    """Per account and per destination, however it is written; the two modes apart."""
    mode = "live" if entry.livemode else "test"
    if channel == "sms":
        same = "".join(letter for letter in destination if letter.isdigit())
    else:
        same = destination.casefold()
    return [(f"{mode}:account", entry.account_id), (f"{mode}:{channel}", same)]
