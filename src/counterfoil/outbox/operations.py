"""The queue itself: rows written with the money, claimed in batches, forgotten when done.

A job is claimed until its lease runs out. A worker that is killed leaves it leased, and after
that moment any other worker may claim it. `attempts` is the fence: it grows with each claim, so
that a worker which was slow rather than dead cannot finish a job that another one holds.
All moments are the wall clock's, UTC seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from django.db import connection, transaction

from counterfoil.kit.db import execute, insert_rows, placeholders
from counterfoil.kit.ids import new_id

MAX_ATTEMPTS: Final = 16  # with the pauses below: given up after about a day
_FIRST_PAUSE: Final = 5
_LONGEST_PAUSE: Final = 6 * 60 * 60
_ERROR_LETTERS: Final = 500


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that is ours until `leased_until`."""

    id: str
    kind: str
    payload: Mapping[str, Any]
    attempts: int  # this one included
    leased_until: int


def enqueue(kind: str, payload: Mapping[str, object], *, due_at: int, now: int) -> str:
    """Write a job in the caller's transaction: it exists if, and only if, that commits.

    `payload` becomes JSON, readable by whoever reads the table: seal what is secret.
    """
    job_id = new_id("job", now)
    text = msgspec.json.encode(payload).decode()
    columns = ("id", "kind", "payload", "due_at", "leased_until", "attempts")
    insert_rows("outbox_job", columns, [(job_id, kind, text, due_at, 0, 0)])
    return job_id


def claim(*, kinds: Sequence[str], now: int, limit: int, lease_seconds: int) -> list[Claim]:
    """Take up to `limit` due jobs, the longest due first; no two workers get the same one.

    PostgreSQL skips the rows that another worker is claiming; on SQLite the transaction is
    IMMEDIATE, so there is one claimer at a time.
    """
    if not kinds:
        return []
    skip = "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    # MATERIALIZED: read as a plain subquery, a plan may run it twice and take too many.
    sql = f"""
        WITH due AS MATERIALIZED (
            SELECT id FROM outbox_job
            WHERE given_up_at IS NULL AND due_at <= %s AND leased_until <= %s
              AND kind IN ({placeholders(kinds)})
            ORDER BY due_at, id LIMIT %s {skip}
        )
        UPDATE outbox_job SET leased_until = %s, attempts = attempts + 1
        WHERE id IN (SELECT id FROM due)
        RETURNING due_at, id, kind, payload, attempts, leased_until
    """  # noqa: S608 - only placeholders and our own words are put in
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [now, now, *kinds, limit, now + lease_seconds])
        rows = sorted(cursor.fetchall())
    return [
        Claim(job_id, kind, msgspec.json.decode(payload), attempts, leased_until)
        for _, job_id, kind, payload, attempts, leased_until in rows
    ]


def done(job: Claim) -> bool:
    """Forget a job that is done; False when another worker has claimed it since."""
    sql = "DELETE FROM outbox_job WHERE id = %s AND attempts = %s"
    return execute(sql, [job.id, job.attempts]) == 1


def retry(job: Claim, *, error: str, now: int) -> bool:
    """Let a job be claimed again after a pause that doubles each time."""
    sql = (
        "UPDATE outbox_job SET leased_until = 0, due_at = %s, last_error = %s"
        " WHERE id = %s AND attempts = %s"
    )
    pause = min(_FIRST_PAUSE * 2 ** (job.attempts - 1), _LONGEST_PAUSE)
    return execute(sql, [now + pause, error[:_ERROR_LETTERS], job.id, job.attempts]) == 1


def give_up(job: Claim, *, error: str, now: int) -> bool:
    """Keep a job that cannot be done, for a person to look at; no worker claims it again."""
    sql = "UPDATE outbox_job SET given_up_at = %s, last_error = %s WHERE id = %s AND attempts = %s"
    return execute(sql, [now, error[:_ERROR_LETTERS], job.id, job.attempts]) == 1
