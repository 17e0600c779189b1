"""One execution per `Idempotency-Key`, and its answer for every repetition (reference §1.6).

The record is written in the transaction that did the work: a process killed before the commit
left nothing, one killed after it left the answer to replay. A POST pays two statements: one
that takes the key and looks for an answer, one that keeps the answer.

Answers about people are encrypted (design §5), and what a request was sent with is a keyed hash:
of a known person, nine digits would soon be guessed from another.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import msgspec
from django.conf import settings
from django.db import connection

from counterfoil.api import inflight
from counterfoil.api.errors import Answer, InvalidParameters
from counterfoil.api.forms import Upload
from counterfoil.kit.clock import DAY
from counterfoil.kit.crypt import keyed_hash, seal, unseal
from counterfoil.kit.db import execute, fetch_one
from counterfoil.kit.refused import Conflict, IdempotencyMismatch
from counterfoil.platforms.queries import Caller

LONGEST_KEY: Final = 255
KEPT_SECONDS: Final = DAY
_FORGOTTEN_AT_ONCE: Final = 1000
# Answers that may hold birth dates or signing secrets: these paths and all below them.
_CONFIDENTIAL: Final = (
    "/v1/account",
    "/v1/tokens",
    "/v1/webhook_endpoints",
    "/v1/counterfoil/webhook_endpoints",
)

_sorted_json = msgspec.json.Encoder(order="sorted", enc_hook=Upload.digest).encode


class Overtaken(Exception):
    """Somebody kept an answer for this key between our look and our commit: look again."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A key within its platform, mode and account, and what it was sent with."""

    platform_id: str
    livemode: bool
    account_id: str
    key: str
    digest: str
    number: int  # 62 bits of the first four, for locks
    confidential: bool  # its answer is kept sealed


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer given before, and the request that got it."""

    answer: Answer
    request_id: str


def presented_key(environ: dict[str, Any]) -> str | None:
    """The header, or None. Raises InvalidParameters for one that cannot be a key."""
    key: str | None = environ.get("HTTP_IDEMPOTENCY_KEY") or None
    if key is not None and not (len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise InvalidParameters(
            f"Idempotency keys have at most {LONGEST_KEY} printable ASCII characters; a UUID is a"
            " good one."
        )
    return key


def slot(key: str, caller: Caller, method: str, path: str, form: dict[str, Any]) -> Slot:
    assert caller.account_id is not None
    mode = "live" if caller.livemode else "test"
    name = f"{caller.platform_id} {mode} {caller.account_id} {key}"
    number = hashlib.blake2b(name.encode(), digest_size=8).digest()
    request = f"{method} {path} ".encode() + _sorted_json(form)
    return Slot(
        caller.platform_id,
        caller.livemode,
        caller.account_id,
        key,
        hashlib.blake2b(request, digest_size=16, key=_digest_key()).hexdigest(),
        int.from_bytes(number, "big") >> 2,
        path.startswith(_CONFIDENTIAL),
    )


@cache
def _digest_key() -> bytes:
    return keyed_hash("idempotency", "parameters").encode()


_KEPT = """
SELECT r.digest, r.status, r.body, r.request_id, {lock}
FROM (SELECT 1) AS one
LEFT JOIN api_idempotency r
  ON r.platform_id = %s AND r.livemode = %s AND r.account_id = %s AND r.key = %s
"""
_KEPT_POSTGRESQL = _KEPT.format(lock="pg_try_advisory_xact_lock(%s)")
_KEPT_SQLITE = _KEPT.format(lock="%s")

_KEEP = """
INSERT INTO api_idempotency
  (platform_id, livemode, account_id, key, digest, status, body, request_id, created)
"""
_KEEP_OURS = _KEEP + "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
# PostgreSQL knows the types of parameters in VALUES, not in a SELECT list.
_KEEP_POSTGRESQL = (
    _KEEP
    + "SELECT %s, %s::boolean, %s, %s, %s, %s::smallint, %s, %s, %s::bigint"
    + " WHERE pg_try_advisory_xact_lock(%s) ON CONFLICT DO NOTHING"
)


def hold(slot: Slot) -> None:
    """Before the transaction: raises Conflict while another request works on the key."""
    if connection.vendor == "sqlite" and not inflight.hold(
        slot.number, directory=settings.DATA_DIR
    ):
        raise in_use(slot)


def release(slot: Slot) -> None:
    """After all is written: the counterpart of `hold`."""
    if connection.vendor == "sqlite":
        inflight.release(slot.number, directory=settings.DATA_DIR)


def look(slot: Slot) -> Kept | None:
    """First in the transaction: the answer this key got before, or None and the key is ours.

    Raises IdempotencyMismatch when it was sent with other parameters, Conflict while another
    request works on it.
    """
    sql = _KEPT_POSTGRESQL if connection.vendor == "postgresql" else _KEPT_SQLITE
    row = fetch_one(sql, [slot.number, slot.platform_id, slot.livemode, slot.account_id, slot.key])
    assert row is not None
    digest, status, body, request_id, ours = row
    if digest is None:
        if ours is False:
            raise in_use(slot)
        return None
    if digest != slot.digest:
        raise IdempotencyMismatch(
            f"The idempotency key '{slot.key}' was first used with another path or other"
            " parameters. A key belongs to one request: use a new one, or send the same again."
        )
    text = unseal(body) if slot.confidential else body
    return Kept(Answer(status, text.encode()), request_id)


def keep(slot: Slot, answer: Answer, *, request_id: str, now_wall: int) -> None:
    """Last in the transaction that did the work. Raises Overtaken."""
    if execute(_KEEP_OURS, _row(slot, answer, request_id, now_wall)) == 0:
        raise Overtaken


def keep_refusal(slot: Slot, answer: Answer, *, request_id: str, now_wall: int) -> None:
    """Alone in its transaction, after a refusal has undone the work.

    Between the two another request may have taken the key: then its answer is the one that
    counts, and ours is not kept.
    """
    row = _row(slot, answer, request_id, now_wall)
    if connection.vendor == "postgresql":
        execute(_KEEP_POSTGRESQL, [*row, slot.number])
    else:
        execute(_KEEP_OURS, row)


def forget_old(now_wall: int) -> int:
    """Drop about a thousand records older than a day; how many. The worker calls until 0."""
    oldest = "SELECT created FROM api_idempotency WHERE created < %s ORDER BY created LIMIT %s"
    row = fetch_one(
        f"SELECT max(created) FROM ({oldest}) AS oldest",  # noqa: S608 - a constant
        [now_wall - KEPT_SECONDS, _FORGOTTEN_AT_ONCE],
    )
    if row is None or row[0] is None:
        return 0
    return execute("DELETE FROM api_idempotency WHERE created <= %s", [row[0]])


def _row(slot: Slot, answer: Answer, request_id: str, now_wall: int) -> list[object]:
    body = answer.body.decode()
    return [
        slot.platform_id,
        slot.livemode,
        slot.account_id,
        slot.key,
        slot.digest,
        answer.status,
        seal(body) if slot.confidential else body,
        request_id,
        now_wall,
    ]


def in_use(slot: Slot) -> Conflict:
    """What the second of two concurrent requests with one key is told."""
    return Conflict(
        f"Another request with the idempotency key '{slot.key}' is still being worked on. Wait a"
        " moment and send this one again; it will get the same answer."
    )
