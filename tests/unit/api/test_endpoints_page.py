"""docs/integrate/endpoints.md says what `/v1` accepts and refuses, and it says the truth."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from django.test import Client

from counterfoil.api import resources  # noqa: F401 - importing declares the endpoints
from counterfoil.api.endpoint import all_endpoints
from tests.support.builders import World
from tests.support.sdk_surface import operations

ROOT = Path(__file__).resolve().parents[3]


def script():
    spec = importlib.util.spec_from_file_location("endpoints", ROOT / "scripts" / "endpoints.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_code_accepts():
    written = (ROOT / "docs" / "integrate" / "endpoints.md").read_text()
    assert written == script().page(), "run .venv/bin/python scripts/endpoints.py"


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
