"""Taking deliveries, and writing down what came of them. Moments are the wall clock's.

A delivery that a worker has is due again when its lease ends: a worker that is killed loses
nothing. `claims` is the fence: a worker that was slow rather than dead cannot put off, or give up,
what another one has; that it was delivered is true whoever says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction

from counterfoil.kit.crypt import unseal
from counterfoil.kit.db import execute, fetch_all, in_index_order, insert_rows, placeholders
from counterfoil.webhooks import policy
from counterfoil.webhooks.queries import sent_bodies
from counterfoil.webhooks.rows import AttemptRow, names_of, values_of
from counterfoil.webhooks.sending.sender import Answer

LEASE_SECONDS: Final = 30  # longer than a name takes to resolve and an answer to come


@dataclass(frozen=True, slots=True)
class Waiting:
    """An endpoint for which something is due."""

    id: str
    url: str
    livemode: bool
    secrets: tuple[str, ...]  # as texts; the newest first
    failing: bool


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours until its lease ends."""

    id: str
    endpoint: Waiting
    claims: int
    tries: int
    type: str
    event_id: str
    account_id: str | None  # None for the platform's own
    body: bytes


@dataclass(frozen=True, slots=True)
class Tried:
    claimed: Claimed
    answer: Answer
    signature: str
    at: int


_WAITING: Final = """
SELECT id, url, livemode, secret, old_secret, old_secret_ends_at, failing_since, due FROM (
  SELECT e.id, e.url, e.livemode, e.secret, e.old_secret, e.old_secret_ends_at, e.failing_since,
         (SELECT MIN(d.due_at) FROM webhooks_delivery d
          WHERE d.endpoint_id = e.id AND d.due_at IS NOT NULL) AS due
  FROM webhooks_endpoint e WHERE e.status = 'enabled' AND {whose}
) AS endpoints WHERE due <= %s ORDER BY due
"""


def waiting_endpoints(now: int, *, listeners: Sequence[str] = ()) -> list[Waiting]:
    """Enabled endpoints for which something is due, the longest due first.

    With `listeners`, only those of a `counterfoil listen`; without, none of such.
    """
    whose = f"e.id IN ({placeholders(listeners)})" if listeners else "e.listener_seen_at IS NULL"
    rows = fetch_all(_WAITING.format(whose=whose), [*listeners, now])
    return [
        Waiting(ident, url, bool(livemode), _secrets(secret, old, old_ends, now), since is not None)
        for ident, url, livemode, secret, old, old_ends, since, _ in rows
    ]


def _secrets(sealed: str, old: str | None, old_ends: int | None, now: int) -> tuple[str, ...]:
    if old is None or old_ends is None or old_ends <= now:
        return (unseal(sealed),)
    return unseal(sealed), unseal(old)


def claim(wanted: Sequence[tuple[Waiting, int]], *, now: int) -> list[Claimed]:
    """Take up to so many due deliveries of each endpoint; no two workers get the same one."""
    if not wanted:
        return []
    taken: list[tuple[Waiting, tuple[str, str, str, int, int, str, str]]] = []
    with transaction.atomic():
        for endpoint, most in wanted:
            with in_index_order():
                rows = fetch_all(_claim_sql(), [endpoint.id, now, most, now + LEASE_SECONDS])
            taken += [(endpoint, row) for row in sorted(rows)]
    bodies = sent_bodies([row[1] for _, row in taken])
    return [
        Claimed(
            id=ident,
            endpoint=endpoint,
            claims=claims,
            tries=tries,
            type=kind,
            event_id=event_id,
            account_id=None if account_id == platform_id else account_id,
            body=bodies[event_id],
        )
        for endpoint, (ident, event_id, kind, claims, tries, account_id, platform_id) in taken
    ]


def _claim_sql() -> str:
    skip = "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    # MATERIALIZED: read as a plain subquery, a plan may run it twice and take too many.
    return f"""
        WITH due AS MATERIALIZED (
            SELECT id FROM webhooks_delivery
            WHERE endpoint_id = %s AND due_at <= %s ORDER BY due_at, id LIMIT %s {skip}
        )
        UPDATE webhooks_delivery SET due_at = %s, claims = claims + 1
        WHERE id IN (SELECT id FROM due)
        RETURNING id, event_id, type, claims, tries, account_id, platform_id
    """  # noqa: S608 - only words of ours are put in


def write_down(tried: Sequence[Tried], *, now: int) -> None:
    """Keep what came of these tries, in one transaction; what is not kept is tried again."""
    with transaction.atomic():
        insert_rows(
            "webhooks_attempt", names_of(AttemptRow), [values_of(_attempt(one)) for one in tried]
        )
        delivered = [one for one in tried if one.answer.delivered]
        failed = [one for one in tried if not one.answer.delivered]
        _succeeded(delivered, now)
        for one in failed:
            _failed(one, now)
        _note_health(delivered, failed, now)


def _attempt(one: Tried) -> AttemptRow:
    return AttemptRow(
        delivery_id=one.claimed.id,
        number=one.claimed.claims,
        at=one.at,
        milliseconds=one.answer.milliseconds,
        url=one.claimed.endpoint.url,
        signature=one.signature,
        code=one.answer.code,
        error=one.answer.error,
        detail=one.answer.detail,
        answer=one.answer.body,
    )


def _succeeded(tried: Sequence[Tried], now: int) -> None:
    by_code: dict[int | None, list[str]] = {}
    for one in tried:
        by_code.setdefault(one.answer.code, []).append(one.claimed.id)
    for code, ids in by_code.items():
        execute(
            "UPDATE webhooks_delivery SET status = 'succeeded', due_at = NULL, code = %s,"  # noqa: S608 - placeholders
            " error = NULL, tries = tries + 1, finished_at = %s"
            f" WHERE id IN ({placeholders(ids)}) AND status <> 'succeeded'",
            [code, now, *ids],
        )


def _failed(one: Tried, now: int) -> None:
    claimed, answer = one.claimed, one.answer
    pause = policy.pause_after(claimed.tries + 1, livemode=claimed.endpoint.livemode)
    given_up = pause is None
    execute(
        "UPDATE webhooks_delivery SET status = %s, due_at = %s, code = %s, error = %s,"
        " tries = tries + 1, finished_at = %s"
        " WHERE id = %s AND claims = %s AND status = 'pending'",
        [
            "failed" if given_up else "pending",
            None if pause is None else now + pause,
            answer.code,
            answer.error,
            now if given_up else None,
            claimed.id,
            claimed.claims,
        ],
    )


def _note_health(delivered: Sequence[Tried], failed: Sequence[Tried], now: int) -> None:
    """Since when each endpoint has only failed."""
    well = sorted({one.claimed.endpoint.id for one in delivered})
    ill = sorted({one.claimed.endpoint.id for one in failed} - set(well))
    for ident in well:
        execute(
            "UPDATE webhooks_endpoint SET failing_since = NULL"
            " WHERE id = %s AND failing_since IS NOT NULL",
            [ident],
        )
    for ident in ill:
        execute(
            "UPDATE webhooks_endpoint SET failing_since = %s"
            " WHERE id = %s AND failing_since IS NULL",
            [now, ident],
        )
