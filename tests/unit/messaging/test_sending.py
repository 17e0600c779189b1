"""From the caller's transaction to the transport."""

from __future__ import annotations

import pytest

from counterfoil.messaging import operations
from counterfoil.messaging.letters import Brand
from counterfoil.messaging.message import Message
from counterfoil.messaging.operations import send_later, take_back, trouble_since
from counterfoil.messaging.outbox_files import newest_messages
from counterfoil.messaging.texts import sign_in_code
from counterfoil.messaging.transports import Undeliverable
from counterfoil.outbox.models import Job
from counterfoil.outbox.running import run_due

NOW = 1_760_000_000


def code(channel="sms", **changes):
    fields = {
        "to": "+15551230067",
        "channel": channel,
        "brand": Brand("Bazaar", "#3b5bdb"),
        "code": "123456",
        "minutes": 10,
        "host": None,
        "expires_at": NOW + 600,
    }
    return sign_in_code(**fields | changes)


@pytest.fixture
def outbox(db, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return lambda: newest_messages(tmp_path, limit=10)


def test_a_message_waits_encrypted_and_leaves_whole(outbox):
    message = Message(to="ada@example.com", channel="email", subject="S", text="T", html="<p>H</p>")
    send_later(message, now=NOW)
    payload = Job.objects.get().payload

    run_due(NOW)

    assert "ada@example.com" not in payload
    [line] = outbox()
    assert line == {
        "at": NOW,
        "to": "ada@example.com",
        "channel": "email",
        "subject": "S",
        "text": "T",
        "html": "<p>H</p>",
    }
    assert not Job.objects.exists()


def test_a_message_that_has_become_worthless_is_not_sent(outbox):
    send_later(code(), now=NOW)

    run_due(NOW + 600)

    assert outbox() == []
    assert not Job.objects.exists()


def test_a_mail_server_that_is_down_loses_nothing(outbox, settings):
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    send_later(Message(to="ada@example.com", channel="email", text="T"), now=NOW)

    run_due(NOW)
    row = Job.objects.get()
    assert row.attempts == 1
    assert "refused" in row.last_error

    settings.EMAIL_URL = "outbox:"
    run_due(row.due_at)
    assert len(outbox()) == 1


def test_a_text_message_is_short_and_names_the_platform():
    message = code()

    assert message.text == (
        "123456 is your code for Bazaar. It works for 10 minutes. Share it with nobody."
    )
    assert message.subject is None
    assert len(message.text) <= 160


def test_a_phone_may_fill_the_code_in_on_our_page_only():
    assert code(host="pay.example").text.endswith("\n\n@pay.example #123456")


def test_a_mail_says_what_to_do_if_one_did_not_ask():
    message = code("email", to="ada@example.com", minutes=1)

    assert message.subject == "Your code for Bazaar"
    assert "123456" not in message.subject  # subjects end up in logs of mail servers
    assert "It works for 1 minute." in message.text
    assert "If you did not ask for it" in message.text


def test_a_platform_s_name_cannot_write_headers_of_a_mail():
    message = code("email", brand=Brand("Bazaar\r\nBcc: eve@example.com"))

    assert message.subject == "Your code for Bazaar Bcc: eve@example.com"


class Broken:
    """A transport that fails until told otherwise."""

    is_outbox = False

    def __init__(self) -> None:
        self.error: Exception | None = OSError("no route")
        self.sent: list[Message] = []

    def send(self, message: Message, *, now: int) -> None:
        if self.error is not None:
            raise self.error
        self.sent.append(message)


@pytest.fixture
def broken(db, monkeypatch):
    transport = Broken()
    monkeypatch.setattr(operations, "transport_of", lambda channel: transport)
    return transport


def test_a_channel_that_fails_is_in_trouble_until_something_gets_through(broken):
    send_later(code(), now=NOW)

    run_due(NOW)
    run_due(NOW + 5)
    assert trouble_since("sms") == NOW
    assert trouble_since("email") is None

    broken.error = None
    run_due(NOW + 15)
    assert len(broken.sent) == 1
    assert trouble_since("sms") is None


def test_one_bad_address_is_no_trouble_and_is_not_tried_again(broken):
    broken.error = Undeliverable("nobody there")
    send_later(code(), now=NOW)

    run_due(NOW)

    assert trouble_since("sms") is None
    assert not Job.objects.exists()


def test_what_could_not_be_sent_can_be_taken_back(broken):
    job = send_later(code(), now=NOW)
    assert not take_back(job, now=NOW), "it was never tried: a worker may be about to send it"

    run_due(NOW)
    assert take_back(job, now=NOW)

    assert not take_back(job, now=NOW)
    assert not Job.objects.exists()


def test_what_a_worker_is_sending_right_now_is_not_taken_back(broken):
    job = send_later(code(), now=NOW)
    run_due(NOW)
    Job.objects.update(leased_until=NOW + 300)

    assert not take_back(job, now=NOW)
