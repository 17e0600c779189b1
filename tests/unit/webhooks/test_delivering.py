"""From an event to a server that heard it, through failures of every kind."""

from __future__ import annotations

import threading
import time

import pytest
import stripe
from django.db import transaction

from counterfoil.kit.db import execute, fetch_all
from counterfoil.kit.pages import PageRequest
from counterfoil.webhooks.operations import endpoints
from counterfoil.webhooks.params import UpdateEndpoint
from counterfoil.webhooks.queries import attempts, deliveries, find_endpoint, pending_webhooks
from counterfoil.webhooks.rows import DeliveryRow
from counterfoil.webhooks.sending import sender
from tests.support.builders import DAY
from tests.support.sink import answer, raw, sink

pytestmark = pytest.mark.django_db


def only_delivery(endpoint) -> DeliveryRow:
    (row,) = deliveries(endpoint.id, page=PageRequest()).rows
    return row


def test_the_official_sdk_takes_what_arrives_for_ours(hooks, heard):
    endpoint = hooks.endpoint(heard.url, "charge.succeeded")
    charge = hooks.happen()

    assert hooks.work() == 1

    (request,) = heard.requests
    assert request.headers["content-type"] == "application/json; charset=utf-8"
    event = stripe.Webhook.construct_event(
        request.body, request.signature, hooks.secrets[endpoint.id], tolerance=None
    )
    assert (event.type, event.data.object.id) == ("charge.succeeded", charge)
    assert "account" not in request.event
    assert request.event["pending_webhooks"] == 1
    assert only_delivery(endpoint).status == "succeeded"
    assert hooks.work() == 0


def test_each_endpoint_hears_what_it_asked_for(hooks, heard):
    own = hooks.endpoint(heard.url + "/own", "*")
    hooks.endpoint(heard.url + "/payouts", "payout.paid", "payout.failed")
    hooks.endpoint(heard.url + "/connect", "charge.succeeded", connect=True)
    ada = hooks.world.seller()
    hooks.world.charge(1000, on=ada)
    hooks.happen()

    hooks.work()

    by_path: dict[str, list[str | None]] = {}
    for request in heard.requests:
        by_path.setdefault(request.path, []).append(request.event.get("account"))
    assert by_path == {"/hook/own": [None], "/hook/connect": [ada]}
    assert [row.type for row in deliveries(own.id, page=PageRequest()).rows] == ["charge.succeeded"]


def test_an_event_that_is_undone_is_told_to_nobody(hooks, heard):
    hooks.endpoint(heard.url)
    with transaction.atomic():
        hooks.happen()
        transaction.set_rollback(True)

    assert hooks.work() == 0


def test_a_failure_is_tried_thrice_within_minutes_in_test_mode(hooks, heard):
    endpoint = hooks.endpoint(heard.url)
    hooks.happen()
    heard.behave = answer(500, b"no")

    tries = [hooks.work(after=pause) for pause in (0, 59, 1, 299, 1, DAY)]

    assert tries == [1, 0, 1, 0, 1, 0]
    row = only_delivery(endpoint)
    assert (row.status, row.code, row.tries) == ("failed", 500, 3)
    assert [one.answer for one in attempts(row.id)] == ["no"] * 3
    signatures = {request.signature for request in heard.requests}
    assert len(signatures) == 3, "each try is signed at its own moment"
    assert len(set(heard.event_ids)) == 1


def test_live_mode_goes_on_for_three_days(hooks, heard):
    endpoint = hooks.endpoint(heard.url)
    hooks.happen()
    execute("UPDATE webhooks_endpoint SET livemode = TRUE")
    heard.behave = answer(503)
    moments, began = [], hooks.now
    while True:
        assert hooks.work() == 1
        moments.append(hooks.now - began)
        due = fetch_all("SELECT due_at FROM webhooks_delivery")[0][0]
        if due is None:
            break
        hooks.now = due

    assert moments[:4] == [0, 60, 360, 1260]
    assert moments[-1] == 3 * DAY
    assert len(moments) == 12
    assert only_delivery(endpoint).status == "failed"
    assert not find_endpoint(endpoint.id, platform_id=hooks.world.id, livemode=True).is_enabled


def test_a_sink_that_comes_back_hears_everything(hooks, heard):
    hooks.endpoint(heard.url)
    heard.behave = answer(500)
    for _ in range(3):
        hooks.happen()
    assert hooks.work() == 3
    heard.behave = answer()

    assert hooks.work(after=60) == 3
    assert len(set(heard.event_ids)) == 3
    assert fetch_all("SELECT DISTINCT status FROM webhooks_delivery") == [("succeeded",)]


@pytest.mark.parametrize(
    ("behaviour", "code", "error"),
    [
        (answer(302, b"", Location="http://169.254.169.254/latest"), 302, "redirect"),
        (answer(404), 404, None),
        (raw(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), None, "protocol"),
        (raw(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200), None, "protocol"),
        (raw(b""), None, "protocol"),
    ],
)
def test_an_answer_that_is_no_success_is_a_failure(hooks, heard, behaviour, code, error):
    endpoint = hooks.endpoint(heard.url)
    hooks.happen()
    heard.behave = behaviour

    hooks.work()

    row = only_delivery(endpoint)
    assert (row.status, row.code, row.error) == ("pending", code, error)
    assert [request.path for request in heard.requests] == ["/hook"], "nothing is followed"


def drip(handler, _heard) -> None:
    """A header that never ends, one letter at a time."""
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while True:
            handler.wfile.write(b"x")
            time.sleep(0.02)
    except OSError:
        handler.close_connection = True


def endless(handler, _heard) -> None:
    """Success, and then a body without end."""
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        while True:
            handler.wfile.write(b"x" * 4096)
    except OSError:
        handler.close_connection = True


def test_an_answer_that_never_comes_or_never_ends_takes_no_longer_than_allowed(
    hooks, heard, monkeypatch
):
    monkeypatch.setattr(sender, "ANSWER_SECONDS", 0.3)
    endpoint = hooks.endpoint(heard.url)
    for behaviour in (heard.hang, drip):
        heard.behave = behaviour
        hooks.happen()
        began = time.monotonic()
        hooks.work()
        assert time.monotonic() - began < 2
    kinds = fetch_all("SELECT status, error FROM webhooks_delivery")
    assert kinds == [("pending", "timeout")] * 2
    heard.behave = endless
    hooks.happen()

    hooks.work()

    newest = deliveries(endpoint.id, page=PageRequest(), status="succeeded").rows[0]
    (one,) = attempts(newest.id)
    assert one.answer is not None
    assert len(one.answer) == sender.SHOWN_LETTERS


def test_one_that_hangs_slows_no_other(hooks, heard):
    """It hangs until the healthy one has heard everything, which would never be if that waited."""
    all_arrived = threading.Event()

    def hang(handler, request) -> None:
        all_arrived.wait()
        answer(500)(handler, request)

    def note(handler, request) -> None:
        if len(heard.requests) == 18:
            all_arrived.set()
        answer()(handler, request)

    heard.behave = note
    with sink() as dead:
        dead.behave = hang
        hooks.endpoint(dead.url)
        hooks.endpoint(heard.url)
        for _ in range(18):
            hooks.happen()
        hooks.work()
        all_arrived.set()

    assert len(heard.requests) == 18
    assert fetch_all(
        "SELECT code, COUNT(*) FROM webhooks_delivery GROUP BY code ORDER BY code"
    ) == [
        (200, 18),
        (500, 18),
    ], "a timeout would have no code"


def test_a_disabled_endpoint_is_told_nothing_and_a_deleted_one_is_gone(hooks, heard):
    endpoint = hooks.endpoint(heard.url)
    hooks.happen()
    scope = hooks.world.scope
    endpoints.update_endpoint(
        scope=scope, endpoint_id=endpoint.id, params=UpdateEndpoint(disabled=True)
    )
    hooks.happen()
    assert hooks.work() == 0
    assert only_delivery(endpoint).status == "canceled"

    endpoints.update_endpoint(
        scope=scope, endpoint_id=endpoint.id, params=UpdateEndpoint(disabled=False)
    )
    hooks.happen()
    assert hooks.work() == 1
    hooks.happen()
    endpoints.delete_endpoint(scope=scope, endpoint_id=endpoint.id)
    assert hooks.work() == 0
    assert find_endpoint(endpoint.id, platform_id=hooks.world.id, livemode=False) is None


def test_while_a_secret_is_rotated_both_sign(hooks, heard):
    endpoint = hooks.endpoint(heard.url)
    old = hooks.secrets[endpoint.id]
    _, new = endpoints.rotate_secret(
        scope=hooks.world.scope, endpoint_id=endpoint.id, overlap=3600, now_wall=hooks.now
    )
    accepted = []
    for after in (0, 3600):
        hooks.happen()
        hooks.work(after=after)
        request = heard.requests[-1]
        accepted.append([verifies(request, secret) for secret in (old, new)])

    assert accepted == [[True, True], [False, True]]


def verifies(request, secret: str) -> bool:
    try:
        stripe.WebhookSignature.verify_header(
            request.body.decode(), request.signature, secret, tolerance=None
        )
    except stripe.SignatureVerificationError:
        return False
    return True


def test_an_endpoint_that_only_fails_for_three_days_is_disabled_with_notice(hooks, heard):
    execute("UPDATE platforms_platform SET operator_email = 'ops@example.com'")
    endpoint = hooks.endpoint(heard.url)
    heard.behave = answer(500)
    hooks.happen()
    hooks.work()
    hooks.happen()
    hooks.work(after=3 * DAY - 1)
    assert find_endpoint(endpoint.id, platform_id=hooks.world.id, livemode=False).is_enabled
    hooks.happen()

    hooks.work(after=1)

    row = find_endpoint(endpoint.id, platform_id=hooks.world.id, livemode=False)
    assert (row.status, row.disabled_because) == ("disabled", "failing")
    assert fetch_all("SELECT kind FROM outbox_job") == [("messaging.send",)]
    assert hooks.work(after=DAY) == 0


def test_one_success_and_an_endpoint_is_not_dead(hooks, heard):
    endpoint = hooks.endpoint(heard.url)
    for status, after in ((500, 0), (200, DAY), (500, DAY), (500, 2 * DAY)):
        heard.behave = answer(status)
        hooks.happen()
        hooks.work(after=after)

    assert find_endpoint(endpoint.id, platform_id=hooks.world.id, livemode=False).is_enabled


def test_an_event_says_how_many_still_wait_for_it(hooks, heard):
    hooks.endpoint(heard.url)
    hooks.endpoint(heard.url + "/two")
    hooks.happen()
    (event,) = [row[0] for row in fetch_all("SELECT id FROM events_event")]
    assert pending_webhooks([event]) == {event: 2}

    hooks.work()

    assert pending_webhooks([event]) == {}
    assert {request.event["pending_webhooks"] for request in heard.requests} == {2}
