"""/v1/webhook_endpoints, as an SDK calls it."""

from __future__ import annotations

import json
import re

import pytest

from counterfoil.webhooks.event_types import EVENT_TYPES
from tests.contract.sdk_types import assert_valid
from tests.support.builders import World
from tests.support.sdk_surface import SOURCE
from tests.unit.api.caller import CHARGE, assert_refused

WANTED = {"url": "https://shop.example/hook", "enabled_events": ["payout.paid", "charge.succeeded"]}


def test_an_endpoint_is_made_changed_listed_and_removed(api):
    made = api.post(
        "webhook_endpoints",
        WANTED | {"connect": True, "description": "Payouts", "metadata": {"a": "1"}},
    ).json
    assert_valid(made)
    assert made.pop("secret").startswith("whsec_")
    assert made | {"id": "", "created": 0} == {
        "id": "",
        "object": "webhook_endpoint",
        "api_version": None,
        "application": None,
        "created": 0,
        "description": "Payouts",
        "enabled_events": ["payout.paid", "charge.succeeded"],
        "livemode": False,
        "metadata": {"a": "1"},
        "status": "enabled",
        "url": "https://shop.example/hook",
    }
    path = f"webhook_endpoints/{made['id']}"
    assert api.get(path).json == made

    changed = api.post(
        path,
        {
            "url": "https://shop.example/other",
            "enabled_events": ["*"],
            "description": "",
            "disabled": True,
            "metadata": {"a": ""},
        },
    ).json
    assert changed == made | {
        "url": "https://shop.example/other",
        "enabled_events": ["*"],
        "description": None,
        "status": "disabled",
        "metadata": {},
    }
    assert api.get("webhook_endpoints").json["data"] == [changed]
    assert api.delete(path).json == {
        "id": made["id"],
        "object": "webhook_endpoint",
        "deleted": True,
    }
    assert_refused(api.get(path), 404, "resource_missing", param="webhook_endpoint")
    assert_refused(api.delete(path), 404, "resource_missing", param="webhook_endpoint")
    assert api.get("webhook_endpoints").json["data"] == []


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"enabled_events": ["charge.succeded"]}, None, "enabled_events"),
        ({"enabled_events": ["charge.*"]}, None, "enabled_events"),
        ({"url": "not an address"}, "url_invalid", "url"),
        ({"api_version": "newest"}, None, "api_version"),
        ({"description": "x" * 501}, None, "description"),
        ({"connect": "maybe"}, None, "connect"),
        ({"disabled": True}, "parameter_unknown", "disabled"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(api, changes, code, param):
    assert_refused(api.post("webhook_endpoints", WANTED | changes), 400, code, param=param)
    assert api.get("webhook_endpoints").json["data"] == []


def test_outside_development_no_private_address_is_taken(api, settings):
    settings.DEVELOPMENT = False
    for url in ("https://10.0.0.1/hook", "http://169.254.169.254/latest/meta-data"):
        refused = api.post("webhook_endpoints", WANTED | {"url": url})
        assert_refused(refused, 400, "url_invalid", param="url", says="private network")


def test_endpoints_are_the_platforms_and_there_are_sixteen_at_most(api):
    seller = api.world.seller()
    refused = api.post("webhook_endpoints", WANTED, on=seller)
    assert_refused(refused, 400, "platform_account_required", says="connect=true")
    made = [api.post("webhook_endpoints", WANTED).json["id"] for _ in range(16)]
    assert_refused(api.post("webhook_endpoints", WANTED), 400, "resource_limit_exceeded")
    assert api.get("webhook_endpoints", on=seller).json["data"] == []
    assert api.get(f"webhook_endpoints/{made[0]}", on=seller).status == 404
    first = api.get("webhook_endpoints", {"limit": 10}).json
    rest = api.get("webhook_endpoints", {"limit": 10, "starting_after": first["data"][-1]["id"]})
    assert [one["id"] for one in first["data"] + rest.json["data"]] == made[::-1]
    live = api.with_key(api.world.made.secret_live.text)
    assert live.get(f"webhook_endpoints/{made[0]}").status == 404


def test_a_secret_is_rotated_with_an_overlap_of_a_day_at_most(api):
    made = api.post("webhook_endpoints", WANTED).json
    path = f"counterfoil/webhook_endpoints/{made['id']}/secret"

    rotated = api.post(path, {"expires_in": 3600}).json

    assert rotated["secret"] != made["secret"]
    assert rotated["secret"].startswith("whsec_")
    assert rotated["webhook_endpoint"] == made["id"]
    assert_refused(api.post(path, {"expires_in": 86_401}), 400, None, param="expires_in")
    usual, now = api.post(path).json, api.post(path, {"expires_in": 0}).json
    assert usual["old_secret_expires_at"] - now["old_secret_expires_at"] >= 86_398


def test_events_say_whether_they_are_still_on_their_way(api):
    assert api.post("charges", CHARGE).status == 200
    api.post("webhook_endpoints", WANTED)
    assert api.post("charges", CHARGE).status == 200

    waiting, told = api.get("events").json["data"]

    assert (waiting["pending_webhooks"], told["pending_webhooks"]) == (1, 0)
    for success, event in ((True, told), (False, waiting)):
        found = api.get("events", {"delivery_success": success}).json["data"]
        assert [one["id"] for one in found] == [event["id"]]


def test_every_type_of_event_that_the_sdk_knows_may_be_asked_for():
    source = (SOURCE / "params" / "_webhook_endpoint_create_params.py").read_text()
    named = set(
        re.findall(r'"([a-z0-9_]+(?:\.[a-z0-9_]+)+)"', source.partition("enabled_events")[2])
    )
    assert {name for name in named if not name[0].isdigit()} == EVENT_TYPES


def test_the_log_is_read_and_replayed_over_the_api(api):
    hook = api.post("webhook_endpoints", WANTED).json["id"]
    api.post("charges", CHARGE)
    (event,) = api.get("events").json["data"]
    ours = f"counterfoil/webhook_endpoints/{hook}"

    (listed,) = api.get(f"{ours}/deliveries", {"status": "pending"}).json["data"]
    shown = api.get(f"counterfoil/webhook_deliveries/{listed['id']}").json

    assert listed.items() <= shown.items()
    assert (shown["event"], shown["event_type"], shown["account"]) == (
        event["id"],
        "charge.succeeded",
        None,
    )
    assert json.loads(shown["request_body"])["data"] == event["data"]
    assert shown["attempts"] == []
    assert api.get(f"{ours}/deliveries", {"status": "failed"}).json["data"] == []
    assert api.post(f"{ours}/replays", {"event": event["id"]}).json["count"] == 1
    span = {"created": {"gt": event["created"] - 1, "lte": event["created"]}}
    assert api.post(f"{ours}/replays", span).json["count"] == 0, "it is on its way"
    assert_refused(api.post(f"{ours}/replays"), 400, "parameter_missing", param="event")
    both = span | {"event": event["id"]}
    assert_refused(api.post(f"{ours}/replays", both), 400, "parameters_exclusive", param="event")
    assert api.get(f"{ours}/deliveries", on=api.world.seller()).status == 404


def test_another_platform_finds_neither_endpoints_nor_deliveries(api):
    hook = api.post("webhook_endpoints", WANTED).json["id"]
    api.post("charges", CHARGE)
    ours = f"counterfoil/webhook_endpoints/{hook}"
    (delivery,) = api.get(f"{ours}/deliveries").json["data"]
    stranger = api.with_key(World().key)

    assert stranger.get("webhook_endpoints").json["data"] == []
    for path in (f"webhook_endpoints/{hook}", f"{ours}/deliveries"):
        assert stranger.get(path).status == 404
    assert stranger.get(f"counterfoil/webhook_deliveries/{delivery['id']}").status == 404
    for path in (f"webhook_endpoints/{hook}", f"{ours}/secret"):
        assert stranger.post(path).status == 404
    again = stranger.post(f"{ours}/replays", {"event": delivery["event"]})
    assert_refused(again, 404, "resource_missing", param="webhook_endpoint")
    assert stranger.delete(f"webhook_endpoints/{hook}").status == 404
