"""Twilio and the mail services, as a server on this machine sees them."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import parse_qs, unquote_plus

import pytest

from counterfoil.messaging.message import Message
from counterfoil.messaging.transports import Undeliverable, transport_for
from counterfoil.messaging.transports.services import SERVICES
from counterfoil.messaging.transports.smtp import PORTS

NOW = 1_760_000_000
SMS = Message(to="+15551230067", channel="sms", text="123456 is your code for Bazaar.")
MAIL = Message(to="ada@example.com", channel="email", subject="S", text="one", html="<p>one</p>")


def twilio(service, sender="+15550100"):
    url = f"twilio://AC1:to%3Aken@127.0.0.1:{service.port}?from={sender}"
    return transport_for(url, channel="sms", data_dir=Path("/nowhere"), public_host=None)


def mailer(service, scheme, login):
    url = f"{scheme}://{login}?from=Bazaar <hi@bazaar.example>&api_url=http://127.0.0.1:{service.port}/"
    return transport_for(url, channel="email", data_dir=Path("/nowhere"), public_host=None)


@pytest.mark.parametrize(
    ("sender", "field", "value"),
    [
        ("+15550100", "From", "+15550100"),
        ("%2B15550100", "From", "+15550100"),
        ("Bazaar", "From", "Bazaar"),
        ("MG0123", "MessagingServiceSid", "MG0123"),
    ],
)
def test_twilio_is_asked_to_send_one_message(service, sender, field, value):
    twilio(service, sender).send(SMS, now=NOW)

    [(path, headers, body)] = service.asked
    assert path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert headers["Authorization"] == "Basic " + base64.b64encode(b"AC1:to:ken").decode()
    assert parse_qs(body) == {"To": [SMS.to], field: [value], "Body": [SMS.text]}


@pytest.mark.parametrize("code", [21211, 21610, 21614])
def test_a_number_that_receives_nothing_is_not_tried_again(service, code):
    service.answer = (400, json.dumps({"code": code, "message": f"'To' {SMS.to} is no good"}))

    with pytest.raises(Undeliverable) as refusal:
        twilio(service).send(SMS, now=NOW)

    assert SMS.to not in str(refusal.value)


@pytest.mark.parametrize(
    "answer",
    [(429, '{"code": 20429}'), (401, '{"code": 20003}'), (503, "down"), (400, "[]"), (500, "{}")],
)
def test_anything_else_that_twilio_says_is_tried_again(service, answer):
    service.answer = answer

    with pytest.raises(OSError, match=f"Twilio answered {answer[0]}") as error:
        twilio(service).send(SMS, now=NOW)

    assert SMS.to not in str(error.value)


@pytest.mark.parametrize(
    ("scheme", "login", "answer", "expected"),
    [
        (
            "postmark",
            "T0ken@",
            '{"ErrorCode": 0, "Message": "OK", "MessageID": "1", "To": "ada@example.com"}',
            ("X-Postmark-Server-Token", "T0ken"),
        ),
        ("resend", "T0ken@", '{"id": "1"}', ("Authorization", "Bearer T0ken")),
        ("brevo", "T0ken@", '{"messageId": "1"}', ("api-key", "T0ken")),
        ("mailersend", "T0ken@", '{"message": ""}', ("Authorization", "Bearer T0ken")),
        (
            "sparkpost",
            "T0ken@",
            '{"results": {"id": "1", "total_accepted_recipients": 1,'
            ' "total_rejected_recipients": 0}}',
            ("Authorization", "T0ken"),
        ),
        (
            "mailgun",
            "T0ken@mail.example",
            '{"id": "1", "message": "Queued"}',
            ("Authorization", "Basic " + base64.b64encode(b"api:T0ken").decode()),
        ),
        (
            "mailjet",
            "key:T0ken@",
            '{"Messages": [{"Status": "success", "To": [{"Email": "ada@example.com",'
            ' "MessageID": 1}]}]}',
            ("Authorization", "Basic " + base64.b64encode(b"key:T0ken").decode()),
        ),
    ],
)
def test_a_mail_goes_to_the_service_with_both_its_bodies(service, scheme, login, answer, expected):
    service.answer = (200, answer)

    mailer(service, scheme, login).send(MAIL, now=NOW)

    [(_, headers, body)] = service.asked
    name, value = expected
    assert headers[name] == value
    assert "ada@example.com" in unquote_plus(body)
    assert "one</p>" in unquote_plus(body)


def test_a_service_that_is_down_says_nothing_of_what_was_to_be_sent(service):
    service.answer = (500, '{"Message": "no"}')

    with pytest.raises(OSError, match="postmark answered 500") as error:
        mailer(service, "postmark", "T0ken@").send(MAIL, now=NOW)

    assert "ada@example.com" not in str(error.value)
    assert error.value.__cause__ is None


def test_operators_read_of_every_service():
    page = Path("docs/operate/configuration.md").read_text()

    for scheme in [*SERVICES, *PORTS, "twilio"]:
        assert f"| `{scheme}://" in page
