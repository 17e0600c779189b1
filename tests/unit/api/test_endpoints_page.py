"""docs/integrate/endpoints.md says what `/v1` accepts and refuses, and it says the truth."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.test import Client

from counterfoil.api import resources  # noqa: F401 - importing declares the endpoints
from counterfoil.api.endpoint import all_endpoints
from tests.support.builders import World
from tests.support.sdk_surface import operations
from tests.unit.api.caller import Api

ROOT = Path(__file__).resolve().parents[3]


def script():
    spec = importlib.util.spec_from_file_location("endpoints", ROOT / "scripts" / "endpoints.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_code_accepts():
    assert written() == script().page(), "run .venv/bin/python scripts/endpoints.py"


def written() -> str:
    return (ROOT / "docs" / "integrate" / "endpoints.md").read_text()


def test_the_sdk_was_really_read():
    sdk = operations()
    assert len(sdk) > 400
    assert {"amount", "currency", "on_behalf_of", "transfer_data"} <= sdk["POST", "charges"]
    assert ("GET", "accounts/<id>") in sdk


WRITES = [one for one in all_endpoints() if one.method == "POST"]


@pytest.mark.django_db
@pytest.mark.parametrize("endpoint", WRITES, ids=lambda one: one.path)
def test_a_parameter_that_is_not_listed_is_refused_by_name(endpoint):
    world = World()
    path = endpoint.path.replace("<id>", "id_1").replace("<person>", "id_2")
    answer = Client().post(
        f"/v1/{path}",
        "no_such_parameter=1",
        content_type="application/x-www-form-urlencoded",
        headers={"Authorization": f"Bearer {world.key}"},
    )
    assert answer.status_code == 400, answer.content
    assert answer.json()["error"]["code"] == "parameter_unknown"
    assert answer.json()["error"]["param"] == "no_such_parameter"


class Promise(NamedTuple):
    """What the page says of one endpoint: top-level names."""

    method: str
    path: str
    accepted: frozenset[str]
    refused: frozenset[str]


def promises() -> Iterator[Promise]:
    """The page as its readers read it."""
    for section in written().split("\n### ")[1:]:
        head = re.match(r"`(\w+) /v1/([^`]+)`", section)
        accepted = re.findall(r"^\| `(\w+)[^`]*` \|", section, re.MULTILINE)
        refused = re.search(r"^Refused \(400 `parameter_unknown`\): (.+)$", section, re.MULTILINE)
        names = re.findall(r"`(\w+)`", refused[1]) if refused else []
        yield Promise(head[1], head[2], frozenset(accepted), frozenset(names))


def test_the_page_names_every_endpoint_and_promises_much():
    read = list(promises())
    assert {(one.method, one.path) for one in read} == {
        (one.method, one.path) for one in all_endpoints()
    }
    assert sum(len(one.accepted) for one in read) > 300
    assert sum(len(one.refused) for one in read) > 100


def test_what_the_page_calls_refused_is_refused_by_name_and_what_it_accepts_is_known(api):
    wrong = []
    for one in promises():
        for name in sorted(one.accepted | one.refused):
            said = answer_to(api, one, name)
            if said["named as unknown"] is not (name in one.refused):
                wrong.append((one.method, one.path, name, said))
    assert wrong == []


def answer_to(api: Api, promise: Promise, name: str) -> dict[str, Any]:
    """What the API says to a request with this one parameter, which nobody could mean."""
    path = re.sub(r"<\w+>", "id_1", promise.path)
    sent = f"{name}=nonsense"
    if promise.method == "GET":
        answer = api.send("GET", f"{path}?{sent}", "")
    else:
        answer = api.send(promise.method, path, sent)
    error = answer.json.get("error", {})
    found = (answer.status, error.get("code"), error.get("param"))
    assert answer.status < 500, (promise.path, name)
    return {"named as unknown": found == (400, "parameter_unknown", name), "error": error}
