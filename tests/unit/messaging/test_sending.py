"""From the caller's transaction to the transport."""

from __future__ import annotations

import pytest

from counterfoil.messaging.message import Message
from counterfoil.messaging.operations import send_later
from counterfoil.messaging.outbox_files import newest_messages
from counterfoil.messaging.texts import sign_in_code
from counterfoil.outbox.models import Job
from counterfoil.outbox.running import run_due

NOW = 1_760_000_000


def code(channel="sms", **changes):
    fields = {
        "to": "+15551230067",
        "channel": channel,
        "platform": "Bazaar",
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
    message = code("email", platform="Bazaar\r\nBcc: eve@example.com")

    assert message.subject == "Your code for Bazaar Bcc: eve@example.com"
