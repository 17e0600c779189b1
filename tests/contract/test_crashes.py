"""`kill -9`, the same request again with the same key: nothing lost, nothing doubled.

The real server on the real database. A failpoint (`kit/failpoints.py`) kills the process that
serves the request at a named moment and counts that in a file; we kill what is left of the
server, start it again and retry.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import stripe

from tests.contract.sdk import Witness, official_client
from tests.contract.story import WRITES, Write, reading, tell
from tests.support.server import BlankDatabase, Server, running_server

HITS = 10

# At which passing each fires, in every process anew. A replay passes the last one only, so
# after_commit may fire at the first: the retry gets through. The others let the retry pass.
FAILPOINTS = {"api.before_commit": 2, "api.after_commit": 1, "api.before_answer": 2}


@pytest.fixture
def mortal(blank_database: BlankDatabase, tmp_path: Path) -> Iterator[Server]:
    """A server of this test's own, which may be killed."""
    with running_server(blank_database, tmp_path) as running:
        yield running


class Stubborn:
    """A client that sends a write until it is answered, raising the server from the dead."""

    def __init__(self, server: Server, **failpoints: str) -> None:
        self.server = server
        self.failpoints = failpoints
        self.attempts: Counter[str] = Counter()

    def __call__(self, key: str, write: Write) -> object:
        while True:
            self.attempts[key] += 1
            try:
                return write(key)
            except stripe.APIConnectionError:
                self.server.kill()
                self.server.start(**self.failpoints)


@pytest.mark.parametrize("name", FAILPOINTS)
def test_a_story_told_through_crashes_reads_like_one_told_calmly(mortal, tmp_path, name):
    log = tmp_path / "failpoints.log"
    calm_platform, platform = mortal.new_platform(), mortal.new_platform()
    calm = official_client(mortal.url, calm_platform.secret_key_test)
    tell(calm, lambda key, write: write(key))

    mortal.kill()
    failpoints = {
        "COUNTERFOIL_TEST_FAILPOINTS": f"{name}:{FAILPOINTS[name]}",
        "COUNTERFOIL_TEST_FAILPOINT_LOG": str(log),
    }
    mortal.start(**failpoints)
    witness = Witness()
    client = official_client(
        mortal.url, platform.secret_key_test, witness=witness, max_network_retries=0
    )
    stubborn = Stubborn(mortal, **failpoints)
    tell(client, stubborn)

    hits = log.read_text().split()
    assert set(hits) == {name}
    assert len(hits) >= HITS
    assert stubborn.attempts.total() == WRITES + len(hits)
    # A crash before the commit left nothing to replay; after it, every retry was a replay.
    replays = [each for each in witness.answers if "idempotent-replayed" in each.headers]
    assert len(replays) == (0 if name == "api.before_commit" else len(hits))

    mortal.kill()
    mortal.start()
    assert reading(client) == reading(calm)
    everything_is_still_there(client, witness)
    assert told_again_nothing_changes(client)
    mortal.run("worker", "--once")
    verdict = mortal.check()
    assert verdict["ok"], verdict


def everything_is_still_there(client: stripe.StripeClient, witness: Witness) -> None:
    """Each object that an answer told of, killed or not afterwards."""
    for answer in list(witness.answers):
        if answer.method == "POST" and answer.status == 200:
            account = answer.headers.get("stripe-account")
            options = {"stripe_account": account} if account else {}
            owner = answer.body.get("account")
            kind = {"external_account": f"accounts/{owner}/external_accounts"}
            path = kind.get(
                "external_account" if answer.body["object"] == "bank_account" else "",
                f"{answer.body['object']}s",
            )
            read = client.raw_request("get", f"/v1/{path}/{answer.body['id']}", **options)
            assert read.code == 200


def told_again_nothing_changes(client: stripe.StripeClient) -> bool:
    """Every write once more under its key: only replays."""
    before = reading(client)
    witness = Witness()
    base = client._requestor._options.base_addresses["api"]
    key = client._requestor.api_key
    tell(official_client(base, key, witness=witness), lambda key, write: write(key))
    assert [each.headers.get("idempotent-replayed") for each in witness.answers] == (
        ["true"] * WRITES
    )
    return reading(client) == before


def test_killed_at_any_moment_under_load_every_charge_is_there_once(blank_database, tmp_path):
    """No failpoint: two web processes, four clients, `kill -9` whenever it comes."""
    clients, charges_each, kills = 4, 20, 5
    with running_server(blank_database, tmp_path, workers=2) as server:
        client = official_client(
            server.url, server.new_platform().secret_key_test, max_network_retries=0
        )
        up, given_up = threading.Event(), threading.Event()
        up.set()
        attempts: Counter[str] = Counter()

        def charge_all(who: int) -> list[str]:
            return [charge(f"client-{who}-charge-{number}") for number in range(charges_each)]

        def charge(key: str) -> str:
            while not given_up.is_set():
                up.wait()
                attempts[key] += 1
                try:
                    return client.v1.charges.create(
                        {"amount": 1000, "currency": "usd", "source": "tok_bypassPending"},
                        {"idempotency_key": key},
                    ).id
                except stripe.APIConnectionError:
                    time.sleep(0.02)
                except stripe.APIError as error:  # the killed one still holds the key
                    assert error.code == "idempotency_key_in_use", error
                    time.sleep(0.02)
            raise AssertionError(f"{key}: the server did not come back")

        with ThreadPoolExecutor(clients) as pool:
            telling = [pool.submit(charge_all, who) for who in range(clients)]
            chance = random.Random(20251103)
            try:
                for _ in range(kills):
                    time.sleep(chance.uniform(0.05, 0.25))
                    up.clear()
                    server.kill()
                    server.start()
                    up.set()
            finally:
                if not up.is_set():
                    given_up.set()
                    up.set()
            ids = [ident for each in telling for ident in each.result(timeout=60)]

        assert attempts.total() > clients * charges_each, "no request met a killed server"
        listed = client.v1.charges.list({"limit": 100}).auto_paging_iter()
        assert sorted(each.id for each in listed) == sorted(ids)
        assert len(set(ids)) == clients * charges_each
        (available,) = client.v1.balance.retrieve().available
        assert available.amount == clients * charges_each * 941
        events = client.v1.events.list({"limit": 100}).auto_paging_iter()
        assert Counter(each.data.object["id"] for each in events) == Counter(ids)
        server.run("worker", "--once")
        verdict = server.check()
        assert verdict["ok"], verdict
