"""The floor does what the application did: the same rows, the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.template import engines

from bench import bare, page
from bench.plan import Statement
from bench.recording import answer_of, statements
from bench.replay import CLIENTS, open_floor
from bench.seeding import seed
from bench.world import RENDERED, World, charge_request, read_requests
from counterfoil.kit.db import fetch_all
from tests.support.builders import written

POSTS = 20


@pytest.fixture
def world(committed_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr("bench.seeding.PAYEES", 3)
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    yield seed(100)
    connection.close()


def setup_of_connections() -> str:
    return str(settings.DATABASES["default"].get("OPTIONS", {}).get("init_command", ""))


def rows_of(url: str, sql: str) -> Any:
    database = bare.connect(url, "")
    try:
        return database.run(Statement(sql, [], False))
    finally:
        database.close()


QUESTIONS = (
    "SELECT COUNT(*) FROM payments_charge",
    "SELECT COUNT(*) FROM ledger_posting",
    "SELECT COUNT(*) FROM events_event",
    "SELECT COUNT(*) FROM api_idempotency",
    "SELECT owner, purpose, SUM(amount) FROM ledger_balance GROUP BY 1, 2 ORDER BY 1, 2",
)


@pytest.mark.engine("sqlite")
def test_replayed_on_a_copy_recorded_posts_write_the_same_rows(world, committed_database, tmp_path):
    copy = tmp_path / "copy.db"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(copy)])
    before = written()

    posts = []
    for number in range(POSTS):
        with statements() as seen:
            answer_of(charge_request(world, number, label="test"))
        posts.append(seen)
    floor = open_floor(f"sqlite:///{copy}", setup_of_connections(), tmp_path)
    replayed = floor.replay(posts)
    floor.close()

    assert written()["payments_charge"] == before["payments_charge"] + 2 * POSTS
    for sql in QUESTIONS:
        assert rows_of(f"sqlite:///{copy}", sql) == rows_of(committed_database, sql), sql
    assert len(replayed.latencies) == POSTS
    assert all(sum(one.in_transaction for one in post) >= 5 for post in posts)


@pytest.mark.engine("postgresql")
def test_written_out_for_psql_recorded_posts_write_the_same_rows(
    world, committed_database, tmp_path
):
    posts = []
    with transaction.atomic():
        for number in range(CLIENTS + 1):
            with statements() as seen:
                answer_of(charge_request(world, number, label="test"))
            posts.append(seen)
        by_application = {sql: fetch_all(sql) for sql in QUESTIONS}
        transaction.set_rollback(True)  # so that psql may write the same rows
    assert {sql: rows_of(committed_database, sql) for sql in QUESTIONS} != by_application

    open_floor(committed_database, "", tmp_path).replay(posts)

    assert {sql: rows_of(committed_database, sql) for sql in QUESTIONS} == by_application


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("name", RENDERED)
def test_the_floor_renders_the_page_that_the_application_answers(world, tmp_path, name):
    request = read_requests(world)[name]
    answer_of(request)
    with page.recorded_page(engines.all()[0].env) as recorded:
        answered = answer_of(request).body
    page.save({request.target: recorded}, tmp_path / "page")

    rendered = page.renderer(page.load(tmp_path / "page")[request.target])()

    assert b"csrfmiddlewaretoken" in answered
    assert _without_token(rendered) == _without_token(answered)


def _without_token(body: bytes) -> bytes:
    return re.sub(rb'(name="csrfmiddlewaretoken" value=")[^"]*', rb"\1", body)


def test_a_read_is_recorded_with_its_parameters(world, committed_database):
    with statements() as seen:
        answer_of(read_requests(world)["GET /v1/charges/{id}"])
    assert len(seen) == 2
    assert not any(one.in_transaction for one in seen)
    assert world.charge_id in seen[1].params
    database = bare.connect(committed_database, setup_of_connections())
    rows = database.run(seen[1])
    database.close()
    assert rows[0][0] == world.charge_id
