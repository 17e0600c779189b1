"""How messages leave, and which settings cannot work."""

from __future__ import annotations

import json
import smtplib
import socketserver
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from counterfoil.messaging.message import Message
from counterfoil.messaging.outbox_files import newest_messages
from counterfoil.messaging.transports import OutboxTransport, SmtpTransport, transport_for

NOW = 1_760_000_000
MAIL = Message(
    to="ada@example.com", channel="email", subject="Grüße", text="one\ntwo", html="<p>one</p>"
)
SENDER = "no-reply@pay.example"
SMS = Message(to="+15551230067", channel="sms", text="hello")


def plugged(url: str, channel="email", host: str | None = None):
    return transport_for(url, channel=channel, data_dir=Path("/nowhere"), public_host=host)


def test_the_outbox_is_lines_of_json_that_only_we_read(tmp_path):
    outbox = OutboxTransport(tmp_path / "outbox")

    outbox.send(MAIL, now=NOW)
    outbox.send(SMS, now=NOW + 1)
    outbox.send(MAIL, now=NOW + 2)

    path = tmp_path / "outbox" / "email.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert lines[0] == {
        "at": NOW,
        "to": "ada@example.com",
        "channel": "email",
        "subject": "Grüße",
        "text": "one\ntwo",
        "html": "<p>one</p>",
    }
    assert len(lines) == 2
    assert (tmp_path / "outbox" / "sms.jsonl").exists()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_many_writers_never_mix_their_lines(tmp_path):
    long = Message(to="a", channel="sms", text="x" * 100_000)
    outbox = OutboxTransport(tmp_path)
    threads = [
        threading.Thread(target=outbox.send, args=[long], kwargs={"now": n}) for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    lines = (tmp_path / "sms.jsonl").read_text().splitlines()
    assert sorted(json.loads(line)["at"] for line in lines) == list(range(20))


def test_the_newest_messages_come_first_whatever_their_channel(tmp_path):
    outbox = OutboxTransport(tmp_path / "outbox")
    for at, message in [(1, MAIL), (2, SMS), (3, MAIL), (3, MAIL), (4, SMS)]:
        outbox.send(message, now=at)

    newest = newest_messages(tmp_path, limit=4)

    assert [one["at"] for one in newest] == [4, 3, 3, 2]


def test_only_the_end_of_a_long_outbox_is_read(tmp_path):
    outbox = OutboxTransport(tmp_path / "outbox")
    for at in range(40):
        outbox.send(Message(to="a", channel="sms", text="x" * 10_000), now=at)

    assert [one["at"] for one in newest_messages(tmp_path, limit=3)] == [39, 38, 37]
    assert len(newest_messages(tmp_path, limit=100)) < 40


def test_a_line_that_is_still_being_written_is_not_read(tmp_path):
    OutboxTransport(tmp_path / "outbox").send(SMS, now=1)
    with (tmp_path / "outbox" / "sms.jsonl").open("a") as file:
        file.write('{"at": 2, "to"')

    assert [one["at"] for one in newest_messages(tmp_path, limit=9)] == [1]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "smtp://user:p%40ss@mail.example:2525?from=Bazaar <hi@bazaar.example>",
            ("mail.example", 2525, "user", "p@ss", "Bazaar <hi@bazaar.example>", False, True),
        ),
        ("smtp://mail.example", ("mail.example", 587, "", "", SENDER, False, True)),
        (
            "smtps://mail.example",
            ("mail.example", 465, "", "", SENDER, True, False),
        ),
        (
            "smtp://localhost:25?starttls=off",
            ("localhost", 25, "", "", SENDER, False, False),
        ),
    ],
)
def test_a_mail_server_is_named_by_its_url(url, expected):
    assert plugged(url, host="pay.example") == SmtpTransport(*expected)


@pytest.mark.parametrize(
    ("url", "channel", "words"),
    [
        ("carrier-pigeon:", "email", "COUNTERFOIL_EMAIL_URL must begin with outbox:, smtp://"),
        ("mail.example", "email", "COUNTERFOIL_EMAIL_URL must begin with"),
        (
            "twilio://sid:token@",
            "sms",
            "COUNTERFOIL_SMS_URL: Twilio needs account, token and sender",
        ),
        ("twilio://sid@?from=Bazaar", "sms", "COUNTERFOIL_SMS_URL: Twilio needs account"),
        ("twilio://sid:token@?sender=Bazaar", "sms", "unknown option sender; there are from."),
        (
            "postmark://",
            "email",
            "postmark needs its server_token, as in postmark://SERVER_TOKEN@.",
        ),
        ("mailgun://key@", "email", "as in mailgun://API_KEY@mail.example."),
        ("mailjet://key@", "email", "as in mailjet://API_KEY:SECRET_KEY@."),
        ("resend://key@?to=me", "email", "unknown option to"),
        ("resend://key@", "sms", "must begin with outbox: or twilio://"),
        ("twilio://sid:token@+15550100", "email", "COUNTERFOIL_EMAIL_URL must begin"),
        ("smtp://mail.example", "sms", "COUNTERFOIL_SMS_URL must begin with outbox:"),
        ("smtp://", "email", "COUNTERFOIL_EMAIL_URL needs a host"),
        ("smtp://mail.example:port", "email", "COUNTERFOIL_EMAIL_URL: the port"),
        ("smtp://mail.example?tls=1", "email", "unknown option tls"),
        ("smtp://mail.example?starttls=maybe", "email", "starttls is either on or off"),
    ],
)
def test_a_setting_that_cannot_work_names_the_variable_and_the_remedy(url, channel, words):
    with pytest.raises(ValueError, match="COUNTERFOIL_") as refusal:
        plugged(url, channel)

    assert words in str(refusal.value)
    assert "://sid" not in str(refusal.value)
    assert "://key" not in str(refusal.value)


def test_such_a_setting_stops_the_start(tmp_path):
    environment = {
        "COUNTERFOIL_DATA_DIR": str(tmp_path),
        "COUNTERFOIL_SMS_URL": "twilio://sid:secret@",
        "DJANGO_SETTINGS_MODULE": "counterfoil.config.settings",
    }
    command = [sys.executable, "-c", "from counterfoil.config.cli import main; main()", "check"]

    done = subprocess.run(command, env=environment, capture_output=True, text=True)

    assert done.returncode == 1
    assert done.stderr.startswith("counterfoil: COUNTERFOIL_SMS_URL: Twilio needs account")
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


class Sink(socketserver.StreamRequestHandler):
    """Just enough SMTP to be handed one mail."""

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        while line := self.rfile.readline():
            verb = line.split()[0].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.mails.append(b"".join(lines).decode())  # type: ignore[attr-defined] # ours
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
            if verb == b"QUIT":
                return


@pytest.fixture
def sink() -> Iterator[socketserver.TCPServer]:
    with socketserver.TCPServer(("127.0.0.1", 0), Sink) as server:
        server.mails = []  # type: ignore[attr-defined] # what arrived
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_mail_is_handed_over_with_both_its_bodies(sink):
    port = sink.server_address[1]
    transport = plugged(f"smtp://127.0.0.1:{port}?starttls=off&from=Bazaar <hi@bazaar.example>")

    transport.send(MAIL, now=NOW)

    [mail] = sink.mails
    assert "To: ada@example.com" in mail
    assert "From: Bazaar <hi@bazaar.example>" in mail
    assert "Subject: =?utf-8?" in mail
    assert "Date: Thu, 09 Oct 2025 08:53:20 -0000" in mail
    assert "text/plain" in mail
    assert "<p>one</p>" in mail


def test_nothing_is_said_in_the_clear_to_a_server_that_cannot_encrypt(sink):
    port = sink.server_address[1]

    with pytest.raises(smtplib.SMTPNotSupportedError):
        plugged(f"smtp://user:secret@127.0.0.1:{port}").send(MAIL, now=NOW)

    assert sink.mails == []
