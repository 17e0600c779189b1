"""The log of what was sent, and sending it again."""

from __future__ import annotations

from collections import Counter

import pytest

from counterfoil.kit.db import execute, fetch_all
from counterfoil.kit.pages import Cursor, PageRequest
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.webhooks.operations import endpoints, replaying
from counterfoil.webhooks.operations.replaying import Span, replay_event, replay_span
from counterfoil.webhooks.params import UpdateEndpoint
from counterfoil.webhooks.queries import attempts, deliveries, health, sent_bodies
from counterfoil.webhooks.sweeping import sweep
from tests.support.builders import DAY, World, one_request
from tests.support.sink import answer

pytestmark = pytest.mark.django_db


def happen(hooks, count: int) -> list[str]:
    """The ids of so many events, one second apart, oldest first."""
    for _ in range(count):
        hooks.world.now += 1
        hooks.happen()
    return [row[0] for row in fetch_all("SELECT id FROM events_event ORDER BY created, id")][
        -count:
    ]


@one_request
def again(hooks, endpoint, since: int, until: int, *, delivered_too: bool = False) -> int:
    return replay_span(
        scope=hooks.world.scope,
        endpoint_id=endpoint.id,
        span=Span(since, until),
        delivered_too=delivered_too,
        now=hooks.world.now,
    )


@one_request
def one_again(hooks, endpoint, event_id: str):
    return replay_event(
        scope=hooks.world.scope, endpoint_id=endpoint.id, event_id=event_id, now=hooks.world.now
    )


def disabled(hooks, endpoint, disabled: bool) -> None:
    endpoints.update_endpoint(
        scope=hooks.world.scope, endpoint_id=endpoint.id, params=UpdateEndpoint(disabled=disabled)
    )


def test_the_log_keeps_every_try_with_what_was_sent_and_what_came_back(hooks, heard):
    endpoint = hooks.endpoint(heard.url)
    (event,) = happen(hooks, 1)
    heard.behave = answer(500, b"out of order \x00 \xff")
    hooks.work()
    heard.behave = answer(201, b"fine")
    hooks.work(after=60)

    (row,) = deliveries(endpoint.id, page=PageRequest()).rows
    first, second = attempts(row.id)

    assert (row.event_id, row.status, row.code, row.finished_at) == (
        event,
        "succeeded",
        201,
        hooks.now,
    )
    assert (first.code, first.answer) == (500, "out of order � �")
    assert (second.code, second.answer, second.number) == (201, "fine", 2)
    assert [one.signature for one in (first, second)] == [one.signature for one in heard.requests]
    assert sent_bodies([event])[event] == heard.requests[0].body == heard.requests[1].body


def test_the_log_is_read_in_pages_newest_first_and_by_outcome(hooks, heard):
    endpoint = hooks.endpoint(heard.url)
    events = happen(hooks, 5)
    heard.behave = answer(500)
    for after in (0, 60, 300):
        hooks.work(after=after)
    heard.behave = answer()
    events += happen(hooks, 2)
    hooks.work()

    page = deliveries(endpoint.id, page=PageRequest(limit=4))
    last = page.rows[-1]
    rest = deliveries(endpoint.id, page=PageRequest(limit=4, cursor=Cursor(last.created, last.id)))

    assert [row.event_id for row in [*page.rows, *rest.rows]] == events[::-1]
    assert (page.has_more, rest.has_more) == (True, False)
    failed = deliveries(endpoint.id, page=PageRequest(), status="failed").rows
    assert [row.event_id for row in failed] == events[4::-1]
    (one,) = deliveries(endpoint.id, page=PageRequest(), event=events[6]).rows
    assert one.status == "succeeded"
    assert (health(endpoint.id).pending, health(endpoint.id).failed) == (0, 5)


def test_one_event_goes_again_whatever_became_of_it(hooks, heard):
    endpoint = hooks.endpoint(heard.url)
    (event,) = happen(hooks, 1)
    hooks.work()

    row = one_again(hooks, endpoint, event)

    assert (row.status, row.tries) == ("pending", 0)
    assert hooks.work() == 1
    assert heard.event_ids == [event, event]
    assert len(attempts(row.id)) == 2


def test_an_endpoint_that_was_disabled_or_new_catches_up_on_a_span(hooks, heard):
    before = happen(hooks, 2)
    since = hooks.world.now
    endpoint = hooks.endpoint(heard.url)
    missed = happen(hooks, 3)
    hooks.work()
    disabled(hooks, endpoint, True)
    missed += happen(hooks, 2)
    disabled(hooks, endpoint, False)
    until = hooks.world.now + 1
    heard.requests.clear()

    assert again(hooks, endpoint, since, until) == 1 + 2, "the last of before, and the missed ones"
    hooks.work()

    assert sorted(heard.event_ids) == sorted([before[1], *missed[3:]])
    assert again(hooks, endpoint, since, until) == 0
    assert again(hooks, endpoint, since, until, delivered_too=True) == 6
    hooks.work()
    assert Counter(heard.event_ids) == Counter([before[1], *missed[3:]] * 2 + missed[:3])


def test_a_span_for_connected_accounts_holds_theirs_and_only_wanted_types(hooks, heard):
    ada = hooks.world.seller()
    hooks.world.charge(1000, on=ada)
    hooks.happen()
    endpoint = hooks.endpoint(heard.url, "charge.succeeded", connect=True)

    assert again(hooks, endpoint, hooks.world.now - 5, hooks.world.now + 5) == 1
    hooks.work()

    (request,) = heard.requests
    assert request.event["account"] == ada


def test_what_cannot_go_again_is_refused_with_the_reason(hooks, heard, monkeypatch):
    endpoint = hooks.endpoint(heard.url)
    (event,) = happen(hooks, 1)
    stranger = World()
    stranger.charge(1000)
    ((theirs,),) = fetch_all("SELECT id FROM events_event WHERE platform_id = %s", [stranger.id])
    for unknown in ("evt_nothing", theirs):
        with pytest.raises(ResourceMissing):
            one_again(hooks, endpoint, unknown)
    connect = hooks.endpoint(heard.url, connect=True)
    with pytest.raises(ResourceMissing):
        one_again(hooks, connect, event)
    now = hooks.world.now
    for since, until in ((now, now), (now - 31 * DAY, now)):
        with pytest.raises(InvalidRequest):
            again(hooks, endpoint, since, until)
    disabled(hooks, endpoint, True)
    with pytest.raises(InvalidRequest, match="Enable it first"):
        again(hooks, endpoint, now - 5, now + 5)
    disabled(hooks, endpoint, False)
    monkeypatch.setattr(replaying, "MOST_AT_ONCE", 0)
    with pytest.raises(InvalidRequest, match="shorter span"):
        again(hooks, endpoint, now - 5, now + 5)


def test_deliveries_are_forgotten_after_thirty_days_unless_they_wait(hooks, heard):
    endpoint = hooks.endpoint(heard.url)
    happen(hooks, 2)
    hooks.work()
    waiting = happen(hooks, 1)

    assert sweep(hooks.now + 30 * DAY - 5) == 0
    assert sweep(hooks.now + 30 * DAY + 5) == 2
    assert [row.event_id for row in deliveries(endpoint.id, page=PageRequest()).rows] == waiting
    assert fetch_all("SELECT COUNT(*) FROM webhooks_attempt") == [(0,)]


def test_what_was_written_while_an_endpoint_was_switched_off_is_ended(hooks, heard):
    endpoint = hooks.endpoint(heard.url)
    happen(hooks, 1)
    execute("UPDATE webhooks_endpoint SET status = 'disabled'")

    assert sweep(hooks.now) == 1
    assert deliveries(endpoint.id, page=PageRequest()).rows[0].status == "canceled"
