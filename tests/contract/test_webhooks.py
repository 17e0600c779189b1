"""What leaves us is ours by the official SDKs' own judgement, and no killed worker loses any."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import stripe

from tests.contract.sdk import official_client
from tests.contract.test_node_sdk import FOLDER
from tests.contract.test_node_sdk import pytestmark as with_node
from tests.support.accounts import onboarded_individual
from tests.support.server import BlankDatabase, Server, running_server
from tests.support.sink import Heard, Sink, answer, sink

ORDER = {"amount": 1000, "currency": "usd", "source": "tok_bypassPending"}
CHARGES = 24
FAILPOINTS = ["webhooks.after_claim", "webhooks.after_answer"]


@pytest.fixture
def heard() -> Iterator[Sink]:
    with sink() as listening:
        yield listening


def listening_to(client: stripe.StripeClient, url: str) -> stripe.WebhookEndpoint:
    return client.v1.webhook_endpoints.create({"url": url, "enabled_events": ["charge.succeeded"]})


@pytest.fixture(scope="module")
def rotated(shared_server) -> tuple[Heard, str, str]:
    """What arrived while a secret was rotated, with the old secret and the new one."""
    client = official_client(shared_server.url, shared_server.new_platform().secret_key_test)
    with sink() as heard:
        endpoint = listening_to(client, heard.url)
        path = f"/v1/counterfoil/webhook_endpoints/{endpoint.id}/secret"
        new = client.raw_request("post", path).data["secret"]
        client.v1.charges.create(ORDER | {"description": "Zwölf Bücher — 12 €"})
        shared_server.run("worker", "--once")
        (request,) = heard.requests
    return request, endpoint.secret, new


def by_python(body: bytes, signature: str, secret: str) -> str | None:
    try:
        return str(stripe.Webhook.construct_event(body, signature, secret).id)
    except stripe.SignatureVerificationError:
        return None


def presented(rotated: tuple[Heard, str, str]) -> list[tuple[bytes, str, str]]:
    """Three that are right in part or whole, and two that are not ours."""
    request, old, new = rotated
    body, signature = request.body, request.signature
    tampered = body.replace(b"1000", b"9000")
    return [
        (body, signature, old),
        (body, signature, new),
        (body, signature, "whsec_somebody_elses"),
        (tampered, signature, new),
    ]


def test_the_python_sdk_takes_either_secret_and_nothing_else(rotated):
    event_id = rotated[0].event["id"]

    assert [by_python(*one) for one in presented(rotated)] == [event_id, event_id, None, None]


@with_node[0]
@with_node[1]
def test_so_does_the_npm_sdk(rotated):
    node = shutil.which("node")
    assert node is not None, "COUNTERFOIL_TEST_NODE promises Node"
    given = [
        {"body": body.decode(), "signature": signature, "secret": secret}
        for body, signature, secret in presented(rotated)
    ]

    ended = subprocess.run(
        [node, "verify.mjs"],
        cwd=FOLDER,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ended.returncode == 0, ended.stderr
    event_id = rotated[0].event["id"]
    assert json.loads(ended.stdout) == [event_id, event_id, None, None]


@pytest.fixture
def own_server(blank_database: BlankDatabase, tmp_path: Path) -> Iterator[Server]:
    """A server of this test's own: nobody else's deliveries are in its database."""
    with running_server(blank_database, tmp_path) as running:
        yield running


def test_a_sink_that_fails_lies_and_comes_back_hears_everything_from_killed_workers(
    own_server, tmp_path, heard
):
    client = official_client(own_server.url, own_server.new_platform().secret_key_test)
    listening_to(client, heard.url)
    for _ in range(CHARGES):
        client.v1.charges.create(ORDER)
    events = {one.id for one in client.v1.events.list({"limit": 100}).auto_paging_iter()}
    heard.behave = unreliable(heard)
    log = tmp_path / "failpoints.log"

    for failpoint in FAILPOINTS:
        armed = {
            "COUNTERFOIL_TEST_FAILPOINTS": f"{failpoint}:1",
            "COUNTERFOIL_TEST_FAILPOINT_LOG": str(log),
        }
        worker = own_server.begin("worker", "--once", **armed)
        worker.communicate(timeout=60)
        assert worker.returncode == -signal.SIGKILL, failpoint
        time_passes(own_server)
    own_server.run("worker", "--once")
    time_passes(own_server)  # for those that met a failure
    own_server.run("worker", "--once")

    assert log.read_text().split() == FAILPOINTS
    assert set(heard.event_ids) == events
    assert len(heard.requests) > len(events), "the answers that nobody wrote down came again"
    assert statuses(own_server) == [("succeeded", CHARGES)]
    assert own_server.check()["ok"]


def test_a_developer_listens_without_worker_or_endpoint_until_ctrl_c(own_server, heard):
    platform = own_server.new_platform()
    client = official_client(own_server.url, platform.secret_key_test)
    seller = client.v1.accounts.create(onboarded_individual())
    options = ("--platform", platform.platform_id, "--events", "charge.succeeded")
    listening = own_server.begin("listen", "--forward-to", heard.url, *options)
    try:
        secret = listening.stdout.readline().split()[-1]
        charges = [client.v1.charges.create(ORDER), client.v1.charges.create(ORDER, on(seller))]
        lines = [listening.stdout.readline() for _ in charges]
        listening.send_signal(signal.SIGINT)
        rest, complaints = listening.communicate(timeout=30)
    finally:
        listening.kill()

    assert (listening.returncode, rest, complaints) == (0, "Stopped.\n", "")
    events = [
        stripe.Webhook.construct_event(one.body, one.signature, secret) for one in heard.requests
    ]
    assert {one.data.object.id for one in events} == {one.id for one in charges}
    (direct,) = [one for one in events if one.data.object.id == charges[1].id]
    assert f"[200] charge.succeeded {direct.id} {seller.id}\n" in lines
    assert client.v1.webhook_endpoints.list().data == []
    for table in ("endpoint", "subscription", "delivery", "attempt"):
        assert statement(own_server, f"SELECT 1, 1 FROM webhooks_{table}") == []


def on(account: stripe.Account) -> dict[str, str]:
    return {"stripe_account": account.id}


def unreliable(heard: Sink):
    """Of the first dozen requests some are refused, some answered with what is no HTTP."""

    def behave(handler, request: Heard) -> None:
        number = len(heard.requests)
        if number > 12 or number % 3 == 0:
            answer()(handler, request)
        elif number % 3 == 1:
            answer(500)(handler, request)
        else:
            handler.wfile.write(b"HTTP/1.1 2OO fine\r\n\r\n")
            handler.close_connection = True

    return behave


def time_passes(server: Server) -> None:
    """Leases end, and pauses between tries are over."""
    statement(server, "UPDATE webhooks_delivery SET due_at = 0 WHERE due_at IS NOT NULL")


def statuses(server: Server) -> list[tuple[str, int]]:
    return statement(server, "SELECT status, COUNT(*) FROM webhooks_delivery GROUP BY status")


def statement(server: Server, sql: str) -> list[tuple[str, int]]:
    """Run beside everything, straight in the database; the rows, if there are any."""
    if server.database_url.startswith("sqlite:"):
        with sqlite3.connect(server.database_url.removeprefix("sqlite:///")) as connection:
            return connection.execute(sql).fetchall()
    with psycopg.connect(server.database_url) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else []
