"""`counterfoil worker`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import OperationalError

from counterfoil.config.duties import DUTIES, duties
from counterfoil.config.management.commands import worker
from counterfoil.config.management.commands.worker import drain, work_until
from counterfoil.messaging.message import Message
from counterfoil.messaging.operations import send_later
from counterfoil.outbox.models import Job


def test_every_duty_can_be_found():
    assert len(duties()) == len(DUTIES)


def test_draining_goes_on_until_a_whole_round_finds_nothing():
    left = {"a": 3, "b": 1}
    rounds = []

    def duty(name):
        def work(now):
            rounds.append(name)
            left[name] -= left[name] > 0
            return left[name]

        return work

    drain([duty("a"), duty("b")])

    assert rounds == ["a", "b"] * 3


def test_a_lost_database_is_waited_for(monkeypatch):
    monkeypatch.setattr(worker, "UNREACHABLE_SECONDS", 0)
    stop = threading.Event()
    calls = []

    def work(now):
        calls.append(now)
        if len(calls) < 3:
            raise OperationalError("gone")
        stop.set()
        return 0

    work_until(stop, [work])

    assert len(calls) == 3


def test_a_mistake_of_ours_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        work_until(threading.Event(), [lambda now: 1 // 0])


def message(number: int) -> Message:
    return Message(to="ada@example.com", channel="email", subject="Hello", text=f"number {number}")


@pytest.mark.django_db
def test_once_does_what_is_due_and_leaves_the_rest(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    for number in range(30):
        send_later(message(number), now=int(time.time()))
    send_later(message(99), now=int(time.time()) + 3600)

    call_command("worker", "--once")

    lines = (tmp_path / "outbox" / "email.jsonl").read_text().splitlines()
    assert [json.loads(line)["text"] for line in lines] == [f"number {n}" for n in range(30)]
    assert Job.objects.count() == 1


def test_a_worker_does_what_comes_and_stops_when_told(committed_database, tmp_path, settings):
    environment = {
        **os.environ,
        "COUNTERFOIL_DATABASE_URL": committed_database,
        "COUNTERFOIL_DATA_DIR": str(tmp_path),
        "COUNTERFOIL_SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "counterfoil.config.settings",
    }
    command = [sys.executable, "-m", "django", "worker"]
    outbox = tmp_path / "outbox" / "email.jsonl"
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            for number in (1, 2):
                send_later(message(number), now=int(time.time()))
                wait_for(f"number {number}", outbox)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=15) == 0
        finally:
            process.kill()

    assert not Job.objects.exists()


def wait_for(text: str, path: Path) -> None:
    deadline = time.monotonic() + 20
    while not (path.exists() and text in path.read_text()):
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)


def test_a_worker_whose_server_is_gone_stops():
    calls = []

    work_until(threading.Event(), [calls.append], parent=-1)  # nobody's parent

    assert calls == []
