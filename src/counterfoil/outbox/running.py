"""Doing what is due: the worker's duty."""

from __future__ import annotations

import logging
from typing import Final

from counterfoil.outbox.operations import MAX_ATTEMPTS, Claim, claim, done, give_up, retry
from counterfoil.outbox.registry import handler_of, known_kinds

BATCH: Final = 20
# Long enough for a batch of slow mail servers; a killed worker's jobs wait this long.
LEASE_SECONDS: Final = 300

log = logging.getLogger(__name__)


def run_due(now: int) -> int:
    """Do one batch of what is due at `now` (wall clock, UTC seconds); how many were claimed.

    Claims only kinds it has a function for: during an upgrade an older worker leaves the
    newer kinds to the newer workers.
    """
    jobs = claim(kinds=known_kinds(), now=now, limit=BATCH, lease_seconds=LEASE_SECONDS)
    for job in jobs:
        _run(job, now)
    return len(jobs)


def _run(job: Claim, now: int) -> None:
    if job.attempts > MAX_ATTEMPTS:
        # Failures give up at the limit, so only workers that died got a job past it.
        give_up(job, error="The worker died each time it did this.", now=now)
        log.error("job given up: kind=%s id=%s, its workers died", job.kind, job.id)
        return
    try:
        handler_of(job.kind)(job.payload, now)
    except Exception as error:
        # Whatever went wrong is this job's affair: the others must not wait for it.
        log.exception("job failed: kind=%s id=%s attempt=%d", job.kind, job.id, job.attempts)
        reason = f"{type(error).__name__}: {error}"
        if job.attempts >= MAX_ATTEMPTS:
            give_up(job, error=reason, now=now)
        else:
            retry(job, error=reason, now=now)
        return
    if not done(job):
        log.warning("job done twice: kind=%s id=%s outlived its lease", job.kind, job.id)
