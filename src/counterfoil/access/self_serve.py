"""Signing in at `/login` without a link, in live mode (reference §2.2).

A request never looks whether anybody has the address that was typed: it writes the same rows for
everybody, and a worker looks, and sends. So an unknown address gets the same answer, in the same
time, from the same queries; and guessing at its code is counted like guessing at any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.conf import settings
from django.db import transaction

from counterfoil.access.limits import Subject, TooManySends, subjects_of, take_slots
from counterfoil.access.links import token_hash
from counterfoil.access.onetime import (
    digits_of,
    forget_code,
    new_code,
    put_code,
    sent_by,
    try_code,
)
from counterfoil.access.people import Door, brand_of, doors_of, operator_doors
from counterfoil.access.sessions import start_session
from counterfoil.kit.crypt import keyed_hash, seal
from counterfoil.kit.db import execute, fetch_one, insert_rows
from counterfoil.kit.ids import secret_token
from counterfoil.kit.refused import Refused
from counterfoil.messaging.message import Channel
from counterfoil.messaging.operations import hand_over, take_back, trouble_since
from counterfoil.messaging.texts import sign_in_code
from counterfoil.outbox.operations import enqueue

SEND: Final = "access.send_sign_in_code"
Behind = Literal["seller", "console"]  # what a sign-in opens


class NoAccount(Refused):
    """The code was right, but the account is gone since it was sent."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A browser that has named an address and waits for its code."""

    sha256: str
    channel: Channel
    address: str
    via: Channel
    sent_to: str | None
    ends_at: int
    code_expires_at: int | None
    code_tries_left: int | None
    job_id: str | None
    down_since: int | None  # of the channel that the code goes by
    room: Behind = "seller"

    def has_code(self, now_wall: int) -> bool:
        return bool(self.code_tries_left) and now_wall < (self.code_expires_at or 0)


_WAITING = """
SELECT s.sha256, s.channel, s.address, s.via, s.sent_to, s.ends_at,
       c.expires_at, c.tries_left, c.job_id, t.since, s.room
FROM access_signin s
LEFT JOIN access_signincode c ON c.key = s.sha256
LEFT JOIN messaging_trouble t ON t.channel = s.via
WHERE s.sha256 = %s AND s.ends_at > %s AND s.room = %s
"""


def waiting_for(token: str, *, now_wall: int, room: Behind = "seller") -> Waiting | None:
    """The sign-in that a browser has begun; None when it has not, or has taken too long."""
    row = fetch_one(_WAITING, [token_hash(token), now_wall, room]) if token else None
    return Waiting(*row) if row else None


def begin_sign_in(
    *,
    channel: Channel,
    address: str,
    host: str | None,
    client: str | None,
    now_wall: int,
    room: Behind = "seller",
) -> str:
    """The token of a new sign-in, for the browser's cookie; its code is on its way to the owner.

    `host` is ours, for the SMS; `client` the browser's address. Raises TooManySends.
    """
    token = secret_token(32)
    key = token_hash(token)
    ends_at = now_wall + settings.LIFETIMES.sign_in
    columns = ("sha256", "channel", "address", "via", "created", "ends_at", "room")
    row = (key, channel, address, channel, now_wall, ends_at, room)
    with transaction.atomic():
        insert_rows("access_signin", columns, [row])
        take_slots(_asking(channel, address, client), now_wall=now_wall)
        _send(
            key,
            channel,
            address,
            via=channel,
            ends_at=ends_at,
            host=host,
            now_wall=now_wall,
            room=room,
        )
    return token


def send_another(
    waiting: Waiting, *, via: Channel, host: str | None, client: str | None, now_wall: int
) -> None:
    """A new code, the same way or the other one; a message that never left counts once.

    Raises TooManySends; then the code before it stays.
    """
    with transaction.atomic():
        took_back = waiting.job_id is not None and take_back(waiting.job_id, now=now_wall)
        if not took_back:
            take_slots(_asking(waiting.channel, waiting.address, client), now_wall=now_wall)
        # Kept where nothing left: what it counted for at the address counts for this one.
        kept = "sent_to" if took_back and via == waiting.via else "NULL"
        execute(
            f"UPDATE access_signin SET via = %s, sent_to = {kept} WHERE sha256 = %s",  # noqa: S608 - one of our two words
            [via, waiting.sha256],
        )
        _send(
            waiting.sha256,
            waiting.channel,
            waiting.address,
            via=via,
            ends_at=waiting.ends_at,
            host=host,
            now_wall=now_wall,
            room=waiting.room,
        )


def finish_sign_in(
    waiting: Waiting, typed: str, *, ip: str | None, user_agent: str | None, now_wall: int
) -> tuple[str, list[Door]]:
    """Exchange the code for a session on the newest account; its token, and every account.

    Raises NotACode, WrongCode, CodeSpent, NoAccount; the spent try stays spent.
    """
    code = digits_of(typed)
    with transaction.atomic():
        # Not raised in here: leaving by an exception would give the try back.
        outcome = _exchange(waiting, code, ip=ip, user_agent=user_agent, now_wall=now_wall)
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def _exchange(
    waiting: Waiting, code: str, *, ip: str | None, user_agent: str | None, now_wall: int
) -> tuple[str, list[Door]] | Refused:
    key = waiting.sha256
    refusal = try_code(
        code,
        key=key,
        holder=holder_hash(waiting),
        testmode=False,
        now_wall=now_wall,
    )
    if refusal is not None:
        return refusal
    doors = doors_of((waiting.via, waiting.sent_to)) if waiting.sent_to else []
    forget_code(key)
    execute("DELETE FROM access_signin WHERE sha256 = %s", [key])
    if not doors or waiting.sent_to is None:
        return NoAccount("There is no account any more.")
    token = start_session(
        account_id=doors[0].account_id,
        platform_id=doors[0].platform_id,
        livemode=True,
        redirect_url=None,
        ip=ip,
        user_agent=user_agent,
        now_wall=now_wall,
        proven=(waiting.via, waiting.sent_to),
    )
    return token, doors


def _send(
    key: str,
    channel: Channel,
    address: str,
    *,
    via: Channel,
    ends_at: int,
    host: str | None,
    now_wall: int,
    room: Behind,
) -> None:
    """A code under the key, and the job that finds out whether there is somebody to send it to."""
    code = new_code()
    expires_at = min(now_wall + settings.LIFETIMES.code, ends_at)
    put_code(
        code,
        key=key,
        holder=_holder(channel, address, via),
        channel=via,
        expires_at=expires_at,
        again=True,
        now_wall=now_wall,
    )
    told = {
        "key": key,
        "channel": channel,
        "via": via,
        "address": seal(address),
        "code": seal(code),
        "host": host,
        "expires_at": expires_at,
        "room": room,
    }
    sent_by(enqueue(SEND, told, due_at=now_wall, now=now_wall), key=key)


def deliver_code(
    told: Mapping[str, Any], *, channel: Channel, address: str, code: str, now: int
) -> None:
    """The worker's half: send the code if the address opens anything; otherwise do nothing.

    While the channel is down an address that nobody has waits like any other, so that asking
    again and again tells nothing about it.
    """
    via: Channel = told["via"]
    if told["expires_at"] <= now:
        return
    find = operator_doors if told.get("room") == "console" else doors_of
    doors = [door for door in find((channel, address)) if door.reached_by(via)]
    if not doors:
        if trouble_since(via) is not None:
            raise OSError(f"{via} does not get through")
        return
    destination = doors[0].reached_by(via)
    assert destination is not None
    first = execute(
        "UPDATE access_signin SET sent_to = %s WHERE sha256 = %s AND via = %s AND sent_to IS NULL",
        [destination, told["key"], via],
    )
    if first and not _may_send(via, destination, now):
        return
    message = sign_in_code(
        to=destination,
        channel=via,
        brand=brand_of(find((via, destination))),
        code=code,
        minutes=max(1, (told["expires_at"] - now) // 60),
        host=told["host"],
        expires_at=told["expires_at"],
    )
    hand_over(message, now=now)


def _may_send(via: Channel, destination: str, now: int) -> bool:
    """The limits of whoever receives it, which the request must not show: silence above them."""
    try:
        take_slots(subjects_of(channel=via, destination=destination, livemode=True), now_wall=now)
    except TooManySends:
        return False
    return True


def _asking(channel: Channel, address: str, client: str | None) -> list[Subject]:
    """Limits of asking: by what was typed, whether anybody has it or not, and by network.

    Apart from those of receiving, which would tell that the owner has been sent codes lately.
    """
    subjects = subjects_of(channel=channel, destination=address, livemode=True, client=client)
    asked = Subject(f"asked:{channel}", address.casefold(), settings.LIFETIMES.sends)
    return [asked, *(subject for subject in subjects if subject.kind == "live:network")]


def holder_hash(waiting: Waiting) -> str:
    """Whose code it is that a browser waits for."""
    return _holder(waiting.channel, waiting.address, waiting.via)


def _holder(channel: Channel, address: str, via: Channel) -> str:
    return keyed_hash("code-holder", f"{channel}:{address}:{via}")
