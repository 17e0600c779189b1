"""Six digits that were sent to somebody, whatever they open (design §5; reference §2.3).

A code waits under a `key` (what it opens: a login link, a sign-in, a change of phone) for a
`holder` (whose it is); there is one per key, and a newer one takes its place. Six digits from
`secrets` are the 20 bits that ASVS 5.0 asks of a code. It is stored as a keyed hash bound to its
key and holder; the sealed message in the outbox is its only other copy.

Both are at most 64 letters: ids or hashes. All moments are the wall clock's, UTC seconds.
"""

from __future__ import annotations

import hmac
import secrets

from django.conf import settings
from django.db import connection

from counterfoil.access.policy import CODE_DIGITS, TEST_CODE, typed_code
from counterfoil.kit.crypt import keyed_hash
from counterfoil.kit.db import execute
from counterfoil.kit.refused import Refused
from counterfoil.messaging.message import Channel


class NotACode(Refused):
    """What was typed is not six digits: no try was spent."""


class WrongCode(Refused):
    """Six digits, but not ours: a try was spent. `tries_left` may be 0."""

    def __init__(self, message: str, *, tries_left: int) -> None:
        super().__init__(message)
        self.tries_left = tries_left


class CodeSpent(Refused):
    """No code is out, it is too old, or its tries are used up: a new one is needed."""


def new_code() -> str:
    """Any of the million, each as likely; 000000 too, which is nothing special in live mode."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


_PUT = """
INSERT INTO access_signincode
  (key, holder, channel, code_hash, sent_at, expires_at, tries_left)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (key) DO UPDATE SET
  holder = excluded.holder, channel = excluded.channel, code_hash = excluded.code_hash,
  sent_at = excluded.sent_at, expires_at = excluded.expires_at, tries_left = excluded.tries_left,
  job_id = NULL
"""
_UNLESS_ONE_IS_OUT = """
WHERE access_signincode.expires_at <= excluded.sent_at OR access_signincode.tries_left = 0
"""


def put_code(
    code: str,
    *,
    key: str,
    holder: str,
    channel: Channel | None,
    expires_at: int,
    again: bool,
    now_wall: int,
) -> bool:
    """Whether the code is now the one that counts; without `again`, one that is out stays."""
    tries = settings.LIFETIMES.tries
    row = (key, holder, channel, _hash(key, holder, code), now_wall, expires_at, tries)
    return execute(_PUT if again else _PUT + _UNLESS_ONE_IS_OUT, row) == 1


_SPEND = """
UPDATE access_signincode SET tries_left = tries_left - 1
WHERE key = %s AND holder = %s AND tries_left > 0 AND expires_at > %s
RETURNING code_hash, tries_left
"""


def digits_of(typed: str) -> str:
    """What a person typed, as six ASCII digits. Raises NotACode."""
    code = typed_code(typed)
    if not code:
        raise NotACode("The code has six digits.")
    return code


def try_code(
    code: str, *, key: str, holder: str, testmode: bool, now_wall: int
) -> WrongCode | CodeSpent | None:
    """Spend a try, then look at the code; None when it is the one that was sent.

    Refusals are answered, not raised: leaving a transaction by an exception would give the try
    back. In `testmode` 000000 is right as well, once a code has been asked for. A right code
    stays until `forget_code`: the caller uses up what it opens in the same transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, [key, holder, now_wall])
        rows = cursor.fetchall()
    if not rows:
        return CodeSpent("This code no longer works. Ask for a new one.")
    code_hash, tries_left = rows[0]
    if testmode and code == TEST_CODE:
        return None
    if hmac.compare_digest(_hash(key, holder, code), code_hash):
        return None
    return WrongCode("That is not the code.", tries_left=tries_left)


def sent_by(job_id: str, *, key: str) -> None:
    """Which message holds the code, so that it is not sent any more once it is replaced."""
    execute("UPDATE access_signincode SET job_id = %s WHERE key = %s", [job_id, key])


def forget_code(key: str) -> None:
    execute("DELETE FROM access_signincode WHERE key = %s", [key])


def _hash(key: str, holder: str, code: str) -> str:
    return keyed_hash("sign-in-code", f"{key}:{holder}:{code}")
