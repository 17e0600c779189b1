"""/v1/events: what happened, as it was shown then."""

from __future__ import annotations

import pytest

from tests.support.builders import World
from tests.unit.api.caller import CHARGE, Api, assert_refused


@pytest.fixture(scope="module")
def made(shared_world: World) -> Api:
    api = Api(shared_world)
    charge = api.post("charges", CHARGE | {"description": "first"}).json["id"]
    api.post(f"charges/{charge}", {"description": "second"})
    seller = shared_world.seller()
    api.world.__dict__["happened"] = (charge, seller)
    return api


@pytest.fixture
def charge(made: Api) -> str:
    return made.world.__dict__["happened"][0]


@pytest.fixture
def seller(made: Api) -> str:
    return made.world.__dict__["happened"][1]


def test_an_event_shows_its_object_as_it_was(made, charge):
    updated, succeeded = made.get("events", {"type": "charge.*"}).json["data"]

    assert [updated["type"], succeeded["type"]] == ["charge.updated", "charge.succeeded"]
    assert succeeded["data"]["object"]["description"] == "first"
    assert updated["data"]["object"]["description"] == "second"
    assert updated["data"]["previous_attributes"] == {"description": "first"}
    assert "previous_attributes" not in succeeded["data"]
    assert "account" not in succeeded
    assert succeeded["object"] == "event"
    assert succeeded["api_version"] == "2026-10-28.endive"
    assert made.get(f"events/{succeeded['id']}").json == succeeded


def test_events_of_an_account_are_its_own_and_name_it(made, seller):
    events = made.get("events", on=seller).json["data"]

    assert {event["account"] for event in events} == {seller}
    assert "account.application.authorized" in {event["type"] for event in events}
    mine = {event["id"] for event in made.get("events").json["data"]}
    assert mine.isdisjoint(event["id"] for event in events)
    assert_refused(
        made.get(f"events/{events[0]['id']}"), 404, "resource_missing", param="id", says="event"
    )


@pytest.mark.parametrize(
    ("params", "types"),
    [
        ({"type": "charge.updated"}, ["charge.updated"]),
        ({"type": "charge.*"}, ["charge.updated", "charge.succeeded"]),
        ({"type": "*"}, ["charge.updated", "charge.succeeded"]),
        ({"type": "charg.*"}, []),
        ({"type": "charge*"}, []),
        ({"type": "charge.%"}, []),
        ({"types": ["charge.succeeded", "payout.paid"]}, ["charge.succeeded"]),
        ({"created": {"lt": 5}}, []),
        ({"limit": 1}, ["charge.updated"]),
    ],
)
def test_events_are_found_by_type_and_time(made, params, types):
    found = made.get("events", params).json["data"]

    assert [event["type"] for event in found] == types


def test_the_next_page_of_a_kind_of_event(made):
    first = made.get("events", {"type": "charge.*", "limit": 1}).json

    after = made.get("events", {"type": "charge.*", "starting_after": first["data"][0]["id"]}).json

    assert first["has_more"] is True
    assert [event["type"] for event in after["data"]] == ["charge.succeeded"]
    assert after["has_more"] is False


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"type": "a", "types": ["b"]}, "parameters_exclusive", "types"),
        ({"types": [f"a.{n}" for n in range(21)]}, None, "types"),
        ({"delivery_success": "perhaps"}, None, "delivery_success"),
    ],
)
def test_what_the_list_of_events_does_not_take(made, params, code, param):
    assert_refused(made.get("events", params), 400, code, param=param)
