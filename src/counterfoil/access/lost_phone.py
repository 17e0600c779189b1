"""A login link's phone is lost (reference §2.3).

A code to the account's mailbox, then a new number, then a code to that, which opens the dashboard.

What each step has shown is bound to one browser by a ticket in its cookie: whoever else has the
link cannot go on where it left off. All moments are the wall clock's, UTC seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import transaction

from counterfoil.access.addresses import read_phone
from counterfoil.access.alarms import alarm_address
from counterfoil.access.codes import LinkUsed, use_up
from counterfoil.access.links import token_hash
from counterfoil.access.onetime import (
    WrongCode,
    digits_of,
    forget_code,
    try_code,
)
from counterfoil.access.policy import masked
from counterfoil.access.queries import Entry
from counterfoil.access.sending import Recipient, leave, send_code_to
from counterfoil.access.sessions import start_session
from counterfoil.accounts.operations import replace_phone
from counterfoil.audit.acting import Acting
from counterfoil.audit.operations import record
from counterfoil.kit.crypt import keyed_hash
from counterfoil.kit.db import execute, fetch_all, fetch_one, insert_rows
from counterfoil.kit.ids import secret_token
from counterfoil.kit.refused import Refused
from counterfoil.kit.scope import Scope
from counterfoil.messaging.letters import Brand
from counterfoil.messaging.message import Channel
from counterfoil.messaging.texts import phone_replaced
from counterfoil.platforms.queries import platform_facts, platform_time


class NoMailbox(Refused):
    """The account has no e-mail address: only its marketplace can help."""


class SameNumber(Refused):
    """The number on file was typed again."""


@dataclass(frozen=True, slots=True)
class Replacing:
    """How far one browser has come with one link."""

    sha256: str
    email: str
    proven_at: int | None  # when the mailbox's code was typed
    phone: str | None  # the new one, in E.164, until its code is typed
    ends_at: int
    code_expires_at: int | None
    code_tries_left: int | None
    job_id: str | None
    down_since: int | None  # of the channel that the present code goes by

    @property
    def channel(self) -> Channel:
        return "email" if self.proven_at is None else "sms"

    @property
    def destination(self) -> str | None:
        """Where the present code goes; None before a number is named."""
        return self.email if self.proven_at is None else self.phone

    def has_code(self, now_wall: int) -> bool:
        return bool(self.code_tries_left) and now_wall < (self.code_expires_at or 0)


_REPLACING = """
SELECT r.sha256, r.email, r.proven_at, r.phone, r.ends_at, c.expires_at, c.tries_left, c.job_id,
       t.since
FROM access_lostphone r
LEFT JOIN access_signincode c ON c.key = r.sha256
LEFT JOIN messaging_trouble t
  ON t.channel = CASE WHEN r.proven_at IS NULL THEN 'email' ELSE 'sms' END
WHERE r.sha256 = %s AND r.link_sha256 = %s AND r.ends_at > %s
"""


def replacing_of(entry: Entry, ticket: str, *, now_wall: int) -> Replacing | None:
    if not ticket:
        return None
    row = fetch_one(_REPLACING, [token_hash(ticket), entry.link_sha256, now_wall])
    return Replacing(*row) if row else None


def begin_replacing(entry: Entry, *, client: str | None, now_wall: int) -> str:
    """The browser's ticket; a code is on its way to the account's mailbox.

    Raises NoMailbox and TooManySends.
    """
    if not entry.email:
        raise NoMailbox("The account has no e-mail address.")
    ticket = secret_token(32)
    key, ends_at = token_hash(ticket), now_wall + settings.LIFETIMES.lost_phone
    columns = ("sha256", "link_sha256", "account_id", "email", "created", "ends_at")
    row = (key, entry.link_sha256, entry.account_id, entry.email, now_wall, ends_at)
    with transaction.atomic():
        insert_rows("access_lostphone", columns, [row])
        _send(entry, key, "email", entry.email, host=None, client=client, now_wall=now_wall)
    return ticket


def send_another(
    entry: Entry, replacing: Replacing, *, host: str | None, client: str | None, now_wall: int
) -> None:
    """The present step's code once more; one that never left counts once. Raises TooManySends."""
    if replacing.destination is None:
        return
    with transaction.atomic():
        _send(
            entry,
            replacing.sha256,
            replacing.channel,
            replacing.destination,
            host=host,
            client=client,
            now_wall=now_wall,
            instead_of=replacing.job_id,
        )


def prove_mailbox(entry: Entry, replacing: Replacing, typed: str, *, now_wall: int) -> None:
    """The first code was typed. Raises NotACode, WrongCode and CodeSpent."""
    code = digits_of(typed)
    with transaction.atomic():
        refusal = _try(entry, replacing, code, now_wall)
        if refusal is None:
            forget_code(replacing.sha256)
            execute(
                "UPDATE access_lostphone SET proven_at = %s WHERE sha256 = %s",
                [now_wall, replacing.sha256],
            )
    if refusal is not None:
        raise refusal


def name_number(
    entry: Entry,
    replacing: Replacing,
    typed: str,
    *,
    countries: Sequence[str],
    host: str | None,
    client: str | None,
    now_wall: int,
) -> None:
    """A code is on its way to the new number. Naming another one takes its place.

    Raises NotAnAddress, NoCountry, SameNumber and TooManySends.
    """
    assert replacing.proven_at is not None
    phone = read_phone(typed, countries=[entry.country, *countries], livemode=entry.livemode)
    if phone == entry.phone and entry.livemode:
        raise SameNumber("That is the number on file.")
    with transaction.atomic():
        execute(
            "UPDATE access_lostphone SET phone = %s WHERE sha256 = %s", [phone, replacing.sha256]
        )
        _send(entry, replacing.sha256, "sms", phone, host=host, client=client, now_wall=now_wall)


def finish_replacing(
    entry: Entry,
    replacing: Replacing,
    typed: str,
    *,
    ip: str | None,
    user_agent: str | None,
    now_wall: int,
) -> str:
    """The second code was typed: the number is changed, every other session ends, both contacts
    are told, the link is used up. The token of the new session.

    Raises NotACode, WrongCode, CodeSpent and LinkUsed.
    """
    code = digits_of(typed)
    with transaction.atomic():
        # Not raised in here: leaving by an exception would give the try back.
        outcome = _finish(entry, replacing, code, ip=ip, user_agent=user_agent, now_wall=now_wall)
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def _finish(
    entry: Entry,
    replacing: Replacing,
    code: str,
    *,
    ip: str | None,
    user_agent: str | None,
    now_wall: int,
) -> str | Refused:
    assert replacing.proven_at is not None
    assert replacing.phone is not None
    refusal = _try(entry, replacing, code, now_wall)
    who = Acting("seller", None, now_wall, ip, user_agent)
    scope = Scope(entry.platform_id, entry.account_id, entry.livemode)
    if isinstance(refusal, WrongCode):
        record("code.refused", scope=scope, by=replace(who, kind="visitor"))
    if refusal is not None:
        return refusal
    if not use_up(entry, now_wall):
        return LinkUsed("This link has been used.")
    old = replace_phone(
        platform_id=entry.platform_id,
        livemode=entry.livemode,
        account_id=entry.account_id,
        phone=replacing.phone,
        now=platform_time(entry.platform_id, livemode=entry.livemode, now_wall=now_wall),
    )
    forget_code(replacing.sha256)
    execute("DELETE FROM access_lostphone WHERE account_id = %s", [entry.account_id])
    for (ended,) in fetch_all(
        "DELETE FROM access_session WHERE account_id = %s RETURNING id", [entry.account_id]
    ):
        record("session.ended", scope=scope, object_id=ended, by=who)
    record(
        "phone.replaced",
        scope=scope,
        by=who,
        before={"phone": masked("sms", old) if old else None},
        after={"phone": masked("sms", replacing.phone)},
    )
    _tell(entry, old=old, new=replacing.phone, now_wall=now_wall)
    return start_session(
        account_id=entry.account_id,
        platform_id=entry.platform_id,
        livemode=entry.livemode,
        redirect_url=entry.redirect_url,
        ip=ip,
        user_agent=user_agent,
        now_wall=now_wall,
        proven=("sms", replacing.phone) if entry.livemode else None,
    )


def _tell(entry: Entry, *, old: str | None, new: str, now_wall: int) -> None:
    """To the old number, the new one and the mailbox: whoever did not do it must hear of it."""
    facts = platform_facts(entry.platform_id, livemode=entry.livemode)
    brand = Brand(entry.platform_name, entry.brand_color)
    scope = Scope(entry.platform_id, entry.account_id, entry.livemode)
    not_me = alarm_address(scope, now_wall=now_wall)
    told: list[tuple[Channel, str | None]] = [("sms", old), ("sms", new), ("email", entry.email)]
    for channel, to in told:
        if to and (channel, to) != ("sms", new if to == old else None):
            message = phone_replaced(
                to=to,
                channel=channel,
                brand=brand,
                ending=masked("sms", new),
                days=facts.settings.replaced_contact_hold_days,
                not_me=not_me,
            )
            leave(_recipient(entry), message, now_wall)


def _send(
    entry: Entry,
    key: str,
    channel: Channel,
    destination: str,
    *,
    host: str | None,
    client: str | None,
    now_wall: int,
    instead_of: str | None = None,
) -> None:
    send_code_to(
        _recipient(entry),
        channel=channel,
        destination=destination,
        key=key,
        holder=_holder(entry, channel, destination),
        host=host,
        client=client,
        now_wall=now_wall,
        instead_of=instead_of,
    )


def _recipient(entry: Entry) -> Recipient:
    brand = Brand(entry.platform_name, entry.brand_color)
    return Recipient(entry.account_id, entry.livemode, brand)


def _try(entry: Entry, replacing: Replacing, code: str, now_wall: int) -> Refused | None:
    return try_code(
        code,
        key=replacing.sha256,
        holder=_holder(entry, replacing.channel, replacing.destination or ""),
        testmode=not entry.livemode,
        now_wall=now_wall,
    )


def _holder(entry: Entry, channel: Channel, destination: str) -> str:
    return keyed_hash("code-holder", f"lost-phone:{entry.account_id}:{channel}:{destination}")
