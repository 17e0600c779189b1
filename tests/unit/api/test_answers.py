"""What every answer carries, and that both doors to the edge give the same one."""

from __future__ import annotations

import io
from base64 import b64encode
from typing import Any

import pytest
from django.db import connection

from counterfoil.kit.db import fetch_all
from tests.support.builders import World
from tests.support.committed import in_threads
from tests.unit.api.caller import CHARGE, Api, StraightApi, encoded, straight_answer


@pytest.fixture
def api(shared_world: World) -> Api:
    return Api(shared_world)


def test_an_answer_names_its_request_and_the_version(api):
    first, second = api.get("charges"), api.get("charges")

    assert first.headers["Request-Id"] != second.headers["Request-Id"]
    assert first.headers["Stripe-Version"] == "2026-10-28.endive"
    assert first.headers["Cache-Control"] == "no-cache, no-store"
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert "Stripe-Account" not in first.headers
    assert "Idempotency-Key" not in first.headers


@pytest.mark.parametrize(
    "version",
    ["2022-08-01", "2020-03-02", "2026-03-25.dahlia; some_preview=v1", "2026-03-25.preview"],
)
def test_any_version_is_accepted_and_echoed(api, version):
    for answer in (
        api.get("charges", headers={"Stripe-Version": version}),
        api.get("nothing", headers={"Stripe-Version": version}),
    ):
        assert answer.headers["Stripe-Version"] == version


def test_the_account_is_echoed(api):
    seller = api.world.seller()

    answer = api.get("balance", on=seller)

    assert (answer.status, answer.headers["Stripe-Account"]) == (200, seller)


@pytest.mark.parametrize("context", ["{seller}", "{platform}/{seller}"])
def test_stripe_context_means_the_same(api, context):
    seller = api.world.seller()
    header = context.format(seller=seller, platform=api.world.id)

    answer = api.get("account", headers={"Stripe-Context": header})

    assert answer.json["id"] == seller


def test_a_platform_may_name_itself(api):
    assert api.get("account", on=api.world.id).json["id"] == api.world.id


def test_basic_authentication_is_the_key_without_a_password(api):
    for credentials in (f"{api.key}:", api.key):
        basic = b64encode(credentials.encode()).decode()
        assert api.get("balance", auth=f"Basic {basic}").status == 200
    assert api.get("balance", auth=f"bearer {api.key}").status == 200


def test_the_modes_are_two_worlds(api):
    api.post("charges", CHARGE)
    live = api.with_key(api.world.made.secret_live.text)

    assert live.get("charges").json["data"] == []
    assert live.get("balance").json["livemode"] is True
    assert api.get("balance").json["livemode"] is False


def test_parameters_of_a_post_may_stand_in_the_query(api):
    answer = api.post("charges?amount=1000&currency=usd", {"source": "tok_visa"})

    assert (answer.status, answer.json["amount"]) == (200, 1000)


def test_head_is_get_without_a_body_and_options_says_what_is_allowed(api):
    head = api.send("HEAD", "charges", "")
    options = api.send("OPTIONS", "charges", "")

    assert (head.status, head.body) == (200, b"")
    assert (options.status, options.headers["Allow"]) == (204, "GET, POST, OPTIONS")
    assert api.send("OPTIONS", "nothing", "").status == 404


@pytest.mark.parametrize(
    ("method", "path", "params"),
    [
        ("GET", "charges/{charge}", ""),
        ("GET", "charges?limit=1&expand[]=data.balance_transaction", ""),
        ("GET", "charges/ch_none", ""),
        ("GET", "nothing", ""),
        ("HEAD", "charges/{charge}", ""),
        ("OPTIONS", "charges", ""),
        ("POST", "charges/{charge}", {"description": "x"}),
        ("POST", "charges", {"amount": "x"}),
        ("POST", "charges", {"description": "x" * 600_000}),
    ],
)
def test_both_doors_give_the_same_answer(api, method, path, params):
    charge = api.world.charge(1000).id
    straight = StraightApi(api.world)
    target, body = path.format(charge=charge), encoded(params)

    status, headers, content = straight.send(method, target, body)
    through_django = api.send(method, target, body)

    assert int(status.split()[0]) == through_django.status
    assert content == through_django.body
    shared = set(headers) - {"Request-Id"}
    if method == "HEAD":
        shared.discard("Content-Length")  # Django counts what it sends, which is nothing
    assert {name: headers[name] for name in shared} == {
        name: through_django.headers[name] for name in shared
    }


def test_the_short_way_is_for_the_api_only():
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/healthz",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
        "HTTP_HOST": "testserver",
    }

    status, headers, _ = straight_answer(environ)

    assert status.startswith("200")
    assert "Request-Id" not in headers


@pytest.mark.engine("postgresql")
def test_a_broken_connection_is_left_behind(api):
    """The request that meets it fails, and may be sent again; the next one works."""
    straight = StraightApi(api.world)
    assert straight.get("balance")[0] == "200 OK"
    connection.ensure_connection()  # as the pool has one at hand
    process = connection.connection.info.backend_pid
    in_threads(lambda: fetch_all("SELECT pg_terminate_backend(%s)", [process]))

    broken = straight.get("balance")
    after = straight.get("balance")

    assert broken[0] == "500 Internal Server Error"
    assert after[0] == "200 OK"


@pytest.mark.parametrize("length", ["", "12a", "-1"])
def test_a_length_that_is_none(api, length):
    straight = StraightApi(api.world)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/v1/charges",
        "HTTP_AUTHORIZATION": f"Bearer {straight.key}",
        "CONTENT_LENGTH": length,
        "wsgi.input": io.BytesIO(b"amount=12"),
    }

    assert straight_answer(environ)[0] == "400 Bad Request"


@pytest.mark.parametrize(("size", "status"), [(20, "400"), (600_000, "413"), (20_000_000, "413")])
def test_a_body_sent_in_chunks_is_read_to_its_end_or_refused(api, size, status):
    body = io.BytesIO(b"description=" + b"x" * size)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/v1/charges",
        "HTTP_AUTHORIZATION": f"Bearer {api.key}",
        "wsgi.input": body,
        "wsgi.input_terminated": True,
    }

    answered, _, content = straight_answer(environ)

    assert answered.startswith(status)
    if status == "400":
        assert b"Missing required param: amount." in content
    assert body.tell() <= 10 * 1024 * 1024  # never more than that, and in small pieces


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/charges"])
def test_a_refused_body_is_read_so_that_its_sender_hears_why(path):
    """Without a key we know nothing of the body is wanted, but the client is still sending."""
    body = io.BytesIO(b"x" * 300_000)
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "CONTENT_LENGTH": "300000",
        "wsgi.input": body,
    }

    status, _, _ = straight_answer(environ)

    assert status.startswith("4")
    assert body.tell() == 300_000
