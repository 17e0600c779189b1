"""`counterfoil doctor`: what it calls wrong, and what it says to do."""

from __future__ import annotations

import io
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from counterfoil.config.doctor import inside, surroundings
from counterfoil.config.doctor.examining import EXAMINATIONS
from counterfoil.kit.db import execute
from counterfoil.outbox.operations import enqueue
from tests.support.books import NOW, unguarded

HOUR = 3600


@pytest.fixture
def serving(settings, tmp_path, monkeypatch):
    """An installation that is set up as it should be."""
    monkeypatch.delenv("COUNTERFOIL_SECRET_KEY", raising=False)
    settings.DEVELOPMENT, settings.TLS = False, True
    settings.PUBLIC_URL, settings.PROXIES = "https://pay.example.com", 1
    settings.EMAIL_URL, settings.SMS_URL = "postmark://key@", "twilio://sid:token@?from=Bazaar"
    settings.METRICS_TOKEN = "0123456789abcdef"
    settings.DATA_DIR = tmp_path
    tmp_path.chmod(0o700)
    (tmp_path / "secret-key").write_text("a key")
    (tmp_path / "secret-key").chmod(0o600)
    return settings


def in_process(**environment: str) -> tuple[int, dict]:
    done = subprocess.run(
        [sys.executable, "-m", "counterfoil", "doctor", "--json"],
        env={
            **{name: v for name, v in os.environ.items() if not name.startswith("COUNTERFOIL_")},
            "DJANGO_SETTINGS_MODULE": "counterfoil.config.settings",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, json.loads(done.stdout)


def test_every_examination_is_on_the_page_and_no_other():
    page = Path("docs/operate/doctor.md").read_text()

    assert re.findall(r"^\| `(\w+)`", page, re.M) == [one.name for one in EXAMINATIONS]


@pytest.mark.parametrize("one", surroundings.EXAMINATIONS, ids=lambda one: one.name)
def test_an_installation_as_it_should_be_gives_no_trouble(serving, one):
    assert one.look(NOW).level in ("ok", "note")
    if one.name not in ("secret_key", "user"):  # on one machine, as root: worth a word
        assert one.look(NOW).level == "ok"


@pytest.mark.parametrize(
    ("setting", "value", "look", "level", "says"),
    [
        ("TLS", False, surroundings.public_url, "wrong", "not encrypted"),
        ("PROXIES", 0, surroundings.proxies, "note", "share its limits"),
        ("EMAIL_URL", "outbox:", surroundings.mail, "wrong", "never sent"),
        ("SMS_URL", "outbox:", surroundings.text_messages, "note", "never sent"),
        ("METRICS_TOKEN", None, surroundings.metrics, "note", "answers nobody"),
        ("DATA_DIR", Path("/nowhere"), surroundings.data_directory, "wrong", "cannot be written"),
    ],
)
def test_what_is_set_up_badly_is_told_with_a_remedy(serving, setting, value, look, level, says):
    setattr(serving, setting, value)

    finding = look(NOW)

    assert (finding.level, says in finding.says) == (level, True), finding
    assert finding.remedy


def test_what_others_may_read_is_told(serving, tmp_path):
    tmp_path.chmod(0o755)
    assert "Everybody on this machine" in surroundings.data_directory(NOW).says

    (tmp_path / "secret-key").chmod(0o644)
    finding = surroundings.secret_key(NOW)
    assert (finding.level, finding.remedy) == ("wrong", f"chmod 600 {tmp_path}/secret-key")


def test_a_mail_server_is_called_and_hung_up_on(serving):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        serving.EMAIL_URL = f"smtp://user:secret@127.0.0.1:{port}"
        assert surroundings.mail(NOW).level == "ok"

    finding = surroundings.mail(NOW)
    assert finding.level == "wrong"
    assert "secret" not in finding.says + finding.remedy


@pytest.mark.django_db
def test_a_database_as_it_should_be_gives_no_trouble():
    found = {one.name: one.look(NOW).level for one in inside.EXAMINATIONS if one.name != "clock"}

    assert found.pop("platform") == "note"  # there is none yet
    assert set(found.values()) == {"ok"}


@pytest.mark.django_db
def test_missing_guards_are_told():
    with unguarded():
        finding = inside.append_only(NOW)

    assert finding.level == "wrong"
    assert finding.says.startswith("ledger_")


@pytest.mark.django_db
def test_work_that_nobody_does_is_told():
    enqueue("mail", {}, due_at=NOW - HOUR, now=NOW - HOUR)

    assert "due for 60 minutes" in inside.worker(NOW).says
    execute("UPDATE outbox_job SET given_up_at = %s", [NOW - 1])
    assert inside.worker(NOW).level == "note"


@pytest.mark.django_db
def test_migrations_that_are_missing_or_unknown_are_told():
    execute("UPDATE django_migrations SET name = '0999_tomorrow' WHERE app = 'audit'")
    missing = inside.migrations(NOW)
    assert (missing.level, "audit.0001" in missing.says) == ("wrong", True)
    assert missing.remedy.endswith("counterfoil migrate")


@pytest.mark.django_db
def test_the_command_says_all_of_it_and_fails_when_something_is_wrong(monkeypatch):
    out = io.StringIO()
    call_command("doctor", stdout=out)
    assert "Nothing is wrong." in out.getvalue()

    monkeypatch.setattr(inside, "_SLOW_WORKER", -1)
    with pytest.raises(SystemExit) as end:
        call_command("doctor", "--json", stdout=out)
    assert end.value.code == 1


def test_without_a_database_nothing_in_it_is_looked_at(tmp_path):
    status, report = in_process(
        COUNTERFOIL_DATA_DIR=str(tmp_path), COUNTERFOIL_DATABASE_URL="sqlite:////nowhere/x.db"
    )

    assert status == 1
    assert report["findings"]["database"]["level"] == "wrong"
    assert "migrations" not in report["findings"]
