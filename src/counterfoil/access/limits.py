"""How many codes may leave: a few slots per subject, each usable once per window.

Claiming a slot is one conditional upsert, so any number of processes agree, and no window of
that length ever holds more sends than there are slots.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import transaction

from counterfoil.kit.crypt import keyed_hash
from counterfoil.kit.db import execute, fetch_all, fetch_one
from counterfoil.kit.network import network_of
from counterfoil.kit.refused import Refused
from counterfoil.messaging.message import Channel

_LAST_DIGITS: Final = (
    4  # of a number; what stands before them is a range that one swindler can rent
)
_CLAIM: Final = """
INSERT INTO access_sendslot (subject, slot, used_at) VALUES (%s, %s, %s)
ON CONFLICT (subject, slot) DO UPDATE SET used_at = excluded.used_at
WHERE access_sendslot.used_at <= %s
"""


class TooManySends(Refused):
    """Every slot was used within the window; `retry_at` (UTC seconds) frees the next one."""

    def __init__(self, message: str, *, retry_at: int) -> None:
        super().__init__(message)
        self.retry_at = retry_at


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody or something that may be sent `sends` codes in a window."""

    kind: str
    value: str
    sends: int

    @property
    def hash(self) -> str:
        return keyed_hash(f"send-limit:{self.kind}", self.value)


def subjects_of(
    *,
    channel: Channel,
    destination: str,
    livemode: bool,
    account_id: str | None = None,
    client: str | None = None,
) -> list[Subject]:
    """Whom a message counts for, the two modes apart; always in this order (`take_slots`).

    The account, the destination however it is written, and in live mode, where messages cost
    money, also the range of the number and the network of the browser (`client`: its address).
    """
    mode, most = "live" if livemode else "test", settings.LIFETIMES
    subjects = []
    if account_id is not None:
        subjects.append(Subject(f"{mode}:account", account_id, most.sends))
    digits = "".join(letter for letter in destination if letter.isdigit())
    same = digits if channel == "sms" else destination.casefold()
    subjects.append(Subject(f"{mode}:{channel}", same, most.sends))
    if livemode and channel == "sms":
        subjects.append(Subject("live:prefix", digits[:-_LAST_DIGITS], most.sends_prefix))
    if livemode and (network := network_of(client)):
        subjects.append(Subject("live:network", network, most.sends_network))
    return subjects


def take_slots(subjects: Sequence[Subject], *, now_wall: int) -> None:
    """Take one slot of each subject, or none at all.

    Raises TooManySends. Give subjects in the same order everywhere: two requests can then wait
    for each other, but never in a circle.
    """
    with transaction.atomic():
        for subject in subjects:
            _take_slot(subject.hash, subject.sends, now_wall)


def _take_slot(subject: str, sends: int, now_wall: int) -> None:
    window_start = now_wall - settings.LIFETIMES.send_window
    used = dict(
        fetch_all("SELECT slot, used_at FROM access_sendslot WHERE subject = %s", [subject])
    )
    for slot in range(sends):
        # Tried although it looked free: others look at the same moment.
        if used.get(slot, window_start) <= window_start and execute(
            _CLAIM, [subject, slot, now_wall, window_start]
        ):
            return
    row = fetch_one("SELECT MIN(used_at) FROM access_sendslot WHERE subject = %s", [subject])
    assert row is not None
    raise TooManySends(
        "Too many codes were sent. Wait before asking for another one.",
        retry_at=int(row[0]) + settings.LIFETIMES.send_window,
    )
