"""Jobs: written with the money, claimed by one worker at a time, never lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress

import pytest
from django.db import transaction

from counterfoil.outbox.models import Job
from counterfoil.outbox.operations import claim, done, enqueue, give_up, retry
from tests.support.committed import in_threads

NOW = 1_760_000_000


def take(now: int = NOW, *, limit: int = 10, kinds: tuple[str, ...] = ("test",)):
    return claim(kinds=kinds, now=now, limit=limit, lease_seconds=60)


def put(number: int = 0, *, due_at: int = NOW, kind: str = "test") -> str:
    return enqueue(kind, {"number": number}, due_at=due_at, now=NOW)


@pytest.mark.django_db
def test_a_job_exists_only_if_its_transaction_commits():
    with suppress(LookupError), transaction.atomic():
        put()
        raise LookupError

    assert not Job.objects.exists()


@pytest.mark.django_db
def test_a_claimed_job_carries_its_payload():
    ident = enqueue("test", {"text": "é", "list": [1, None]}, due_at=NOW, now=NOW)

    [job] = take()

    assert (job.id, job.kind, job.attempts) == (ident, "test", 1)
    assert job.payload == {"text": "é", "list": [1, None]}
    assert job.leased_until == NOW + 60


@pytest.mark.django_db
def test_jobs_are_claimed_when_due_the_longest_due_first():
    put(2, due_at=NOW - 1)
    put(3)
    put(4, due_at=NOW + 1)
    put(1, due_at=NOW - 50)

    assert [job.payload["number"] for job in take()] == [1, 2, 3]


@pytest.mark.django_db
def test_a_batch_is_no_larger_than_asked_for():
    for number in range(5):
        put(number)

    assert [len(take(limit=2)) for _ in range(4)] == [2, 2, 1, 0]


@pytest.mark.django_db
def test_only_the_kinds_asked_for_are_claimed():
    put(kind="newer")

    assert take() == []
    assert take(kinds=()) == []
    assert len(take(kinds=("test", "newer"))) == 1


@pytest.mark.django_db
def test_a_claimed_job_is_left_alone_until_its_lease_runs_out():
    put()
    take()

    assert take(NOW + 59) == []
    [again] = take(NOW + 60)
    assert again.attempts == 2


@pytest.mark.django_db
def test_a_done_job_is_forgotten():
    put()
    [job] = take()

    assert done(job) is True
    assert not Job.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "finish",
    [
        done,
        lambda job: retry(job, error="late", now=NOW + 61),
        lambda job: give_up(job, error="late", now=NOW + 61),
    ],
)
def test_a_slow_worker_cannot_finish_what_another_one_claimed(finish):
    put()
    [slow] = take()
    [other] = take(NOW + 60)
    before = Job.objects.values().get()

    assert finish(slow) is False

    assert Job.objects.values().get() == before
    assert done(other) is True


@pytest.mark.django_db
def test_pauses_double_up_to_six_hours():
    put()
    now, pauses = NOW, []
    for _ in range(15):
        [job] = take(now)
        retry(job, error="no", now=now)
        due_at = Job.objects.get().due_at
        pauses.append(due_at - now)
        assert take(due_at - 1) == []
        now = due_at

    assert pauses[:5] == [5, 10, 20, 40, 80]
    assert pauses[-2:] == [6 * 3600, 6 * 3600]


@pytest.mark.django_db
def test_a_job_that_was_given_up_stays_for_a_person_to_see():
    put()
    [job] = take()

    give_up(job, error="x" * 5000, now=NOW)

    assert take(NOW + 10**6) == []
    row = Job.objects.get()
    assert row.given_up_at == NOW
    assert row.last_error == "x" * 500


def test_many_workers_share_the_jobs_and_none_gets_one_twice(committed_database):
    for number in range(60):
        put(number)

    def work() -> list[str]:
        mine: list[str] = []
        while batch := take(limit=4):
            mine += [job.id for job in batch]
        return mine

    shares = in_threads(*[work] * 6)

    claimed = [ident for share in shares for ident in share]
    assert len(claimed) == len(set(claimed)) == 60


CLAIM_AND_HANG = f"""
import django, time
django.setup()
from counterfoil.outbox.operations import claim
[job] = claim(kinds=("test",), now={NOW}, limit=1, lease_seconds=60)
print(job.id, flush=True)
time.sleep(600)
"""


def test_a_killed_worker_s_job_is_claimed_again_after_its_lease(committed_database, tmp_path):
    ident = put()
    environment = {
        **os.environ,
        "COUNTERFOIL_DATABASE_URL": committed_database,
        "COUNTERFOIL_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "counterfoil.config.settings",
    }
    command = [sys.executable, "-c", CLAIM_AND_HANG]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline().strip() == ident
        worker.send_signal(signal.SIGKILL)
        worker.wait()

    assert take(NOW + 59) == []
    [job] = take(NOW + 60)
    assert (job.id, job.attempts) == (ident, 2)
