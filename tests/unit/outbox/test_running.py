"""What a worker does with what it claimed."""

from __future__ import annotations

import pytest

from counterfoil.outbox.models import Job
from counterfoil.outbox.operations import MAX_ATTEMPTS, enqueue
from counterfoil.outbox.registry import handles
from counterfoil.outbox.running import BATCH, LEASE_SECONDS, run_due

NOW = 1_760_000_000
pytestmark = pytest.mark.django_db


def put(kind: str = "test", number: int = 0) -> None:
    enqueue(kind, {"number": number}, due_at=NOW, now=NOW)


def test_the_function_for_a_kind_gets_payload_and_time(handlers):
    seen = []
    handles("test")(lambda payload, now: seen.append((payload["number"], now)))
    put(number=7)

    assert run_due(NOW + 3) == 1
    assert seen == [(7, NOW + 3)]
    assert not Job.objects.exists()
    assert run_due(NOW + 4) == 0


def test_one_call_does_one_batch(handlers):
    handles("test")(lambda payload, now: None)
    for number in range(BATCH + 1):
        put(number=number)

    assert [run_due(NOW) for _ in range(3)] == [BATCH, 1, 0]


def test_a_failure_is_tried_again_later_and_holds_up_nobody(handlers):
    done = []

    @handles("bad")
    def fail(payload, now):
        raise RuntimeError("the server is down")

    handles("good")(lambda payload, now: done.append(payload["number"]))
    put("bad")
    put("good", 1)

    assert run_due(NOW) == 2

    assert done == [1]
    row = Job.objects.get()
    assert row.last_error == "RuntimeError: the server is down"
    assert (row.attempts, row.due_at, row.leased_until) == (1, NOW + 5, 0)
    assert run_due(NOW + 4) == 0
    assert run_due(NOW + 5) == 1


def test_after_enough_failures_a_job_is_given_up(handlers):
    calls = []

    @handles("bad")
    def fail(payload, now):
        calls.append(now)
        raise RuntimeError

    put("bad")
    now = NOW
    while run_due(now):
        now = max(now, Job.objects.get().due_at)

    assert len(calls) == MAX_ATTEMPTS
    assert Job.objects.get().given_up_at is not None
    assert 20 * 3600 < calls[-1] - calls[0] < 28 * 3600


def test_a_job_that_kills_its_workers_is_given_up_too(handlers):
    @handles("deadly")
    def die(payload, now):
        raise KeyboardInterrupt  # nothing catches this, like a kill

    put("deadly")
    now = NOW
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            run_due(now)
        now += LEASE_SECONDS

    assert run_due(now) == 1
    row = Job.objects.get()
    assert row.given_up_at == now
    assert "died" in row.last_error


def test_a_kind_that_this_worker_does_not_know_waits_for_a_newer_one(handlers):
    put("from the future")

    assert run_due(NOW) == 0
    assert Job.objects.get().attempts == 0


def test_two_functions_cannot_want_the_same_job(handlers):
    handles("test")(lambda payload, now: None)

    with pytest.raises(AssertionError, match="test"):
        handles("test")(lambda payload, now: None)
