"""Part A, end to end, with the official npm SDK: only host, port and protocol are changed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.contract.sdk_types import assert_valid
from tests.support.accounts import bank, onboarded_individual

FOLDER = Path(__file__).parent / "node"

pytestmark = [
    pytest.mark.node,
    pytest.mark.skipif(
        not os.environ.get("COUNTERFOIL_TEST_NODE"),
        reason="COUNTERFOIL_TEST_NODE is not set: `make test` finds Node 20 and the npm SDK",
    ),
]


@pytest.fixture(scope="module")
def journey(shared_server) -> dict[str, Any]:
    """What `journey.mjs` read."""
    node = shutil.which("node")
    assert node is not None, "COUNTERFOIL_TEST_NODE promises Node"
    given = {
        "account": onboarded_individual(),
        "bank": bank(account_number="000111111116"),
    }
    ended = subprocess.run(
        [node, "journey.mjs", str(shared_server.port)],
        cwd=FOLDER,
        env={**os.environ, "STRIPE_KEY": shared_server.new_platform().secret_key_test},
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    read: dict[str, Any] = json.loads(ended.stdout)
    return read


def test_every_object_fits_the_sdks_types(journey):
    assert len(journey["objects"]) == 18
    for answer in journey["objects"]:
        assert_valid(answer)


def test_the_account_is_enabled_and_has_both_banks(journey):
    account = journey["objects"][2]

    assert account["charges_enabled"] is account["payouts_enabled"] is True
    assert {each["last4"] for each in account["external_accounts"]["data"]} == {"6789", "1116"}


def test_the_seller_reads_what_money_movement_says(journey):
    assert rows(journey["rows"]) == [
        ("charge", 1000, 182, 818),
        ("payment", 1000, 123, 877),
        ("payment", 7000, 0, 7000),
    ]
    assert journey["balance"]["pending"][0]["amount"] == 818 + 877 + 7000
    assert journey["balance"]["available"][0]["amount"] == 0


def test_the_platform_reads_what_money_movement_says(journey):
    assert sorted(rows(journey["platformRows"])) == [
        ("application_fee", 123, 0, 123),
        ("application_fee", 123, 0, 123),
        ("charge", 1000, 59, 941),
        ("charge", 10_000, 320, 9680),
        ("transfer", -7000, 0, -7000),
        ("transfer", -1000, 0, -1000),
    ]
    assert journey["platformBalance"]["pending"][0]["amount"] == 123 + 64 + 2680


def test_an_expanded_object_arrives_whole(journey):
    payment = journey["objects"][4]["latest_charge"]["transfer"]["destination_payment"]

    assert (payment["amount"], payment["application_fee_amount"]) == (1000, 123)


def test_auto_paging_walks_every_row_once(journey):
    assert journey["walked"] == [row["id"] for row in journey["platformRows"]]


def test_a_repeated_request_makes_one_object(journey):
    assert journey["sameObjectTwice"] is True


def test_the_login_link_points_here(journey, shared_server):
    assert journey["loginLink"].startswith(f"{shared_server.url}/express/{journey['seller']}/")


@pytest.mark.parametrize(
    ("name", "kind", "status", "code"),
    [
        ("declined", "StripeCardError", 402, "card_declined"),
        ("missing", "StripeInvalidRequestError", 404, "resource_missing"),
        ("invalid", "StripeInvalidRequestError", 400, "amount_too_small"),
        ("otherParameters", "StripeIdempotencyError", 400, None),
        ("foreign", "StripePermissionError", 403, "account_invalid"),
    ],
)
def test_refusals_are_the_sdks_own_errors(journey, name, kind, status, code):
    refusal = journey["refusals"][name]

    assert (refusal["type"], refusal["statusCode"], refusal.get("code")) == (kind, status, code)


def rows(listed: list[dict[str, Any]]) -> list[tuple[str, int, int, int]]:
    """Type, amount, fee and net, oldest first."""
    return [(row["type"], row["amount"], row["fee"], row["net"]) for row in reversed(listed)]
